using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Search;

/// <summary>
/// A parsed search on one resource type: immutable, and it prints itself as the canonical query of the self link.
/// https://hl7.org/fhir/R4/search.html
/// </summary>
/// <param name="Criteria">All must hold.</param>
/// <param name="Sort">Empty: newest key first is not promised, results come in a stable order.</param>
/// <param name="Count">Matches per page; 0 means only the total is wanted.</param>
public sealed record SearchQuery(string ResourceType, ImmutableArray<Criterion> Criteria)
{
    public ImmutableArray<SortKey> Sort { get; init; } = [];

    public int Count { get; init; } = 50;

    public TotalMode Total { get; init; } = TotalMode.None;

    public SummaryMode Summary { get; init; } = SummaryMode.False;

    /// <summary>Element names of <c>_elements</c>; empty: all.</summary>
    public ImmutableArray<string> Elements { get; init; } = [];

    public ImmutableArray<Include> Includes { get; init; } = [];

    /// <summary>Where the page before this one ended; null for the first page.</summary>
    public PageCursor? After { get; init; }

    /// <summary>What may be seen by whoever asks; null: everything. No part of the text.</summary>
    public Visibility? Visibility { get; init; }

    /// <summary>The canonical query text, without the cursor: <c>patient=Patient/1&amp;status=active&amp;_sort=-date</c>.</summary>
    public override string ToString() => SearchQueryText.Print(this);
}

public enum TotalMode
{
    None,
    Estimate,
    Accurate,
}

public enum SummaryMode
{
    False,
    True,
    Text,
    Data,
    Count,
}

/// <summary>
/// What the result is ordered by. Parameter is null for <c>_id</c> and <c>_lastUpdated</c>. Of several values the smallest counts,
/// descending the largest; a range counts as its start; resources without a value come last in both directions.
/// </summary>
public sealed record SortKey(SortBy By, SearchParameter? Parameter, bool Descending);

public enum SortBy
{
    Parameter,
    Id,
    LastUpdated,
}

/// <summary><c>_include=CarePlan:care-team:CareTeam</c> or its reverse.</summary>
/// <param name="SourceType">The type that holds the reference.</param>
/// <param name="Parameter">Null for the wildcard <c>*</c>: every reference parameter of the source type.</param>
/// <param name="TargetType">Null: any target.</param>
public sealed record Include(bool IsReverse, string SourceType, SearchParameter? Parameter, string? TargetType)
{
    /// <summary>
    /// <c>:iterate</c>: followed from what comes along as well, whatever brought it. https://hl7.org/fhir/R4/search.html#revinclude
    /// </summary>
    public bool IsIterated { get; init; }
}

/// <summary>
/// The place in the order after which the next page starts: the sort value of the last row (null where the sort has no
/// value or there is no sort) and its surrogate key.
/// </summary>
public sealed record PageCursor(string? SortValue, long Key);

/// <summary>A comparison prefix. https://hl7.org/fhir/R4/search.html#prefix</summary>
public enum SearchPrefix
{
    Eq,
    Ne,
    Gt,
    Lt,
    Ge,
    Le,
    Sa,
    Eb,
    Ap,
}

/// <summary>One condition of a search. Its values are alternatives.</summary>
public abstract record Criterion;

/// <summary><c>_id=a,b</c></summary>
public sealed record IdCriterion(ImmutableArray<string> Ids) : Criterion;

/// <summary>The resource is none of these. No query says it: what a transaction writes is not asked of the store.</summary>
public sealed record OtherThanCriterion(ImmutableArray<string> Ids) : Criterion;

/// <summary><c>_lastUpdated=ge2026-01-01</c></summary>
public sealed record LastUpdatedCriterion(ImmutableArray<DateValue> Values) : Criterion;

/// <summary>A token parameter; <paramref name="Not"/> for <c>:not</c>, which also finds resources without a value.</summary>
public sealed record TokenCriterion(SearchParameter Parameter, bool Not, ImmutableArray<TokenValue> Values) : Criterion;

/// <summary>
/// <c>code</c>: System null. <c>|code</c>: System empty. <c>system|code</c>. <c>system|</c>: Code null.
/// </summary>
public sealed record TokenValue(string? System, string? Code);

public enum StringMatch
{
    StartsWith,
    Exact,
    Contains,
}

public sealed record StringCriterion(SearchParameter Parameter, StringMatch Match, ImmutableArray<string> Values)
    : Criterion;

public sealed record DateCriterion(SearchParameter Parameter, ImmutableArray<DateValue> Values) : Criterion;

/// <param name="Range">For <see cref="SearchPrefix.Ap"/> already widened, so that overlapping it is all that is asked.</param>
/// <param name="Text">As given without the prefix, for printing.</param>
public sealed record DateValue(SearchPrefix Prefix, DateRange Range, string Text);

public sealed record NumberCriterion(SearchParameter Parameter, ImmutableArray<NumberValue> Values) : Criterion;

