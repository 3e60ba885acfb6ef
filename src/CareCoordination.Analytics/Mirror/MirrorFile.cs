using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Analytics.Settings;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Views.Plans;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Mirror;

/// <summary>
/// The tables in their file, and up to which change they are. Nothing outside the file can be reached from its SQL: no other file, no
/// extension, no network, and no setting can be changed. https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
/// </summary>
internal sealed class MirrorFile : IDisposable
{
    private readonly DuckDBConnection _writer;
    private readonly ImmutableArray<MirrorTable> _tables;
    private readonly CalendarDays _calendar;
    private readonly PolicyTables _policies;
    private readonly string _connection;

    private MirrorFile(
        string connection,
        DuckDBConnection writer,
        ImmutableArray<MirrorTable> tables,
        CalendarDays calendar,
        PolicyTables policies
    ) => (_connection, _writer, _tables, _calendar, _policies) = (connection, writer, tables, calendar, policies);

    /// <summary>The last change that is in the tables; 0: none is.</summary>
    public long Sequence { get; private set; }

    /// <summary>When that change was made; null: there is none.</summary>
    public DateTimeOffset? AsOf { get; private set; }

    /// <summary>How often a resource could not be shown in a table as it is, since the file was opened.</summary>
    public long Problems { get; private set; }

    /// <summary>Which change it was: a database that went back to a backup has another one in its place.</summary>
    private string? _last;

    /// <summary>True where the change is the last one that is in the tables.</summary>
    public bool IsLast(StoredResource change) => change.Sequence == Sequence && Name(change) == _last;

    private static string Name(StoredResource change) =>
        string.Create(CultureInfo.InvariantCulture, $"{change.Key}/{change.Version}/{change.LastUpdated.UtcTicks}");

    /// <summary>Opens the file; one that is broken, or of other tables, is made anew.</summary>
    public static MirrorFile Open(
        AnalyticsOptions options,
        MirrorTables tables,
        CalendarDays calendar,
        PolicyTables policies
    )
    {
        try
        {
            return Connect(options, tables, calendar, policies) ?? Renew();
        }
        catch (DuckDBException e) when (EngineTrouble.IsBroken(e))
        {
            return Renew();
        }

        MirrorFile Renew()
        {
            Delete(options.File);
            return Connect(options, tables, calendar, policies)!;
        }
    }

    /// <summary>Removes the file: what it was made of is stored elsewhere.</summary>
    public static void Delete(string file)
    {
        File.Delete(file);
        File.Delete(file + ".wal");
    }

    /// <summary>For one question: it reads, and writes nothing.</summary>
    /// <param name="isShared">True: of what may be shown to those who do not see everything.</param>
    public DuckDBConnection OpenReader(bool isShared = false)
    {
        var reader = new DuckDBConnection(_connection);
        reader.Open();
        if (isShared)
            Execute(reader, $"USE {MirrorTable.Shared}");
        Execute(reader, "BEGIN TRANSACTION READ ONLY");
        return reader;
    }

    /// <summary>
    /// Takes changes in, all of them or none where the file or the engine fails. A resource that cannot be taken in keeps no other from it: it
    /// has no rows, and is counted.
    /// </summary>
    public void Apply(ImmutableArray<StoredChange> changes)
    {
        if (changes.IsEmpty)
            return;
        try
        {
            Apply(changes, refused: null);
        }
        catch (Exception e) when (!EngineTrouble.Is(e))
        {
            // Which of them it is shows by halves.
            var half = changes.Length / 2;
            if (half == 0)
            {
                Apply(changes, refused: $"It cannot be read: {e.GetType().Name}.");
                return;
            }

            Apply(changes[..half]);
            Apply(changes[half..]);
        }
    }

