using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace CareCoordination.Formats.Cda;

/// <summary>The stay that a document is about: <c>componentOf/encompassingEncounter</c>.</summary>
internal static class CdaStay
{
    /// <summary>Documents of LOINC that only a hospital writes at the end of a stay, or when it hands a patient on.</summary>
    private static readonly string[] OfStays = ["18842-5", "11490-0", "28655-9", "34105-7", "18761-7"];

    /// <summary>Null where none is told, or none that a number or a time tells from others.</summary>
    public static JsonObject? Encounter(
        XElement document,
        string patient,
        string? custodian,
        CdaNotes notes,
        TimeZoneInfo zone
    )
    {
        var told = document.Children("componentOf", "encompassingEncounter").FirstOrDefault();
        if (told is null)
            return null;
        var time = told.Child("effectiveTime");
        var (start, end) = time.Interval(zone);
        if (told.Identifiers() is null && start is null)
        {
            notes.Add(
                "componentOf.encompassingEncounter: the stay has neither a number nor a time, and is not taken in."
            );
            return null;
        }

        var disposition = told.Child("dischargeDispositionCode").Concept();
        return CdaJson.Of(
            ("resourceType", "Encounter"),
            ("identifier", told.Identifiers()),
            ("status", end is null ? "in-progress" : "finished"),
            ("class", Class(document, told)),
            ("subject", CdaJson.Reference(patient)),
            ("period", time.Period(zone)),
            ("hospitalization", disposition is null ? null : CdaJson.Of(("dischargeDisposition", disposition))),
            ("serviceProvider", custodian is null ? null : CdaJson.Reference(custodian))
        );
    }

    /// <summary>
    /// As it is coded; without one a summary that only hospitals write is of an inpatient, and of others nobody knows.
    /// https://terminology.hl7.org/ValueSet-encounter-class.html
    /// </summary>
    private static JsonObject? Class(XElement document, XElement told)
    {
        var code = told.Child("code");
        foreach (var coded in code is null ? [] : code.Children("translation").Prepend(code))
        {
            if (CdaValues.Coding(coded) is { } coding && (string?)coding["system"] == CdaOids.ActCode)
                return coding;
        }

        return document.Child("code").Has(CdaOids.Loinc, OfStays)
            ? CdaJson.Of(("system", CdaOids.ActCode), ("code", "IMP"))
            : CdaJson.Of(("system", "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"), ("code", "UNK"));
    }
}
