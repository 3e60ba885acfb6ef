using System.Collections.Immutable;

namespace CareCoordination.Connectors.Security;

/// <summary>What is done with resources of a type at a partner: letters of <c>cruds</c>.</summary>
public readonly record struct TypeAccess(string Type, string Letters);

/// <summary>
/// Scopes of SMART, of its version 2 and as far as they are granted of version 1.
/// https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
/// </summary>
public static class SmartScopes
{
    private const string All = "cruds";

    /// <summary>The scopes that cover it, as a token is asked for them.</summary>
    public static string Of(IEnumerable<TypeAccess> needed) =>
        string.Join(
            ' ',
            needed
                .GroupBy(n => n.Type, StringComparer.Ordinal)
                .Select(g => $"system/{g.Key}.{InOrder(g.SelectMany(n => n.Letters))}")
        );

    /// <summary>What is needed and not granted, as scopes; empty where nothing is missing.</summary>
    public static string Missing(string granted, IEnumerable<TypeAccess> needed)
    {
        TypeAccess[] grants =
        [
            .. granted.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Read).OfType<TypeAccess>(),
        ];
        return Of(
            needed
                .Select(n => n with { Letters = InOrder(n.Letters.Except(Granted(grants, n.Type))) })
                .Where(n => n.Letters.Length > 0)
        );
    }

    private static IEnumerable<char> Granted(TypeAccess[] grants, string type) =>
        grants.Where(g => g.Type == "*" || g.Type == type).SelectMany(g => g.Letters);

    /// <summary>Null for what gives this server nothing: scopes of users and patients, and of other kinds.</summary>
    private static TypeAccess? Read(string scope)
    {
        var text = scope.Split('?')[0];
        if (!text.StartsWith("system/", StringComparison.Ordinal) || text.LastIndexOf('.') is not (> 7 and var dot))
            return null;
        var letters = text[(dot + 1)..] switch
        {
            "read" => "rs",
            "write" => "cud",
            "*" => All,
            var given when given.All(c => All.Contains(c, StringComparison.Ordinal)) => given,
            _ => "",
        };
        return new TypeAccess(text["system/".Length..dot], letters);
    }

    private static string InOrder(IEnumerable<char> letters)
    {
        var set = letters.ToImmutableHashSet();
        return string.Concat(All.Where(set.Contains));
    }
}
