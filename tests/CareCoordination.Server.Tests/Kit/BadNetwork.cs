using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CareCoordination.Server.Tests.Kit;

public enum BadWay
{
    /// <summary>Answers every other request with 429 and when to come back.</summary>
    Throttles,

    /// <summary>Answers every other request with 503 and nothing else.</summary>
    IsAwayForAMoment,

    /// <summary>Ends the connection in the middle of every file, the first time that it is asked for.</summary>
    CutsFiles,
}

/// <summary>Stands between a client and a server, and does what networks and gateways do.</summary>
internal sealed class BadNetwork : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly BadWay _fault;
    private readonly string _server;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly HashSet<string> _cut = [];
    private int _requests;

    private BadNetwork(WebApplication app, string server, BadWay fault) =>
        (_app, _server, _fault) = (app, server, fault);

    public string Root => _app.Urls.First();

    /// <summary>What was done to requests.</summary>
    public int Faults { get; private set; }

    /// <summary>Files of which a part was asked for, and given.</summary>
    public int Parts { get; private set; }

    public static async Task<BadNetwork> StartAsync(string server, BadWay fault)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        var network = new BadNetwork(app, server, fault);
        app.Run(network.PassAsync);
        await app.StartAsync();
        return network;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        if (_fault != BadWay.CutsFiles && Interlocked.Increment(ref _requests) % 2 == 1)
        {
            Faults++;
            context.Response.StatusCode = _fault == BadWay.Throttles ? 429 : 503;
            if (_fault == BadWay.Throttles)
                context.Response.Headers.RetryAfter = "1";
            return;
        }

        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method),
            _server + context.Request.Path.ToUriComponent() + context.Request.QueryString
        );
        foreach (var (name, value) in context.Request.Headers)
            request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)value);
        using var response = await _client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            context.RequestAborted
        );
        var body = await response.Content.ReadAsByteArrayAsync(context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, value) in response.Headers.Concat(response.Content.Headers))
        {
            if (!name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
                context.Response.Headers[name] = value.ToArray();
        }

        if ((int)response.StatusCode == 206)
            Parts++;
        if (IsCut(context))
        {
            Faults++;
            await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            // What is on its way arrives before the end does.
            await Task.Delay(100, context.RequestAborted);
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private bool IsCut(HttpContext context)
    {
        var isFile = context.Request.Path.Value!.Contains("/$files/", StringComparison.Ordinal);
        lock (_cut)
            return _fault == BadWay.CutsFiles && isFile && _cut.Add(context.Request.Path.Value);
    }
}
