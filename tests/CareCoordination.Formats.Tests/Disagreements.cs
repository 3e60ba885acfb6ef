namespace CareCoordination.Formats.Tests;

/// <summary>Where our validator and Firely's strict parser judge otherwise, by who finds fault, and why that is right.</summary>
internal static class Disagreements
{
    public static readonly Dictionary<string, string> OnExamples = new(StringComparer.Ordinal)
    {
        ["CapabilityStatement-example.json: Firely"] =
            "urn:uuid: in capital letters: RFC 4122 reads them in any case, and the type is uri, not uuid",
        ["DeviceMetric-example.json: ours"] = "a parser does not compare the targets of references",
        ["DeviceUseStatement-example.json: ours"] = "a parser does not compare the targets of references",
        ["Library-zika-virus-intervention-logic.json: Firely"] =
            "urn:oid:X.Y.Z: R4 gives canonical no pattern beyond that of uri, which this one has",
        ["MedicationRequest-medrx0301.json: ours"] = "a parser does not compare the targets of references",
        ["MessageHeader-1cbdfb97-5859-48a4-8301-d54eab818d68.json: Firely"] =
            "http:////acme.com/: R4 gives canonical no pattern beyond that of uri, which this one has",
        ["Observation-clinical-gender.json: ours"] = "a parser does not compare the targets of references",
        ["Observation-decimal.json: Firely"] =
            "-1.000000000000000000E+245 is a decimal of R4, which no .NET decimal can hold",
        ["TerminologyCapabilities-example.json: Firely"] =
            "urn:uuid: in capital letters: RFC 4122 reads them in any case, and the type is uri, not uuid",
    };

    public static readonly Dictionary<string, string> OnSyntheticPatients = new(StringComparer.Ordinal) { };
}
