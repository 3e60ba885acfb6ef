using System.Collections.Immutable;
using CareCoordination.Access.Scopes;

namespace CareCoordination.SignIn.Grants;

/// <summary>
/// What is granted of what is asked for: the part that the client is registered for. Scopes are narrowed and never widened, as SMART has
/// it: the answer tells what was granted. https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
/// </summary>
internal static class ScopeGrant
{
    /// <summary>What is open in the EHR that started the app.</summary>
    public const string Launch = "launch";

    private static readonly ImmutableArray<string> OfPersons =
    [
        "openid",
        "profile",
        "fhirUser",
        Launch,
        "launch/patient",
        "offline_access",
    ];

    /// <summary>For somebody who signs in.</summary>
    public static ImmutableArray<string> ForPerson(string asked, string allowed) =>
        Narrow(asked, allowed, context => context != ScopeContext.System, OfPersons);

    /// <summary>For a client by itself.</summary>
    public static ImmutableArray<string> ForProgram(string asked, string allowed) =>
        Narrow(asked, allowed, context => context == ScopeContext.System, []);

    /// <summary>What of the first is in the second.</summary>
    public static ImmutableArray<string> Within(string asked, string granted) =>
        Narrow(asked, granted, _ => true, OfPersons);

    /// <summary>True where a client with these scopes may be started by an EHR.</summary>
    public static bool MayLaunch(string scopes) => ScopeSet.Parse(scopes).Others.Contains(Launch);

    /// <summary>True where they mean nothing without a patient.</summary>
    public static bool NeedPatient(IEnumerable<string> scopes)
    {
        var set = ScopeSet.Parse(string.Join(' ', scopes));
        return set.Others.Contains("launch/patient") || set.Resources.Any(s => s.Context == ScopeContext.Patient);
    }

    private static ImmutableArray<string> Narrow(
        string asked,
        string allowed,
        Func<ScopeContext, bool> isOfKind,
        ImmutableArray<string> others
    )
    {
        var limits = ScopeSet.Parse(allowed);
        var granted = new List<string>();
        foreach (var word in asked.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var scope = ScopeSet.Parse(word);
            if (scope.Others is [var other] && others.Contains(other) && limits.Others.Contains(other))
                granted.Add(word);
            else if (scope.Resources is [var resource] && isOfKind(resource.Context))
                granted.AddRange(Narrow(word, resource, limits.Resources));
        }

        return [.. granted.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The word itself where all of it is allowed.</summary>
    private static IEnumerable<string> Narrow(string word, SmartScope asked, ImmutableArray<SmartScope> limits)
    {
        var parts = limits
            .Select(limit => Both(asked, limit))
            .OfType<SmartScope>()
            .GroupBy(s => (s.Context, s.ResourceType, s.Query))
            .Select(g => g.First() with { Rights = g.Aggregate(ScopeRights.None, (rights, s) => rights | s.Rights) })
            .ToList();
        return parts.Contains(asked) ? [word] : parts.Select(p => p.ToString());
    }

    private static SmartScope? Both(SmartScope asked, SmartScope limit)
    {
        var type =
            limit.Covers(asked.ResourceType) ? asked.ResourceType
            : asked.Covers(limit.ResourceType) ? limit.ResourceType
            : null;
        var rights = asked.Rights & limit.Rights;
        return type is null || rights == ScopeRights.None || asked.Context != limit.Context
            ? null
            : new SmartScope(asked.Context, type, rights, Both(asked.Query, limit.Query));
    }

    /// <summary>What meets both queries: all their parameters, each once.</summary>
    private static string Both(string asked, string limit) =>
        string.Join(
            '&',
            asked
                .Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Concat(limit.Split('&', StringSplitOptions.RemoveEmptyEntries))
                .Distinct(StringComparer.Ordinal)
        );
}
