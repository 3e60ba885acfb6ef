using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Analytics.Mirror;
using CareCoordination.Analytics.Settings;
using DuckDB.NET.Data;

namespace CareCoordination.Analytics.Folders;

/// <summary>
/// The tables of outcomes as a folder of Parquet, in the layout that other engines read: a folder for each table, in it one for each month,
/// named as Hive names partitions. Whoever outgrows one machine points an engine at it. docs/parquet.md
/// </summary>
/// <param name="options">Whose file the tables are in; nobody has it open.</param>
public sealed class ParquetFolder(AnalyticsOptions options)
{
    /// <summary>Is written last, and says what there is: whoever reads it reads a folder that is whole.</summary>
    public const string Manifest = "_manifest.json";

    /// <summary>The column by which rows are divided: the month of a day as <c>2026-11</c>.</summary>
    public const string Partition = "month";

    /// <summary>The month of rows without a day.</summary>
    public const string NoMonth = "unknown";

    // Names that start with a dot are passed over by those who read folders.
    private const string Writing = ".writing";
    private const string Previous = ".previous";
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Why the folder is not written to; null: it may be.</summary>
    public static string? WhyNot(string folder)
    {
        if (File.Exists(folder))
            return $"{folder} is a file: name a folder.";
        var manifest = Path.Combine(folder, Manifest);
        if (!Directory.Exists(folder))
            return null;
        if (File.Exists(manifest))
            return Read(manifest) is null
                ? $"{manifest} is no list of tables that was written by this: remove it and the tables beside it, or name another folder."
                : null;
        return Directory.EnumerateFileSystemEntries(folder).Any(entry => Path.GetFileName(entry)[0] != '.')
            ? $"{folder} has other files in it: name an empty folder, or one that was written by this before."
            : null;
    }

    /// <summary>
    /// Writes all tables, and has them take the place of those that were there when each is whole. What was there is kept until the next time,
    /// so that whoever reads it now can go on.
    /// </summary>
    /// <param name="isShared">True: without what is labelled or denied, as for those who do not see everything.</param>
    /// <param name="report">Hears of each table that is written.</param>
    public FolderManifest Write(
        string folder,
        bool isShared,
        Action<FolderTable> report,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(folder);
        var writing = Path.Combine(folder, Writing);
        Clear(writing);
        Clear(Path.Combine(folder, Previous));
        using var connection = Open();
        var schema = isShared ? MirrorTable.Shared : "main";
        Execute(connection, $"USE {schema}");
        var tables = ImmutableArray.CreateBuilder<FolderTable>();
        foreach (var (name, day) in TablesOf(connection, schema))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var table = Write(connection, Path.Combine(writing, name), name, day);
            tables.Add(table);
            report(table);
        }

