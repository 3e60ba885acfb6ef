using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Access.Scopes;

/// <summary>
/// Reads one scope that names resources, in the spelling of either version of SMART:
/// <code>
/// scope      = context "/" type "." ( rights-v2 [ "?" query ] / rights-v1 )
/// context    = "patient" / "user" / "system"
/// type       = a resource type of R4 / "*"
/// rights-v2  = [ "c" ] [ "r" ] [ "u" ] [ "d" ] [ "s" ]     ; at least one, in this order
/// rights-v1  = "read" / "write" / "*"
/// query      = name "=" value *( "&amp;" name "=" value )
/// </code>
/// https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#scopes-for-requesting-fhir-resources
/// </summary>
internal static class ScopeParser
{
    public const string Letters = "cruds";

    private const string AnyType = "*";

    /// <summary>
    /// What narrows results and is no element. Other parameters of that spelling (<c>_include</c>, <c>_count</c>, <c>_sort</c>) say how
    /// a search is answered: they constrain nothing, and a scope that carries one does not mean what it says.
    /// </summary>
    private static readonly FrozenSet<string> Narrowing = FrozenSet.ToFrozenSet(
        ["_id", "_lastUpdated", "_tag", "_profile", "_security", "_source"],
        StringComparer.Ordinal
    );

    /// <summary>False: no scope of this kind, or one that is malformed, which grants nothing.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out SmartScope? scope)
    {
        scope = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (slash < 0 || dot < slash || ContextOf(text[..slash]) is not { } context)
            return false;
        var type = text[(slash + 1)..dot];
        var (rights, query) = Split(text[(dot + 1)..]);
        if (type != AnyType && !R4Definitions.Schema.IsResourceType(type))
            return false;
        var granted = OfVersion2(rights);
        // Constraints came with the second version: the first has no words for them.
        if (granted == ScopeRights.None && query is null)
            granted = OfVersion1(rights);
        if (granted == ScopeRights.None || (query is not null && !IsQuery(query)))
            return false;
        scope = new SmartScope(context, type, granted, query ?? "");
        return true;
    }

    private static (string Rights, string? Query) Split(string text) =>
        text.IndexOf('?', StringComparison.Ordinal) is var question and >= 0
            ? (text[..question], text[(question + 1)..])
            : (text, null);

    private static ScopeContext? ContextOf(string text) =>
        text switch
        {
            "patient" => ScopeContext.Patient,
            "user" => ScopeContext.User,
            "system" => ScopeContext.System,
            _ => null,
        };

    private static ScopeRights OfVersion1(string text) =>
        text switch
        {
            "read" => ScopeRights.Read | ScopeRights.Search,
            "write" => ScopeRights.Create | ScopeRights.Update | ScopeRights.Delete,
            "*" => ScopeRights.All,
            _ => ScopeRights.None,
        };

    /// <summary>None where a letter is none, stands twice or out of order.</summary>
    private static ScopeRights OfVersion2(string text)
    {
        var rights = ScopeRights.None;
        var last = -1;
        foreach (var letter in text)
        {
            var at = Letters.IndexOf(letter, StringComparison.Ordinal);
            if (at <= last)
                return ScopeRights.None;
            rights |= (ScopeRights)(1 << at);
            last = at;
        }

        return rights;
    }

    private static bool IsQuery(string text) =>
        text.All(c => c is > ' ' and <= '~') && text.Split('&').All(IsParameter);

    private static bool IsParameter(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || equals == text.Length - 1)
            return false;
        var name = text[..equals];
        return name[0] == '_' ? Narrowing.Contains(name.Split(':')[0]) : char.IsAsciiLetter(name[0]);
    }
}
