using System.Globalization;
using System.Text.Json.Nodes;

namespace CareCoordination.PartnerSimulator;

/// <summary>Searches, and the pages of what they found: a page shows what there was when the search was asked.</summary>
internal sealed class SearchPages(PartnerStore store)
{
    private const int MostPages = 200;
    private const int DefaultCount = 50;
    private const int MaxCount = 1000;

    private readonly Queue<string> _order = new();
    private readonly Dictionary<string, Found> _found = new(StringComparer.Ordinal);
    private int _lastSearch;

    public PartnerAnswer Search(string type, PartnerRequest request, bool isStrict, bool showsOldVersions)
    {
        var matches = store.All(type).AsEnumerable();
        var count = DefaultCount;
        var sort = "";
        foreach (var (name, value) in request.Query)
        {
            if (!SearchRules.Knows(name) && isStrict)
                return PartnerAnswer.Refusal(400, "not-supported", $"The search parameter '{name}' is not known here.");
            if (name == "_count")
                count = Math.Clamp(int.Parse(value, CultureInfo.InvariantCulture), 1, MaxCount);
            else if (name == "_sort")
                sort = value;
            else
                matches = matches.Where(r => SearchRules.Matches(r, name, value));
        }

        var list = sort switch
        {
            "_lastUpdated" => matches.OrderBy(r => r.LastUpdated).ToList(),
            "-_lastUpdated" => matches.OrderByDescending(r => r.LastUpdated).ToList(),
            _ => matches.ToList(),
        };
        if (showsOldVersions)
            list = [.. list.Select(r => store.History(r.Reference) is [.., var before, _] ? before : r)];
        return Page(Keep(new Found(list, count)), 0);
    }

    /// <param name="token">Of a next link: search and offset.</param>
    public PartnerAnswer Continue(string token) =>
        token.Split('-') is [var search, var offset] && _found.ContainsKey(search)
            ? Page(search, int.Parse(offset, CultureInfo.InvariantCulture))
            : PartnerAnswer.Refusal(410, "expired", "This page is no longer kept: search again.");

    private PartnerAnswer Page(string search, int offset)
    {
        var (list, count) = _found[search];
        var links = new JsonArray(Link("self", $"{search}-{offset}"));
        if (offset + count < list.Count)
            links.Add(Link("next", $"{search}-{offset + count}"));
        return new PartnerAnswer(
            200,
            new JsonObject
            {
                ["resourceType"] = "Bundle",
                ["type"] = "searchset",
                ["total"] = list.Count,
                ["link"] = links,
                ["entry"] = new JsonArray([
                    .. list.Skip(offset)
                        .Take(count)
                        .Select(r => new JsonObject
                        {
                            ["fullUrl"] = $"{store.Base}/{r.Reference}",
                            ["resource"] = r.Parse(),
                            ["search"] = new JsonObject { ["mode"] = "match" },
                        }),
                ]),
            }.ToJsonString()
        );
    }

    private JsonObject Link(string relation, string token) =>
        new() { ["relation"] = relation, ["url"] = $"{store.Base}?_page={token}" };

    private string Keep(Found found)
    {
        var search = (++_lastSearch).ToString(CultureInfo.InvariantCulture);
        _found[search] = found;
        _order.Enqueue(search);
        if (_order.Count > MostPages)
            _found.Remove(_order.Dequeue());
        return search;
    }

    private sealed record Found(List<PartnerResource> List, int Count);
}
