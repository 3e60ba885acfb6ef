using System.Globalization;
using System.Reflection;
using System.Text.Json;
using CareCoordination.Analytics.Mirror;
using CareCoordination.Server.Tests.Kit;
using Hl7.Fhir.Model;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Compares the tables of a server with what its history says.</summary>
/// <param name="now">Until when caseloads and clocks are told: not before the last version.</param>
internal sealed class RecordComparison(
    TestServer server,
    RecordSettings settings,
    IReadOnlyList<ToldVersion> versions,
    DateTimeOffset now
)
{
    private readonly ToldRecord _record = new(versions);
    private readonly NaiveDays _days = settings.Server.Days;

    public List<string> Differences { get; } = [];

    public MeasureComparison Measures { get; } = new(server, new ToldRecord(versions), settings.Server.Days);

    private readonly SortedDictionary<string, int> _rows = new(StringComparer.Ordinal);

    /// <summary>How many rows were compared, and what measures came to.</summary>
    public string Summary =>
        $"{versions.Count} versions, {_rows.Values.Sum()} rows, {Measures.Reports} reports; nothing in {string.Join(' ', _rows.Where(r => r.Value == 0).Select(r => r.Key))}; {string.Join(' ', Measures.Counts.Select(c => $"{c.Key}:{c.Value}"))}";

    /// <summary>What compares nothing finds nothing.</summary>
    public bool HasEnough =>
        ((string[])["task_event", "goal_event", "plan_event", "referral_loop"]).All(t => _rows[t] > 0)
        && _rows.Values.Count(n => n > 0) >= 26
        && Measures.Counts.Values.Count(c => !c.StartsWith("0/", StringComparison.Ordinal)) >= 12;

    /// <param name="isLong">Of measures another period too, and of caseloads all days until now.</param>
    public async System.Threading.Tasks.Task RunAsync(bool isLong)
    {
        var events = new NaiveEvents(_record, _days);
        await CompareAsync("task_event", events.Tasks());
        await CompareAsync("goal_event", events.Goals());
        await CompareAsync("plan_event", events.Plans());
        await CompareAsync(
            "referral_loop",
            new NaiveReferrals(_record, _days).Loops().Select(l => TableRows.Of(l.Select(c => (c.Key, c.Value))))
        );
        await CompareAsync("time_entry", new NaiveTime(_record, _days).Entries());
        var told = string.Create(
            CultureInfo.InvariantCulture,
            $"TIMESTAMPTZ '{now.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00'"
        );
        var caseloads = new NaiveCaseloads(_record, settings, now);
        await CompareAsync("caseload_period", caseloads.PeriodRows());
        await CompareAsync($"caseload_until({told})", caseloads.DayRows());
        await CompareAsync($"transition_clocks({told})", new NaiveClocks(_record, settings, now).Rows());
        await CompareAsync("person", new NaivePeople(_record).Rows());
        await CompareViewsAsync();
        foreach (var (sql, rows) in new NaiveTables(new NaiveChart(_record, _days)).All())
            await CompareAsync(sql, rows);
        var year = new NaivePeriod(new(2026, 1, 1), new(2026, 12, 31));
        if (!isLong)
        {
            await CompareMeasuresAsync(isLong, year);
            return;
        }

        await SameAsync("caseload_daily", "caseload_until(now())");
        await SameAsync("transition_clock", "transition_clocks(now())");
        await CompareMeasuresAsync(
            isLong,
            year,
            new NaivePeriod(new(2026, 3, 1), new(2026, 5, 31)),
            new NaivePeriod(new(2025, 9, 1), new(2026, 4, 30))
        );
    }

    /// <summary>Two ways to ask for the same.</summary>
    private async System.Threading.Tasks.Task SameAsync(string one, string other)
    {
        var rows = await TableRows.AskAsync(
            server,
            $"(SELECT 'one' AS of, * FROM (SELECT * FROM {one} EXCEPT ALL SELECT * FROM {other})) UNION ALL (SELECT 'other', * FROM (SELECT * FROM {other} EXCEPT ALL SELECT * FROM {one}))"
        );
        if (rows.Count > 0)
            Differences.Add($"{one} is not {other}: {rows[0]}");
    }

    private async System.Threading.Tasks.Task CompareMeasuresAsync(bool isLong, params NaivePeriod[] periods)
    {
        foreach (var period in periods)
            await Measures.RunAsync(period, isLong);
        Differences.AddRange(Measures.Differences);
    }

    private async System.Threading.Tasks.Task CompareViewsAsync()
    {
        var shipped = (await server.GetAsync("ViewDefinition?_count=200")).ShouldBe(200).Resources.ToList();
        Assert.True(shipped.Count > 20, "The views that are shipped are there.");
        var parsed = versions
            .Where(v => v.Body is not null)
            .ToDictionary(v => v, v => new Lazy<PocoNode>(() => ViewOpinion.Parse(v.Body!.Value)));
        foreach (var view in shipped.Concat(Kept("current/")).Select(v => new ViewOpinion(v, _days)))
            await CompareAsync(
                $"\"{view.Name}\"",
                _record
                    .Current.Where(v => v.Type == view.ResourceType)
                    .SelectMany(v => view.Rows(parsed[v].Value))
                    .Select(row => TableRows.Of(row.Select(c => (c.Key, c.Value))))
            );
        await CompareAsync("table_problem", Problems(shipped, parsed));
        foreach (var view in Kept("versions/").Select(v => new ViewOpinion(v, _days)))
            await CompareAsync(
                $"(SELECT * EXCLUDE (_sequence), row_number() OVER (ORDER BY _sequence) AS _place FROM \"{view.Name}\")",
                VersionRows(view, parsed)
            );
    }

    /// <summary>Resources whose data does not suit a table.</summary>
    private IEnumerable<string> Problems(List<JsonElement> shipped, Dictionary<ToldVersion, Lazy<PocoNode>> parsed) =>
        from definition in shipped.Concat(Kept("current/"))
        let view = new ViewOpinion(definition, _days)
        let count = _record.Current.Count(v => v.Type == view.ResourceType && view.IsUnfit(parsed[v].Value))
        where count > 0
        select TableRows.Of(("resource_type", view.ResourceType), ("table_name", view.Name), ("resources", count));

    private IEnumerable<string> VersionRows(ViewOpinion view, Dictionary<ToldVersion, Lazy<PocoNode>> parsed)
    {
        var next = _record
            .Histories(view.ResourceType)
            .SelectMany(h => h.Zip(h.Skip(1)))
            .ToDictionary(pair => pair.First, pair => pair.Second.At);
        var place = 0;
        foreach (var version in versions.Where(v => v.Type == view.ResourceType))
        {
            place++;
            List<Dictionary<string, object?>> rows = version.Body is null
                ?
                [
                    [],
                ]
                : view.Rows(parsed[version].Value);
            foreach (var row in rows)
                yield return TableRows.Of([
                    .. row.Select(c => (c.Key, c.Value)),
                    ("_resource", version.Id),
                    ("_version", version.Number),
                    ("_at", version.At),
                    ("_day", _days.Of(version.At)),
                    ("_change", version.Change),
                    ("_until", next.TryGetValue(version, out var until) ? until : null),
                    ("_place", place),
                ]);
        }
    }

    /// <summary>Definitions that the server keeps tables of for itself.</summary>
    private static IEnumerable<JsonElement> Kept(string prefix)
    {
        var assembly = Assembly.GetAssembly(typeof(OutcomeTables))!;
        foreach (
            var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
        )
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            yield return JsonDocument.Parse(stream).RootElement;
        }
    }

    private async System.Threading.Tasks.Task CompareAsync(string table, IEnumerable<string> expected)
    {
        var rows = expected.ToList();
        _rows[table] = rows.Count;
        if (
            TableRows.Difference(table, rows, await TableRows.AskAsync(server, $"SELECT * FROM {table}")) is
            { } difference
        )
            Differences.Add(difference);
    }
}
