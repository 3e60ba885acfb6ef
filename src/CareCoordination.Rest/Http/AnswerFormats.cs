using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Rest.Routing;

namespace CareCoordination.Rest.Http;

/// <summary>How the answer is to be written.</summary>
/// <param name="ContentType">A whole header value.</param>
/// <param name="Xml">Null: as JSON.</param>
public sealed record ResponseFormat(string ContentType, bool IsPretty, XmlFormat? Xml = null)
{
    /// <summary>True where a Binary is answered as what it holds, in its own media type; all else is as this says.</summary>
    public bool IsNative { get; init; }

    public static readonly ResponseFormat Fhir = new(Negotiation.FhirJson, IsPretty: false);
}

/// <summary>
/// Chooses the representation of an answer: JSON or XML, under any of their names. https://hl7.org/fhir/R4/http.html#mime-type
/// </summary>
public sealed class AnswerFormats(XmlFormat xml)
{
    /// <summary>The first one is for who says that anything is welcome.</summary>
    private static readonly (string Name, bool IsXml)[] Offers =
    [
        ("application/fhir+json", false),
        ("application/json", false),
        ("text/json", false),
        ("application/fhir+xml", true),
        ("application/xml", true),
        ("text/xml", true),
    ];

    /// <summary>The format by <c>_format</c>, which goes before Accept, and <c>_pretty</c>; else 406.</summary>
    public Result<ResponseFormat> Choose(string? accept, QueryParameters query)
    {
        var format = ResponseFormat.Fhir;
        if (query.Count > 0)
        {
            // A plus sign that was not encoded arrives as a space.
            if (query.First("_format") is { } wanted)
                accept = wanted.Trim().Replace("fhir ", "fhir+", StringComparison.OrdinalIgnoreCase);
            if (query.First("_pretty") is "true")
                format = format with { IsPretty = true };
        }

        if (string.IsNullOrEmpty(accept) || accept is "*/*" or "application/fhir+json")
            return format;
        if (Best([.. MediaRange.ParseAll(accept)]) is not { } best)
            return Failure.From(
                406,
                IssueCode.NotSupported,
                "FHIR 4.0 is spoken here, as JSON and XML: accept application/fhir+json or application/fhir+xml, or ask for _format=json or _format=xml."
            );
        var (name, isXml) = best;
        // Text of JSON has no type of its own any more: it is application/json.
        var type = name == "text/json" ? "application/json" : name;
        return format with { ContentType = $"{type}; charset=utf-8", Xml = isXml ? xml : null };
    }

    /// <summary>The format of the answer to a request whose interaction is known.</summary>
    internal Result<ResponseFormat> Choose(HttpRequest request, RouteMatch route, QueryParameters query) =>
        route.Definition.Operation is { AnswersRows: true } ? OfRefusal(request)
        : route.Definition.Operation is { TakesFormat: true } ? Choose(request.Headers.Accept, query.Without("_format"))
        : NativeBinary.IsAsked(route, request.Headers.Accept, query) ? OfRefusal(request) with { IsNative = true }
        : Choose(request.Headers.Accept, query);

    /// <summary>The format of an answer to a request that was refused before anybody looked at its parts.</summary>
    public ResponseFormat OfRefusal(HttpRequest request) =>
        Choose(request.Headers.Accept, QueryParameters.Parse(request.QueryString.Value)).TryGet(out var format, out _)
            ? format
            : ResponseFormat.Fhir;

    /// <summary>
    /// The offer with the highest quality; among equals the one that is named more exactly, then the one that is named first.
    /// </summary>
    private static (string Name, bool IsXml)? Best(List<MediaRange> ranges)
    {
        (string Name, bool IsXml)? best = null;
        var bestRank = (Quality: 0.0, Match: 0, Order: 0);
        foreach (var offer in Offers)
        {
            var rank = Rank(offer.Name, ranges);
            if (rank.Quality <= 0 || rank.CompareTo(bestRank) <= 0)
                continue;
            (best, bestRank) = (offer, rank);
        }

        return best;
    }

    /// <summary>By the range that names the offer most exactly, which may also exclude it.</summary>
    private static (double Quality, int Match, int Order) Rank(string offer, List<MediaRange> ranges)
    {
        var rank = (Quality: 0.0, Match: 0, Order: 0);
        for (var i = 0; i < ranges.Count; i++)
        {
            var range = ranges[i];
            var match = range.IsSpokenVersion ? Match(range, offer) : 0;
            if (match > rank.Match)
                rank = (range.Quality, match, -i);
        }

        return rank;
    }

    private static int Match(MediaRange range, string offer) =>
        range.Name switch
        {
            "json" => offer == "application/fhir+json" ? 3 : 0,
            "xml" => offer == "application/fhir+xml" ? 3 : 0,
            _ => range.Match(offer),
        };
}