/// <summary>
/// A number with the interval its digits stand for: <c>100</c> is [99.5, 100.5), <c>1e2</c> is [50, 150); for
/// <see cref="SearchPrefix.Ap"/> widened to a tenth of the number on both sides. Order prefixes compare with Value alone.
/// </summary>
/// <param name="Text">As given without the prefix, for printing.</param>
public sealed record NumberValue(SearchPrefix Prefix, double Value, double Low, double High, string Text);

public sealed record QuantityCriterion(SearchParameter Parameter, ImmutableArray<QuantityValue> Values) : Criterion;

/// <param name="System">Null: any.</param>
/// <param name="Unit">Code or unit text; null: any.</param>
public sealed record QuantityValue(NumberValue Number, string? System, string? Unit);

/// <summary>A reference parameter.</summary>
public sealed record ReferenceCriterion(SearchParameter Parameter, ImmutableArray<ReferenceValue> Values) : Criterion;

/// <summary>
/// Either the local resources that may be meant (<c>patient=1</c> on a parameter with several targets names several), or text as
/// references have it: a URL that is not on this server, or a version of a local resource.
/// </summary>
public sealed record ReferenceValue(ImmutableArray<ResourceKey> Targets, string? Url, string Text);

public sealed record UriCriterion(SearchParameter Parameter, ImmutableArray<string> Values) : Criterion;

/// <summary>A composite parameter: one of the tuples must match as a whole.</summary>
public sealed record CompositeCriterion(SearchParameter Parameter, ImmutableArray<CompositeValue> Values) : Criterion;

/// <summary>The parts of one tuple, each as the criterion value of its type: TokenValue, DateValue, NumberValue, QuantityValue, ReferenceValue, string.</summary>
public sealed record CompositeValue(ImmutableArray<object> Parts, string Text);

/// <summary><c>:missing</c></summary>
public sealed record MissingCriterion(SearchParameter Parameter, bool IsMissing) : Criterion;

/// <summary>A condition on other resources than the one that is searched, which references join to it.</summary>
public abstract record LinkedCriterion : Criterion
{
    /// <summary>As it was asked, for printing: <c>subject:Patient.name:exact</c>.</summary>
    public required string Name { get; init; }

    /// <summary>As it was asked, for printing.</summary>
    public required string Value { get; init; }

    /// <summary>What is asked of the resources that the reference joins, by their types; any may hold.</summary>
    public abstract IEnumerable<ChainTarget> Links { get; }

    /// <summary>The types of all resources on the way, the last ones too; some more than once.</summary>
    public IEnumerable<string> Types =>
        Links.SelectMany(link =>
            link.Criterion is LinkedCriterion further ? further.Types.Prepend(link.Type) : [link.Type]
        );
}

/// <summary>
/// <c>patient.identifier=x</c>: some resource of a type of <paramref name="Inner"/> that the reference points at meets the condition for
/// it, which may be a chain again.
/// </summary>
/// <param name="Inner">One criterion per target type that has the parameter; any may hold.</param>
public sealed record ChainCriterion(SearchParameter Reference, ImmutableArray<ChainTarget> Inner) : LinkedCriterion
{
    /// <summary>The same asked of the resources that are parts of the resource itself, in numbers of its own index rows; any may hold.</summary>
    public ImmutableArray<Criterion> Parts { get; init; } = [];

    public override IEnumerable<ChainTarget> Links => Inner;
}

/// <summary>
/// <c>_has:Observation:patient:code=x</c>: some resource that refers to this one by the parameter meets the condition, which may be on
/// others again. https://hl7.org/fhir/R4/search.html#has
/// </summary>
/// <param name="TargetType">The type of the resource that is searched, to which the reference leads.</param>
/// <param name="Inner">Of the resource that refers to it.</param>
public sealed record HasCriterion(SearchParameter Reference, string TargetType, Criterion Inner) : LinkedCriterion
{
    /// <summary>
    /// Patients are searched, and what refers to one by the parameter is in the compartment of that patient.
    /// </summary>
    public bool IsOfCompartment { get; init; }

    public override IEnumerable<ChainTarget> Links => [new ChainTarget(Reference.ResourceType, Inner)];
}

/// <summary>
/// There is a contained resource that a reference leads to and that has no value for a parameter, or has one; or there are such of which
/// none has the values of <paramref name="Not"/>.
/// </summary>
/// <param name="Parts">The key of the rows that say which contained resources there are.</param>
public sealed record PartCriterion(HashKey Parts, MissingCriterion? Missing, TokenCriterion? Not) : Criterion;

public sealed record ChainTarget(string Type, Criterion Criterion);

/// <summary>The resource belongs to this patient's compartment.</summary>
public sealed record CompartmentCriterion(ResourceKey Patient) : Criterion
{
    /// <summary>Patients are searched, and this one is among them.</summary>
    public bool IsOfPatients { get; init; }
}
