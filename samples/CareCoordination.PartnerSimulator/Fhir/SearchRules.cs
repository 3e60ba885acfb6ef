using System.Globalization;
using System.Text.Json.Nodes;
using static CareCoordination.PartnerSimulator.PartnerStore;

namespace CareCoordination.PartnerSimulator;

/// <summary>The search parameters that the partner knows, for Tasks mostly. https://hl7.org/fhir/R4/search.html</summary>
internal static class SearchRules
{
    public static readonly IReadOnlyDictionary<string, string> Parameters = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["_id"] = "token",
        ["_lastUpdated"] = "date",
        ["identifier"] = "token",
        ["status"] = "token",
        ["requester"] = "reference",
        ["owner"] = "reference",
        ["patient"] = "reference",
        ["focus"] = "reference",
        ["based-on"] = "reference",
    };

    private static readonly string[] Results = ["_count", "_sort", "_format", "_page"];

    public static bool Knows(string name) => Parameters.ContainsKey(Bare(name)) || Results.Contains(name);

    public static bool Matches(PartnerResource resource, string name, string value)
    {
        if (name == "_lastUpdated")
            return MatchesTime(resource.LastUpdated, value);
        if (name == "_id")
            return value.Split(',').Contains(resource.Id, StringComparer.Ordinal);
        var json = resource.Parse();
        if (name.EndsWith(":missing", StringComparison.Ordinal))
            return (json[Bare(name)] is null) == (value == "true");
        return name switch
        {
            "status" => value.Split(',').Contains(Text(json["status"]), StringComparer.Ordinal),
            "identifier" => Items(json["identifier"]).Any(i => value.Split(',').Any(t => IsToken(i, t))),
            "requester" or "owner" or "focus" => Refers(json[name], value),
            "patient" => Refers(json["for"] ?? json["subject"] ?? json["patient"], value),
            "based-on" => Items(json["basedOn"]).Any(r => Refers(r, value)),
            _ => true,
        };
    }

    private static string Bare(string name) => name.Split(':')[0];

    private static IEnumerable<JsonObject> Items(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    /// <summary><c>value</c>, <c>system|value</c>, or <c>system|</c> for any value of it.</summary>
    private static bool IsToken(JsonObject identifier, string token)
    {
        var (system, value) = token.Split('|', 2) is [var s, var v] ? (s, v) : (null, token);
        return (value.Length == 0 || Text(identifier["value"]) == value)
            && (system is null || Text(identifier["system"]) == system);
    }

    /// <summary>As written, or without the base it was written with.</summary>
    private static bool Refers(JsonNode? reference, string value)
    {
        var written = Text(reference?["reference"]);
        return value.Split(',').Any(v => written == v || written.EndsWith("/" + v, StringComparison.Ordinal));
    }

    private static bool MatchesTime(DateTimeOffset at, string value)
    {
        var prefix = char.IsAsciiLetter(value[0]) ? value[..2] : "eq";
        var limit = DateTimeOffset.Parse(
            prefix == "eq" && !char.IsAsciiLetter(value[0]) ? value : value[2..],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal
        );
        // The clock of resources ends at milliseconds, as their lastUpdated is written.
        var written = new DateTimeOffset(at.Ticks - at.Ticks % TimeSpan.TicksPerMillisecond, at.Offset);
        return prefix switch
        {
            "ge" => written >= limit,
            "gt" => written > limit,
            "le" => written <= limit,
            "lt" => written < limit,
            _ => written == limit,
        };
    }
}
