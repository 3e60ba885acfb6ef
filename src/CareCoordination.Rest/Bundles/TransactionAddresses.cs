using System.Collections.Immutable;
using CareCoordination.Application.Interactions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Rest.Bundles;

/// <summary>
/// What the addresses inside a transaction become: an entry's fullUrl the id it is stored under, a conditional reference the one
/// resource it finds. https://hl7.org/fhir/R4/http.html#trules
/// </summary>
internal static class TransactionAddresses
{
    public static Result<Dictionary<string, string>> Resolve(
        Transaction transaction,
        ImmutableArray<TransactionTarget> targets,
        TransactionFindings findings
    )
    {
        var addresses = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var target in targets)
        {
            if (target.Key is { } key && target.Entry.Submitted.FullUrl is { } fullUrl)
                AddEntry(addresses, fullUrl, key);
        }

        foreach (var reference in transaction.References.All)
        {
            var matches = findings.Of(reference.Query).Matches;
            if (matches.Length != 1)
                return Unresolved(reference, matches.Length);
            addresses[reference.Text] = matches[0].Key.ToString();
        }

        foreach (var target in targets)
        {
            if (target.Resource is not { } resource)
                continue;
            foreach (var reference in ReferenceRewriter.LocalReferences(resource.Document))
            {
                if (addresses.ContainsKey(reference.GetString()))
                    continue;
                if (reference.StringUtf8.StartsWith("urn:uuid:"u8))
                    return target.Entry.Submitted.Locate(
                        Failure.Invalid(
                            IssueCode.NotFound,
                            "No entry of the Bundle has this fullUrl.",
                            reference.Location
                        )
                    );
                // What a patch brings is known too late to be searched for.
                if (target.Entry.Interaction is Patch && reference.StringUtf8.Contains((byte)'?'))
                    return target.Entry.Submitted.Locate(
                        Failure.Invalid(
                            IssueCode.NotSupported,
                            "A patch takes no conditional references: send the id.",
                            reference.Location
                        )
                    );
            }
        }

        return addresses;
    }

    private static void AddEntry(Dictionary<string, string> addresses, string fullUrl, ResourceKey key)
    {
        addresses[fullUrl] = key.ToString();
        // Between resources of one server references are relative: Patient/1 is fullUrl http://other/fhir/Patient/1.
        var reference = LiteralReference.Parse(fullUrl, type => type == key.Type);
        if (reference.Kind == ReferenceKind.Absolute && reference.Key != key)
            addresses.TryAdd(reference.Key.ToString(), key.ToString());
    }

    private static Failure Unresolved(ReferenceSearch reference, int matches)
    {
        var sentence =
            matches == 0
                ? "This conditional reference finds no resource. Create it first, or as an entry that is referred to by its fullUrl."
                : "This conditional reference finds more than one resource; make its criteria more exact.";
        var code = matches == 0 ? IssueCode.NotFound : IssueCode.MultipleMatches;
        return reference.Entry.Locate(Failure.From(412, code, sentence, reference.Location));
    }
}
