using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Load.Floor;

/// <summary>
/// A partner that takes every Task at once and keeps nothing of it: bare Kestrel, so that the outbox is measured and not the
/// partner. <c>GET /fhir/count</c> tells how many it took.
/// </summary>
internal static class FastPartner
{
    private static int _taken;

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls(arguments["urls", "http://127.0.0.1:5091"]);
        await using var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await context.Response.WriteAsync(Volatile.Read(ref _taken).ToString(CultureInfo.InvariantCulture));
            return;
        }

        // The whole body is read, as a partner would; what is left unread would cost the connection.
        await context.Request.Body.CopyToAsync(Stream.Null);
        var id = Interlocked.Increment(ref _taken);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location =
            $"{context.Request.Scheme}://{context.Request.Host}/fhir/Task/{id}/_history/1";
        context.Response.Headers.ETag = "W/\"1\"";
        context.Response.ContentType = "application/fhir+json";
        await context.Response.Body.WriteAsync(
            Encoding.UTF8.GetBytes(
                $$"""{"resourceType":"Task","id":"{{id}}","meta":{"versionId":"1"},"status":"requested","intent":"order"}"""
            )
        );
    }
}
