using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Senders;

/// <summary>Reads profiles, and says of everything that is wrong where and what to write instead.</summary>
internal sealed class ProfileReader
{
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
        [
            "id",
            "application",
            "facility",
            "client",
            "certificates",
            "organization",
            "timeZone",
            "characterSet",
            "processingIds",
            "assigners",
            "patientAssigner",
            "visitAssigner",
            "codingSystems",
            "tables",
        ],
        StringComparer.Ordinal
    );

    private readonly List<Issue> _issues = [];

    public Result<SenderProfiles> Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (JsonException problem)
        {
            return Failure.Invalid(
                IssueCode.Structure,
                $"The profiles are no JSON: line {problem.LineNumber + 1}, byte {problem.BytePositionInLine + 1}."
            );
        }
    }

    private Result<SenderProfiles> Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array)
            return Failure.Invalid(IssueCode.Structure, "The profiles are an array of objects, one for each sender.");
        var profiles = root.EnumerateArray().Select(Profile).OfType<SenderProfile>().ToImmutableArray();
        foreach (var twice in profiles.GroupBy(p => p.Id).Where(g => g.Count() > 1))
            Say("senders", $"Two senders have the id '{twice.Key}'. Give each its own.");
        foreach (var twice in profiles.GroupBy(p => (p.Application, p.Facility)).Where(g => g.Count() > 1))
            Say(
                "senders",
                $"{string.Join(" and ", twice.Select(p => $"'{p.Id}'"))} have the same application and facility."
            );
        return _issues.Count > 0 ? Failure.Invalid([.. _issues]) : new SenderProfiles(profiles);
    }

    private SenderProfile? Profile(JsonElement profile, int index)
    {
        var place = $"senders[{index}]";
        if (profile.ValueKind != JsonValueKind.Object)
        {
            Say(place, "A sender is an object.");
            return null;
        }

        foreach (var property in profile.EnumerateObject().Where(p => !Known.Contains(p.Name)))
            Say(
                $"{place}.{property.Name}",
                $"There is no such setting. Known are {string.Join(", ", Known.Order(StringComparer.Ordinal))}."
            );
        var (name, identifier) = Organization(profile, place);
        return new SenderProfile
        {
            Id = Required(profile, "id", place, "a name that never changes"),
            Application = Text(profile, "application", place),
            Facility = Text(profile, "facility", place),
            Client = Text(profile, "client", place),
            Certificates = Certificates(profile, place),
            OrganizationName = name,
            OrganizationIdentifier = identifier,
            TimeZone = Zone(profile, place),
            CharacterSet = Characters(profile, place),
            ProcessingIds = Processing(profile, place),
            Assigners = Uris(profile, "assigners", place, StringComparer.Ordinal),
            PatientAssigner = Uri(Text(profile, "patientAssigner", place), $"{place}.patientAssigner"),
            VisitAssigner = Uri(Text(profile, "visitAssigner", place), $"{place}.visitAssigner"),
            CodingSystems = Uris(profile, "codingSystems", place, StringComparer.OrdinalIgnoreCase),
            Tables = Tables(profile, place),
        };
    }

    private (string Name, (string System, string Value) Identifier) Organization(JsonElement profile, string place)
    {
        place += ".organization";
        if (
            !profile.TryGetProperty("organization", out var organization)
            || organization.ValueKind != JsonValueKind.Object
        )
        {
            Say(place, "The hospital is missing: {\"name\": ..., \"system\": ..., \"value\": ...}.");
            return ("", ("", ""));
        }

        var system = Required(
            organization,
            "system",
            place,
            "the system of the hospital's identifier, as http://hl7.org/fhir/sid/us-npi"
        );
        return (
            Required(organization, "name", place, "the hospital's name"),
            (
                Uri(system.Length == 0 ? null : system, $"{place}.system") ?? "",
                Required(organization, "value", place, "the hospital's identifier")
            )
        );
    }

    private TimeZoneInfo Zone(JsonElement profile, string place)
    {
        var name = Required(profile, "timeZone", place, "where the sender's clocks are, as America/Chicago");
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
            return zone;
        if (name.Length > 0)
            Say($"{place}.timeZone", $"'{name}' is no time zone. Write one of the IANA database, as America/Chicago.");
        return TimeZoneInfo.Utc;
    }

    private CharacterSet Characters(JsonElement profile, string place)
    {
        var name = Text(profile, "characterSet", place);
        if (name is null)
            return CharacterSet.Utf8;
        if (CharacterSets.TryFind(name, out var set))
            return set;
        Say(
            $"{place}.characterSet",
            $"'{name}' is no character set. Known are {string.Join(", ", CharacterSets.Names)}."
        );
        return CharacterSet.Utf8;
    }

    private ImmutableArray<SenderCertificate> Certificates(JsonElement profile, string place)
    {
        if (!profile.TryGetProperty("certificates", out var said))
            return [];
        var certificates = ImmutableArray.CreateBuilder<SenderCertificate>();
        var all = said.ValueKind == JsonValueKind.Array ? [.. said.EnumerateArray()] : new List<JsonElement> { said };
        foreach (var one in all)
        {
            if (
                one.ValueKind == JsonValueKind.String
                && SenderCertificate.TryParse(one.GetString()!, out var certificate)
            )
                certificates.Add(certificate);
            else
                Say(
                    $"{place}.certificates",
                    "Write an array: of each certificate its SHA-256 (64 hexadecimal digits, or base64url), or a DNS name that it is for."
                );
        }

        return certificates.ToImmutable();
    }

    private FrozenSet<string> Processing(JsonElement profile, string place)
    {
        if (!profile.TryGetProperty("processingIds", out var ids))
            return FrozenSet.ToFrozenSet(["P"], StringComparer.Ordinal);
        if (ids.ValueKind == JsonValueKind.Array && ids.EnumerateArray().All(i => i.ValueKind == JsonValueKind.String))
            return ids.EnumerateArray().Select(i => i.GetString()!).ToFrozenSet(StringComparer.Ordinal);
        Say($"{place}.processingIds", "Write an array of codes of HL7 table 0103, as [\"P\", \"T\"].");
        return FrozenSet<string>.Empty;
    }

    private FrozenDictionary<string, string> Uris(
        JsonElement profile,
        string name,
        string place,
        StringComparer comparer
    ) =>
        Pairs(profile, name, place)
            .Select(p => (p.Name, Uri: Uri(TextOf(p.Value, $"{place}.{name}.{p.Name}"), $"{place}.{name}.{p.Name}")))
            .Where(p => p.Uri is not null)
            .DistinctBy(p => p.Name, comparer)
            .ToFrozenDictionary(p => p.Name, p => p.Uri!, comparer);

    private FrozenDictionary<string, FrozenDictionary<string, MappedCode>> Tables(JsonElement profile, string place) =>
        Pairs(profile, "tables", place)
            .Select(table => (table.Name, Codes: Codes(table, $"{place}.tables.{table.Name}")))
            .DistinctBy(t => t.Name)
            .ToFrozenDictionary(t => t.Name, t => t.Codes);

    private FrozenDictionary<string, MappedCode> Codes(JsonProperty table, string place)
    {
        if (table.Value.ValueKind != JsonValueKind.Object)
            Say(place, "A table is an object of the sender's codes.");
        return Objects(table.Value)
            .Select(code => (code.Name, Mapped: Code(code.Value, $"{place}.{code.Name}")))
            .Where(c => c.Mapped is not null)
            .DistinctBy(c => c.Name)
            .ToFrozenDictionary(c => c.Name, c => c.Mapped!);
    }

    private MappedCode? Code(JsonElement code, string place)
    {
        if (code.ValueKind == JsonValueKind.String && code.GetString()!.Length > 0)
            return new MappedCode(code.GetString()!);
        if (code.ValueKind == JsonValueKind.Object && Text(code, "code", place) is { } value)
            return new MappedCode(
                value,
                Uri(Text(code, "system", place), $"{place}.system"),
                Text(code, "display", place)
            );
        Say(place, "Write the code of FHIR, or {\"system\": ..., \"code\": ..., \"display\": ...}.");
        return null;
    }

    private IEnumerable<JsonProperty> Pairs(JsonElement profile, string name, string place)
    {
        if (!profile.TryGetProperty(name, out var pairs))
            return [];
        if (pairs.ValueKind != JsonValueKind.Object)
            Say($"{place}.{name}", "Write an object of names and what they stand for.");
        return Objects(pairs);
    }

    private static IEnumerable<JsonProperty> Objects(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : [];

    private string Required(JsonElement from, string name, string place, string what)
    {
        if (Text(from, name, place) is { Length: > 0 } text)
            return text;
        Say($"{place}.{name}", $"Write {what}.");
        return "";
    }

    private string? Text(JsonElement from, string name, string place) =>
        from.TryGetProperty(name, out var value) ? TextOf(value, $"{place}.{name}") : null;

    private string? TextOf(JsonElement value, string place)
    {
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        Say(place, "Write a text in quotation marks.");
        return null;
    }

    private string? Uri(string? uri, string place)
    {
        if (uri is null || System.Uri.TryCreate(uri, UriKind.Absolute, out _) && !uri.Any(char.IsWhiteSpace))
            return uri;
        Say(place, "Write an absolute URI, as http://hospital.example/mrn or urn:oid:1.2.3.");
        return null;
    }

    private void Say(string place, string sentence) => _issues.Add(Issue.Error(IssueCode.Value, sentence, place));
}
