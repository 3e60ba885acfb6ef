using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CareCoordination.Security.Issuers;

/// <summary>Every issuer whose tokens are taken.</summary>
public sealed class KnownIssuers
{
    private readonly Lazy<ImmutableArray<Issuer>> _all;
    private readonly Lazy<FrozenDictionary<string, Issuer>> _byId;

    /// <param name="find">Asked with the first token: an issuer of this program may have to know where the server listens.</param>
    public KnownIssuers(Func<IEnumerable<Issuer>> find)
    {
        _all = new(() => [.. find()]);
        _byId = new(() => _all.Value.ToFrozenDictionary(issuer => issuer.Id, StringComparer.Ordinal));
    }

    public ImmutableArray<Issuer> All => _all.Value;

    /// <summary>The one that is asked about tokens that say nothing by themselves; null: nobody is.</summary>
    public Issuer? Introspecting => All.FirstOrDefault(issuer => issuer.Introspect is not null);

    /// <param name="id">As a token has it in <c>iss</c>.</param>
    public Issuer? Find(string id) => _byId.Value.GetValueOrDefault(id);
}
