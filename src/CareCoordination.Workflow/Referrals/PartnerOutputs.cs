using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Referrals;

/// <summary>A resource at a partner that an output of a Task refers to.</summary>
/// <param name="Address">Absolute.</param>
/// <param name="Reference">Relative to the partner's base.</param>
public readonly record struct PartnerOutput(string Address, ResourceKey Reference);

/// <summary>What a partner has of an output.</summary>
/// <param name="Own">The id that it gets here, made from its address: it is taken once, however often it is fetched.</param>
/// <param name="IsHere">It was taken before, for another Task or in an attempt whose answer was lost.</param>
public sealed record FetchedOutput(PartnerOutput Output, ReadOnlyMemory<byte> Utf8Json, ResourceKey Own, bool IsHere);

/// <summary>
/// Takes over what a partner made of a referral: its reports become resources of ours, about our patient, that say where they are from, and
/// the outputs of the Task lead to them. What they refer to beyond the referral stays at the partner.
/// </summary>
public static class PartnerOutputs
{
    /// <summary>Of the messages by which outputs are fetched.</summary>
    public const string Topic = "output";

    /// <summary>The addresses of the web. https://hl7.org/fhir/R4/identifier-registry.html</summary>
    internal const string UriSystem = "urn:ietf:rfc:3986";

    /// <summary>Outputs that are still at the partner, of the types that are fetched; each once.</summary>
    public static ImmutableArray<PartnerOutput> Wanted(Snapshot task, string partnerBase, ImmutableArray<string> types)
    {
        if (types.IsEmpty)
            return [];
        var theirs = partnerBase.TrimEnd('/') + "/";
        return
        [
            .. TaskView
                .From(ResourceDocument.Parse(task.Utf8Json).Value)
                .Output.Select(output => output.ValueReference.Reference)
                .OfType<string>()
                .Where(reference => reference.StartsWith(theirs, StringComparison.Ordinal))
                .Select(reference => (reference, Parse(reference[theirs.Length..])))
                .Where(found =>
                    found.Item2 is { HasKey: true, Kind: ReferenceKind.Relative } at && types.Contains(at.Type)
                )
                .Select(found => new PartnerOutput(found.reference, found.Item2.Key))
                .DistinctBy(output => output.Address),
        ];
    }

    /// <summary>Stores what was fetched, and lets the outputs lead to it. What is about another patient stays where it is.</summary>
    /// <param name="copy">The partner's copy of the Task: it says which of its patients is ours.</param>
    /// <param name="partnerBase">Of the partner's server.</param>
    /// <param name="ownBase">Of this one.</param>
    public static Decision Take(
        Snapshot task,
        ReadOnlyMemory<byte> copy,
        string partnerBase,
        string ownBase,
        IReadOnlyList<FetchedOutput> fetched,
        DateTimeOffset now
    )
    {
        var draft = new TaskDraft(task);
        var addresses = AddressesOf(draft, copy, partnerBase, fetched);
        var names = new Names(partnerBase.TrimEnd('/') + "/", ownBase.TrimEnd('/') + "/", addresses);
        var writes = ImmutableArray.CreateBuilder<ResourceWrite>();
        foreach (var output in fetched)
        {
            if (Written(output, names, draft.For) is not { } written)
                continue;
            if (!output.IsHere)
                writes.Add(new ResourceWrite(output.Own, 0, written));
            foreach (var led in draft.Edit.Output.Where(o => o.ValueReference.Reference == output.Output.Address))
            {
                led.ValueReference.Reference = output.Own.ToString();
                led.ValueReference.Identifier = new() { System = UriSystem, Value = output.Output.Address };
            }
        }

        if (!draft.IsChanged)
            return new Decision(task.Key, []) { Activity = "partner-outputs" };
        draft.Touch(now);
        var decision = Drafts.Write("partner-outputs", draft);
        return decision with { Writes = writes.ToImmutable().AddRange(decision.Writes), Outgoing = [] };
    }

    /// <summary>The output as the partner told it, where it leads to what was taken over.</summary>
    internal static void AsTold(JsonObject output)
    {
        if (
            output["valueReference"] is JsonObject reference
            && reference["identifier"] is JsonObject identifier
            && (string?)identifier["system"] == UriSystem
            && identifier["value"] is { } address
        )
        {
            reference["reference"] = address.DeepClone();
            reference.Remove("identifier");
        }
    }

    private static Dictionary<string, string> AddressesOf(
        TaskDraft task,
        ReadOnlyMemory<byte> copy,
        string partnerBase,
        IReadOnlyList<FetchedOutput> fetched
    )
    {
        var theirs = TaskView.From(ResourceDocument.Parse(copy).Value);
        var addresses = fetched.ToDictionary(f => f.Output.Address, f => f.Own.ToString(), StringComparer.Ordinal);
        addresses[Absolute($"{ResourceTypes.Task}/{theirs.Id}", partnerBase)] = task.Reference;
        if (theirs.For.Reference is { } patient && task.For is { } ours)
            addresses[Absolute(patient, partnerBase)] = ours;
        if (theirs.Focus.Reference is { } order && task.Request() is { } request)
            addresses[Absolute(order, partnerBase)] = request.ToString();
        return addresses;
    }

    /// <summary>Null where it is about somebody else.</summary>
    private static byte[]? Written(FetchedOutput output, Names names, string? patient)
    {
        if (JsonNode.Parse(output.Utf8Json.Span) is not JsonObject resource)
            return null;
        names.Rewrite(resource);
        if (
            (resource["subject"] ?? resource["patient"]) is JsonObject subject
            && (string?)subject["reference"] is var named
            && named != patient
        )
            return null;
        resource["id"] = output.Own.Id;
        var meta = resource["meta"] as JsonObject ?? [];
        meta.Remove("versionId");
        meta.Remove("lastUpdated");
        meta["source"] = output.Output.Address;
        resource["meta"] = meta;
        return JsonSerializer.SerializeToUtf8Bytes(resource);
    }

    private static string Absolute(string reference, string partnerBase) =>
        Parse(reference).Kind == ReferenceKind.Relative ? $"{partnerBase.TrimEnd('/')}/{reference}" : reference;

    private static LiteralReference Parse(string reference) =>
        LiteralReference.Parse(reference, R4Definitions.Schema.IsResourceType);

    /// <summary>What the references of a partner's resource are here.</summary>
    private sealed record Names(string Theirs, string Ours, Dictionary<string, string> Known)
    {
        public void Rewrite(JsonNode? node)
        {
            if (node is JsonArray items)
            {
                foreach (var item in items)
                    Rewrite(item);
            }
            else if (node is JsonObject element)
            {
                if (element["reference"] is { } text && text.GetValueKind() == JsonValueKind.String)
                    element["reference"] = Of(text.GetValue<string>());
                foreach (var (_, value) in element)
                    Rewrite(value);
            }
        }

        private string Of(string reference)
        {
            var address = Parse(reference).Kind == ReferenceKind.Relative ? Theirs + reference : reference;
            return Known.GetValueOrDefault(address)
                ?? (
                    address.StartsWith(Ours, StringComparison.Ordinal) && Parse(address[Ours.Length..]).HasKey
                        ? address[Ours.Length..]
                        : address
                );
        }
    }
}
