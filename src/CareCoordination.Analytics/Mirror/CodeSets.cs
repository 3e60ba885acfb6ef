using System.Collections.Immutable;
using System.Reflection;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Mirror;

/// <summary>A code of a set that measures look for.</summary>
/// <param name="Name">Of the set, our own.</param>
/// <param name="IsPrefix">True: every code that begins so.</param>
internal sealed record SetCode(string Name, string System, string Code, bool IsPrefix);

/// <summary>The sets of codes that measures look for, kept as a table beside the record: <c>code_set</c>.</summary>
internal static class CodeSets
{
    private const string File = "measures/code-sets.csv";

    /// <summary>What the file has in the place of the long names of code systems.</summary>
    private static readonly ImmutableDictionary<string, string> Systems = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["icd10"] = "http://hl7.org/fhir/sid/icd-10-cm",
        ["sct"] = "http://snomed.info/sct",
        ["loinc"] = "http://loinc.org",
        ["rxnorm"] = "http://www.nlm.nih.gov/research/umls/rxnorm",
        ["atc"] = "http://www.whocc.no/atc",
        ["cpt"] = "http://www.ama-assn.org/go/cpt",
        ["hcpcs"] = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        ["nucc"] = "http://nucc.org/provider-taxonomy",
        ["role"] = "http://terminology.hl7.org/CodeSystem/practitioner-role",
        ["disposition"] = "http://terminology.hl7.org/CodeSystem/discharge-disposition",
        ["transition-work"] = "https://carecoordination.example/fhir/CodeSystem/transition-work",
        ["referral-work"] = "https://carecoordination.example/fhir/CodeSystem/referral-work",
        ["questionnaire"] = "questionnaire",
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>The file as it is: tables that were filled from another one are other tables.</summary>
    public static string Text { get; } = Load();

    public static ImmutableArray<SetCode> All { get; } =
    [.. Text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Select(Read)];

    public static void Fill(DuckDBConnection writer)
    {
        using (var command = writer.CreateCommand())
        {
            command.CommandText =
                "CREATE TABLE code_set (name VARCHAR, system VARCHAR, code VARCHAR, is_prefix BOOLEAN)";
            command.ExecuteNonQuery();
        }

        using var appender = writer.CreateAppender("code_set");
        foreach (var code in All)
            appender
                .CreateRow()
                .AppendValue(code.Name)
                .AppendValue(code.System)
                .AppendValue(code.Code)
                .AppendValue(code.IsPrefix)
                .EndRow();
    }

    /// <summary><c>name,system,code</c>; a star at the end of the code stands for whatever follows.</summary>
    private static SetCode Read(string line) =>
        line.Split(',') is [var name, var system, var code] && Systems.TryGetValue(system, out var url)
            ? new SetCode(name, url, code.TrimEnd('*'), code.EndsWith('*'))
            : throw new FormatException($"'{line}' is no line of a code set: name,system,code.");

    private static string Load()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(File)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
