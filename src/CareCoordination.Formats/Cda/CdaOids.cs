using System.Collections.Frozen;

namespace CareCoordination.Formats.Cda;

/// <summary>
/// The systems that CDA names by their OID, as FHIR names them. https://terminology.hl7.org/external_terminologies.html and the
/// identifier systems of https://hl7.org/fhir/R4/identifier-registry.html. One that is not here keeps its OID.
/// </summary>
public static class CdaOids
{
    public const string Loinc = "http://loinc.org";
    public const string Snomed = "http://snomed.info/sct";
    public const string ActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    private static readonly FrozenDictionary<string, string> Systems = new Dictionary<string, string>
    {
        ["2.16.840.1.113883.6.1"] = Loinc,
        ["2.16.840.1.113883.6.96"] = Snomed,
        ["2.16.840.1.113883.6.88"] = "http://www.nlm.nih.gov/research/umls/rxnorm",
        ["2.16.840.1.113883.6.90"] = "http://hl7.org/fhir/sid/icd-10-cm",
        ["2.16.840.1.113883.6.4"] = "http://www.cms.gov/Medicare/Coding/ICD10",
        ["2.16.840.1.113883.6.103"] = "http://hl7.org/fhir/sid/icd-9-cm",
        ["2.16.840.1.113883.6.3"] = "http://hl7.org/fhir/sid/icd-10",
        ["2.16.840.1.113883.6.69"] = "http://hl7.org/fhir/sid/ndc",
        ["2.16.840.1.113883.12.292"] = "http://hl7.org/fhir/sid/cvx",
        ["2.16.840.1.113883.6.12"] = "http://www.ama-assn.org/go/cpt",
        ["2.16.840.1.113883.6.285"] = "urn:oid:2.16.840.1.113883.6.285",
        ["2.16.840.1.113883.6.345"] = "http://hl7.org/fhir/ndfrt",
        ["2.16.840.1.113883.3.26.1.1"] = "http://ncithesaurus-stage.nci.nih.gov",
        ["2.16.840.1.113883.4.9"] = "http://fdasis.nlm.nih.gov",
        ["2.16.840.1.113883.6.8"] = "http://unitsofmeasure.org",
        ["2.16.840.1.113883.5.4"] = ActCode,
        ["2.16.840.1.113883.5.1"] = "http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender",
        ["2.16.840.1.113883.5.83"] = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
        ["2.16.840.1.113883.5.1063"] = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
        ["2.16.840.1.113883.5.112"] = "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration",
        ["2.16.840.1.113883.12.112"] = "http://terminology.hl7.org/CodeSystem/v2-0112",
        ["2.16.840.1.113883.18.66"] = "http://terminology.hl7.org/CodeSystem/v2-0112",
        ["2.16.840.1.113883.6.301.5"] = "https://www.nubc.org/CodeSystem/PatDischargeStatus",
        ["2.16.840.1.113883.4.1"] = "http://hl7.org/fhir/sid/us-ssn",
        ["2.16.840.1.113883.4.6"] = "http://hl7.org/fhir/sid/us-npi",
        ["2.16.840.1.113883.4.927"] = "http://hl7.org/fhir/sid/us-mbi",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Null for what is no OID.</summary>
    public static string? UriOf(string? oid) =>
        oid is null || !IsOid(oid) ? null
        : Systems.TryGetValue(oid, out var uri) ? uri
        : "urn:oid:" + oid;

    /// <summary>https://hl7.org/fhir/R4/datatypes.html#oid</summary>
    internal static bool IsOid(string text)
    {
        if (text is not ['0' or '1' or '2', '.', ..] || text.Length > 255)
            return false;
        return text.Split('.')
            .All(arc => arc.Length > 0 && arc.All(char.IsAsciiDigit) && (arc.Length == 1 || arc[0] != '0'));
    }
}
