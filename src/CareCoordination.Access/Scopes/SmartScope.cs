namespace CareCoordination.Access.Scopes;

/// <summary>For whom a scope speaks. https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html</summary>
public enum ScopeContext
{
    /// <summary>The one patient of the launch.</summary>
    Patient,

    /// <summary>Whatever the person who signed in may see.</summary>
    User,

    /// <summary>A program without a person.</summary>
    System,
}

/// <summary>The letters of <c>.cruds</c>, in the order in which they have to be written.</summary>
[Flags]
public enum ScopeRights
{
    None = 0,
    Create = 1,
    Read = 2,
    Update = 4,
    Delete = 8,
    Search = 16,
    All = Create | Read | Update | Delete | Search,
}

/// <summary>One scope that names resources: <c>user/Observation.rs?category=laboratory</c>.</summary>
/// <param name="ResourceType"><c>*</c>: every type.</param>
/// <param name="Query">What resources have to meet besides, as the query of a search; empty: nothing.</param>
public sealed record SmartScope(ScopeContext Context, string ResourceType, ScopeRights Rights, string Query)
{
    public bool Covers(string resourceType) =>
        ResourceType == "*" || string.Equals(ResourceType, resourceType, StringComparison.Ordinal);

    /// <summary>In the spelling of SMART 2, whichever it was read from: <c>user/Observation.rs?category=laboratory</c>.</summary>
    public override string ToString()
    {
        var letters = ScopeParser.Letters.Where((_, at) => Rights.HasFlag((ScopeRights)(1 << at)));
        return $"{Context.ToString().ToLowerInvariant()}/{ResourceType}.{string.Concat(letters)}{(Query.Length == 0 ? "" : "?" + Query)}";
    }
}
