using System.Collections.Concurrent;
using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search.Extraction;

namespace CareCoordination.Fhir.Search;

/// <summary>
/// Finds the index entries of a resource. Pure; one instance serves all threads. A type's plan is made at its first
/// resource. https://hl7.org/fhir/R4/search.html
/// </summary>
public sealed class IndexExtractor
{
    private readonly SearchParameterRegistry _registry;
    private readonly Lazy<ExtractionPlan>[] _plans;
    private readonly ConcurrentDictionary<int, ExtractionPlan> _references = new();

    public IndexExtractor(SearchParameterRegistry registry)
    {
        _registry = registry;
        _plans = [.. registry.Schema.Resources.Select(type => new Lazy<ExtractionPlan>(() => PlanOf(type)))];
    }

    /// <summary>
    /// All entries, each once. A document that is no valid resource of its type yields what can be read of it; one without a
    /// known <c>resourceType</c> yields nothing.
    /// </summary>
    public IndexEntries Extract(ResourceDocument document) =>
        _registry.Schema.FindResource(document.ResourceTypeUtf8) is { } type
            ? _plans[type.ResourceTypeId - 1].Value.Extract(document, type)
            : new IndexEntries();

    /// <summary>
    /// The resources on this server that a document refers to through one reference parameter of its type, or through any
    /// where <paramref name="parameter"/> is null: what <c>_include</c> adds. Each once.
    /// </summary>
    public ImmutableArray<ResourceKey> ReferencesOf(ResourceDocument document, SearchParameter? parameter)
    {
        if (
            _registry.Schema.FindResource(document.ResourceTypeUtf8) is not { } type
            || (parameter is not null && parameter.ResourceType != type.Name)
        )
            return [];
        var plan = _references.GetOrAdd(parameter?.Id ?? -type.ResourceTypeId, _ => ReferencePlanOf(type, parameter));
        var references = plan.Extract(document, type).References;
        return [.. references.Select(reference => reference.Target).Distinct()];
    }

    private ExtractionPlan PlanOf(TypeDefinition type) =>
        new PlanBuilder(_registry.Schema, type).Build(_registry.Of(type.Name), _registry.PatientCompartment(type.Name));

    private ExtractionPlan ReferencePlanOf(TypeDefinition type, SearchParameter? only) =>
        new PlanBuilder(_registry.Schema, type).Build(
            _registry
                .Of(type.Name)
                .Where(parameter =>
                    only is null ? parameter.Type == SearchParameterType.Reference : parameter.Id == only.Id
                ),
            []
        );
}
