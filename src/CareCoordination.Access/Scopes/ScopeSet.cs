using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CareCoordination.Access.Scopes;

/// <summary>The scopes of a token. Scopes narrow what somebody may do, and never widen it.</summary>
/// <param name="Resources">Those that name resources.</param>
/// <param name="Others">The rest that this server knows: <c>openid</c>, <c>fhirUser</c>, <c>launch</c>, <c>launch/patient</c>, <c>offline_access</c> and the like.</param>
/// <param name="Unknown">What this server does not know: it grants nothing.</param>
public sealed record ScopeSet(
    ImmutableArray<SmartScope> Resources,
    ImmutableArray<string> Others,
    ImmutableArray<string> Unknown
)
{
    /// <summary>Grants nothing.</summary>
    public static readonly ScopeSet Empty = new([], [], []);

    /// <summary>Scopes that name no resources, and that somebody here acts on.</summary>
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
        ["openid", "profile", "fhirUser", "launch", "launch/patient", "offline_access", "online_access"],
        StringComparer.Ordinal
    );

    /// <summary>
    /// Reads the scopes of a token, separated by spaces. Never fails: what is malformed (letters out of order, a type that there is not, an
    /// empty constraint) is unknown. https://www.rfc-editor.org/rfc/rfc6749#section-3.3
    /// </summary>
    public static ScopeSet Parse(string text)
    {
        var resources = ImmutableArray.CreateBuilder<SmartScope>();
        var others = ImmutableArray.CreateBuilder<string>();
        var unknown = ImmutableArray.CreateBuilder<string>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal))
        {
            if (Known.Contains(word))
                others.Add(word);
            else if (!ScopeParser.TryParse(word, out var scope))
                unknown.Add(word);
            else if (!resources.Contains(scope))
                resources.Add(scope);
        }

        return new ScopeSet(resources.DrainToImmutable(), others.DrainToImmutable(), unknown.DrainToImmutable());
    }

    /// <summary>True where every scope that names resources is of this context, and there is one.</summary>
    public bool IsOnly(ScopeContext context) => !Resources.IsEmpty && Resources.All(scope => scope.Context == context);

    /// <summary>As a token carries them, resources in the spelling of SMART 2.</summary>
    public override string ToString() =>
        string.Join(' ', Others.Concat(Resources.Select(scope => scope.ToString())).Concat(Unknown));
}
