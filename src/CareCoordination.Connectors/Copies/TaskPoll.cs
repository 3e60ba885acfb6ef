using System.Globalization;
using System.Runtime.CompilerServices;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Connectors.Partners;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Copies;

/// <summary>
/// Asks a partner what has changed of our Tasks, page by page, the oldest change first. Where the link to the next page cannot be followed,
/// the rest is asked for by the time of the last change that was seen; where that leads no further, it is said.
/// </summary>
internal sealed class TaskPoll(PartnerFhirClient line)
{
    private const int PageSize = 100;

    // A day of a busy partner; a server whose pages never end is told of.
    private const int MostPages = 1000;

    // Pages may overlap where something changes between two of them.
    private const int MostWithoutNews = 3;

    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string?)> _versions = [];
    private DateTimeOffset? _newest;
    private int _withoutNews;

    /// <param name="query">What finds our Tasks there, without <c>_lastUpdated</c>.</param>
    public async IAsyncEnumerable<PollPage> RunAsync(
        string query,
        DateTimeOffset since,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var next = Address(query, since);
        while (next is not null)
        {
            _asked.Add(next);
            var page = await PageAsync(next, cancel);
            if (page.Problem is not null)
            {
                yield return page.ToPage([]);
                yield break;
            }

            PartnerTask[] tasks = [.. PartnerTasks.Tasks(page.Bundle)];
            Note(tasks);
            yield return page.ToPage(tasks);
            var step = Next(page.Bundle, tasks.Length, query);
            if (step.Problem is { } problem)
                yield return new PollPage([], problem);
            next = step.Address;
        }
    }

    private async Task<Page> PageAsync(string address, CancellationToken cancel)
    {
        var answer = await line.AskAsync(
            PartnerRequest.Get("poll", address) with
            {
                MaxAnswerBytes = 32 * 1024 * 1024,
            },
            cancel
        );
        if (answer.Kind != AnswerKind.Accepted)
            return new Page(default, answer.ToOutcome());
        return PartnerTasks.TryBundle(answer, out var bundle)
            ? new Page(bundle, null)
            : new Page(default, PartnerTasks.NoTask(answer.Status));
    }

    private Step Next(BundleView bundle, int count, string query)
    {
        if (_asked.Count >= MostPages)
            return new Step(null, Stuck($"{MostPages} pages have no end"));
        var link = bundle.Link.FirstOrDefault(l => l.Relation == "next").Url;
        var followed = link is null ? null : NextLink.Follow(line.FhirBase, link);
        if (followed is not null && !_asked.Contains(followed) && _withoutNews < MostWithoutNews)
            return new Step(followed, null);
        // The last page: there is no other, and this one holds no more than it should.
        if (link is null && count < PageSize && (bundle.Total is not { } total || total <= _versions.Count))
            return default;
        // A full page without a way on: from the last change that was seen.
        if (_newest is { } newest && Address(query, newest) is var onward && _asked.Add(onward))
            return new Step(onward, null);
        return new Step(
            null,
            Stuck(
                link is null
                    ? "it shows only a part of what has changed at the same time, and no link to the rest"
                    : "its link to the next page leads to where this server may not follow, or back"
            )
        );
    }

    private void Note(IEnumerable<PartnerTask> tasks)
    {
        _withoutNews++;
        foreach (var task in tasks)
        {
            if (_versions.Add((task.Reference, task.Version)))
                _withoutNews = 0;
            if (PartnerTasks.UpdatedAt(task.Task) is { } updated && (_newest is null || updated > _newest))
                _newest = updated;
        }
    }

    private static SendOutcome.NeedsHuman Stuck(string why) =>
        new($"The partner's answer to a poll cannot be read to its end: {why}. Changes may be missed.", null, default);

    private static string Address(string query, DateTimeOffset since)
    {
        var stamp = since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return $"Task?{query}&_lastUpdated=ge{Uri.EscapeDataString(stamp)}&_sort=_lastUpdated&_count={PageSize}";
    }

    private readonly record struct Page(BundleView Bundle, SendOutcome? Problem)
    {
        public PollPage ToPage(PartnerTask[] tasks) => new([.. tasks], Problem);
    }

    /// <param name="Address">Null: there is no further page to ask for.</param>
    private readonly record struct Step(string? Address, SendOutcome? Problem);
}
