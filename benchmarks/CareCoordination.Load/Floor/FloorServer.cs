using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Load.Floor;

/// <summary>Where the floor keeps what it is sent.</summary>
internal interface IFloorStore : IAsyncDisposable
{
    /// <summary>Stores the body and 12 index rows, in one statement.</summary>
    ValueTask CreateAsync(string id, ReadOnlyMemory<byte> body);

    /// <summary>The body, by one SELECT; null where there is none.</summary>
    ValueTask<byte[]?> ReadAsync(string id);
}

/// <summary>
/// The least that a create and a read of a resource can cost on this machine: Kestrel without routing, and one prepared
/// statement that moves the same bytes. It parses, validates and extracts nothing; a real server is measured as a multiple of it.
/// </summary>
internal static class FloorServer
{
    public const int IndexRows = 12;

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        await using IFloorStore store = arguments["provider", "PostgreSql"] switch
        {
            "PostgreSql" => await PostgreSqlFloor.OpenAsync(arguments["connection", ""], cancellationToken),
            "Sqlite" => SqliteFloor.Open(arguments["connection", "Data Source=floor.db"]),
            var other => throw new ArgumentException($"There is no provider '{other}'; use PostgreSql or Sqlite."),
        };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls(arguments["urls", "http://127.0.0.1:5090"]);
        await using var app = builder.Build();
        app.Run(context => HandleAsync(context, store));
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static Task HandleAsync(HttpContext context, IFloorStore store)
    {
        var path = context.Request.Path.Value!;
        if (HttpMethods.IsPost(context.Request.Method))
            return CreateAsync(context, store);
        return path.StartsWith("/fhir/Patient/", StringComparison.Ordinal)
            ? ReadAsync(context, store, path["/fhir/Patient/".Length..])
            : Task.CompletedTask;
    }

    private static async Task CreateAsync(HttpContext context, IFloorStore store)
    {
        var length = (int)context.Request.ContentLength!.Value;
        var id = Guid.CreateVersion7().ToString();
        // The id goes in front of the other properties, as the bytes that are stored must be the bytes that are read.
        var head = Encoding.ASCII.GetBytes($"{{\"id\":\"{id}\",");
        var body = new byte[head.Length + length - 1];
        head.CopyTo(body, 0);
        var read = await context.Request.BodyReader.ReadAtLeastAsync(length);
        read.Buffer.Slice(1, length - 1).CopyTo(body.AsSpan(head.Length));
        context.Request.BodyReader.AdvanceTo(read.Buffer.GetPosition(length));

        await store.CreateAsync(id, body);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"/fhir/Patient/{id}";
        await SendAsync(context, body);
    }

    private static async Task ReadAsync(HttpContext context, IFloorStore store, string id)
    {
        if (await store.ReadAsync(id) is { } body)
            await SendAsync(context, body);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static async Task SendAsync(HttpContext context, byte[] body)
    {
        context.Response.ContentType = "application/fhir+json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body);
    }
}
