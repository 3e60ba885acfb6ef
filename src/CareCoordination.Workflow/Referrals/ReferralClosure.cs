using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Referrals;

/// <summary>
/// What goes along with a referral: what it refers to, and what that refers to, as far as the partner's list of types lets it.
/// Pure: it says which references are still to be read, until there are none.
/// <code>
/// var asked = new HashSet&lt;string&gt;();
/// for (var next = ReferralClosure.Next(task, request, have, asked, types); next.Length > 0; next = ...)
///     { asked.UnionWith(next); have.AddRange(those of next that exist and Disclosure.Of lets go); }
/// </code>
/// </summary>
public static class ReferralClosure
{
    /// <summary>What a partner gets whose options name no types.</summary>
    public static readonly ImmutableHashSet<string> DefaultTypes =
    [
        ResourceTypes.Patient,
        ResourceTypes.Condition,
        ResourceTypes.Observation,
        ResourceTypes.Coverage,
        ResourceTypes.Practitioner,
        ResourceTypes.PractitionerRole,
        ResourceTypes.Organization,
        ResourceTypes.DocumentReference,
        ResourceTypes.Goal,
        ResourceTypes.Consent,
    ];

    /// <summary>No referral needs more: a chain of references through a whole record is cut here.</summary>
    public const int MostResources = 200;

    /// <param name="have">What was read so far and may go.</param>
    /// <param name="asked">Every reference that was given out before, found or not.</param>
    public static ImmutableArray<string> Next(
        Snapshot task,
        Snapshot request,
        IEnumerable<Snapshot> have,
        IReadOnlySet<string> asked,
        ImmutableHashSet<string> types
    )
    {
        var documents = have.Append(task).Append(request).ToArray();
        if (documents.Length >= MostResources)
            return [];
        var present = documents.Select(d => d.Key.ToString()).ToHashSet();
        var subject = ServiceRequestView.From(ResourceDocument.Parse(request.Utf8Json).Value).Subject.Key;
        var next = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var document in documents)
        {
            foreach (var key in References(ResourceDocument.Parse(document.Utf8Json).Value.Root))
            {
                // Links and relatives lead to other patients: they are not part of this one's referral.
                if (!types.Contains(key.Type) || (key.Type == ResourceTypes.Patient && key != subject))
                    continue;
                var reference = key.ToString();
                if (!present.Contains(reference) && !asked.Contains(reference))
                    next.Add(reference);
            }
        }

        return [.. next.Take(MostResources - documents.Length)];
    }

    private static IEnumerable<ResourceKey> References(JsonValue value)
    {
        foreach (var child in value)
        {
            if (child.Kind is JsonValueKind.Object or JsonValueKind.Array)
            {
                foreach (var key in References(child))
                    yield return key;
            }
            else if (child.Kind == JsonValueKind.String && child.Name == "reference")
            {
                var literal = LiteralReference.Parse(child.GetString(), R4Definitions.Schema.IsResourceType);
                if (literal.Kind == ReferenceKind.Relative)
                    yield return literal.Key;
            }
        }
    }
}
