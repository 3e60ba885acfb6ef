using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Transitions;

/// <summary>A medication as some resource has it: MedicationRequest or MedicationStatement.</summary>
public sealed record ToldMedication(ResourceKey Key, ReadOnlyMemory<byte> Utf8Json);

/// <summary>
/// Compares what was taken before a stay with what was prescribed at its end: a List for the one who reconciles, in which each
/// medication is new, changed, continued, stopped or named twice. Two are the same by a code in common, or else by the same words.
/// https://hl7.org/fhir/R4/list.html
/// </summary>
public static class MedicationReconciliation
{
    public const string System = OwnCanonical.CodeSystems + "medication-change";

    private const string New = "new";
    private const string Changed = "changed";
    private const string Continued = "continued";
    private const string Stopped = "stopped";
    private const string Duplicate = "duplicate";

    public static readonly ImmutableArray<OwnCode> Flags =
    [
        new(Changed, "Taken before, and to be taken otherwise."),
        new(Continued, "Taken before, and to be taken as before."),
        new(Duplicate, "Prescribed twice at discharge."),
        new(New, "Not taken before."),
        new(Stopped, "Taken before, and not among what was prescribed at discharge."),
    ];

    public static string IdOf(string stay) => TransitionIds.Of("medications", stay);

    /// <summary>False for what a discharge tells as stopped, ended, not taken or a mistake: it is none of those to take from now on.</summary>
    public static bool IsToBeTaken(ResourceDocument told) =>
        !told.Root.TryGetProperty("status"u8, out var status)
        || status.GetString()
            is not ("stopped" or "completed" or "cancelled" or "entered-in-error" or "not-taken" or "on-hold");

    /// <summary>Each medication with its flag: those of the discharge first, in the order in which they are told.</summary>
    public static ImmutableArray<(ResourceKey Key, string Flag)> Compare(
        IReadOnlyList<ToldMedication> before,
        IReadOnlyList<ToldMedication> discharge
    )
    {
        var compared = ImmutableArray.CreateBuilder<(ResourceKey, string)>();
        var known = before.Select(Read).ToArray();
        var told = new List<Medication>();
        var met = new HashSet<ResourceKey>();
        foreach (var medication in discharge.Select(Read))
        {
            var same = known.Where(k => k.IsSame(medication)).ToArray();
            met.UnionWith(same.Select(s => s.Key));
            compared.Add(
                (
                    medication.Key,
                    told.Exists(t => t.IsSame(medication)) ? Duplicate
                    : same.Length == 0 ? New
                    : same.Any(s => s.Dosage == medication.Dosage) ? Continued
                    : Changed
                )
            );
            told.Add(medication);
        }

        compared.AddRange(known.Where(k => !met.Contains(k.Key)).Select(k => (k.Key, Stopped)));
        return compared.ToImmutable();
    }

    internal static byte[] ToList(
        string id,
        string patient,
        string encounter,
        DateTimeOffset now,
        ImmutableArray<(ResourceKey Key, string Flag)> compared
    )
    {
        var entries = new JsonArray();
        foreach (var (key, flag) in compared)
            entries.Add(
                new JsonObject
                {
                    ["flag"] = Concept(System, flag),
                    ["item"] = new JsonObject { ["reference"] = key.ToString() },
                }
            );
        var list = new JsonObject
        {
            ["resourceType"] = ResourceTypes.List,
            ["id"] = id,
            ["status"] = "current",
            ["mode"] = "working",
            ["title"] = "Medications before the stay and at discharge",
            ["code"] = Concept("http://terminology.hl7.org/CodeSystem/list-example-use-codes", "medications"),
            ["subject"] = new JsonObject { ["reference"] = patient },
            ["encounter"] = new JsonObject { ["reference"] = encounter },
            ["date"] = now.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture),
            ["entry"] = entries,
        };
        return Encoding.UTF8.GetBytes(list.ToJsonString());
    }

    private static JsonObject Concept(string system, string code) =>
        new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) };

    private static Medication Read(ToldMedication told)
    {
        var resource = JsonNode.Parse(told.Utf8Json.Span)!.AsObject();
        var concept = resource["medicationCodeableConcept"] as JsonObject;
        var codes = (concept?["coding"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Where(c => c["code"] is not null)
            .Select(c => $"{(string?)c["system"]}|{(string?)c["code"]}")
            .ToImmutableHashSet(StringComparer.Ordinal);
        var reference = resource["medicationReference"] as JsonObject;
        var words =
            (string?)concept?["text"] ?? (string?)reference?["display"] ?? (string?)reference?["reference"] ?? "";
        var dosage = resource["dosageInstruction"] ?? resource["dosage"];
        return new Medication(told.Key, codes, Fold(words), dosage is null ? "" : Doses(dosage), Route(dosage));
    }

    /// <summary>How much and how often, without the words around it where there are numbers.</summary>
    private static string Doses(JsonNode dosage)
    {
        var text = new StringBuilder();
        foreach (var dose in (dosage as JsonArray ?? []).OfType<JsonObject>())
        {
            var structured = $"{dose["timing"]?.ToJsonString()}{dose["doseAndRate"]?.ToJsonString()}";
            text.Append(structured.Length > 0 ? structured : Fold((string?)dose["text"] ?? "")).Append(';');
        }

        return text.ToString();
    }

    private static string? Route(JsonNode? dosage) =>
        (string?)(dosage as JsonArray)?.OfType<JsonObject>().FirstOrDefault()?["route"]?["coding"]?[0]?["code"];

    private static string Fold(string words) =>
        string.Join(' ', words.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private sealed record Medication(
        ResourceKey Key,
        ImmutableHashSet<string> Codes,
        string Words,
        string Dosage,
        string? Route
    )
    {
        public bool IsSame(Medication other) =>
            (Route is null || other.Route is null || Route == other.Route)
            && (
                Codes.Overlaps(other.Codes)
                || (Words.Length > 0 && Words == other.Words && (Codes.IsEmpty || other.Codes.IsEmpty))
            );
    }
}
