using System.Collections.Immutable;
using System.Text;
using CareCoordination.Access.Roles;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Rest.Routing;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Server.Tests.SignIn;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Users;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(SqliteSignIn))]
[assembly: AssemblyFixture(typeof(PostgreSqlSignIn))]

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>A server that is its own authorization server, with clients and users that tests register.</summary>
public sealed class SignInServer : IAsyncDisposable
{
    private SignInServer(TestServer server, GatheredLog log) => (Server, Log) = (server, log);

    public const string Password = "correct horse battery";
    public const string Redirect = "http://127.0.0.1:9999/done";

    private static int _last;

    public TestServer Server { get; }

    internal GatheredLog Log { get; }

    public string Root => Server.Root;

    public string Base => Server.Base;

    public string TokenEndpoint => $"{Root}/connect/token";

    public static async Task<SignInServer> StartAsync(
        bool isPostgreSql,
        TimeProvider? time = null,
        params string[] settings
    )
    {
        if (isPostgreSql)
            return await StartOnAsync(await NewPostgreSqlAsync(), time, settings);
        var log = new GatheredLog();
        return new(await TestServer.OnSqliteAsync(time ?? TimeProvider.System, log.AddTo, [.. Own, .. settings]), log);
    }

    /// <summary>One more node on a database that is there.</summary>
    /// <param name="database">The settings by which it is found.</param>
    public static async Task<SignInServer> StartOnAsync(
        string[] database,
        TimeProvider? time = null,
        params string[] settings
    )
    {
        var log = new GatheredLog();
        return new(await TestServer.StartAsync([.. database, .. Own, .. settings], time: time, add: log.AddTo), log);
    }

    public static async Task<string[]> NewPostgreSqlAsync() => PostgreSql(await Template.CopyAsync());

    private static string[] PostgreSql(string text) =>
        ["--Storage:Provider=PostgreSql", $"--ConnectionStrings:CareCoordination={text}"];

    private static readonly string[] Own =
    [
        "--Security:Mode=Embedded",
        // All tests come from one address.
        "--Security:RequestsPerSecondPerAddress=0",
        "--Logging:LogLevel:CareCoordination.SignIn=Error",
    ];

    private static readonly DatabaseTemplate Template = new(async text =>
        Assert.Equal(0, await Program.Main(["migrate", .. PostgreSql(text), .. Own]))
    );

    /// <summary>A name that no other test uses.</summary>
    public static string NewName(string kind) => $"{kind}-{Interlocked.Increment(ref _last)}";

    /// <summary>The secret; empty where the client has none.</summary>
    public async Task<string> AddAsync(ClientRecord client)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        var added = await scope.ServiceProvider.GetRequiredService<ClientDirectory>().AddAsync(client, default);
        Assert.True(added.IsSuccess, added.Failure?.Issues[0].Diagnostics);
        return added.Value;
    }

    public async Task<ClientRecord> AddAppAsync(
        string scopes = "openid fhirUser offline_access launch/patient patient/*.rs user/*.cruds",
        string redirect = Redirect,
        bool asksConsent = false
    )
    {
        var client = new ClientRecord(NewName("app"), "An app", ClientKind.Public, scopes)
        {
            RedirectUris = [redirect],
            AsksConsent = asksConsent,
        };
        await AddAsync(client);
        return client;
    }

    public async Task<UserRecord> AddUserAsync(CareRole? role = null, string? fhirUser = "Practitioner/anna")
    {
        var user = new UserRecord("", NewName("user"))
        {
            Roles = [role ?? CareRole.CareManager],
            FhirUser = fhirUser,
            Organization = "org-1",
        };
        await ChangeAsync(users => users.AddAsync(user, Password));
        return user;
    }

    public async Task ChangeAsync(Func<UserDirectory, Task<Fhir.Outcomes.Failure?>> change)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        var refused = await change(scope.ServiceProvider.GetRequiredService<UserDirectory>());
        Assert.True(refused is null, refused?.Issues[0].Diagnostics);
    }

    public async Task ChangeAsync(Func<ClientDirectory, Task<Fhir.Outcomes.Failure?>> change)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        Assert.Null(await change(scope.ServiceProvider.GetRequiredService<ClientDirectory>()));
    }

    /// <summary>Stores a resource, as whoever is there before there are roles.</summary>
    public async Task StoreAsync(string type, string id, string json)
    {
        var router = Server.Services.GetRequiredService<InteractionRouter>();
        var definitions = Server.Services.GetRequiredService<FhirDefinitions>();
        var route = router.Locate([type, id]).Value.Find("PUT").Value;
        var request = new InteractionRequest
        {
            BaseUrl = Base,
            Budget = new WorkBudget(definitions.Limits.Work, default),
            Method = "PUT",
            Type = type,
            Id = id,
            Body = Encoding.UTF8.GetBytes(json),
        };
        var answer = await Server
            .Services.GetRequiredService<CareSessions>()
            .SendAsync(Caller.Open, router.Parse(route.Definition, request).Value, default);
        Assert.Equal(201, answer.Status);
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>One for all tests of an engine.</summary>
public abstract class SharedSignIn(bool isPostgreSql) : IAsyncDisposable
{
    private readonly Lazy<Task<SignInServer>> _server = new(() => SignInServer.StartAsync(isPostgreSql));

    public bool IsPostgreSql => isPostgreSql;

    public Task<SignInServer> GetAsync() => _server.Value;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_server.IsValueCreated && _server.Value.IsCompletedSuccessfully)
            await (await _server.Value).DisposeAsync();
    }
}

public sealed class SqliteSignIn() : SharedSignIn(isPostgreSql: false);

public sealed class PostgreSqlSignIn() : SharedSignIn(isPostgreSql: true);

public abstract class SignInTests(SharedSignIn shared) : IAsyncLifetime
{
    protected SignInServer Server { get; private set; } = null!;

    protected bool IsPostgreSql => shared.IsPostgreSql;

    public async ValueTask InitializeAsync() => Server = await shared.GetAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
