using System.Text;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Import;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests;

/// <summary>What needs more rows than one transaction of the database may hold is refused before anybody waits for it.</summary>
public abstract class TooLargeTests : IAsyncLifetime
{
    public sealed class OnSqlite : TooLargeTests
    {
        protected override Task<TestServer> StartAsync(string limit) => TestServer.OnSqliteAsync(limit);
    }

    public sealed class OnPostgreSql : TooLargeTests
    {
        protected override Task<TestServer> StartAsync(string limit) =>
            PostgreSqlServer.NewAsync(TimeProvider.System, limit);
    }

    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StartAsync("--Storage:MaxCommitRows=1000");

    protected abstract Task<TestServer> StartAsync(string limit);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_resource_that_is_too_large_is_answered_422_and_names_the_limit()
    {
        ShouldBeTooLarge(await _server.PutAsync("Patient/p", WithNames("p", 600)));
        ShouldBeTooLarge(await _server.PostAsync("Patient", WithNames("p", 600)));
        (await _server.GetAsync("Patient/p")).ShouldBe(404);

        (await _server.PutAsync("Patient/p", WithNames("p", 200))).ShouldBe(201);
        ShouldBeTooLarge(await _server.PutAsync("Patient/p", WithNames("p", 600)));
        Assert.Equal("W/\"1\"", (await _server.GetAsync("Patient/p")).ETag);
    }

    [Fact]
    public async Task A_transaction_is_measured_as_a_whole_and_a_batch_by_entry()
    {
        string[] entries =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(i => Given.Entry("PUT", $"Patient/p{i}", WithNames($"p{i}", i == 3 ? 600 : 150))),
        ];

        ShouldBeTooLarge(await _server.PostAsync("", Given.Transaction(entries)));
        (await _server.GetAsync("Patient/p0")).ShouldBe(404);

        var batch = (await _server.PostAsync("", Given.Batch(entries))).ShouldBe(200);
        Assert.Equal(
            ["201 Created", "201 Created", "201 Created", "422 Unprocessable Content"],
            batch.Entries.Select(e => e.GetProperty("response").GetProperty("status").GetString())
        );
    }

    [Fact]
    public async Task An_import_refuses_the_line_that_is_too_large_and_stores_the_others()
    {
        var folder = Directory.CreateTempSubdirectory("care-import-").FullName;
        var lines = Enumerable.Range(0, 40).Select(i => WithNames($"p{i}", i == 17 ? 700 : 30));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "patients.ndjson"),
            string.Join('\n', lines),
            Encoding.UTF8,
            TestContext.Current.CancellationToken
        );
        var summary = new ImportSummary();

        await using var session = _server.Services.GetRequiredService<CareSessions>().Open(Caller.Import);
        var importer = new Importer(
            session.Session,
            session.Get<FhirDefinitions>(),
            session.Get<LimitsOptions>(),
            new ImportHomes(null, null, session.Get<FhirDefinitions>().Schema.IsResourceType)
        );
        await importer.RunAsync(
            ImportFile.Find([folder]),
            Path.Combine(folder, "journal"),
            summary,
            TestContext.Current.CancellationToken
        );

        var refused = Assert.Single(summary.Rejections);
        Assert.StartsWith("Patient/p17: The change needs ", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(39, (await _server.GetAsync("Patient?_summary=count")).Json.GetProperty("total").GetInt32());
        Directory.Delete(folder, recursive: true);
    }

    private static void ShouldBeTooLarge(Answer answer)
    {
        Assert.Equal(422, answer.Status);
        var issue = Assert.Single(answer.Issues);
        Assert.StartsWith("error too-costly: The change needs ", issue, StringComparison.Ordinal);
        Assert.Contains("and 1000 may be written at once.", issue, StringComparison.Ordinal);
    }

    private static string WithNames(string id, int names) =>
        $$"""{"resourceType":"Patient","id":"{{id}}","name":[{{string.Join(
            ',',
            Enumerable.Range(0, names).Select(i => $"{{\"family\":\"{id}n{i}\"}}")
        )}}]}""";
}
