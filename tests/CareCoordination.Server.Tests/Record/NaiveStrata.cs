using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>By what rows of a measure are told apart.</summary>
internal sealed class NaiveStrata(NaiveChart chart, NaivePeriod period)
{
    private const string Race = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
    private const string Ethnicity = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity";

    public static readonly string[] All =
    [
        "age-band",
        "sex",
        "race",
        "ethnicity",
        "language",
        "payer",
        "programme",
        "practitioner",
        "organization",
    ];

    /// <summary>The id of somebody who works, or of a role; an organisation is no practitioner.</summary>
    public static string? Worker(JsonElement reference) =>
        reference.Key("Practitioner") ?? reference.Key("PractitionerRole");

    public string Of(NaiveRow row, string stratifier)
    {
        var person = chart.Record.PersonOf(row.Patient);
        var patient = chart.PatientOf(person);
        return stratifier switch
        {
            "age-band" => chart.AgeOf(person, period.Last) switch
            {
                null => "unknown",
                < 18 => "0-17",
                < 45 => "18-44",
                < 65 => "45-64",
                < 75 => "65-74",
                < 85 => "75-84",
                _ => "85+",
            },
            "sex" => patient.Text("gender") ?? "unknown",
            "race" => Category(patient, Race) ?? "unknown",
            "ethnicity" => Category(patient, Ethnicity) ?? "unknown",
            "language" => Language(patient) ?? "unknown",
            "payer" => Payer(person) ?? "unknown",
            "programme" => row.Programme ?? "none",
            "practitioner" => row.Practitioner ?? "none",
            _ => OrganizationOf(row) ?? "none",
        };
    }

    /// <summary>That of the row, or else of the patient.</summary>
    public string? OrganizationOf(NaiveRow row) =>
        row.Organization
        ?? chart.PatientOf(chart.Record.PersonOf(row.Patient)).At("managingOrganization").Key("Organization");

    private static string? Category(JsonElement patient, string url) =>
        patient
            .Extensions(url)
            .SelectMany(e => e.Extensions("ombCategory"))
            .Select(c => c.Text("valueCoding", "code"))
            .FirstOrDefault(c => c is not null);

    /// <summary>That which is preferred, or else the first.</summary>
    private static string? Language(JsonElement patient) =>
        patient
            .Items("communication")
            .OrderByDescending(c => c.At("preferred").ValueKind == JsonValueKind.True)
            .FirstOrDefault()
            .At("language")
            .Text("coding", "code");

    /// <summary>The kind of cover of a person, in whichever of their records; of several the first by its code.</summary>
    private string? Payer(string? person) =>
        chart
            .Record.Of("Coverage")
            .Where(c =>
                c.Text("status") == "active" && person is not null && chart.PersonOf(c.At("beneficiary")) == person
            )
            .Select(c => c.Code("type"))
            .OfType<string>()
            .Min(StringComparer.Ordinal);
}
