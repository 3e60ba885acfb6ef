using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Validation;

namespace CareCoordination.Fhir.Tests.Validation;

internal static class Check
{
    public static readonly Validator Validator = new(R4.R4Definitions.Schema);

    /// <summary>Validates and asserts all issues, each as <c>Code expression: sentence</c>.</summary>
    public static void Issues(string json, params string[] expected) =>
        Issues(json, ValidationOptions.Default, expected);

    public static void Issues(string json, ValidationOptions options, params string[] expected)
    {
        var document = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;
        var issues = Validator.Validate(document, options);
        Assert.Equal(expected, issues.Select(i => $"{i.Code} {i.Expression}: {i.Diagnostics}"));
    }
}
