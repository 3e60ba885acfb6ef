using System.Collections.Immutable;

namespace CareCoordination.Access.Labels;

/// <summary>
/// The codes that label what has them where a deployment says nothing else. They are a beginning and no legal advice: what is sensitive is
/// decided by law and by the organisation. Codes alone, without the descriptions of their owners.
/// </summary>
public static class SensitiveCodes
{
    private const string Icd10 = "http://hl7.org/fhir/sid/icd-10-cm";
    private const string Icd10World = "http://hl7.org/fhir/sid/icd-10";
    private const string Snomed = "http://snomed.info/sct";

    public static readonly ImmutableArray<LabelledCode> Default =
    [
        // Disorders due to substance use: 42 CFR Part 2 where the programme is one.
        .. OfIcd10("F1", SensitivityLabel.SubstanceUse),
        new(Snomed, "66214007", SensitivityLabel.SubstanceUse),
        new(Snomed, "7200002", SensitivityLabel.SubstanceUse),
        new(Snomed, "75544000", SensitivityLabel.SubstanceUse),
        // Mental and behavioural disorders.
        .. ((string[])["F2", "F3", "F4", "F5", "F6", "F9"]).SelectMany(prefix =>
            OfIcd10(prefix, SensitivityLabel.MentalHealth)
        ),
        new(Snomed, "58214004", SensitivityLabel.MentalHealth),
        new(Snomed, "13746004", SensitivityLabel.MentalHealth),
        new(Snomed, "370143000", SensitivityLabel.MentalHealth),
        // HIV.
        .. ((string[])["B20", "B21", "B22", "B23", "B24", "Z21", "R75"]).SelectMany(prefix =>
            OfIcd10(prefix, SensitivityLabel.Hiv)
        ),
        new(Snomed, "86406008", SensitivityLabel.Hiv),
        new(Snomed, "62479008", SensitivityLabel.Hiv),
    ];

    private static IEnumerable<LabelledCode> OfIcd10(string prefix, SensitivityLabel label) =>
        [new(Icd10, prefix, label, IsPrefix: true), new(Icd10World, prefix, label, IsPrefix: true)];
}
