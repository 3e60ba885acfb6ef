using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CareCoordination.Analytics.Measures;
using CareCoordination.Analytics.Mirror;
using CareCoordination.Analytics.Settings;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using CareCoordination.Views.Shipped;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Rules;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Tests;

/// <summary>Tables of outcomes that a test fills with versions, one after the other, and asks.</summary>
internal sealed class Outcomes : IDisposable
{
    public static readonly SearchParameterRegistry Parameters = new(R4Definitions.Schema);

    private static readonly Lazy<MirrorTables> Tables = new(() =>
        new MirrorTables(Parameters, ShippedViews.All.Select(view => view.Utf8Json))
    );

    private static readonly ConcurrentDictionary<string, CalendarDays> Calendars = new(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, PolicyTables> Policies = new(StringComparer.Ordinal);

    /// <summary>
    /// The file of each calendar as the server makes it, with nothing in it yet: making it takes longer than what most tests do with it, so
    /// that each opens a copy, as a server does that is started again.
    /// </summary>
    private static readonly ConcurrentDictionary<string, Lazy<byte[]>> NewFiles = new(StringComparer.Ordinal);

    private readonly string _folder = Directory.CreateTempSubdirectory("care-outcomes-").FullName;
    private readonly List<StoredResource> _changes = [];
    private readonly Dictionary<ResourceKey, int> _versions = [];
    private readonly Dictionary<long, long> _labels = [];
    private readonly CalendarDays _calendar;
    private readonly PolicyTables _policies;
    private MirrorFile _file;
    private long _sequence;

    /// <param name="zone">Of the calendar of the server.</param>
    /// <param name="organizations">What holds in organisations that say so.</param>
    public Outcomes(string zone = "UTC", params (string Id, CarePolicy Policy)[] organizations)
    {
        _calendar = Calendars.GetOrAdd(
            zone,
            name => new CalendarDays(BusinessCalendar.UnitedStates(TimeZoneInfo.FindSystemTimeZoneById(name)))
        );
        Settings = new CareOptions(
            Policy(zone),
            organizations.ToFrozenDictionary(o => o.Id, o => o.Policy, StringComparer.Ordinal)
        );
        _policies =
            organizations.Length == 0
                ? Policies.GetOrAdd(zone, _ => new PolicyTables(Settings))
                : new PolicyTables(Settings);
        System.IO.File.WriteAllBytes(Options.File, NewFiles.GetOrAdd(zone, _ => new(NewFile)).Value);
        _file = MirrorFile.Open(Options, Tables.Value, _calendar, _policies);
    }

    private byte[] NewFile()
    {
        MirrorFile.Open(Options, Tables.Value, _calendar, _policies).Dispose();
        var made = System.IO.File.ReadAllBytes(Options.File);
        MirrorFile.Delete(Options.File);
        return made;
    }

    /// <summary>The calendars and rules of the server and of organisations.</summary>
    public CareOptions Settings { get; }

    /// <summary>Rules in a zone.</summary>
    public static CarePolicy Policy(string zone, params ImmutableArray<CareRules> rules) =>
        new(BusinessCalendar.UnitedStates(TimeZoneInfo.FindSystemTimeZoneById(zone)), rules);

    public AnalyticsOptions Options => new() { File = Path.Combine(_folder, "outcomes.duckdb"), MemoryMegabytes = 256 };

    public MirrorFile File => _file;

    /// <summary>When the next version is stored.</summary>
    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Stores versions, each a second later than the one before.</summary>
    public Outcomes Put(params IEnumerable<string> resources)
    {
        foreach (var json in resources)
        {
            using var parsed = JsonDocument.Parse(json);
            var root = parsed.RootElement;
            Add(
                new ResourceKey(root.GetProperty("resourceType").GetString()!, root.GetProperty("id").GetString()!),
                Encoding.UTF8.GetBytes(json)
            );
        }

        return this;
    }

    /// <summary>All versions, in the order in which they were stored.</summary>
    public IReadOnlyList<StoredResource> Stored => _changes;

    public IReadOnlyList<ResourceKey> StoredKeys => [.. _versions.Keys];

    /// <summary>The next version is stored a second later than this.</summary>
    public Outcomes At(string instant)
    {
        Now = DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture);
        return this;
    }

    public Outcomes Delete(string type, string id)
    {
        Add(new ResourceKey(type, id), null);
        return this;
    }

    /// <summary>Stores bytes that are no resource.</summary>
    public Outcomes Spoil(string type, string id)
    {
        Add(new ResourceKey(type, id), "{\"resourceType\":"u8.ToArray());
        return this;
    }

    /// <summary>Stores a version with labels.</summary>
    public void Label(string resource, long labels)
    {
        Put(resource);
        _labels[_sequence] = labels;
    }

