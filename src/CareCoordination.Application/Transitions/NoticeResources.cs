using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Application.Transitions;

/// <summary>The resources of a message as they are stored here.</summary>
/// <param name="Encounter">What is told of the stay, with the references that hold here; null where no stay is.</param>
/// <param name="Writes">New resources, and newer versions of what the same sender told before.</param>
/// <param name="Stored">Where each of the others is.</param>
public sealed record TakenIn(
    JsonObject? Encounter,
    ImmutableArray<ResourceWrite> Writes,
    ImmutableArray<(NoticeEntry Entry, ResourceKey Key)> Stored,
    ImmutableArray<string> LeftOut
);

/// <summary>
/// Finds the place of each resource of a message: by its identifier where one is known here, which is then what others maintain and is
/// not overwritten; else under an id that the sender's own makes, so that the same one comes to the same place again.
/// </summary>
public sealed class NoticeResources(CareReads reads, FhirDefinitions definitions)
{
    /// <summary>
    /// Types that are taken in beside the stay and its patient; all of them are found by their identifier. What is not here stays in the
    /// Bundle: the work of the sender (Task, Appointment, RequestGroup), what only the patient can give (Consent), and the document itself.
    /// </summary>
    private static readonly ImmutableHashSet<string> Types =
    [
        ResourceTypes.AllergyIntolerance,
        ResourceTypes.Appointment,
        ResourceTypes.BodyStructure,
        ResourceTypes.CarePlan,
        ResourceTypes.CareTeam,
        ResourceTypes.ClinicalImpression,
        ResourceTypes.Condition,
        ResourceTypes.Coverage,
        ResourceTypes.Device,
        ResourceTypes.DeviceRequest,
        ResourceTypes.DeviceUseStatement,
        ResourceTypes.DiagnosticReport,
        ResourceTypes.DocumentReference,
        ResourceTypes.FamilyMemberHistory,
        ResourceTypes.Goal,
        ResourceTypes.Immunization,
        ResourceTypes.List,
        ResourceTypes.Location,
        ResourceTypes.Medication,
        ResourceTypes.MedicationAdministration,
        ResourceTypes.MedicationDispense,
        ResourceTypes.MedicationRequest,
        ResourceTypes.MedicationStatement,
        ResourceTypes.NutritionOrder,
        ResourceTypes.Observation,
        ResourceTypes.Organization,
        ResourceTypes.Practitioner,
        ResourceTypes.PractitionerRole,
        ResourceTypes.Procedure,
        ResourceTypes.QuestionnaireResponse,
        ResourceTypes.RelatedPerson,
        ResourceTypes.ServiceRequest,
        ResourceTypes.Specimen,
    ];

    /// <param name="patient">Who the patient of the message is here.</param>
    /// <param name="isNewest">False where something later was told of the stay: nothing that is there is changed then.</param>
    public async Task<TakenIn> PlaceAsync(
        TransitionNotice notice,
        string? patient,
        ResourceKey encounter,
        bool isNewest,
        CancellationToken cancellationToken
    )
    {
        var taken = notice.Others.Where(e => Types.Contains(e.Type)).ToImmutableArray();
        var keys = await KeysAsync(notice, taken, patient, cancellationToken);
        var places = new List<(NoticeEntry Entry, string Reference)>();
        if (notice.Patient is { } person && patient is not null)
            places.Add((person, patient));
        if (notice.Encounter is { } stay)
            places.Add((stay, encounter.ToString()));
        for (var i = 0; i < taken.Length; i++)
            places.Add((taken[i], keys[i].Key.ToString()));
        var writes = ImmutableArray.CreateBuilder<ResourceWrite>();
        for (var i = 0; i < taken.Length; i++)
        {
            if (
                keys[i].IsOwn
                && writes.All(w => w.Key != keys[i].Key)
                && await WriteAsync(notice, taken[i], keys[i].Key, places, isNewest, cancellationToken) is { } write
            )
                writes.Add(write);
        }

        var left = notice
            .Others.Where(e => !Types.Contains(e.Type))
            .GroupBy(e => e.Type, StringComparer.Ordinal)
            .Select(g => g.Key)
            .Order(StringComparer.Ordinal);
        return new TakenIn(
            notice.Encounter is { } told ? Node(Resolve(notice, told, places)) : null,
            writes.ToImmutable(),
            [.. taken.Select((e, i) => (e, keys[i].Key))],
            [.. left]
        );
    }

