using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace CareCoordination.Formats.Cda;

/// <summary>Whom a document is of, and who keeps it.</summary>
internal static class CdaPeople
{
    private static readonly (string Code, string Gender)[] Genders = [("F", "female"), ("M", "male"), ("UN", "other")];

    /// <summary>The uses of addresses and telephones. https://terminology.hl7.org/CodeSystem-v3-AddressUse.html</summary>
    private static readonly (string Code, string Use)[] Uses =
    [
        ("H", "home"),
        ("HP", "home"),
        ("HV", "home"),
        ("WP", "work"),
        ("TMP", "temp"),
        ("MC", "mobile"),
    ];

    /// <summary>Null where the document does not say whom it is of.</summary>
    public static JsonObject? Patient(XElement document, TimeZoneInfo zone)
    {
        var role = document.Children("recordTarget", "patientRole").FirstOrDefault();
        var person = role.Child("patient");
        if (role is null || person is null)
            return null;
        var gender = person.Child("administrativeGenderCode").Text("code");
        var died = person.Element(CdaXml.Sdtc + "deceasedTime").Time(zone);
        return CdaJson.Of(
            ("resourceType", "Patient"),
            ("identifier", role.Identifiers()),
            ("name", CdaJson.Array(person.Children("name").Select(Name))),
            ("telecom", CdaJson.Array(role.Children("telecom").Select(Telecom))),
            ("gender", Genders.FirstOrDefault(g => g.Code == gender).Gender),
            ("birthDate", person.Child("birthTime").Time(zone)?.ToDate()),
            ("deceasedDateTime", died?.ToDateTime()),
            ("deceasedBoolean", died is null && IsDead(person) ? true : null),
            ("address", CdaJson.Array(role.Children("addr").Select(Address)))
        );
    }

    /// <summary>Who keeps the document: its sender. Null where it is not named.</summary>
    public static JsonObject? Custodian(XElement document)
    {
        var organization = document
            .Children("custodian", "assignedCustodian", "representedCustodianOrganization")
            .FirstOrDefault();
        var name = organization.Child("name") is { } named ? CdaValues.Plain(named.Value) : null;
        return organization is null || (name is null && organization.Identifiers() is null)
            ? null
            : CdaJson.Of(
                ("resourceType", "Organization"),
                ("identifier", organization.Identifiers()),
                ("active", true),
                ("name", name),
                ("telecom", CdaJson.Array(organization.Children("telecom").Select(Telecom))),
                ("address", CdaJson.Array(organization.Children("addr").Select(Address)))
            );
    }

    private static bool IsDead(XElement person) =>
        person.Element(CdaXml.Sdtc + "deceasedInd").Text("value") is "true" or "1";

    private static JsonObject? Name(XElement name)
    {
        if (name.Text(CdaValues.NullFlavor) is not null)
            return null;
        var family = Part(name, "family");
        var given = CdaJson.Array(Parts(name, "given"));
        return family is null && given is null
            ? CdaJson.Of(("text", CdaValues.Plain(name.Value)))
            : CdaJson.Of(
                ("family", family),
                ("given", given),
                ("prefix", CdaJson.Array(Parts(name, "prefix"))),
                ("suffix", CdaJson.Array(Parts(name, "suffix")))
            );
    }

    private static JsonObject? Address(XElement address) =>
        address.Text(CdaValues.NullFlavor) is not null
            ? null
            : CdaJson.Of(
                ("use", UseOf(address)),
                ("line", CdaJson.Array(Parts(address, "streetAddressLine"))),
                ("city", Part(address, "city")),
                ("state", Part(address, "state")),
                ("postalCode", Part(address, "postalCode")),
                ("country", Part(address, "country"))
            );

    private static JsonObject? Telecom(XElement telecom)
    {
        if (telecom.Text("value") is not { } value)
            return null;
        var (system, text) =
            value.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? ("phone", value[4..])
            : value.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase) ? ("email", value[7..])
            : value.StartsWith("fax:", StringComparison.OrdinalIgnoreCase) ? ("fax", value[4..])
            : value.Contains("://", StringComparison.Ordinal) ? ("url", value)
            : ("phone", value);
        return CdaValues.Plain(text) is { } plain
            ? CdaJson.Of(("system", system), ("value", plain), ("use", UseOf(telecom)))
            : null;
    }

    private static string? UseOf(XElement element)
    {
        var words = element.Text("use")?.Split(' ') ?? [];
        return Uses.FirstOrDefault(u => words.Contains(u.Code)).Use;
    }

    private static JsonNode? Part(XElement element, string name) => Parts(element, name).FirstOrDefault();

    private static IEnumerable<JsonNode?> Parts(XElement element, string name) =>
        element
            .Children(name)
            .Where(p => p.Text(CdaValues.NullFlavor) is null)
            .Select(p => (JsonNode?)CdaValues.Plain(p.Value))
            .Where(p => p is not null);
}
