using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Validation;

/// <summary>
/// Checks resources against the definitions: elements, cardinality, types, formats, codes and references. The rules of a
/// type are compiled when it is first met; one validator serves all threads. https://hl7.org/fhir/R4/validation.html
/// </summary>
public sealed class Validator(FhirSchema schema)
{
    private readonly RuleCompiler _rules = new(schema);
    private readonly InvariantRules _invariants = new(schema);

    /// <summary>
    /// All issues in document order, up to <see cref="ValidationOptions.MaxIssues"/>, those of invariants last; empty where
    /// the resource is valid.
    /// </summary>
    public ImmutableArray<Issue> Validate(ResourceDocument document, ValidationOptions? options = null)
    {
        options ??= ValidationOptions.Default;
        var issues = new ValidationRun(_rules, document, options).Validate();
        if (options.Invariants is not { } budget)
            return issues;
        var all = issues.ToList();
        _invariants.Check(document, options.MaxIssues, budget, all);
        return [.. all];
    }

    /// <summary>The compiled rules of a type as text, one element a line.</summary>
    public string Explain(string type) => _rules.For(schema[type]).ToString();
}
