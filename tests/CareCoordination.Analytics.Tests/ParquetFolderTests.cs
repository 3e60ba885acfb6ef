using CareCoordination.Analytics.Folders;
using DuckDB.NET.Data;
using Parquet;

namespace CareCoordination.Analytics.Tests;

/// <summary>The folder of Parquet: each table as it is asked here, by whoever reads it, whole at any time.</summary>
public sealed class ParquetFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("care-parquet-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_table_has_the_rows_that_are_asked_here(bool isShared)
    {
        using var outcomes = Some();
        outcomes.Close();

        var manifest = Write(outcomes, isShared);

        using var reader = new DuckDBConnection("Data Source=:memory:");
        reader.Open();
        Execute(reader, $"ATTACH '{outcomes.Options.File}' AS own (READ_ONLY)");
        Assert.True(manifest.Tables.Length > 40);
        Execute(reader, $"USE own.{(isShared ? "shared" : "main")}");
        foreach (var table in manifest.Tables)
        {
            var own = $"SELECT * FROM \"{table.Name}\"";
            var files = $"SELECT * FROM read_parquet('{_folder}/{table.Name}/**/*.parquet', hive_partitioning = false)";
            Assert.Equal(
                [$"{table.Rows}|0|0"],
                Outcomes.Rows(
                    reader,
                    $"SELECT (SELECT count(*) FROM ({files})), (SELECT count(*) FROM ({own} EXCEPT ALL {files})), (SELECT count(*) FROM ({files} EXCEPT ALL {own}))"
                )
            );
        }

        Assert.Equal(isShared ? 3 : 4, manifest.Tables.Single(table => table.Name == "service_request").Rows);
    }

    [Fact]
    public async Task Rows_lie_in_the_folder_of_their_month()
    {
        using var outcomes = Some();
        outcomes.Close();

        Write(outcomes, isShared: false);

        Assert.Equal(
            ["month=2025-12", "month=2026-02", "month=unknown"],
            Directory.GetDirectories(Path.Combine(_folder, "service_request")).Select(Path.GetFileName).Order()
        );
        // A table without a row has its columns too; one without days has no months.
        Assert.Equal(
            ["month=unknown"],
            Directory.GetDirectories(Path.Combine(_folder, "observation")).Select(Path.GetFileName)
        );
        Assert.Empty(Directory.GetDirectories(Path.Combine(_folder, "patient")));
        foreach (var file in Directory.GetFiles(_folder, "*.parquet", SearchOption.AllDirectories))
        {
            await using var stream = File.OpenRead(file);
            await using var parquet = await ParquetReader.CreateAsync(
                stream,
                cancellationToken: TestContext.Current.CancellationToken
            );
            Assert.NotEmpty(parquet.Schema.Fields);
        }
    }

    [Fact]
    public void What_is_new_takes_the_place_of_what_was_there()
    {
        using var outcomes = Some();
        outcomes.Close();
        Write(outcomes, isShared: false);
        var before = Directory.GetFiles(Path.Combine(_folder, "service_request"), "*", SearchOption.AllDirectories);
        outcomes.Reopen();
        outcomes.Delete("ServiceRequest", "in-february").Follow();
        outcomes.Close();

        var manifest = Write(outcomes, isShared: false);

        Assert.Equal(3, manifest.Tables.Single(table => table.Name == "service_request").Rows);
        Assert.False(Directory.Exists(Path.Combine(_folder, "service_request", "month=2026-02")));
        // Who reads the files of before can go on.
        Assert.All(
            before,
            file => Assert.True(File.Exists(Path.Combine(_folder, ".previous", Path.GetRelativePath(_folder, file))))
        );
    }

    [Fact]
    public void What_was_left_half_written_is_written_anew()
    {
        using var outcomes = Some();
        outcomes.Close();
        Directory.CreateDirectory(Path.Combine(_folder, ".writing", "task"));
        File.WriteAllText(Path.Combine(_folder, ".writing", "task", "data_0.parquet"), "half");

        Write(outcomes, isShared: false);

        Assert.False(Directory.Exists(Path.Combine(_folder, ".writing")));
        Assert.True(File.Exists(Path.Combine(_folder, ParquetFolder.Manifest)));
    }

    [Fact]
    public void Where_it_ends_before_all_is_written_what_was_there_stays()
    {
        using var outcomes = Some();
        outcomes.Close();
        Write(outcomes, isShared: false);
        var before = Directory.GetFiles(_folder, "*.parquet", SearchOption.AllDirectories);
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() =>
            new ParquetFolder(outcomes.Options).Write(_folder, isShared: false, _ => stop.Cancel(), stop.Token)
        );

        Assert.All(before, file => Assert.True(File.Exists(file)));
    }

    [Fact]
    public void A_folder_with_files_of_others_is_not_written_to()
    {
        Assert.Null(ParquetFolder.WhyNot(_folder));
        Assert.Null(ParquetFolder.WhyNot(Path.Combine(_folder, "new")));
        File.WriteAllText(Path.Combine(_folder, ".tables.duckdb"), "");
        Assert.Null(ParquetFolder.WhyNot(_folder));
        File.WriteAllText(Path.Combine(_folder, "thesis.txt"), "x");
        Assert.Contains("other files", ParquetFolder.WhyNot(_folder));
        Assert.Contains("is a file", ParquetFolder.WhyNot(Path.Combine(_folder, "thesis.txt")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("half of a manif")]
    [InlineData("""{"tables":[{"name":"../thesis","rows":1}]}""")]
    public void What_is_no_list_of_tables_is_not_followed(string manifest)
    {
        File.WriteAllText(Path.Combine(_folder, ParquetFolder.Manifest), manifest);

        Assert.Contains("is no list of tables", ParquetFolder.WhyNot(_folder));
    }

    /// <summary>Four referrals, of which one is of somebody who denies it; one without a day.</summary>
    private static Outcomes Some()
    {
        var outcomes = new Outcomes();
        return outcomes
            .Put(
                """{"resourceType":"Patient","id":"a","birthDate":"1950-01-01"}""",
                """{"resourceType":"Patient","id":"b"}""",
                """{"resourceType":"Consent","id":"c","status":"active","scope":{"coding":[{"code":"patient-privacy"}]},"category":[{"text":"x"}],"patient":{"reference":"Patient/b"},"provision":{"type":"deny"}}""",
                Care.Referral("in-december", "a", "2025-12-31"),
                Care.Referral("in-february", "a", "2026-02-01"),
                Care.Referral("denied", "b", "2025-12-31"),
                """{"resourceType":"ServiceRequest","id":"without","status":"active","intent":"order","subject":{"reference":"Patient/a"}}""",
                Care.Task("t", "a", "requested"),
                Care.Task("t", "a", "completed")
            )
            .Follow();
    }

    private FolderManifest Write(Outcomes outcomes, bool isShared) =>
        new ParquetFolder(outcomes.Options).Write(_folder, isShared, _ => { }, TestContext.Current.CancellationToken);

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
