using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Apply;

/// <summary>
/// The expressions of definitions: FHIRPath on the subject, which is also <c>%subject</c> and, for a patient, <c>%patient</c>;
/// what the request names is <c>%encounter</c>, <c>%practitioner</c>, <c>%organization</c>, <c>%setting</c> and so on. One that
/// cannot be read or fails is 422 <c>expression-failed</c> at its place; one in another language <c>expression-language</c>.
/// </summary>
internal sealed class Expressions
{
    /// <summary>What every definition may ask for; empty where it was not given.</summary>
    private static readonly string[] Known =
    [
        "encounter",
        "practitioner",
        "organization",
        "userType",
        "userLanguage",
        "userTaskContext",
        "setting",
        "settingContext",
    ];

    private readonly Element _focus;
    private readonly EvaluationContext _context;

    public Expressions(ApplyRequest request)
    {
        _focus = Element.Root(request.SubjectResource, R4Definitions.Schema);
        _context = new EvaluationContext(request.Budget) { Now = request.Now };
        Name("subject", _focus);
        if (request.Subject.Type == ResourceTypes.Patient)
            Name("patient", _focus);
        foreach (var name in Known)
            Name(name, default);
        foreach (var (name, concept) in request.Concepts)
            Name(name, concept);
        foreach (var (name, document) in request.Variables)
            Name(name, Element.Root(document, R4Definitions.Schema));
    }

    public Result<bool> IsTrue(ExpressionView expression) =>
        Run(expression, static (e, focus, context) => e.IsTrue(focus, context));

    public Result<FhirPathCollection> Evaluate(ExpressionView expression) =>
        Run(expression, static (e, focus, context) => e.Evaluate(focus, context));

    private Result<T> Run<T>(
        ExpressionView expression,
        Func<FhirPathExpression, Element, EvaluationContext, Result<T>> run
    )
    {
        var at = expression.Exists ? expression.Element.Location : "";
        if (expression.Language is not (null or "text/fhirpath"))
            return RuleFailure.Of(
                "expression-language",
                "Conditions and dynamic values are evaluated in text/fhirpath only.",
                at
            );
        if (expression.Expression is not { } text)
            return RuleFailure.Of("expression-failed", "The expression is missing.", at);
        if (!FhirPathExpression.Compile(text, R4Definitions.Schema).TryGet(out var compiled, out var failure))
            return RuleFailure.Of("expression-failed", failure.Issues[0].Diagnostics, at);
        if (run(compiled, _focus, _context).TryGet(out var value, out failure))
            return value;
        // A budget that is spent is no fault of this one expression.
        return failure.Issues[0] is { Code: IssueCode.TooCostly } spent
            ? Failure.Unprocessable(spent.Code, spent.Diagnostics, at)
            : RuleFailure.Of("expression-failed", $"FHIRPath: {failure.Issues[0].Diagnostics}", at);
    }

    private void Name(string name, Element element)
    {
        var collection = new FhirPathCollection();
        if (element.Exists)
            collection.Add(element);
        _context.Variables[name] = collection;
    }
}
