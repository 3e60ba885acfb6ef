using CareCoordination.Server.Tests.Kit;
using Microsoft.Data.Sqlite;

namespace CareCoordination.Server.Tests;

/// <summary>A backup is put in the place of the database while the server runs.</summary>
public sealed class WentBackTests : IAsyncLifetime
{
    private const int Many = 40;

    private readonly string _folder = Directory.CreateTempSubdirectory("care-back-").FullName;
    private TestServer _server = null!;

    private string File => Path.Combine(_folder, "test.db");

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.StartAsync([$"--ConnectionStrings:CareCoordination=Data Source={File}"], _folder);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_clients_send_of_lost_patients_is_found_at_no_new_one(bool isRenamed)
    {
        (await _server.PutAsync("Patient/kept", """{"resourceType":"Patient","id":"kept"}""")).ShouldBe(201);
        await CopyAsync(File, $"{File}.backup");
        for (var i = 0; i < Many; i++)
        {
            (
                await _server.PutAsync($"Patient/lost-{i}", $$"""{"resourceType":"Patient","id":"lost-{{i}}"}""")
            ).ShouldBe(201);
            await ObserveAsync($"lost-{i}");
        }

        await RestoreAsync(isRenamed);

        (await _server.GetAsync("/health/ready")).ShouldBe(200);
        (await _server.GetAsync("Patient/lost-0")).ShouldBe(404);
        var created = new List<string>();
        for (var i = 0; i < Many; i++)
            created.Add((await _server.PostAsync("Patient", """{"resourceType":"Patient"}""")).ShouldBe(201).Id);
        for (var i = 0; i < Many; i++)
            await ObserveAsync($"lost-{i}");

        foreach (var id in created)
        {
            Assert.Empty((await _server.GetAsync($"Observation?subject=Patient/{id}")).ShouldBe(200).Resources);
            var everything = (await _server.GetAsync($"Patient/{id}/$everything")).ShouldBe(200);
            Assert.Equal([id], everything.Resources.Select(r => r.GetProperty("id").GetString()!));
        }

        for (var i = 0; i < Many; i++)
            Assert.Single((await _server.GetAsync($"Observation?subject=Patient/lost-{i}")).ShouldBe(200).Resources);
        (await _server.GetAsync("Patient/kept")).ShouldBe(200);
    }

    [Fact]
    public async Task What_is_acknowledged_after_it_is_in_the_new_file()
    {
        (await _server.PutAsync("Patient/kept", """{"resourceType":"Patient","id":"kept"}""")).ShouldBe(201);
        await CopyAsync(File, $"{File}.backup");
        await RestoreAsync(isRenamed: true);

        (await _server.PutAsync("Patient/after", """{"resourceType":"Patient","id":"after"}""")).ShouldBe(201);

        await using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = """SELECT COUNT(*) FROM "Resource" WHERE "Id" IN ('kept', 'after')""";
        Assert.Equal(2L, await command.ExecuteScalarAsync());
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ObserveAsync(string patient) =>
        (
            await _server.PostAsync(
                "Observation",
                $$$"""
                {"resourceType":"Observation","status":"final","code":{"text":"c"},
                 "subject":{"reference":"Patient/{{{patient}}}"}}
                """
            )
        ).ShouldBe(201);

    private async Task RestoreAsync(bool isRenamed)
    {
        if (!isRenamed)
        {
            await CopyAsync($"{File}.backup", File);
            return;
        }

        System.IO.File.Delete($"{File}-wal");
        System.IO.File.Delete($"{File}-shm");
        System.IO.File.Move($"{File}.backup", File, overwrite: true);
    }

    private static async Task CopyAsync(string from, string to)
    {
        await using var source = new SqliteConnection($"Data Source={from};Pooling=False");
        await using var target = new SqliteConnection($"Data Source={to};Pooling=False");
        await source.OpenAsync();
        await target.OpenAsync();
        source.BackupDatabase(target);
    }
}
