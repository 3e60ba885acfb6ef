using System.Collections.Concurrent;
using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Validation;

/// <summary>
/// The invariants of the definitions, compiled when first needed. What rules of their own already check is left out.
/// https://hl7.org/fhir/R4/conformance-rules.html#constraints
/// </summary>
internal sealed class InvariantRules(FhirSchema schema)
{
    private readonly ConcurrentDictionary<object, ImmutableArray<Compiled>> _compiled = new();

    /// <summary>Appends an issue for each invariant that does not hold, up to <paramref name="maxIssues"/> in all.</summary>
    public void Check(ResourceDocument document, int maxIssues, List<Issue> issues)
    {
        var root = Element.Root(document, schema);
        if (!root.Exists)
            return;
        var context = new EvaluationContext { Resource = root, RootResource = root };
        Check(root, context, maxIssues, issues);
    }

    private void Check(Element element, EvaluationContext context, int maxIssues, List<Issue> issues)
    {
        if (issues.Count >= maxIssues)
            return;
        var (resource, root) = (context.Resource, context.RootResource);
        if (element.Type.IsResource)
        {
            context.Resource = element;
            if (element.Definition is not { Name: "contained" })
                context.RootResource = element;
        }

        foreach (var invariant in InvariantsOf(element.Type))
            Check(invariant, element, context, issues);
        if (element.Definition is { Invariants.IsEmpty: false } definition)
        {
            foreach (var invariant in InvariantsOf(definition))
                Check(invariant, element, context, issues);
        }

        foreach (var child in element.Children())
            Check(child, context, maxIssues, issues);
        (context.Resource, context.RootResource) = (resource, root);
    }

    private void Check(Compiled compiled, Element element, EvaluationContext context, List<Issue> issues)
    {
        var invariant = compiled.Invariant;
        // Contained resources should have no narrative: https://hl7.org/fhir/R4/references.html#contained
        if (invariant.Key == "dom-6" && element.Definition is { Name: "contained" })
            return;
        try
        {
            // Empty is no answer, and what is absent breaks no rule: name.matches(...) does not ask for a name.
            if (compiled.Expression.Truth(element, context) != false)
                return;
            var severity = invariant.IsError ? IssueSeverity.Error : IssueSeverity.Warning;
            Report(severity, IssueCode.Invariant, $"{invariant.Key} does not hold: {invariant.Expression}");
        }
        catch (FhirPathException)
        {
            // The message may quote the data.
            Report(IssueSeverity.Information, IssueCode.Informational, $"{invariant.Key} could not be evaluated here.");
        }

        void Report(IssueSeverity severity, IssueCode code, string diagnostics) =>
            issues.Add(
                new Issue(
                    severity,
                    code,
                    diagnostics,
                    IssueExpression.Of(element.HasValue ? element.Value : element.Shadow, schema)
                )
            );
    }

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
