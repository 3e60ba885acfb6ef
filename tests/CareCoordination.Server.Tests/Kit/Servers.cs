using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

[assembly: AssemblyFixture(typeof(SqliteServer))]
[assembly: AssemblyFixture(typeof(PostgreSqlServer))]

namespace CareCoordination.Server.Tests.Kit;

/// <summary>A server that all tests of one engine share, started by the first. Tests use ids of their own, so they do not meet.</summary>
public abstract class SharedServer : IAsyncDisposable
{
    private readonly Lazy<Task<TestServer>> _server;

    protected SharedServer() => _server = new(StartAsync);

    /// <summary>The server; skips the test where its database is not to be had on this machine.</summary>
    public Task<TestServer> GetAsync() => _server.Value;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server.IsValueCreated && _server.Value.IsCompletedSuccessfully)
            await (await _server.Value).DisposeAsync();
    }

    protected abstract Task<TestServer> StartAsync();
}

public sealed class SqliteServer : SharedServer
{
    protected override Task<TestServer> StartAsync() => TestServer.OnSqliteAsync();
}

public sealed class PostgreSqlServer : SharedServer
{
    protected override Task<TestServer> StartAsync() => NewAsync();

    /// <summary>A server on a new database; skips the test where there is no PostgreSQL.</summary>
    public static Task<TestServer> NewAsync() => NewAsync(TimeProvider.System);

    public static async Task<TestServer> NewAsync(TimeProvider time, params string[] settings)
    {
        var database = await ServerDatabase.NewPostgreSqlAsync();
        return await TestServer.StartAsync([.. database, .. settings], time: time);
    }
}

/// <summary>Tests through HTTP on a shared server.</summary>
public abstract class ServerTests(SharedServer shared) : IAsyncLifetime
{
    protected TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await shared.GetAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