        var manifest = new FolderManifest(AsOf(connection), isShared, tables.ToImmutable());
        Publish(folder, manifest);
        return manifest;
    }

    private DuckDBConnection Open()
    {
        var connection = new DuckDBConnection(
            $"Data Source={options.File};access_mode=READ_ONLY;memory_limit={options.MemoryMegabytes}MB;threads={options.Threads};"
                + "autoinstall_known_extensions=false;autoload_known_extensions=false"
        );
        connection.Open();
        return connection;
    }

    /// <summary>The tables, each with the day that its rows are divided by; null: they are not.</summary>
    private static List<(string Name, string? Day)> TablesOf(DuckDBConnection connection, string schema)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT t.table_name, (
                SELECT arg_min(c.column_name, c.ordinal_position) FROM information_schema.columns c
                WHERE c.table_catalog = t.table_catalog AND c.table_schema = t.table_schema AND c.table_name = t.table_name AND c.data_type = 'DATE'
                AND c.column_name SIMILAR TO '(.*_)?day' AND c.column_name NOT SIMILAR TO '(birth|deceased|last_updated|until).*')
            FROM information_schema.tables t
            WHERE t.table_catalog = current_database() AND t.table_schema = '{schema}' AND NOT starts_with(t.table_name, 'mirror_') AND t.table_name NOT IN ('person', 'calendar_day', 'denied', 'denial')
            UNION ALL SELECT * FROM (VALUES ('person', NULL), ('calendar_day', NULL))
            ORDER BY 1
            """;
        using var rows = command.ExecuteReader();
        var tables = new List<(string, string?)>();
        while (rows.Read())
            tables.Add((rows.GetString(0), rows.IsDBNull(1) ? null : rows.GetString(1)));
        return tables;
    }

    private static FolderTable Write(DuckDBConnection connection, string folder, string name, string? day)
    {
        Directory.CreateDirectory(folder);
        var rows = day is null
            ? Copy(connection, $"SELECT * FROM \"{name}\"", Path.Combine(folder, "data_0.parquet"), "")
            : Copy(
                connection,
                $"SELECT *, coalesce(strftime(\"{day}\", '%Y-%m'), '{NoMonth}') AS {Partition} FROM \"{name}\"",
                folder,
                $", PARTITION_BY ({Partition}), OVERWRITE_OR_IGNORE"
            );
        // Without a file nobody could tell the columns.
        if (day is not null && rows == 0)
        {
            var only = Path.Combine(folder, $"{Partition}={NoMonth}");
            Directory.CreateDirectory(only);
            Copy(connection, $"SELECT * FROM \"{name}\"", Path.Combine(only, "data_0.parquet"), "");
        }

        return new FolderTable(name, rows, day)
        {
            Files = Directory.GetFiles(folder, "*.parquet", SearchOption.AllDirectories).Length,
        };
    }

    private static long Copy(DuckDBConnection connection, string select, string to, string options)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            $"COPY ({select}) TO '{to.Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet, COMPRESSION zstd{options})";
        return command.ExecuteNonQuery();
    }

    private static DateTimeOffset? AsOf(DuckDBConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT as_of FROM main.mirror_state";
        return command.ExecuteScalar() is DateTime asOf ? new DateTimeOffset(asOf, TimeSpan.Zero) : null;
    }

    private static void Publish(string folder, FolderManifest manifest)
    {
        var (writing, previous) = (Path.Combine(folder, Writing), Path.Combine(folder, Previous));
        var manifestFile = Path.Combine(folder, Manifest);
        var before = File.Exists(manifestFile) ? Read(manifestFile)?.Tables ?? [] : [];
        Directory.CreateDirectory(previous);
        foreach (var name in before.Concat(manifest.Tables).Select(table => table.Name).Distinct())
        {
            var place = Path.Combine(folder, name);
            if (Directory.Exists(place))
                Directory.Move(place, Path.Combine(previous, name));
            if (Directory.Exists(Path.Combine(writing, name)))
                Directory.Move(Path.Combine(writing, name), place);
        }

        Directory.Delete(writing, recursive: true);
        var whole = Path.Combine(folder, ".manifest");
        File.WriteAllBytes(whole, JsonSerializer.SerializeToUtf8Bytes(manifest, Written));
        File.Move(whole, manifestFile, overwrite: true);
    }

    /// <summary>Null where it is none.</summary>
    private static FolderManifest? Read(string file)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<FolderManifest>(File.ReadAllBytes(file), Written);
            // What is moved away by it are folders beside it.
            return
                manifest is { Tables.IsDefault: false }
                && manifest.Tables.All(table => Path.GetFileName(table.Name) == table.Name)
                ? manifest
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

/// <summary>What a folder has.</summary>
/// <param name="AsOf">The last change that is in it; null: nothing is stored.</param>
/// <param name="IsShared">It has nothing that is labelled or denied.</param>
public sealed record FolderManifest(DateTimeOffset? AsOf, bool IsShared, ImmutableArray<FolderTable> Tables);

/// <summary>A table of a folder.</summary>
/// <param name="Day">The column whose month divides it; null: it is not divided.</param>
public sealed record FolderTable(string Name, long Rows, string? Day)
{
    public int Files { get; init; }
}
