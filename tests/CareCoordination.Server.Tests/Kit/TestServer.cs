using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>The whole server on a free port of this machine, and a client of it.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string? _folder;

    private TestServer(WebApplication app, string? folder)
    {
        _app = app;
        _folder = folder;
        Root = app.Urls.First();
        Client = new HttpClient(new SocketsHttpHandler { UseCookies = false })
        {
            BaseAddress = new Uri(Root + "/fhir/"),
        };
    }

    /// <summary>Scheme, host and port.</summary>
    public string Root { get; }

    public string Base => Root + "/fhir";

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static Task<TestServer> OnSqliteAsync(params string[] settings) =>
        OnSqliteAsync(TimeProvider.System, settings);

    public static Task<TestServer> OnSqliteAsync(TimeProvider time, params string[] settings) =>
        OnSqliteAsync(time, _ => { }, settings);

    /// <param name="add">More services.</param>
    public static Task<TestServer> OnSqliteAsync(
        TimeProvider time,
        Action<IServiceCollection> add,
        params string[] settings
    )
    {
        var folder = Directory.CreateTempSubdirectory("care-server-").FullName;
        return StartAsync(
            [$"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(folder, "test.db")}", .. settings],
            folder,
            time,
            add
        );
    }

    public static async Task<TestServer> StartAsync(
        string[] settings,
        string? folder = null,
        TimeProvider? time = null,
        Action<IServiceCollection>? add = null
    )
    {
        var app = Program.Build(
            time ?? TimeProvider.System,
            add ?? (_ => { }),
            [
                "--urls",
                "http://127.0.0.1:0",
                // What is told of days that are written in tests is told in time, however late the tests run.
                "--Care:Rules:0:EffectiveFrom=2020-01-01",
                "--Care:Rules:0:Transitions:LatestDays=36600",
                "--Logging:LogLevel:Default=Warning",
                // Tests whose tasks are late without their wish would find them changed; those of the timer turn it on.
                "--Care:Timers:Enabled=false",
                // A clock that a test sets is the right one, whatever the database's says.
                .. time is null || time == TimeProvider.System
                    ? (string[])[]
                    : ["--Storage:MaxClockAheadSeconds=1000000000"],
                .. settings,
            ]
        );
        await app.StartAsync();
        return new TestServer(app, folder);
    }

    public Task<Answer> GetAsync(string path, params string[] headers) =>
        SendAsync(HttpMethod.Get, path, (string?)null, headers);

    public Task<Answer> DeleteAsync(string path, params string[] headers) =>
        SendAsync(HttpMethod.Delete, path, (string?)null, headers);

    public Task<Answer> PostAsync(string path, string json, params string[] headers) =>
        SendAsync(HttpMethod.Post, path, json, headers);

    public Task<Answer> PutAsync(string path, string json, params string[] headers) =>
        SendAsync(HttpMethod.Put, path, json, headers);

    /// <param name="headers">As <c>Name: value</c>. Content-Type is application/fhir+json where not given.</param>
    public Task<Answer> SendAsync(HttpMethod method, string path, string? body, params string[] headers) =>
        SendAsync(method, path, body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body)), headers);

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params string[] headers)
    {
        using var request = new HttpRequestMessage(method, Target(path));
        if (content is not null)
        {
            request.Content = content;
            content.Headers.ContentType ??= new MediaTypeHeaderValue("application/fhir+json");
        }

        foreach (var header in headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = (header[..colon], header[(colon + 1)..].Trim());
            if (name == "Content-Type")
                request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            else if (name.StartsWith("Content-", StringComparison.Ordinal))
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            else
                request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Client.SendAsync(request);
        var answer = new Answer(response, await response.Content.ReadAsStringAsync());
        SecondOpinion.Ask(request.RequestUri!, answer.ContentType, answer.Body);
        return answer;
    }

    /// <summary>To be sent exactly as it is written: a <see cref="Uri"/> would take dots and escapes for what they mean.</summary>
    private Uri Target(string path) =>
        new(
            path.StartsWith("http://", StringComparison.Ordinal) ? path
                : path.StartsWith('/') ? Root + path
                : path.Length == 0 || path[0] == '?' ? $"{Base}{path}"
                : $"{Base}/{path}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }
}
