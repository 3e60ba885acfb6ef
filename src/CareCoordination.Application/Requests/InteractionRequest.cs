using CareCoordination.Fhir.Budgets;

namespace CareCoordination.Application.Requests;

/// <summary>
/// What a request says, whether it came by HTTP or as an entry of a Bundle: the variables of its URL, query, conditions,
/// preferences and body.
/// </summary>
public sealed class InteractionRequest
{
    /// <summary>The address of this server as the client knows it, without a slash at the end.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>What the expressions and patches of the request may cost; entries of a Bundle share that of the Bundle.</summary>
    public required WorkBudget Budget { get; init; }

    /// <summary>The header Accept; null where there is none, and for entries of a Bundle.</summary>
    public string? Accept { get; init; }

    /// <summary>The HTTP method, or that of the entry.</summary>
    public string Method { get; init; } = "";

    public string Type { get; init; } = "";

    public string Id { get; init; } = "";

    public string Version { get; init; } = "";

    public QueryParameters Query { get; init; } = QueryParameters.Empty;

    public Conditions Conditions { get; init; } = Conditions.None;

    public Preferences Preferences { get; init; } = Preferences.None;

    /// <summary>The body's bytes; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>True where the body is a JSON Patch: all other bodies are resources.</summary>
    public bool IsJsonPatch { get; init; }

    /// <summary>True for an entry of a transaction, which was validated with its Bundle.</summary>
    public bool IsValidated { get; init; }
}
