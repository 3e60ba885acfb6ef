using CareCoordination.SignIn.Grants;
using CareCoordination.SignIn.Protocol;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace CareCoordination.SignIn.Pages;

/// <summary>
/// The request of a client that the pages are asked for, as they hand it on: the path and query of the authorization endpoint of this
/// server and nothing else, so that no link has a page send somebody elsewhere.
/// </summary>
internal sealed class AskedRequest
{
    private const string Start = $"/{Endpoints.Authorize}?";

    private readonly Dictionary<string, StringValues> _parameters;

    private AskedRequest(Dictionary<string, StringValues> parameters) => _parameters = parameters;

    public string ClientId => this["client_id"] ?? "";

    public string Scope => this["scope"] ?? "";

    public string? Decision => this[Decisions.Parameter];

    public string Digest => Decisions.Digest(name => this[name]);

    private string? this[string name] => _parameters.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>Null where it is anything else.</summary>
    public static AskedRequest? Parse(string? text) =>
        text is not null && text.StartsWith(Start, StringComparison.Ordinal)
            ? new AskedRequest(QueryHelpers.ParseQuery(text[(Start.Length - 1)..]))
            : null;

    /// <summary>As the address that the browser goes on to.</summary>
    /// <param name="decision">What was decided; null: what it carried already.</param>
    public string Address(PathString pathBase, string? decision = null)
    {
        var query = new QueryBuilder();
        foreach (var (name, values) in _parameters)
        {
            if (name != Decisions.Parameter || decision is null)
                query.Add(name, values.ToString());
        }

        if (decision is not null)
            query.Add(Decisions.Parameter, decision);
        return $"{pathBase}/{Endpoints.Authorize}{query}";
    }
}