    /// <summary>The bytes of a resource of the message with the references that hold here.</summary>
    private async Task<ResourceWrite?> WriteAsync(
        TransitionNotice notice,
        NoticeEntry entry,
        ResourceKey key,
        List<(NoticeEntry Entry, string Reference)> places,
        bool isNewest,
        CancellationToken cancellationToken
    )
    {
        var before = await reads.ReadAsync(key.ToString(), cancellationToken);
        if (before is not null && !isNewest)
            return null;
        var resource = Node(Resolve(notice, entry, places));
        resource["id"] = key.Id;
        resource.Remove("meta");
        var ordered = new JsonObject { ["resourceType"] = entry.Type, ["id"] = key.Id };
        ordered["meta"] = new JsonObject { ["source"] = notice.Sender };
        foreach (var (name, value) in resource.Where(p => p.Key is not ("resourceType" or "id")))
            ordered[name] = value?.DeepClone();
        SendersOwn.Adopt(ordered);
        if (before is { } known)
        {
            var stored = JsonNode.Parse(known.Utf8Json.Span)!.AsObject();
            stored.Remove("meta");
            var told = (JsonObject)ordered.DeepClone();
            told.Remove("meta");
            if (JsonNode.DeepEquals(stored, told) || !SendersOwn.IsStill(stored, told))
                return null;
        }

        return new(key, before?.Version ?? 0, Encoding.UTF8.GetBytes(ordered.ToJsonString()));
    }

    private async Task<ImmutableArray<(ResourceKey Key, bool IsOwn)>> KeysAsync(
        TransitionNotice notice,
        ImmutableArray<NoticeEntry> entries,
        string? patient,
        CancellationToken cancellationToken
    )
    {
        var found = new List<Snapshot>();
        foreach (var group in entries.GroupBy(e => e.Type, StringComparer.Ordinal))
        {
            foreach (var some in group.SelectMany(IdentifiersOf).Distinct().Chunk(50))
            {
                var values = some.Select(i => $"{QueryText.Escape(i.System)}|{QueryText.Escape(i.Value)}");
                found.AddRange(
                    await reads.SearchAsync(
                        group.Key,
                        $"identifier={Uri.EscapeDataString(string.Join(',', values))}",
                        cancellationToken
                    )
                );
            }
        }

        var same = await SamePersonsAsync(found, patient, cancellationToken);
        var known = new Dictionary<string, ResourceKey>(StringComparer.Ordinal);
        var others = new HashSet<ResourceKey>();
        foreach (var one in found)
        {
            var resource = ResourceDocument.Parse(one.Utf8Json).Value;
            if (PersonOf(resource) is { } person && !same.Contains(person))
            {
                others.Add(one.Key);
                continue;
            }

            foreach (var (system, value) in IdentifiersOf(resource))
                known.TryAdd($"{one.Key.Type} {system}|{value}", one.Key);
        }

        return [.. entries.Select(e => KeyOf(notice, e, known, others, patient))];
    }

    /// <summary>
    /// The patient, and records that the patient's has replaced. What is of somebody else is another thing, whatever number it has: many
    /// systems give the entries of all their documents the same ones.
    /// </summary>
    private async Task<HashSet<string>> SamePersonsAsync(
        IEnumerable<Snapshot> found,
        string? patient,
        CancellationToken cancellationToken
    )
    {
        var same = new HashSet<string>(StringComparer.Ordinal);
        foreach (
            var person in found
                .Select(f => PersonOf(ResourceDocument.Parse(f.Utf8Json).Value))
                .OfType<string>()
                .Distinct()
        )
        {
            if (
                patient is null
                || person == patient
                || await reads.ReadAsync(person, cancellationToken) is { } record
                    && PatientView
                        .From(ResourceDocument.Parse(record.Utf8Json).Value)
                        .Link.Any(l => l.Type == LinkTypeCodes.ReplacedBy && l.Other.Reference == patient)
            )
                same.Add(person);
        }

        return same;
    }

