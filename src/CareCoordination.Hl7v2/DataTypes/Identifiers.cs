using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Senders;

namespace CareCoordination.Hl7v2.DataTypes;

/// <summary>Identifiers, CX: number, assigner (HD), type. Map: Datatype CX to Identifier.</summary>
internal static class Identifiers
{
    private const string Types = "0203";

    /// <summary>An identifier that has a system, so that it can be compared.</summary>
    public sealed record Known(string System, string Value, JsonObject Json);

    /// <summary>Systems that belong to a type of number, whoever passes it on.</summary>
    private static readonly Dictionary<string, string> ByType = new(StringComparer.Ordinal)
    {
        ["SS"] = "http://hl7.org/fhir/sid/us-ssn",
        ["MC"] = "http://hl7.org/fhir/sid/us-mbi",
        ["MB"] = "http://hl7.org/fhir/sid/us-mbi",
        ["NPI"] = "http://hl7.org/fhir/sid/us-npi",
    };

    /// <summary>The identifier, or null where its assigner is not known, which is told.</summary>
    /// <param name="context">The message.</param>
    /// <param name="cx">The value.</param>
    /// <param name="assumed">The system of numbers without an assigner; null where there is none.</param>
    /// <param name="type">The type of numbers that name none.</param>
    public static Known? Read(MappingContext context, Hl7Value cx, string? assumed, string? type = null)
    {
        var value = FhirJson.Clean(cx[1].Text);
        if (value.Length == 0)
            return null;
        context.Leave(cx, 1, 4, 5, 6, 7, 8);
        var code = cx[5].Text is { Length: > 0 } own ? own : type;
        if (SystemOf(context, cx[4], code, assumed) is not { } system)
        {
            context.Notes.NotMapped(
                cx[4].Place,
                cx[4].HasText
                    ? "The assigner is not in the profile of the sender (assigners), so that the number cannot be told from another's."
                    : "The number names nobody who assigned it, and the profile of the sender does not say who does."
            );
            return null;
        }

        return new Known(system, value, Json(context, cx, system, value, code));
    }

    /// <summary>The system of a number: by its assigner, else by its type, else by what the profile says of numbers without one.</summary>
    public static string? SystemOf(MappingContext context, Hl7Value assigner, string? type, string? assumed)
    {
        var name = assigner[1].Text;
        if (name.Length > 0 && context.Sender.Assigners.TryGetValue(name, out var system))
            return system;
        if (Universal(assigner) is { } universal)
            return context.Sender.Assigners.TryGetValue(assigner[2].Text, out system) ? system : universal;
        if (type is not null && ByType.TryGetValue(type, out system))
            return system;
        return name.Length == 0 ? assumed : null;
    }

    /// <summary>The name that an assigner has everywhere, HD-2 and HD-3, where it has one.</summary>
    public static string? Universal(Hl7Value hd)
    {
        var id = FhirJson.Clean(hd[2].Text);
        return id.Length == 0 || id.Any(char.IsWhiteSpace)
            ? null
            : hd[3].Text.ToUpperInvariant() switch
            {
                "ISO" when IsOid(id) => "urn:oid:" + id,
                "UUID" or "GUID" when Guid.TryParse(id, out var uuid) => "urn:uuid:" + uuid,
                "URI" when Uri.IsWellFormedUriString(id, UriKind.Absolute) => id,
                "DNS" when Uri.CheckHostName(id) == UriHostNameType.Dns => "http://" + id,
                _ => null,
            };
    }

    private static bool IsOid(string id) =>
        id.Contains('.', StringComparison.Ordinal)
        && id[0] is >= '0' and <= '2'
        && id.Split('.').All(p => p.Length > 0 && p.All(char.IsAsciiDigit) && (p.Length == 1 || p[0] != '0'));

    private static JsonObject Json(MappingContext context, Hl7Value cx, string system, string value, string? type) =>
        FhirJson.Object(
            ("type", type is null ? null : FhirJson.Concept(StandardTables.Table(Types), type)),
            ("system", system),
            ("value", FhirJson.Text(value)),
            ("period", Times.Period(context, cx[7], cx[8])),
            ("assigner", FhirJson.Object(("display", FhirJson.Text(cx[6][1].Text))))
        )!;
}
