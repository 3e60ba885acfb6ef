using System.Globalization;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Exports;

/// <summary>
/// However many writes go on, an export is what was there at one change: the versions that were current then, each once.
/// docs/adr/0034-a-snapshot-is-a-place-in-the-change-sequence.md
/// </summary>
public abstract class ExportSnapshotTests(bool isPostgreSql) : IAsyncLifetime
{
    private const int Patients = 400;
    private ServerDatabase _database = null!;
    private TestServer _server = null!;

    public sealed class OnSqlite() : ExportSnapshotTests(isPostgreSql: false);

    public sealed class OnPostgreSql() : ExportSnapshotTests(isPostgreSql: true);

    public async ValueTask InitializeAsync()
    {
        _database = await ServerDatabase.NewAsync(isPostgreSql);
        _server = await TestServer.StartAsync([
            .. _database.Settings,
            $"--Exports:Folder={Path.Combine(_database.Folder, "exports")}",
            // Many small files, so that writes come between them.
            "--Exports:FileResources=25",
            "--Exports:MaxRunning=50",
        ]);
        foreach (var i in Enumerable.Range(0, Patients))
            await PutAsync(i, 0);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("$export?_type=Patient,Observation")]
    [InlineData("Patient/$export?_type=Patient,Observation")]
    [InlineData("$export?_type=Patient,Observation&_typeFilter=Patient%3Ffamily=even")]
    [InlineData("$export?_type=Patient,Observation&_since=2020-01-01T00:00:00Z")]
    public async Task The_versions_are_those_of_the_moment_it_was_asked_for(string path)
    {
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(w => Task.Run(() => WriteAsync(w, stop.Token))).ToList();
        await Task.Delay(200, TestContext.Current.CancellationToken);

        // The moment is not later than the answer, and not earlier than the last write before the request.
        var before = await _server.PutAsync("Patient/marker", Patient("marker", "even", 0));
        var status = await _server.BeginAsync(path);
        var exported = await _server.ReadAsync((await _server.EndAsync(status)).ShouldBe(200));
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        var taken = DateTimeOffset.Parse(exported.TransactionTime, CultureInfo.InvariantCulture);
        Assert.True(taken >= before.Json.GetProperty("meta").GetProperty("lastUpdated").GetDateTimeOffset());
        var asOf = await AsOfAsync(status);
        Assert.Equal(
            await VersionsAsync(asOf, path.Contains("family=even", StringComparison.Ordinal)),
            exported.Versions
        );
        if (path.Contains("_since", StringComparison.Ordinal))
            Assert.Equal(await DeletedAsync(asOf), exported.Deleted.Order(StringComparer.Ordinal));
        // Writes did go on.
        Assert.True(await _database.CountAsync($"\"ResourceVersion\" WHERE \"Sequence\" > {asOf}") > 20);
    }

    [Fact]
    public async Task One_export_after_the_other_misses_nothing()
    {
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 3).Select(w => Task.Run(() => WriteAsync(w, stop.Token))).ToList();
        var known = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var since = "2020-01-01T00:00:00Z";
        for (var i = 0; i < 5; i++)
        {
            if (i == 4)
            {
                await stop.CancelAsync();
                await Task.WhenAll(writers);
            }

            var exported = await _server.ExportAsync($"$export?_type=Patient,Observation&_since={since}");
            foreach (var version in exported.Versions)
                known[version[..version.LastIndexOf('/')]] = version;
            foreach (var gone in exported.Deleted)
                known.Remove(gone);
            since = exported.TransactionTime;
        }

        Assert.Equal(await VersionsAsync(long.MaxValue, onlyEven: false), known.Values);
    }

    private async Task WriteAsync(int writer, CancellationToken stop)
    {
        var random = new Random(writer);
        for (var round = 1; !stop.IsCancellationRequested; round++)
        {
            var i = random.Next(Patients);
            switch (random.Next(10))
            {
                case 0:
                    await _server.DeleteAsync($"Observation/o{i}");
                    break;
                case 1:
                    var id = $"new-{writer}-{round}";
                    await _server.PutAsync($"Patient/{id}", Patient(id, "even", round));
                    break;
                default:
                    await PutAsync(i, round);
                    break;
            }
        }
    }

    private async Task PutAsync(int i, int round)
    {
        await _server.PutAsync($"Patient/p{i}", Patient($"p{i}", (i + round) % 2 == 0 ? "even" : "odd", round));
        await _server.PutAsync(
            $"Observation/o{i}",
            $$$"""{"resourceType":"Observation","id":"o{{{i}}}","status":"final","code":{"text":"{{{round}}}"},"subject":{"reference":"Patient/p{{{i}}}"}}"""
        );
    }

    private static string Patient(string id, string family, int round) =>
        $$"""{"resourceType":"Patient","id":"{{id}}","name":[{"family":"{{family}}","given":["{{round}}"]}]}""";

    /// <summary>The change that an export is of, as its job has it.</summary>
    private async Task<long> AsOfAsync(string status)
    {
        var arguments = (byte[])
            (
                await _database.ScalarAsync(
                    $"""SELECT "Arguments" FROM "Job" WHERE "JobId" = '{status.Split('/')[^2]}'"""
                )
            )!;
        return System.Text.Json.JsonDocument.Parse(arguments).RootElement.GetProperty("AsOf").GetInt64();
    }

    /// <summary>By the bytes of all versions, read by no code of the server.</summary>
    private async Task<List<string>> VersionsAsync(long asOf, bool onlyEven)
    {
        var texts = await BodiesAsync(asOf, isDeletion: false);
        return
        [
            .. texts
                .Select(text => System.Text.Json.JsonDocument.Parse(text).RootElement)
                .Where(r => ExportKit.TypeOf(r) is "Patient" or "Observation")
                .Where(r =>
                    !onlyEven
                    || ExportKit.TypeOf(r) != "Patient"
                    || r.GetProperty("name")[0].GetProperty("family").GetString() == "even"
                )
                .Select(r =>
                    $"{ExportKit.TypeOf(r)}/{r.GetProperty("id").GetString()}/{r.GetProperty("meta").GetProperty("versionId").GetString()}"
                )
                .Order(StringComparer.Ordinal),
        ];
    }

    private async Task<List<string>> DeletedAsync(long asOf) =>
        [
            .. (await BodiesAsync(asOf, isDeletion: true))
                .Where(id => id.StartsWith('o'))
                .Select(id => $"Observation/{id}")
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Of the last version of each resource up to a change: its text, or the id of one that was deleted.</summary>
    private async Task<List<string>> BodiesAsync(long asOf, bool isDeletion)
    {
        var column =
            isDeletion ? "h.\"Id\""
            : isPostgreSql ? "convert_from(v.\"Body\", 'UTF8')"
            : "CAST(v.\"Body\" AS TEXT)";
        var separator = isPostgreSql ? "string_agg(t.x, chr(10))" : "group_concat(t.x, char(10))";
        var text = await _database.ScalarAsync(
            $"""
            SELECT {separator} FROM (SELECT {column} AS x FROM "ResourceVersion" v JOIN "Resource" h ON h."Key" = v."ResourceKey"
            WHERE v."Change" {(
                isDeletion ? "=" : "<>"
            )} 3 AND v."Sequence" = (SELECT MAX(n."Sequence") FROM "ResourceVersion" n
            WHERE n."ResourceKey" = v."ResourceKey" AND n."Sequence" <= {asOf})) t
            """
        );
        return text is string found ? [.. found.Split('\n')] : [];
    }
}
