using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.DataTypes;

/// <summary>Names, addresses and telecommunication. Maps: Datatype XPN to HumanName, XAD to Address, XTN to ContactPoint.</summary>
internal static class Contacts
{
    /// <summary>XPN: family, given, further, suffix, prefix, degree, type.</summary>
    public static JsonObject? Name(MappingContext context, Hl7Value xpn)
    {
        context.Leave(xpn, 1, 2, 3, 4, 5, 6, 7, 10, 12, 13);
        return FhirJson.Object(
            ("use", Concepts.Code(context, xpn[7], "0200")),
            ("family", FhirJson.Text(xpn[1][1].Text)),
            ("given", FhirJson.Array(Further(xpn[3]).Prepend(FhirJson.Text(xpn[2].Text)))),
            ("prefix", FhirJson.Array(FhirJson.Text(xpn[5].Text))),
            ("suffix", FhirJson.Array(FhirJson.Text(xpn[4].Text), FhirJson.Text(xpn[6].Text))),
            ("period", Times.Period(context, xpn[12], xpn[13]))
        );
    }

    /// <summary>XAD: street, other designation, city, state, postal code, country, type, county.</summary>
    public static JsonObject? Address(MappingContext context, Hl7Value xad)
    {
        context.Leave(xad, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14);
        var type = xad[7].Text;
        var isMailing = type is "M" or "SH";
        return FhirJson.Object(
            ("use", isMailing ? null : Concepts.Code(context, xad[7], "0190")),
            ("type", isMailing ? "postal" : null),
            (
                "line",
                FhirJson.Array(FhirJson.Text(xad[1].Text), FhirJson.Text(xad[2].Text), FhirJson.Text(xad[8].Text))
            ),
            ("city", FhirJson.Text(xad[3].Text)),
            ("district", FhirJson.Text(xad[9].Text)),
            ("state", FhirJson.Text(xad[4].Text)),
            ("postalCode", FhirJson.Text(xad[5].Text)),
            ("country", FhirJson.Text(xad[6].Text)),
            ("period", Times.Period(context, xad[13], xad[14]))
        );
    }

    /// <summary>
    /// XTN: until 2.3 the number in the first component, later by its parts or in the twelfth; an address of e-mail in the fourth.
    /// </summary>
    /// <param name="context">The message.</param>
    /// <param name="xtn">The value.</param>
    /// <param name="use">The use of numbers that name none: PID-13 is at home, PID-14 at work.</param>
    public static JsonObject? Telecom(MappingContext context, Hl7Value xtn, string use)
    {
        context.Leave(xtn, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12);
        var equipment = xtn[3].Text.ToUpperInvariant();
        var mail = xtn[4].Text;
        var isMail =
            equipment is "INTERNET" or "X.400" || (mail.Contains('@', StringComparison.Ordinal) && Number(xtn) is null);
        var value = isMail
            ? mail.Length > 0
                ? mail
                : xtn[1].Text
            : Number(xtn);
        if (string.IsNullOrWhiteSpace(value))
            return null;
        var isMobile = equipment == "CP" || xtn[2].Text == "PRS";
        return FhirJson.Object(
            (
                "system",
                isMail ? "email"
                : equipment.Length == 0 ? (value.Contains('@', StringComparison.Ordinal) ? "email" : "phone")
                : Concepts.Code(context, xtn[3], "0202") ?? "other"
            ),
            ("value", FhirJson.Text(value)),
            (
                "use",
                isMobile ? "mobile"
                : xtn[2].Text is "" or "NET" ? use
                : Concepts.Code(context, xtn[2], "0201")
            )
        );
    }

    private static string? Number(Hl7Value xtn)
    {
        if (FhirJson.Clean(xtn[1].Text) is { Length: > 0 } written)
            return written;
        if (FhirJson.Clean(xtn[12].Text) is { Length: > 0 } unformatted)
            return unformatted;
        if (FhirJson.Clean(xtn[7].Text) is not { Length: > 0 } local)
            return null;
        var country = FhirJson.Clean(xtn[5].Text) is { Length: > 0 } code ? $"+{code.TrimStart('+')} " : "";
        var area = FhirJson.Clean(xtn[6].Text) is { Length: > 0 } number ? $"{number} " : "";
        var extension = FhirJson.Clean(xtn[8].Text) is { Length: > 0 } further ? $" x{further}" : "";
        return country + area + local + extension;
    }

    private static IEnumerable<JsonNode?> Further(Hl7Value given) =>
        given.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => FhirJson.Text(w));
}
