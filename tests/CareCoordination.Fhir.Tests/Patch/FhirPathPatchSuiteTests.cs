using System.Text;
using System.Xml.Linq;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Patch;
using CareCoordination.Fhir.Tests.FhirPath;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace CareCoordination.Fhir.Tests.Patch;

/// <summary>HL7's cases of FHIRPath Patch. https://github.com/FHIR/fhir-test-cases</summary>
public sealed class FhirPathPatchSuiteTests
{
    [Fact]
    public void Passes_the_cases_of_HL7()
    {
        var results = XDocument
            .Load(Conformance.Find("suites/fhirpath-patch/fhir-patch-tests.xml"))
            .Root!.Elements("case")
            .Select(c => (Name: c.Attribute("name")!.Value, Problem: Run(c)))
            .ToList();

        var passed = results.Count(r => r.Problem is null);
        TestContext.Current.TestOutputHelper!.WriteLine($"{passed} of {results.Count} cases pass.");
        var failed = results.Where(r => r.Problem is not null).Select(r => $"{r.Name}: {r.Problem}").ToList();
        Assert.False(failed.Count > 0, string.Join('\n', failed));
    }

    private static string? Run(XElement test)
    {
        var input = Document(test.Element("input")!);
        var result = FhirPathPatch
            .Parse(Document(test.Element("diff")!), R4.R4Definitions.Schema, JsonLimits.Default)
            .Then(p => p.Apply(input, new WorkBudget()));
        if (!result.TryGet(out var patched, out var failure))
            return test.Element("error") is null ? failure.Issues[0].Diagnostics : null;
        if (test.Element("error") is not null)
            return "was done, but is an error";
        var actual = JsonNode.Parse(patched.Utf8.Span)!;
        // The narrative's white space means nothing, and reading XML leaves it out.
        if (actual["text"]?["div"] is { } div)
            actual["text"]!["div"] = XElement.Parse((string)div!).ToString(SaveOptions.DisableFormatting);
        var expected = JsonNode.Parse(Document(test.Element("output")!).Utf8.Span);
        return JsonNode.DeepEquals(expected, actual)
            ? null
            : $"gave {actual.ToJsonString()} instead of {expected!.ToJsonString()}";
    }

    private static ResourceDocument Document(XElement holder) =>
        ResourceDocument
            .Parse(
                Encoding.UTF8.GetBytes(
                    XmlResource.ToJson(holder.Elements().Single(), R4.R4Definitions.Schema).ToJsonString()
                )
            )
            .Value;
}