    private void Add(ResourceKey key, byte[]? body)
    {
        var version = _versions[key] = _versions.GetValueOrDefault(key) + 1;
        Now = Now.AddSeconds(1);
        _changes.Add(
            new StoredResource(
                key,
                version,
                Now,
                body is null ? ChangeKind.Delete
                    : version == 1 ? ChangeKind.Create
                    : ChangeKind.Update,
                ++_sequence,
                body
            )
        );
    }

    /// <summary>Takes in what was stored, so many at a time.</summary>
    public Outcomes Follow(int page = int.MaxValue)
    {
        foreach (var part in _changes.Where(change => change.Sequence > _file.Sequence).Chunk(page).ToList())
            _file.Apply([.. part.Select(Told)]);
        return this;
    }

    /// <summary>With the patients whom it names, which of a deletion are those of the version before.</summary>
    private StoredChange Told(StoredResource version)
    {
        var said = version.IsDeleted
            ? _changes.LastOrDefault(before => before.Key == version.Key && before.Version == version.Version - 1)
            : version;
        var patients = PatientMentions.Of(said.Utf8Json.Span);
        if (version.Key.Type == ResourceTypes.Patient)
            patients = [version.Key.Id, .. patients];
        return new StoredChange(version, _labels.GetValueOrDefault(version.Sequence), patients);
    }

    /// <summary>Closes the file, for others to open it.</summary>
    public void Close() => _file.Dispose();

    /// <summary>Another process opens the file.</summary>
    public void Reopen(MirrorTables? tables = null)
    {
        _file.Dispose();
        _file = MirrorFile.Open(Options, tables ?? Tables.Value, _calendar, _policies);
    }

    /// <summary>Fills new tables with everything at once.</summary>
    public void Rebuild()
    {
        _file.Dispose();
        MirrorFile.Delete(Options.File);
        _file = MirrorFile.Open(Options, Tables.Value, _calendar, _policies);
        Follow();
    }

    /// <summary>Rows as text, <c>|</c> between the columns.</summary>
    public List<string> Rows(string sql)
    {
        Follow();
        using var reader = _file.OpenReader();
        return Rows(reader, sql);
    }

    public static List<string> Rows(DuckDBConnection reader, string sql)
    {
        using var command = reader.CreateCommand();
        command.CommandText = sql;
        using var row = command.ExecuteReader();
        var rows = new List<string>();
        while (row.Read())
            rows.Add(
                string.Join(
                    '|',
                    Enumerable
                        .Range(0, row.FieldCount)
                        .Select(i =>
                            row.IsDBNull(i)
                                ? ""
                                : row.GetValue(i) switch
                                {
                                    DateOnly day => day.ToString(
                                        "yyyy-MM-dd",
                                        System.Globalization.CultureInfo.InvariantCulture
                                    ),
                                    DateTime time => time.ToString(
                                        "yyyy-MM-dd'T'HH:mm:ss",
                                        System.Globalization.CultureInfo.InvariantCulture
                                    ),
                                    bool flag => flag ? "true" : "false",
                                    var value => Convert.ToString(
                                        value,
                                        System.Globalization.CultureInfo.InvariantCulture
                                    ),
                                }
                        )
                )
            );
        return rows;
    }

    /// <summary><c>denominator/excluded/numerator</c> of a measure.</summary>
    public string Measure(string id, string start, string end, Func<MeasureQuery, MeasureQuery>? narrow = null)
    {
        var counts = Count(id, start, end, false, narrow)[0];
        return $"{counts.Denominator}/{counts.Excluded}/{counts.Numerator}";
    }

    public List<MeasureCounts> Count(
        string id,
        string start,
        string end,
        bool isStratified,
        Func<MeasureQuery, MeasureQuery>? narrow = null
    )
    {
        Follow();
        using var reader = _file.OpenReader();
        var query = Query(id, start, end);
        return (narrow?.Invoke(query) ?? query).Count(reader, isStratified, default).Value;
    }

    public List<MeasuredPatient> Patients(string id, string start, string end)
    {
        Follow();
        using var reader = _file.OpenReader();
        return Query(id, start, end).Patients(reader, 1000, default).Value;
    }

    /// <summary>Rows of a measure, as its statement gives them, in the order of the columns that are asked for.</summary>
    public List<string> MeasureRows(string id, string start, string end, string columns)
    {
        var sql = MeasureLibrary
            .Find(id)!
            .Sql.Replace("$start::DATE", "$start", StringComparison.Ordinal)
            .Replace("$end::DATE", "$end", StringComparison.Ordinal)
            .Replace("$start", $"DATE '{start}'", StringComparison.Ordinal)
            .Replace("$end", $"DATE '{end}'", StringComparison.Ordinal);
        return Rows($"SELECT {columns} FROM ({sql}) ORDER BY ALL");
    }

    private static MeasureQuery Query(string id, string start, string end) =>
        new(
            MeasureLibrary.Find(id)!,
            DateOnly.ParseExact(start, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            DateOnly.ParseExact(end, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)
        );

    public void Dispose()
    {
        _file.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
