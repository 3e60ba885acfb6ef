using System.Collections.Concurrent;
using System.Collections.Immutable;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Validation.Rules;

namespace CareCoordination.Fhir.Validation;

/// <summary>
/// The invariants of the definitions, compiled when first needed. What rules of their own already check is left out.
/// https://hl7.org/fhir/R4/conformance-rules.html#constraints
/// </summary>
internal sealed class InvariantRules(FhirSchema schema)
{
    /// <summary>What the invariants of an element take where they look at the element itself and its children.</summary>
    private const int StepsOfAnElement = 200;

    private readonly ConcurrentDictionary<object, ImmutableArray<Compiled>> _compiled = new();

    /// <summary>
    /// Appends an issue for each invariant that does not hold, up to <paramref name="maxIssues"/> in all. Ends with an error
    /// <c>too-costly</c> where the budget is spent.
    /// </summary>
    public void Check(ResourceDocument document, int maxIssues, WorkBudget budget, List<Issue> issues)
    {
        var root = Element.Root(document, schema);
        if (!root.Exists)
            return;
        var context = new EvaluationContext(budget) { Resource = root, RootResource = root };
        context.Grant(StepsOfAnElement * (long)document.Nodes.Length);
        if (Check(root, context, maxIssues, issues) is { } spent)
            issues.Add(
                Issue.Error(
                    IssueCode.TooCostly,
                    $"Not all invariants were evaluated. {spent.Issues[0].Diagnostics}",
                    root.Type.Name
                )
            );
    }

    /// <summary>Answers the failure that ends the check, where there is one.</summary>
    private Failure? Check(Element element, EvaluationContext context, int maxIssues, List<Issue> issues)
    {
        if (issues.Count >= maxIssues)
            return null;
        var (resource, root) = (context.Resource, context.RootResource);
        if (element.Type.IsResource)
        {
            context.Resource = element;
            if (element.Definition is not { Name: "contained" })
                context.RootResource = element;
        }

        var spent = Check(InvariantsOf(element.Type), element, context, issues);
        if (element.Definition is { Invariants.IsEmpty: false } definition)
            spent ??= Check(InvariantsOf(definition), element, context, issues);
        foreach (var child in element.Children())
            spent ??= Check(child, context, maxIssues, issues);
        (context.Resource, context.RootResource) = (resource, root);
        return spent;
    }

    private Failure? Check(
        ImmutableArray<Compiled> invariants,
        Element element,
        EvaluationContext context,
        List<Issue> issues
    )
    {
        foreach (var (invariant, expression) in invariants)
        {
            // Contained resources should have no narrative: https://hl7.org/fhir/R4/references.html#contained
            if (invariant.Key == "dom-6" && element.Definition is { Name: "contained" })
                continue;
            if (!expression.Truth(element, context).TryGet(out var truth, out var failure))
            {
                if (failure.Issues[0].Code == IssueCode.TooCostly)
                    return failure;
                issues.Add(
                    Issue.Information(
                        $"{invariant.Key} could not be evaluated here.",
                        IssueExpression.Of(element, schema)
                    )
                );
            }
            else if (truth == false) // Empty is no answer, and what is absent breaks no rule: name.matches(...) does not ask for a name.
            {
                issues.Add(Broken(invariant, element));
            }
        }

        return null;
    }

    private Issue Broken(Invariant invariant, Element element) =>
        new(
            invariant.IsError ? IssueSeverity.Error : IssueSeverity.Warning,
            IssueCode.Invariant,
            $"{invariant.Key} does not hold: {invariant.Expression}",
            IssueExpression.Of(element, schema)
        );

    private ImmutableArray<Compiled> InvariantsOf(TypeDefinition type) =>
        _compiled.GetOrAdd(
            type,
            static (_, state) =>
            {
                var invariants = new List<Invariant>();
                for (var t = state.Type; t is not null; t = t.Base)
                    invariants.AddRange(t.Invariants);
                return Compile(invariants, state.Schema);
            },
            (Type: type, Schema: schema)
        );

    private ImmutableArray<Compiled> InvariantsOf(ElementDefinition element) =>
        _compiled.GetOrAdd(
            element,
            static (_, state) => Compile(state.Element.Invariants, state.Schema),
            (Element: element, Schema: schema)
        );

    private static ImmutableArray<Compiled> Compile(IEnumerable<Invariant> invariants, FhirSchema schema)
    {
        var compiled = new List<Compiled>();
        foreach (var invariant in invariants)
        {
            if (
                !IsRule(invariant.Key)
                && FhirPathExpression.Compile(invariant.Expression, schema).TryGet(out var expression, out _)
            )
                compiled.Add(new Compiled(invariant, expression));
        }

        return [.. compiled.DistinctBy(c => c.Invariant.Key, StringComparer.Ordinal)];
    }

    /// <summary>True for invariants that <see cref="ValidationRun"/> and the rules check faster and say more clearly.</summary>
    private static bool IsRule(string key) =>
        key is "ele-1" or "ext-1" or "ref-1" or "txt-1" or "txt-2" or "dom-2" or "dom-3" or "dom-4" or "dom-5"
        || key.StartsWith("bdl-", StringComparison.Ordinal);

    private sealed record Compiled(Invariant Invariant, FhirPathExpression Expression);
}