    /// <param name="refused">Why there are to be no rows of them; null: there are.</param>
    private void Apply(ImmutableArray<StoredChange> changes, string? refused)
    {
        Execute(_writer, "BEGIN");
        try
        {
            foreach (var ofType in changes.GroupBy(change => change.Resource.Key.Type, StringComparer.Ordinal))
                Apply(ofType.Key, [.. ofType], refused);
            // By merges a denial is of other records too.
            if (changes.Any(change => change.Resource.Key.Type is ResourceTypes.Consent or ResourceTypes.Patient))
                Execute(_writer, MirrorTable.FillDenied);
            var last = changes[^1].Resource;
            Execute(
                _writer,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"UPDATE mirror_state SET sequence = {last.Sequence}, as_of = '{last.LastUpdated:yyyy-MM-dd HH:mm:ss.fff}+00', last = '{Name(last)}'"
                )
            );
            Execute(_writer, "COMMIT");
            (Sequence, AsOf, _last) = (last.Sequence, last.LastUpdated, Name(last));
        }
        catch
        {
            Execute(_writer, "ROLLBACK");
            throw;
        }
    }

    public void Dispose() => _writer.Dispose();

    private static MirrorFile? Connect(
        AnalyticsOptions options,
        MirrorTables tables,
        CalendarDays calendar,
        PolicyTables policies
    )
    {
        if (Path.GetDirectoryName(options.File) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        var connection =
            $"Data Source={options.File};memory_limit={options.MemoryMegabytes}MB;threads={options.Threads};enable_external_access=false;"
            + "autoinstall_known_extensions=false;autoload_known_extensions=false;lock_configuration=true";
        var writer = new DuckDBConnection(connection);
        try
        {
            writer.Open();
            var file = new MirrorFile(connection, writer, tables.All, calendar, policies);
            if (file.Prepare(tables))
            {
                file.FillPolicies();
                return file;
            }
        }
        catch
        {
            writer.Dispose();
            throw;
        }

        writer.Dispose();
        return null;
    }

    /// <summary>False: the tables in the file are others.</summary>
    private bool Prepare(MirrorTables tables)
    {
        var fingerprint = tables.FingerprintIn(_calendar);
        if (Count("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'mirror_state'") == 0)
        {
            Execute(_writer, "BEGIN");
            Execute(_writer, $"CREATE SCHEMA {MirrorTable.Stored}");
            Execute(_writer, MirrorTable.CreateDenied);
            foreach (var table in _tables)
            {
                Execute(_writer, table.Create);
                Execute(_writer, table.CreateView);
            }

            Execute(
                _writer,
                "CREATE TABLE mirror_problem (resource_type VARCHAR, resource_id VARCHAR, table_name VARCHAR, problem VARCHAR)"
            );
            Execute(
                _writer,
                "CREATE TABLE mirror_state (fingerprint VARCHAR, sequence BIGINT, as_of TIMESTAMPTZ, last VARCHAR)"
            );
            foreach (var sql in PolicyTables.Create)
                Execute(_writer, sql);
            CodeSets.Fill(_writer);
            _calendar.Fill(_writer);
            foreach (var sql in tables.Sql)
                Execute(_writer, sql);
            Execute(_writer, $"CREATE SCHEMA {MirrorTable.Shared}");
            foreach (var table in _tables)
                Execute(_writer, table.CreateShared);
            Execute(_writer, $"USE {MirrorTable.Shared}");
            foreach (var sql in tables.Sql)
                Execute(_writer, sql);
            Execute(_writer, "USE main");
            Execute(_writer, $"INSERT INTO mirror_state VALUES ('{fingerprint}', 0, NULL, NULL)");
            Execute(_writer, "COMMIT");
            return true;
        }

        using var command = _writer.CreateCommand();
        command.CommandText = "SELECT fingerprint, sequence, as_of, last FROM mirror_state";
        using var row = command.ExecuteReader();
        if (!row.Read() || row.GetString(0) != fingerprint)
            return false;
        Sequence = row.GetInt64(1);
        AsOf = row.IsDBNull(2) ? null : new DateTimeOffset(row.GetDateTime(2), TimeSpan.Zero);
        _last = row.IsDBNull(3) ? null : row.GetString(3);
        return true;
    }

    /// <summary>Settings may be others than when the file was made.</summary>
    private void FillPolicies()
    {
        Execute(_writer, "BEGIN");
        Execute(_writer, PolicyTables.Clear);
        _policies.Fill(_writer);
        Execute(_writer, "COMMIT");
    }

    private void Apply(string resourceType, IReadOnlyList<StoredChange> changes, string? refused)
    {
        var tables = _tables.Where(table => table.ResourceType == resourceType).ToList();
        if (tables.Count == 0)
            return;
        var current = changes
            .GroupBy(change => change.Resource.Key.Id, StringComparer.Ordinal)
            .Select(of => of.Last())
            .ToList();
        Forget(resourceType, tables, current);
        var problems = new List<TableProblem>();
        if (refused is not null)
            problems.AddRange(
                from table in tables
                from change in changes
                select new TableProblem(change.Resource, table, refused, HasRows: false)
            );
        else
            Append(tables, changes, current, problems);
        foreach (var problem in problems)
            Add(problem);
    }

    private void Append(
        List<MirrorTable> tables,
        IReadOnlyList<StoredChange> changes,
        List<StoredChange> current,
        List<TableProblem> problems
    )
    {
        var documents = new Dictionary<long, ResourceDocument>();
        foreach (var (change, _, _) in tables.Exists(table => table.KeepsVersions) ? changes : current)
        {
            if (!change.IsDeleted)
                documents[change.Sequence] = ResourceDocument.Parse(change.Utf8Json).Value;
        }

        foreach (var table in tables)
            Append(table, table.KeepsVersions ? changes : current, documents, problems);
    }

    /// <summary>The rows of versions that are not current any more.</summary>
    private void Forget(string resourceType, List<MirrorTable> tables, List<StoredChange> current)
    {
        // Of what is new there are no rows, and most of a first fill is new.
        if (current.TrueForAll(change => change.Resource.Change == ChangeKind.Create))
            return;
        Execute(_writer, "CREATE TEMP TABLE IF NOT EXISTS changed (id VARCHAR); TRUNCATE changed");
        using (var appender = _writer.CreateAppender("temp", "main", "changed"))
        {
            foreach (var change in current)
                appender.CreateRow().AppendValue(change.Resource.Key.Id).EndRow();
        }

        foreach (var table in tables.Where(table => !table.KeepsVersions))
            Execute(
                _writer,
                $"DELETE FROM {table.StoredName} WHERE \"{MirrorTable.Resource}\" IN (SELECT id FROM temp.changed)"
            );
        Execute(
            _writer,
            $"DELETE FROM mirror_problem WHERE resource_type = '{resourceType}' AND resource_id IN (SELECT id FROM temp.changed)"
        );
    }

    private void Append(
        MirrorTable table,
        IReadOnlyList<StoredChange> versions,
        Dictionary<long, ResourceDocument> documents,
        List<TableProblem> problems
    )
    {
        using var appender = new RowAppender(
            table,
            _writer.CreateAppender(MirrorTable.Stored, table.Name),
            _calendar.Zone
        );
        foreach (var change in versions)
        {
            appender.Change = change;
            var version = change.Resource;
            if (version.IsDeleted)
            {
                if (table.KeepsVersions)
                    appender.Deleted();
                continue;
            }

            var failure = new ViewRun(table.Plan, appender, new WorkBudget()).Add(documents[version.Sequence]);
            if (failure is not null)
                problems.Add(
                    new(version, table, failure.Issues[0].Diagnostics ?? "It cannot be shown.", HasRows: false)
                );
            else if (appender.HasLost)
                problems.Add(new(version, table, "A number is too large for a column.", HasRows: true));
        }
    }

    /// <summary>Keeps what is wrong; rows that had come before it was found are taken back.</summary>
    private void Add(TableProblem problem)
    {
        var (version, table, text, hasRows) = problem;
        Problems++;
        if (!hasRows)
            Execute(
                $"DELETE FROM {table.StoredName} WHERE \"{MirrorTable.Resource}\" = $id"
                    + (table.KeepsVersions ? " AND _sequence = $sequence" : ""),
                [
                    ("id", version.Key.Id),
                    .. table.KeepsVersions ? [("sequence", version.Sequence)] : Array.Empty<(string, object)>(),
                ]
            );
        Execute(
            "INSERT INTO mirror_problem VALUES ($type, $id, $table, $problem)",
            [("type", version.Key.Type), ("id", version.Key.Id), ("table", table.Name), ("problem", text)]
        );
    }

    private void Execute(string sql, ImmutableArray<(string Name, object Value)> values)
    {
        using var command = _writer.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.Add(new DuckDBParameter(name, value));
        command.ExecuteNonQuery();
    }

    private long Count(string sql)
    {
        using var command = _writer.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

/// <summary>What a table does not show of a version.</summary>
/// <param name="HasRows">True: rows of it are there, with a cell that is empty; false: there are none.</param>
internal sealed record TableProblem(StoredResource Version, MirrorTable Table, string Text, bool HasRows);
