using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Patch;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace CareCoordination.Fhir.Tests.Patch;

/// <summary>
/// The test suite of JSON Patch, and HL7's cases of it. The document of a case may be any JSON, so that it is patched as the
/// property <c>doc</c> of an object. https://github.com/json-patch/json-patch-tests
/// </summary>
public sealed class JsonPatchSuiteTests
{
    /// <summary>The cases that do not pass, each with the reason.</summary>
    private static readonly Dictionary<string, string> NotPassing = new(StringComparer.Ordinal)
    {
        ["58"] = "The document has property names with escapes, which no resource has: it is refused.",
    };

    public static TheoryData<string> Files =>
        [
            "suites/json-patch/tests.json",
            "suites/json-patch/spec_tests.json",
            "suites/fhirpath-patch/json-patch-tests.json",
        ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Passes_the_cases(string file)
    {
        using var cases = JsonDocument.Parse(File.ReadAllBytes(Conformance.Find(file)));
        var results = cases
            .RootElement.EnumerateArray()
            .Where(c => c.TryGetProperty("patch", out _))
            .Select((c, i) => (Name: $"{i} {Text(c, "comment")}".TrimEnd(), Problem: Run(c)))
            .ToList();

        var passed = results.Count(r => r.Problem is null);
        TestContext.Current.TestOutputHelper!.WriteLine($"{passed} of {results.Count} cases pass.");
        var unexpected = results
            .Where(r => r.Problem is null == NotPassing.ContainsKey(r.Name))
            .Select(r => $"{r.Name}: {r.Problem ?? "passes now"}")
            .ToList();
        Assert.False(unexpected.Count > 0, string.Join('\n', unexpected));
    }

    private static string? Run(JsonElement test)
    {
        var document = Encoding.UTF8.GetBytes($"{{\"doc\":{test.GetProperty("doc").GetRawText()}}}");
        var patch = Encoding.UTF8.GetBytes(Below(test.GetProperty("patch")));
        var result = ResourceDocument
            .Parse(document)
            .Then(d => JsonPatch.Parse(patch, JsonLimits.Default).Then(p => p.Apply(d, new WorkBudget())));
        if (!result.TryGet(out var patched, out var failure))
            return test.TryGetProperty("error", out _) ? null : failure.Issues[0].Diagnostics;
        var actual = JsonNode.Parse(patched.Utf8.Span)!["doc"];
        if (test.TryGetProperty("error", out var error))
            return $"gave {actual?.ToJsonString() ?? "null"} instead of an error: {error}";
        return
            !test.TryGetProperty("expected", out var expected)
            || JsonNode.DeepEquals(JsonNode.Parse(expected.GetRawText()), actual)
            ? null
            : $"gave {actual?.ToJsonString() ?? "null"} instead of {expected.GetRawText()}";
    }

    /// <summary>The patch with its pointers below <c>/doc</c>; property for property, because some have one twice.</summary>
    private static string Below(JsonElement patch)
    {
        var operations = patch
            .EnumerateArray()
            .Select(o =>
                string.Join(
                    ',',
                    o.EnumerateObject().Select(p => $"\"{p.Name}\":{(IsPointer(p) ? Below(p) : p.Value.GetRawText())}")
                )
            );
        return $"[{string.Join(',', operations.Select(o => $"{{{o}}}"))}]";
    }

    private static bool IsPointer(JsonProperty property) =>
        property.Name is "path" or "from"
        && property.Value.ValueKind == JsonValueKind.String
        && property.Value.GetString() is "" or ['/', ..];

    private static string Below(JsonProperty pointer) => JsonSerializer.Serialize("/doc" + pointer.Value.GetString());

    private static string Text(JsonElement test, string name) =>
        test.TryGetProperty(name, out var value) ? value.ToString() : "";
}
