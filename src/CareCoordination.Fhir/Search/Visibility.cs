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
    private readonly IReadOnlyDictionary<Asker, ImmutableArray<long>>? _known;

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
        Askers = [.. Groups.SelectMany(group => group.Visibility.Sights).SelectMany(AskersOf).Distinct()];
    }

    private Visibility(Visibility other, DateTimeOffset now, IReadOnlyDictionary<Asker, ImmutableArray<long>>? known) =>
        (_types, Groups, Askers, Now, _known) = (other._types, other.Groups, other.Askers, now, known);

    public DateTimeOffset Now { get; }

    /// <summary>The same at another time.</summary>
    public Visibility At(DateTimeOffset now) => new(this, now, null);

    /// <summary>The same where it is known whom each of <see cref="Askers"/> is and acts as now.</summary>
    /// <param name="known">By the numbers that the store gives to resources.</param>
    public Visibility Knowing(IReadOnlyDictionary<Asker, ImmutableArray<long>> known) => new(this, Now, known);

    /// <summary>By whose relations, and by what is said of whom in a Consent, anything of this is seen.</summary>
    public ImmutableArray<Asker> Askers { get; }

    /// <summary>Whom an asker is and acts as now, as <see cref="Knowing"/> was told.</summary>
    public ImmutableArray<long> Parties(Asker asker) =>
        _known is null
            ? throw new InvalidOperationException("Nobody has found out yet whom the caller acts as.")
            : _known[asker];

    /// <summary>The types of which something is seen, those together that share one value.</summary>
    public ImmutableArray<VisibleTypes> Groups { get; }

    public TypeVisibility Of(string resourceType) => _types.GetValueOrDefault(resourceType, TypeVisibility.Nothing);

    private static IEnumerable<Asker> AskersOf(Sight sight) =>
        sight
            .Patients.OfType<RelatedPatients>()
            .Select(range => range.Relations)
            .Append(sight.Names)
            .Append(sight.Disclosed)
            .Append(sight.Consent?.Relations)
            .OfType<Relations>()
            .Select(relations => relations.Asker);
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

/// <summary>The relations of a caller that count now. A value, as who asks is.</summary>
/// <param name="Asker">Whose they are.</param>
/// <param name="Kinds">What counts, as numbers that the writer and the reader of relations share.</param>
public sealed record Relations(Asker Asker, ImmutableArray<short> Kinds)
{
    public bool Equals(Relations? other) =>
        other is not null && Asker.Equals(other.Asker) && Kinds.AsSpan().SequenceEqual(other.Kinds.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Asker, Kinds.Length);
}

/// <summary>Who asks. A value: equal where it is about the same parties in the same order.</summary>
/// <param name="Parties">Who the caller is by themselves; whom they act as is found with the relations.</param>
/// <param name="ActingKinds">By which relations somebody acts as somebody else.</param>
public sealed record Asker(ImmutableArray<ResourceKey> Parties, ImmutableArray<short> ActingKinds)
{
    public bool Equals(Asker? other) =>
        other is not null
        && Parties.AsSpan().SequenceEqual(other.Parties.AsSpan())
        && ActingKinds.AsSpan().SequenceEqual(other.ActingKinds.AsSpan());

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var party in Parties)
            hash.Add(party);
        return hash.ToHashCode();
    }
}

/// <summary>Who asks, as far as a Consent can tell them from others.</summary>
/// <param name="Relations">Who the caller is, and acts as.</param>
/// <param name="Purpose">The number of the purpose of use; 0: none is said.</param>
public sealed record ConsentQuestion(Relations Relations, long Purpose);
