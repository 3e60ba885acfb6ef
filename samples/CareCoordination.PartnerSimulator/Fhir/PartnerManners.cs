using System.Text.Json.Nodes;
using static CareCoordination.PartnerSimulator.PartnerStore;

namespace CareCoordination.PartnerSimulator;

/// <summary>What one kind of partner takes, and what it finds wrong with it.</summary>
/// <param name="Interactions">As <c>Task:create</c>; what is not listed is answered 405.</param>
/// <param name="IsStrict">Demands If-Match on updates, and refuses search parameters that it does not know.</param>
internal sealed record PartnerManners(
    string Name,
    IReadOnlyList<string> Interactions,
    bool TakesTransactions = false,
    bool TakesMessages = false,
    bool NeedsToken = false,
    bool IsStrict = false,
    bool HasMllp = false
)
{
    private static readonly string[] Clinical =
    [
        "Patient",
        "Practitioner",
        "PractitionerRole",
        "Organization",
        "Condition",
        "Observation",
        "Coverage",
        "Consent",
        "Goal",
        "Location",
        "DocumentReference",
        "Procedure",
        "Bundle",
    ];

    /// <summary>The elements without which an EHR does not file a resource.</summary>
    private static readonly Dictionary<string, string[]> Required = new(StringComparer.Ordinal)
    {
        ["Task"] = ["status", "intent", "code", "focus", "for"],
        ["ServiceRequest"] = ["status", "intent", "code", "subject", "identifier"],
        ["Patient"] = ["name"],
    };

    public static PartnerManners Of(PartnerKind kind) =>
        kind switch
        {
            PartnerKind.Epic => new(
                "Epic-like EHR",
                [.. All("Task", "read", "search", "update"), .. Reads(["ServiceRequest", .. Clinical])],
                HasMllp: true
            ),
            PartnerKind.Oracle => new(
                "Oracle-like EHR",
                [
                    .. All("Task", "read", "search", "create", "update"),
                    .. All("ServiceRequest", "read", "search", "create", "update"),
                    .. Clinical.SelectMany(t => All(t, "read", "search", "create", "update")),
                ],
                TakesTransactions: true,
                NeedsToken: true,
                IsStrict: true
            ),
            PartnerKind.Community => new(
                "community organisation",
                [.. All("Task", "read", "search", "create", "update"), .. Reads(Clinical)]
            ),
            PartnerKind.Bser => new(
                "BSeR recipient",
                [.. All("Task", "read", "search"), .. Reads(["ServiceRequest", .. Clinical])],
                TakesMessages: true
            ),
            _ => new("HL7 v2 endpoint", [], HasMllp: true),
        };

    public bool Takes(string type, string interaction) => Interactions.Contains($"{type}:{interaction}");

    /// <summary>Why the resource is not taken; null where it is.</summary>
    public string? Complaint(JsonObject resource)
    {
        var type = Text(resource["resourceType"]);
        if (
            Required.TryGetValue(type, out var elements)
            && elements.FirstOrDefault(e => resource[e] is null) is { } missing
        )
            return $"{type}.{missing} is missing.";
        // Gravity's referral Task has every status but these two. https://hl7.org/fhir/us/sdoh-clinicalcare/
        if (!TakesMessages && type == "Task" && Text(resource["status"]) is "received" or "ready")
            return $"Task.status '{Text(resource["status"])}' is not in the value set of referral tasks.";
        return null;
    }

    private static IEnumerable<string> All(string type, params string[] interactions) =>
        interactions.Select(i => $"{type}:{i}");

    private static IEnumerable<string> Reads(params string[] types) => types.SelectMany(t => All(t, "read", "search"));
}
