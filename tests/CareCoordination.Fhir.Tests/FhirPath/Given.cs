using System.Text;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;

namespace CareCoordination.Fhir.Tests.FhirPath;

/// <summary>A resource of our own to evaluate expressions on.</summary>
internal static class Given
{
    private const string CarePlanJson = """
        {
          "resourceType": "CarePlan",
          "id": "cp1",
          "meta": { "versionId": "3" },
          "contained": [
            { "resourceType": "Goal", "id": "g1", "lifecycleStatus": "active", "description": { "text": "Walk" }, "subject": { "reference": "Patient/p1" } }
          ],
          "extension": [{ "url": "http://example.org/risk", "valueInteger": 7 }],
          "identifier": [{ "system": "urn:a", "value": "1" }, { "system": "urn:b", "value": "2" }],
          "status": "active",
          "_status": { "extension": [{ "url": "http://example.org/why", "valueString": "review" }] },
          "intent": "plan",
          "title": "After the hospital",
          "subject": { "reference": "https://ehr.example.org/fhir/Patient/p1/_history/2", "display": "P" },
          "period": { "start": "2026-03-01", "end": "2026-03-31T12:00:00Z" },
          "careTeam": [{ "reference": "urn:uuid:6c1b8a4e-5f3e-4d8c-9a64-2f8d5c0c0001", "type": "CareTeam" }, { "display": "Night shift" }],
          "goal": [{ "reference": "#g1" }, { "reference": "Goal/g2" }],
          "activity": [
            { "detail": { "kind": "Task", "status": "completed", "quantity": { "value": 30, "unit": "minutes", "system": "http://unitsofmeasure.org", "code": "min" } } },
            { "detail": { "status": "in-progress", "dailyAmount": { "value": 1.50, "code": "km", "system": "http://unitsofmeasure.org" } } },
            { "reference": { "reference": "Task/t1" } }
          ]
        }
        """;

    public static readonly Element CarePlan = Parse(CarePlanJson);

    public static readonly DateTimeOffset Now = new(2026, 3, 15, 9, 30, 0, TimeSpan.FromHours(-5));

    public static Element Parse(string json) =>
        Element.Root(ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value, R4.R4Definitions.Schema);

    public static FhirPathExpression Compile(string expression) =>
        FhirPathExpression.Compile(expression, R4.R4Definitions.Schema, CarePlan.Type).Value;

    /// <summary>With the default limits.</summary>
    public static EvaluationContext Context() => new(new WorkBudget()) { Now = Now };

    /// <summary>The values as text, with the type of those that are no element; the message where evaluation fails.</summary>
    public static string Evaluate(string expression, EvaluationContext? context = null) =>
        Compile(expression).Evaluate(CarePlan, context ?? Context()).TryGet(out var values, out var failure)
            ? string.Join(
                ", ",
                values.Select(v => v.Kind == FhirPathKind.Element ? v.Text ?? v.Element.Location : v.ToString())
            )
            : $"! {failure.Issues[0].Diagnostics}";

    /// <summary>What compilation says against the expression.</summary>
    public static string Refusal(string expression) =>
        FhirPathExpression.Compile(expression, R4.R4Definitions.Schema, CarePlan.Type).Failure?.Issues[0].Diagnostics
        ?? "it compiles";
}
