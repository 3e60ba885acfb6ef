using System.Globalization;
using System.Text;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Tests.Budgets;

/// <summary>A resource of some size, and expressions evaluated on it within a budget.</summary>
internal static class Large
{
    /// <summary>Some 2,000 elements.</summary>
    public static readonly Element Patient = Element.Root(
        Fhir.Tests.Json.Documents.Parse(PatientOf(names: 400)),
        R4.R4Definitions.Schema
    );

    /// <summary>A tenth of the default, so that what must be refused is refused soon.</summary>
    public static readonly WorkLimits Limits = new()
    {
        MaxEvaluationSteps = WorkLimits.Default.MaxEvaluationSteps / 10,
        MaxEvaluationText = WorkLimits.Default.MaxEvaluationText / 10,
        MaxPatchedBytes = WorkLimits.Default.MaxPatchedBytes / 10,
        MaxRegexTime = TimeSpan.FromMilliseconds(100),
    };

    public static string PatientOf(int names)
    {
        var list = Enumerable
            .Range(0, names)
            .Select(i =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$$"""{"family":"F{{{i}}}","given":["A{{{i}}}","B"],"period":{"start":"20{{{(i % 90) + 10}}}"}}"""
                )
            );
        return $$"""{"resourceType":"Patient","id":"large","name":[{{string.Join(',', list)}}]}""";
    }

    public static Result<FhirPathCollection> Evaluate(
        string expression,
        WorkBudget budget,
        params (string Name, FhirPathCollection Values)[] variables
    )
    {
        var context = new EvaluationContext(budget);
        foreach (var (name, values) in variables)
            context.Variables[name] = values;
        return FhirPathExpression
            .Compile(expression, R4.R4Definitions.Schema, Patient.Type)
            .Then(compiled => compiled.Evaluate(Patient, context));
    }

    public static string Repeat(string text, int count) =>
        new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    /// <summary>A function call around another, around another.</summary>
    public static string Nest(string seed, string call, int count) => seed + Repeat(call, count);
}
