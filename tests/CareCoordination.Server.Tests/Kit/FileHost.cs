using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>A server of others that has files, on loopback, and does with them what a test wants.</summary>
internal sealed class FileHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _answers = new();

    private FileHost(WebApplication app) => _app = app;

    public string Root => _app.Urls.First();

    /// <summary>What was asked for, in order: path, and the headers Range and Authorization where they were sent.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public static async Task<FileHost> StartAsync()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        var host = new FileHost(app);
        app.Run(host.AnswerAsync);
        await app.StartAsync();
        return host;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public string Url(string name) => $"{Root}/files/{name}";

    /// <summary>The address of what is answered so.</summary>
    public string Put(string name, Func<HttpContext, Task> answer)
    {
        _answers[$"/files/{name}"] = answer;
        return Url(name);
    }

    public string Put(string name, byte[] bytes) => Put(name, context => SendAsync(context, bytes));

    public string Put(string name, params string[] lines) => Put(name, Text(lines));

    /// <summary>A manifest of 2.0.</summary>
    /// <param name="output">Types with addresses.</param>
    public string PutManifest(string name, IEnumerable<(string Type, string Url)> output, params string[] deleted) =>
        Put(
            name,
            JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    transactionTime = "2026-03-01T10:00:00Z",
                    request = $"{Root}/$export",
                    requiresAccessToken = false,
                    output = output.Select(o => new { type = o.Type, url = o.Url }),
                    deleted = deleted.Select(url => new { type = "Bundle", url }),
                }
            )
        );

    /// <summary>Ends the connection in the middle, so many times; then knows parts, as servers do.</summary>
    public string PutCut(string name, byte[] bytes, int times)
    {
        var left = times;
        return Put(
            name,
            async context =>
            {
                if (Interlocked.Decrement(ref left) < 0)
                {
                    await TypedResults.Bytes(bytes, enableRangeProcessing: true).ExecuteAsync(context);
                    return;
                }

                context.Response.ContentLength = bytes.Length;
                await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
                await context.Response.Body.FlushAsync();
                await Task.Delay(100);
                context.Abort();
            }
        );
    }

    public static byte[] Text(params IEnumerable<string> lines) =>
        Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    public static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    public static Task SendAsync(HttpContext context, byte[] bytes) =>
        context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        Asked.Enqueue($"{request.Path} {request.Headers.Range} {request.Headers.Authorization}".Trim());
        if (_answers.TryGetValue(request.Path, out var answer))
            await answer(context);
        else
            context.Response.StatusCode = 404;
    }
}