    private static string? PersonOf(ResourceDocument resource)
    {
        var content = Node(resource);
        var reference = (content["subject"] ?? content["patient"]) is JsonObject person
            ? (string?)person["reference"]
            : null;
        return reference?.StartsWith("Patient/", StringComparison.Ordinal) == true ? reference : null;
    }

    /// <param name="others">What has one of the numbers, and is of somebody else.</param>
    private static (ResourceKey Key, bool IsOwn) KeyOf(
        TransitionNotice notice,
        NoticeEntry entry,
        Dictionary<string, ResourceKey> known,
        HashSet<ResourceKey> others,
        string? patient
    )
    {
        var identifiers = IdentifiersOf(entry)
            .OrderBy(i => i.System, StringComparer.Ordinal)
            .ThenBy(i => i.Value, StringComparer.Ordinal)
            .ToArray();
        if (identifiers is not [var (system, value), ..])
            return (
                new ResourceKey(
                    entry.Type,
                    TransitionIds.Of("of sender", notice.Sender, notice.Stay, entry.Type, NameOf(entry))
                ),
                true
            );
        var first = new ResourceKey(entry.Type, TransitionIds.Of("identifier", entry.Type, system, value));
        var ofPatient = new ResourceKey(entry.Type, TransitionIds.Of("identifier", entry.Type, system, value, patient));
        foreach (var identifier in identifiers)
        {
            if (known.TryGetValue($"{entry.Type} {identifier.System}|{identifier.Value}", out var found))
                return (found, found == first || found == ofPatient);
        }

        return (others.Contains(first) ? ofPatient : first, true);
    }

    /// <summary>By what the sender keeps it apart: its id, or where it has none what it says.</summary>
    private static string NameOf(NoticeEntry entry)
    {
        if (entry.Resource.Id is { } id)
            return id;
        var content = Node(entry.Resource);
        content.Remove("meta");
        content.Remove("text");
        DropReferences(content);
        return content.ToJsonString();
    }

    private static void DropReferences(JsonNode? node)
    {
        if (node is JsonObject parts)
        {
            parts.Remove("reference");
            foreach (var (_, value) in parts)
                DropReferences(value);
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
                DropReferences(item);
        }
    }

    private static IEnumerable<(string System, string Value)> IdentifiersOf(NoticeEntry entry) =>
        IdentifiersOf(entry.Resource);

    private static IEnumerable<(string System, string Value)> IdentifiersOf(ResourceDocument resource)
    {
        if (Node(resource)["identifier"] is not JsonArray identifiers)
            yield break;
        foreach (var identifier in identifiers.OfType<JsonObject>())
        {
            if ((string?)identifier["system"] is { } system && (string?)identifier["value"] is { } value)
                yield return (system, value);
        }
    }

    /// <summary>
    /// With each reference as it leads here. What leads to no entry is on the sender's server, and is named there: the same id here would be
    /// of somebody else.
    /// </summary>
    private ResourceDocument Resolve(
        TransitionNotice notice,
        NoticeEntry entry,
        List<(NoticeEntry Entry, string Reference)> places
    ) =>
        ReferenceRewriter.Rewrite(
            entry.Resource,
            definitions.Schema,
            value =>
            {
                var text = value.GetString();
                foreach (var (other, reference) in places)
                {
                    if (NoticeReader.Leads(text, entry.FullUrl, other, definitions.Schema.IsResourceType))
                        return reference;
                }

                return LiteralReference.Parse(text, definitions.Schema.IsResourceType).Kind == ReferenceKind.Relative
                    ? $"{FullUrl.BaseOf(entry.FullUrl, definitions.Schema.IsResourceType) ?? notice.Base ?? notice.Sender}/{text}"
                    : null;
            }
        );

    private static JsonObject Node(ResourceDocument resource) => JsonNode.Parse(resource.Utf8.Span)!.AsObject();
}
