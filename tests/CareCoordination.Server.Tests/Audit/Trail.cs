using System.Text.Json;
using CareCoordination.Application.Audit;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Audit;

/// <summary>How tests look at the audit trail: at its rows in the database, and by its verifier.</summary>
internal static class Trail
{
    public const string Batched = "--Audit:Reads=Batched";
    public const string BeforeAnswer = "--Audit:Reads=BeforeAnswer";

    /// <summary>Longer than rows of reads may take, on a machine that does much else.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static AuditVerifier Verifier(this TestServer server) => server.Services.GetRequiredService<AuditVerifier>();

    public static Task<AuditReport> VerifyAsync(this TestServer server, AuditHead? noted = null) =>
        server.Verifier().VerifyAsync(1, null, noted, _ => { }, TestContext.Current.CancellationToken);

    public static string? Text(this JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) ? value.ToString() : null;

    public static string[] Texts(this JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) ? [.. value.EnumerateArray().Select(v => v.GetString()!)] : [];

    /// <summary>The rows of a request, once there are so many.</summary>
    public static async Task<List<JsonElement>> RowsOfAsync(this ServerDatabase database, string request, int count = 1)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var rows = (await database.TrailAsync()).Where(r => r.Text("request") == request).ToList();
            if (rows.Count >= count || TimeProvider.System.GetElapsedTime(start) > Patience)
                return rows;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>All AuditEvents that a search finds, page by page.</summary>
    public static async Task<List<JsonElement>> AllAsync(this TestServer server, string path)
    {
        var all = new List<JsonElement>();
        for (string? next = path; next is not null; )
        {
            var page = (await server.GetAsync(next)).ShouldBe(200);
            all.AddRange(page.Resources);
            next = page.Link("next");
        }

        return all;
    }
}
