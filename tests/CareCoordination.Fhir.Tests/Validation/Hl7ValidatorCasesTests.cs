using CareCoordination.Fhir.Json;

namespace CareCoordination.Fhir.Tests.Validation;

/// <summary>
/// HL7's validator cases in JSON that need no profile, package or terminology server: we agree on what is valid, but for a
/// list of cases with the reason for each.
/// </summary>
public sealed class Hl7ValidatorCasesTests
{
    /// <summary>HL7's validator finds an error and we do not.</summary>
    private static readonly Dictionary<string, string> Missed = new(StringComparer.Ordinal)
    {
        ["encounter-period"] = "an invariant in FHIRPath",
        ["questionnaire-enableWhen-dw"] = "an invariant in FHIRPath",
        ["q-enablewhen-me-wrong"] = "an invariant in FHIRPath",
        ["risk-assessment-probability-range"] = "an invariant in FHIRPath",
        ["ips-htmlrefs-backwards"] = "links within a narrative",
        ["bad-markdown-no-html"] = "HTML within markdown",
        ["dr-example-org"] = "addresses of example.org",
        ["bundle-with-contained"] = "displays of codes, links within a narrative",
        ["mr-covid-bnd1"] = "systems of codings",
        ["uk-msg"] = "codes and displays of SNOMED CT",
        ["ips-nz-pj"] = "codes and displays of SNOMED CT",
        ["bundle-duplicate-id"] = "fullUrls that are not absolute, which we warn of",
        ["bundle-duplicate-ids-not"] = "displays of codes, fullUrls that are not absolute",
        ["mni-patientOverview-bundle-example1"] = "displays of codes, fullUrls that are not absolute",
        ["mni-patientOverview-bundle-example1b"] = "displays of codes, fullUrls that are not absolute",
        ["bundle-id-2"] = "links of a page that repeat",
        ["bundle-id-3"] = "displays of codes, ids of results",
        ["bundle-id-4"] = "displays of codes, the kind of a result",
        ["bundle-id-5"] = "displays of codes",
        ["bundle-document-versioned-references-bad"] = "resolution of references within a Bundle",
        ["parameters-reference-bad"] = "resolution of references within Parameters",
        ["qr-bad-ref2"] = "the type behind a canonical",
        ["capstmt"] = "the definition behind a canonical",
        ["sp-composite"] = "the definition behind a canonical",
        ["sp-diff-base"] = "the definition behind a canonical",
        ["sp-diff-type"] = "the definition behind a canonical",
        ["nested-questionnaire-nested-valueset"] = "the definition behind a canonical",
        ["ext-ccuk"] = "the meaning of a StructureDefinition",
        ["obs-temp-bad"] = "a profile that the code implies",
        ["obs-mz"] = "a profile that the code implies",
        ["pat-dob-ext"] = "unknown extensions, which R4 lets pass",
        ["pat-example-extensions"] = "unknown extensions, which R4 lets pass",
        ["maiden-name-extension"] = "unknown extensions, which R4 lets pass",
        ["target-ref-profile-empty"] = "unknown extensions, which R4 lets pass",
    };

    /// <summary>We find an error and HL7's validator does not.</summary>
    private static readonly Dictionary<string, string> TooStrict = new(StringComparer.Ordinal)
    {
        ["contained-resource-bad-id-ignore"] = "run with a switch that lets dom-3 pass",
    };

    [Fact]
    public void Agrees_with_HL7_on_what_is_valid()
    {
        var missed = new List<string>();
        var strict = new List<string>();
        var count = 0;
        var index = Assert.Single(Conformance.Files("suites/fhir-validator", "r4-index.tsv"));
        foreach (var (name, path, isInvalid) in Cases(index))
        {
            count++;
            var found = FindsErrors(path);
            if (isInvalid && !found)
                missed.Add(name);
            else if (found && !isInvalid)
                strict.Add(name);
        }

        Assert.Equal(104, count);
        Assert.Equal(Missed.Keys.Order(StringComparer.Ordinal), missed.Order(StringComparer.Ordinal));
        Assert.Equal(TooStrict.Keys.Order(StringComparer.Ordinal), strict.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<(string Name, string Path, bool IsInvalid)> Cases(string index)
    {
        var lines = File.ReadAllLines(index);
        var columns = lines[0].Split('\t');
        foreach (var line in lines.Skip(1))
        {
            var cells = line.Split('\t');
            string Cell(string column) => cells.ElementAtOrDefault(Array.IndexOf(columns, column)) ?? "";
            var path = Path.Combine(Path.GetDirectoryName(index)!, Cell("file"));
            var isOurs =
                Cell("offline_candidate") == "y"
                && Cell("profile") == ""
                && Cell("supporting") == ""
                && Cell("java_errors") != ""
                && path.EndsWith(".json", StringComparison.Ordinal)
                && File.Exists(path);
            if (isOurs)
                yield return (Cell("name"), path, Cell("java_errors") != "0");
        }
    }

    private static bool FindsErrors(string path) =>
        !ResourceDocument.Parse(Conformance.Read(path)).TryGet(out var document, out _)
        || Check.Validator.Validate(document).Any(i => i.IsError);
}
