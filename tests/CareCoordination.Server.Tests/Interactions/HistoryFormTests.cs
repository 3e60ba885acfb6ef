using System.Globalization;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Interactions;

/// <summary>Times and links of histories. https://hl7.org/fhir/R4/http.html#history</summary>
public abstract class HistoryFormTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : HistoryFormTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : HistoryFormTests(shared);

    /// <summary>A zone that is given with a plus sign is the same whether the sign is escaped or not.</summary>
    [Theory]
    [InlineData("+02:00")]
    [InlineData("%2B02:00")]
    [InlineData("-05:30")]
    [InlineData("Z")]
    [InlineData("")]
    public async Task Since_is_the_same_instant_in_every_zone(string zone)
    {
        var (id, times) = await ThreeVersionsAsync();
        var offset =
            zone.Length < 2
                ? TimeSpan.Zero
                : TimeSpan.Parse(
                    zone.Replace("%2B", "", StringComparison.Ordinal).TrimStart('+'),
                    CultureInfo.InvariantCulture
                );
        var local = times[1].ToOffset(offset).ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture);

        Assert.Equal(["3", "2"], await VersionsAsync($"Patient/{id}/_history?_since={local}{zone}"));
        Assert.Equal(["3"], await VersionsAsync($"Patient/{id}/$everything?_since={local}{zone}"));
    }

    [Fact]
    public async Task Since_a_part_of_a_date_is_since_its_first_instant()
    {
        var (id, times) = await ThreeVersionsAsync();
        var now = times[2].UtcDateTime;
        foreach (var format in (string[])["yyyy", "yyyy-MM", "yyyy-MM-dd"])
        {
            Assert.Equal(
                3,
                (
                    await VersionsAsync(
                        $"Patient/{id}/_history?_since={now.ToString(format, CultureInfo.InvariantCulture)}"
                    )
                ).Count
            );
            Assert.Empty(
                await VersionsAsync(
                    $"Patient/{id}/_history?_since={now.AddYears(1).ToString(format, CultureInfo.InvariantCulture)}"
                )
            );
        }
    }

    /// <summary>A version is current from its own time to that of the next.</summary>
    [Theory]
    [InlineData("", 0, "1")]
    [InlineData("", 1, "2")]
    [InlineData("", 2, "3")]
    [InlineData("eq", 1, "2")]
    [InlineData("ge", 1, "3,2")]
    [InlineData("ge", 0, "3,2,1")]
    [InlineData("gt", 1, "3,2")]
    [InlineData("sa", 2, "3")]
    [InlineData("le", 1, "2,1")]
    [InlineData("lt", 1, "1")]
    [InlineData("eb", 2, "2,1")]
    [InlineData("lt", 0, "")]
    public async Task At_takes_the_prefixes_of_dates(string prefix, int version, string expected)
    {
        var (id, times) = await ThreeVersionsAsync();
        var at = times[version].ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture);

        foreach (var path in (string[])[$"Patient/{id}/_history", "Patient/_history", "_history"])
        {
            var url = $"{path}?_at={prefix}{at}+00:00&_since={times[0]:yyyy-MM-dd}&_count=1000";
            Assert.Equal(expected, string.Join(',', await VersionsAsync(url, id)));
        }
    }

    [Theory]
    [InlineData(
        "_at=ne2026",
        "error not-supported: _at takes no 'ne': every version was current at some other time. Use eq, ge, gt, le, lt, sa, eb, ap or none."
    )]
    [InlineData(
        "_at=2026-13",
        "error value: '_at' is not a date; use YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm[:ss] with Z or an offset, after eq, ne, gt, lt, ge, le, sa, eb or ap."
    )]
    [InlineData("_since=ge2026-01-01", "error value: _since is no instant: write 2026-03-01T10:00:00Z.")]
    [InlineData("_since=", "error value: _since is no instant: write 2026-03-01T10:00:00Z.")]
    [InlineData("_since=2026&_since=2025", "error value: '_since' is given twice; give it once.")]
    [InlineData("_at=2026&_at=2025", "error value: '_at' is given twice; give it once.")]
    [InlineData("_count=1&_count=2", "error value: '_count' is given twice; give it once.")]
    [InlineData("_summary=true&_summary=data", "error value: '_summary' is given twice; give it once.")]
    [InlineData("_total=none&_total=accurate", "error value: '_total' is given twice; give it once.")]
    public async Task Refuses_times_that_are_none_and_what_is_said_twice(string query, string issue)
    {
        (await Server.GetAsync($"Patient/_history?{query}")).ShouldRefuse(400, issue);
        (await Server.GetAsync($"_history?{query}")).ShouldRefuse(400, issue);
    }

    /// <summary>Whatever was asked for, each page links to itself, to the first and to the next, and asks for the same.</summary>
    [Theory]
    [InlineData("Patient/{0}/_history", "_since=2020-01-01T00:00:00+01:00&_summary=true")]
    [InlineData("Patient/{0}/_history", "_at=ge2020&_elements=name&_total=accurate")]
    [InlineData("Patient/_history", "_since=2020&_total=accurate")]
    [InlineData("_history", "_format=json&_pretty=true")]
    [InlineData("Patient/{0}/$everything", "_since=2020-01-01&_type=Patient,Task&_format=application/fhir%2Bjson")]
    [InlineData("Task", "patient={0}&_sort=-_lastUpdated&_format=json")]
    [InlineData("", "_type=Task&patient={0}&_pretty=true")]
    [InlineData("Patient/{0}/Task", "_format=json")]
    public async Task Every_page_links_to_itself_and_to_the_first_and_keeps_what_was_asked(string path, string query)
    {
        var (id, _) = await ThreeVersionsAsync();
        await Server.PostAsync("Task", Given.Task(id));
        await Server.PostAsync("Task", Given.Task(id));
        var (url, asked) = (string.Format(null, path, id), string.Format(null, query, id));

        var first = (await Server.GetAsync($"{url}?{asked}&_count=1")).ShouldBe(200);
        var second = (await Server.GetAsync(first.Link("next")!)).ShouldBe(200);

        Assert.Null(first.Link("first"));
        Assert.Equal(first.Link("self"), second.Link("first"));
        Assert.Equal(first.Link("next"), second.Link("self"));
        Assert.Null(second.Link("previous"));
        await ShouldGiveTheSameAsync($"{url}?{asked}&_count=1", second.Link("first")!);
        Assert.Equal(Ids(second), Ids((await Server.GetAsync(second.Link("self")!)).ShouldBe(200)));
        foreach (var part in asked.Split('&'))
        {
            var said = Uri.UnescapeDataString(part);
            Assert.Contains(said, Uri.UnescapeDataString(first.Link("self")!), StringComparison.Ordinal);
            Assert.Contains(said, Uri.UnescapeDataString(first.Link("next")!), StringComparison.Ordinal);
        }
    }

    /// <summary>A first page has what is newest, and other tests write here too: what came between two looks makes a third.</summary>
    private async Task ShouldGiveTheSameAsync(string address, string other)
    {
        for (var look = 0; ; look++)
        {
            var (before, there, after) = (
                Ids((await Server.GetAsync(address)).ShouldBe(200)),
                Ids((await Server.GetAsync(other)).ShouldBe(200)),
                Ids((await Server.GetAsync(address)).ShouldBe(200))
            );
            if (look < 100 && !before.SequenceEqual(after))
                continue;
            Assert.Equal(before, there);
            return;
        }
    }

    private static List<string> Ids(Answer answer) =>
        [.. answer.Entries.Select(e => e.GetProperty("fullUrl").GetString()!)];

    /// <summary>A patient of three versions, and when each was made, with time between them.</summary>
    private async Task<(string Id, List<DateTimeOffset> Times)> ThreeVersionsAsync()
    {
        var id = Given.Id();
        var times = new List<DateTimeOffset>();
        for (var version = 1; version <= 3; version++)
        {
            var answer = await Server.PutAsync($"Patient/{id}", Given.Patient(id, $"Family{version}"));
            times.Add(answer.Json.GetProperty("meta").GetProperty("lastUpdated").GetDateTimeOffset());
            await Task.Delay(5);
        }

        return (id, times);
    }

    private async Task<List<string>> VersionsAsync(string url, string? id = null)
    {
        var answer = (await Server.GetAsync(url)).ShouldBe(200);
        return
        [
            .. answer
                .Resources.Where(r => id is null || r.GetProperty("id").GetString() == id)
                .Select(r => r.GetProperty("meta").GetProperty("versionId").GetString()!),
        ];
    }
}
