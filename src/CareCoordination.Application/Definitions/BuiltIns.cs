using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Application.Definitions;

/// <summary>A resource that this server is the source of.</summary>
/// <param name="Write">The resource as bytes, given the base by which the client knows this server.</param>
public sealed record BuiltIn(ResourceKey Key, Func<string, byte[]> Write)
{
    /// <summary>True where its canonical is below <see cref="OwnCanonical.Base"/>: type and id.</summary>
    public bool HasOwnCanonical { get; init; }
}

/// <summary>
/// Resources that this server is the source of. They are read and searched like stored ones, come before those in a search, and nobody
/// writes them.
/// </summary>
public sealed class BuiltIns(IEnumerable<BuiltIn> all)
{
    public static readonly BuiltIns None = new([]);

    private readonly SortedDictionary<string, BuiltIn> _all = new(
        all.ToDictionary(own => own.Key.ToString(), StringComparer.Ordinal),
        StringComparer.Ordinal
    );

    private readonly HashSet<string> _types = all.Select(own => own.Key.Type).ToHashSet(StringComparer.Ordinal);

    /// <summary>Null where this server is the source of no such resource.</summary>
    public byte[]? Find(ResourceKey key, string baseUrl) => Has(key) ? _all[key.ToString()].Write(baseUrl) : null;

    /// <summary>The canonicals below <see cref="OwnCanonical.Base"/>, as <c>CodeSystem/care-role</c>.</summary>
    public IEnumerable<string> Canonicals => _all.Values.Where(o => o.HasOwnCanonical).Select(o => o.Key.ToString());

    /// <summary>Of most types there is none, and nothing is to be looked up.</summary>
    public bool HasAny(string type) => _types.Contains(type);

    /// <summary>Those of a type, in the order of their ids.</summary>
    public IEnumerable<BuiltIn> Of(string type) => _all.Values.Where(o => o.Key.Type == type);

    /// <summary>Why nobody may write a resource with this key; null where anybody may.</summary>
    public Failure? WhyNotWritten(ResourceKey key) =>
        Has(key)
            ? Failure.Unprocessable(
                IssueCode.BusinessRule,
                $"{key} is a part of this server and stays as it is: choose another id."
            )
            : null;

    private bool Has(ResourceKey key) => HasAny(key.Type) && _all.ContainsKey(key.ToString());
}
