using System.Collections.Concurrent;
using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Search.Indexing;

/// <summary>
/// Finds the index entries of a resource. Pure; one instance serves all threads. A type's plan is made at its first
/// resource. https://hl7.org/fhir/R4/search.html
/// </summary>
public sealed class IndexExtractor
{
    public const int DefaultMaxRows = 10_000;

    private readonly SearchParameterRegistry _registry;
    private readonly Lazy<ExtractionPlan>[] _plans;
    private readonly ConcurrentDictionary<int, ExtractionPlan> _references = new();
    private readonly ConcurrentDictionary<(int Reference, short Type), ExtractionPlan> _parts = new();

    private readonly int _maxRows;
    private readonly Func<ResourceDocument, long>? _labels;

    /// <param name="maxRows">The entries that a resource may have.</param>
    /// <param name="labels">How sensitive a resource is; null: nothing is.</param>
    public IndexExtractor(
        SearchParameterRegistry registry,
        int maxRows = DefaultMaxRows,
        Func<ResourceDocument, long>? labels = null
    )
    {
        _registry = registry;
        _maxRows = maxRows;
        _labels = labels;
        _plans = [.. registry.Schema.Resources.Select(type => new Lazy<ExtractionPlan>(() => PlanOf(type)))];
    }

    /// <summary>
    /// All entries of a resource that is to be stored, each once; or 422 where there are more than a resource may have. A
    /// document that is no valid resource of its type yields what can be read of it; one without a known <c>resourceType</c>
    /// yields nothing.
    /// </summary>
    public Result<IndexEntries> Extract(ResourceKey key, ResourceDocument document)
    {
        if (_registry.Schema.FindResource(document.ResourceTypeUtf8) is not { } type)
            return new IndexEntries();
        var entries = PlanOf(type.ResourceTypeId).Extract(document, type, _maxRows, out var largest);
        return entries is null ? TooMany(type, largest) : Labelled(entries, document);
    }

    /// <summary>
    /// All entries of a resource, however many: of one that is stored already, perhaps under another limit, or that this server
    /// writes itself.
    /// </summary>
    public IndexEntries ExtractAll(ResourceKey key, ResourceDocument document) =>
        _registry.Schema.FindResource(document.ResourceTypeUtf8) is { } type
            ? Labelled(PlanOf(type.ResourceTypeId).Extract(document, type, int.MaxValue, out _)!, document)
            : new IndexEntries();

    /// <summary>
    /// The resources on this server that a document refers to through one reference parameter of its type, or through any
    /// where <paramref name="parameter"/> is null: what <c>_include</c> adds. Each once.
    /// </summary>
    public ImmutableArray<ResourceKey> ReferencesOf(ResourceDocument document, SearchParameter? parameter) =>
        [.. TargetsOf(document, parameter).Select(target => target.Key).Distinct()];

    /// <summary>The same with the versions that references name. https://hl7.org/fhir/R4/references.html#Reference</summary>
    public ImmutableArray<IncludeTarget> TargetsOf(ResourceDocument document, SearchParameter? parameter)
    {
        if (
            _registry.Schema.FindResource(document.ResourceTypeUtf8) is not { } type
            || (parameter is not null && parameter.ResourceType != type.Name)
        )
            return [];
        return _references
            .GetOrAdd(parameter?.Id ?? -type.ResourceTypeId, _ => ReferencePlanOf(type, parameter))
            .Targets(document, type);
    }

    /// <summary>The numbers under which the references of a type's own elements are indexed.</summary>
    public ImmutableArray<int> ReferenceParameters(string resourceType) =>
        [
            .. _registry
                .Of(resourceType)
                .Where(parameter => parameter.Type == SearchParameterType.Reference)
                .Select(parameter => parameter.Id),
        ];

    private IndexEntries Labelled(IndexEntries entries, ResourceDocument document)
    {
        entries.Labels = _labels?.Invoke(document) ?? 0;
        return entries;
    }

    private Failure TooMany(TypeDefinition type, int parameter)
    {
        var code = _registry.Of(type.Name).FirstOrDefault(p => p.Id == parameter)?.Code;
        return Failure.Unprocessable(
            IssueCode.TooCostly,
            $"Search may find a resource by at most {_maxRows} values, and this {type.Name} has more, most of them for '{code}'. Divide it into several resources."
        );
    }

    private ExtractionPlan PlanOf(int resourceTypeId) => _plans[resourceTypeId - 1].Value;

    private ExtractionPlan PlanOf(TypeDefinition type) =>
        new PlanBuilder(_registry.Schema, type).Build(
            _registry.Of(type.Name),
            _registry.PatientCompartment(type.Name),
            PartPlanOf
        );

    /// <summary>Each parameter twice: of the type, and of whatever type has it.</summary>
    private ExtractionPlan PartPlanOf(int reference, TypeDefinition type) =>
        _parts.GetOrAdd(
            (reference, type.ResourceTypeId),
            _ =>
                new PlanBuilder(_registry.Schema, type).Build(
                    _registry
                        .Of(type.Name)
                        .SelectMany(parameter =>
                            (SearchParameter[])
                                [
                                    parameter with
                                    {
                                        Id = DerivedNumber.OfContained(reference, parameter.Id),
                                    },
                                    parameter with
                                    {
                                        Id = DerivedNumber.OfContained(reference, parameter.Code),
                                    },
                                ]
                        ),
                    []
                )
        );

    private ExtractionPlan ReferencePlanOf(TypeDefinition type, SearchParameter? only) =>
        new PlanBuilder(_registry.Schema, type) { FollowsReferences = true }.Build(
            _registry
                .Of(type.Name)
                .Where(parameter =>
                    only is null ? parameter.Type == SearchParameterType.Reference : parameter.Id == only.Id
                ),
            []
        );
}
