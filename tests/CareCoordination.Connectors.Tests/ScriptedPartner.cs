using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Connectors.Tests;

/// <summary>What a partner was asked.</summary>
internal sealed record Asked(string Method, string Path, IHeaderDictionary Headers, string Body)
{
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>A real HTTP server on loopback that answers as a test says, and remembers what it was asked.</summary>
internal sealed class ScriptedPartner : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Asked> _asked = new();

    private ScriptedPartner(WebApplication app) => _app = app;

    public IReadOnlyList<Asked> Asked => [.. _asked];

    public Uri Address => new(_app.Urls.First() + "/fhir");

    /// <summary>Answers what a test cares about; the rest is 404.</summary>
    public Func<Asked, HttpContext, Task> Answer { get; set; } =
        static (_, context) =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        };

    /// <param name="certificate">Makes it an HTTPS server that demands a client certificate.</param>
    public static async Task<ScriptedPartner> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                {
                    if (certificate is not null)
                        listen.UseHttps(https =>
                        {
                            https.ServerCertificate = certificate;
                            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                            https.AllowAnyClientCertificate();
                        });
                }
            )
        );
        var app = builder.Build();
        var partner = new ScriptedPartner(app);
        app.Run(partner.ServeAsync);
        await app.StartAsync();
        return partner;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(0);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var asked = new Asked(
            context.Request.Method,
            $"{context.Request.Path.Value?["/fhir".Length..]}{context.Request.QueryString}",
            // A copy: the server takes its own back after the answer.
            new HeaderDictionary(
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase)
            ),
            await reader.ReadToEndAsync()
        );
        _asked.Enqueue(asked);
        await Answer(asked, context);
    }
}

internal static class Answers
{
    public static async Task JsonAsync(this HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/fhir+json";
        await context.Response.WriteAsync(json);
    }

    public static Task TaskAsync(this HttpContext context, int status, string id, int version, string json)
    {
        context.Response.Headers.ETag = $"W/\"{version}\"";
        if (context.Request.Method == "POST")
            context.Response.Headers.Location = $"/fhir/Task/{id}/_history/{version}";
        return context.JsonAsync(status, json);
    }
}
