using System.Text.Json;
using CareCoordination.Analytics.Mirror;

namespace CareCoordination.Server.Tests.Record;

/// <summary>The sets of codes that measures look for, as the file has them that people maintain.</summary>
internal static class NaiveCodes
{
    private static readonly Dictionary<string, string> Systems = new(StringComparer.Ordinal)
    {
        ["icd10"] = "http://hl7.org/fhir/sid/icd-10-cm",
        ["sct"] = "http://snomed.info/sct",
        ["loinc"] = "http://loinc.org",
        ["rxnorm"] = "http://www.nlm.nih.gov/research/umls/rxnorm",
        ["atc"] = "http://www.whocc.no/atc",
        ["nucc"] = "http://nucc.org/provider-taxonomy",
        ["cpt"] = "http://www.ama-assn.org/go/cpt",
        ["hcpcs"] = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        ["role"] = "http://terminology.hl7.org/CodeSystem/practitioner-role",
        ["disposition"] = "http://terminology.hl7.org/CodeSystem/discharge-disposition",
        ["transition-work"] = "https://carecoordination.example/fhir/CodeSystem/transition-work",
        ["referral-work"] = "https://carecoordination.example/fhir/CodeSystem/referral-work",
    };

    private sealed record Line(string Set, string? System, string Code);

    private static readonly List<Line> Lines = [.. Read()];

    private static IEnumerable<Line> Read()
    {
        using var stream = typeof(OutcomeTables).Assembly.GetManifestResourceStream("measures/code-sets.csv")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(',') is [var set, var system, var code])
                yield return new Line(set, Systems.GetValueOrDefault(system), code.Trim());
        }
    }

    private static bool Fits(Line line, string code) =>
        line.Code.EndsWith('*') ? code.StartsWith(line.Code[..^1], StringComparison.Ordinal) : code == line.Code;

    /// <summary>The sets in which a code of a system is.</summary>
    public static IEnumerable<string> SetsOf(string? system, string? code) =>
        code is null ? [] : Lines.Where(l => l.System == system && Fits(l, code)).Select(l => l.Set);

    /// <summary>The sets in which any coding of a CodeableConcept is.</summary>
    public static HashSet<string> SetsOf(JsonElement concept) =>
        concept
            .Items("coding")
            .SelectMany(c => SetsOf(c.Text("system"), c.Text("code")))
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>True where the first coding is in the set.</summary>
    public static bool IsFirstIn(string set, JsonElement concept) =>
        SetsOf(concept.Text("coding", "system"), concept.Text("coding", "code")).Contains(set);

    /// <summary>True where a code is in the set, whatever its system.</summary>
    public static bool Has(string set, string? code) =>
        code is not null && Lines.Exists(l => l.Set == set && Fits(l, code));
}
