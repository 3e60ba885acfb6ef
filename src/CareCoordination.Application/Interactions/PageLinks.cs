using CareCoordination.Application.Answers;
using CareCoordination.Application.Requests;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// The links of a paged answer: each repeats what was understood of the request, and the format it asked for. There is no
/// <c>previous</c> and no <c>last</c>: pages are keyed by where the one before ended. https://hl7.org/fhir/R4/http.html#paging
/// </summary>
/// <param name="Address">Of the first page.</param>
/// <param name="Formats"><c>_format</c> and <c>_pretty</c>, where the URL has them.</param>
/// <param name="Token">The page that is answered; null: the first.</param>
public sealed record PageLinks(string Address, string Formats, string? Token)
{
    public static PageLinks Of(string address, QueryParameters query)
    {
        var formats = "";
        foreach (var (name, value) in query)
        {
            if (name is "_format" or "_pretty")
                formats += $"&{name}={Uri.EscapeDataString(value)}";
        }

        return new(address, formats, query.First(PageToken.Parameter));
    }

    public string Self => With(Token);

    /// <summary>Null on the first page, whose own link it is.</summary>
    public string? First => Token is null ? null : With(null);

    public string Next(string token) => With(token);

    private string With(string? token)
    {
        var more = token is null ? Formats : $"{Formats}&{PageToken.Parameter}={token}";
        return more.Length == 0 ? Address
            : Address.Contains('?', StringComparison.Ordinal) ? Address + more
            : $"{Address}?{more[1..]}";
    }
}
