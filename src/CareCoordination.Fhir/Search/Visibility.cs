using System.Collections.Frozen;
using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Search;

/// <summary>
/// What somebody may see of each resource type. A part of every question that is asked for them: of its matches, of what a chain finds,
/// of what is included and of what is counted.
/// </summary>
public sealed class Visibility
{
    private readonly FrozenDictionary<string, TypeVisibility> _types;

    /// <param name="types">Of a type that is not named nothing is seen.</param>
    /// <param name="now">When relations and what patients have said of them have to hold.</param>
    public Visibility(IEnumerable<KeyValuePair<string, TypeVisibility>> types, DateTimeOffset now = default)
    {
        Now = now;
        _types = types.ToFrozenDictionary(StringComparer.Ordinal);
        Groups =
        [
            .. _types
                .Where(type => !type.Value.IsNothing)
                .GroupBy(type => type.Value, ReferenceEqualityComparer.Instance)
                .Select(group => new VisibleTypes(
                    (TypeVisibility)group.Key!,
                    [.. group.Select(type => type.Key).Order(StringComparer.Ordinal)]
                )),
        ];
    }

    private Visibility(Visibility other, DateTimeOffset now) =>
        (_types, Groups, Now) = (other._types, other.Groups, now);

    public DateTimeOffset Now { get; }

    /// <summary>The same at another time.</summary>
    public Visibility At(DateTimeOffset now) => new(this, now);

    /// <summary>The types of which something is seen, those together that share one value.</summary>
    public ImmutableArray<VisibleTypes> Groups { get; }

    public TypeVisibility Of(string resourceType) => _types.GetValueOrDefault(resourceType, TypeVisibility.Nothing);
}

/// <summary>Types that are seen alike.</summary>
public sealed record VisibleTypes(TypeVisibility Visibility, ImmutableArray<string> Types);

/// <summary>What is seen of a type: whatever one of the sights shows.</summary>
public sealed record TypeVisibility(ImmutableArray<Sight> Sights)
{
    public static readonly TypeVisibility Nothing = new([]);

    public static readonly TypeVisibility Everything = new([new Sight()]);

    public bool IsNothing => Sights.IsEmpty;

    /// <summary>
    /// The same of versions that are not current: their index rows are gone, so that a sight that asks for more than patients and labels
    /// shows none of them.
    /// </summary>
    public TypeVisibility OfVersions => new([.. Sights.Where(sight => sight.IsOfVersions)]);
}

/// <summary>Resources that meet all of these conditions.</summary>
public sealed record Sight
{
    /// <summary>
    /// The resource is about patients, and each of them is in each of these ranges; empty: whoever it is about, or nobody.
    /// </summary>
    public ImmutableArray<PatientRange> Patients { get; init; } = [];

    /// <summary>The resource is about no patient.</summary>
    public bool IsOfNobody { get; init; }

    /// <summary>The resource names one of the parties itself, as owner or requester of a task.</summary>
    public Relations? Names { get; init; }

    /// <summary>The resource was disclosed to one of the parties.</summary>
    public Relations? Disclosed { get; init; }

    /// <summary>The labels that hide a resource, as bits of <see cref="IndexEntries.Labels"/>.</summary>
    public long Hidden { get; init; }

    /// <summary>What the resource meets besides, as of a search.</summary>
    public ImmutableArray<Criterion> Criteria { get; init; } = [];

    /// <summary>Those of whom a patient may have said in a Consent that they are not to see; null: nobody is asked.</summary>
    public ConsentQuestion? Consent { get; init; }

    internal bool IsOfVersions => Criteria.IsEmpty && Names is null && Disclosed is null;
}

/// <summary>Patients.</summary>
public abstract record PatientRange;

/// <summary>These.</summary>
public sealed record OnlyPatients(ImmutableArray<ResourceKey> Keys) : PatientRange;

/// <summary>Those to whom one of the parties has a relation.</summary>
public sealed record RelatedPatients(Relations Relations) : PatientRange;

/// <summary>The relations of a caller that count now.</summary>
/// <param name="Parties">Who the caller is by themselves; whom they act as is found with the relations.</param>
/// <param name="Kinds">What counts, as numbers that the writer and the reader of relations share.</param>
/// <param name="ActingKinds">By which relations somebody acts as somebody else.</param>
public sealed record Relations(
    ImmutableArray<ResourceKey> Parties,
    ImmutableArray<short> Kinds,
    ImmutableArray<short> ActingKinds
);

/// <summary>Who asks, as far as a Consent can tell them from others.</summary>
/// <param name="Relations">Who the caller is, and acts as.</param>
/// <param name="Purpose">The number of the purpose of use; 0: none is said.</param>
public sealed record ConsentQuestion(Relations Relations, long Purpose);
