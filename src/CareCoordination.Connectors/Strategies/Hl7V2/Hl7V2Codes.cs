using CareCoordination.Connectors.Mllp;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Strategies.Hl7V2;

/// <summary>How FHIR values are written in HL7 v2. https://build.fhir.org/ig/HL7/v2-to-fhir/</summary>
internal static class Hl7V2Codes
{
    /// <summary>Table 0396.</summary>
    private static readonly Dictionary<string, string> Systems = new(StringComparer.Ordinal)
    {
        ["http://snomed.info/sct"] = "SCT",
        ["http://loinc.org"] = "LN",
        ["http://hl7.org/fhir/sid/icd-10-cm"] = "I10C",
        ["http://hl7.org/fhir/sid/icd-10"] = "I10",
        ["http://hl7.org/fhir/sid/icd-9-cm"] = "I9C",
        ["http://www.ama-assn.org/go/cpt"] = "C4",
        ["http://www.nlm.nih.gov/research/umls/rxnorm"] = "RXNORM",
        ["https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"] = "HCPCS",
    };

    /// <summary>CE: code, text, system; a code of an unknown system is a local one (<c>L</c>).</summary>
    public static string?[] Coded(CodeableConceptView concept)
    {
        CodingView first = default;
        foreach (var coding in concept.Coding)
        {
            first = coding;
            break;
        }

        var text = concept.Text ?? first.Display;
        return first.Code is { } code
            ? [code, text ?? code, Systems.GetValueOrDefault(first.System ?? "", "L")]
            : ["", text];
    }

    /// <summary>HD: an authority that has a URI or an OID and no local name.</summary>
    public static string Authority(string? system) =>
        system is null ? ""
        : system.StartsWith("urn:oid:", StringComparison.Ordinal)
            ? $"{Hl7Writer.Sub}{system["urn:oid:".Length..]}{Hl7Writer.Sub}ISO"
        : $"{Hl7Writer.Sub}{system}{Hl7Writer.Sub}URI";

    /// <summary>XPN: family, given, further given names, suffix, prefix.</summary>
    public static string?[] Name(HumanNameView name)
    {
        var given = name.Given.ToArray();
        return given.Length == 0 && name.Family is null
            ? [name.Text]
            :
            [
                name.Family,
                given.FirstOrDefault(),
                string.Join(' ', given.Skip(1)),
                name.Suffix.FirstOrDefault(),
                name.Prefix.FirstOrDefault(),
            ];
    }

    /// <summary>XAD: street, other, city, state, code, country.</summary>
    public static string?[] Address(AddressView address)
    {
        var lines = address.Line.ToArray();
        return
        [
            lines.FirstOrDefault(),
            string.Join(' ', lines.Skip(1)),
            address.City,
            address.State,
            address.PostalCode,
            address.Country,
        ];
    }

    /// <summary>XTN: the number as text, its use, its kind, the mail address.</summary>
    public static string?[] Telecom(ContactPointView contact) =>
        contact.System == "email"
            ? ["", "NET", "Internet", contact.Value]
            :
            [
                contact.Value,
                contact.Use == "work" ? "WPN" : "PRN",
                contact.Use == "mobile" ? "CP"
                : contact.System == "fax" ? "FX"
                : "PH",
            ];

    /// <summary>TS and DT: as precise as it is known, without separators.</summary>
    public static string Time(FhirDateTime? value)
    {
        if (value?.ToString() is not { } text)
            return "";
        var zone = text.IndexOfAny(['Z', '+'], Math.Min(10, text.Length - 1));
        if (zone < 0 && text.Length > 10)
            zone = text.IndexOf('-', 10);
        var local = zone < 0 ? text : text[..zone];
        var fraction = local.IndexOf('.', StringComparison.Ordinal);
        var digits = string.Concat((fraction < 0 ? local : local[..fraction]).Where(char.IsAsciiDigit));
        return zone < 0 ? digits
            : text[zone] == 'Z' ? digits + "+0000"
            : digits + text[zone..].Replace(":", "", StringComparison.Ordinal);
    }

    /// <summary>Table 0001.</summary>
    public static string Sex(string? gender) =>
        gender switch
        {
            "male" => "M",
            "female" => "F",
            "other" => "O",
            null => "",
            _ => "U",
        };

    /// <summary>Table 0280.</summary>
    public static string Priority(string? priority) =>
        priority switch
        {
            "stat" => "S",
            "asap" or "urgent" => "A",
            _ => "R",
        };

    /// <summary>Table 0283: a referral is pending until the recipient says otherwise; one that is called off has expired.</summary>
    public static string Status(string? taskStatus, string kind) =>
        kind == "cancel" ? "E"
        : taskStatus is "accepted" or "in-progress" or "on-hold" or "completed" ? "A"
        : taskStatus is "rejected" or "failed" ? "R"
        : taskStatus is "cancelled" or "entered-in-error" ? "E"
        : "P";
}
