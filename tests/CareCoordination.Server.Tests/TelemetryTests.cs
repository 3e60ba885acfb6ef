using System.Collections.Concurrent;
using System.Text;
using CareCoordination.Server.Tests.Kit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CareCoordination.Server.Tests;

/// <summary>What collectors are told: how the server, its store and its partners do, and nothing of patients.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Prometheus_reads_what_the_server_and_its_store_measure()
    {
        await using var server = await TestServer.OnSqliteAsync("--Telemetry:Prometheus=true");
        (await server.PostAsync("Patient", Given.Patient("Secretname"))).ShouldBe(201);
        (await server.GetAsync("Patient?family=Secretname")).ShouldBe(200);

        var page = (await server.GetAsync("/metrics")).ShouldBe(200).Body;
        foreach (
            var name in (string[])
                [
                    "http_server_request_duration_seconds",
                    "carecoordination_store_commit_duration_seconds",
                    "carecoordination_store_commit_size",
                    "carecoordination_store_commit_waiting",
                    "kestrel_active_connections",
                    "dotnet_gc_collections",
                ]
        )
            Assert.Contains(name, page, StringComparison.Ordinal);
        Assert.DoesNotContain("Secretname", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task There_is_no_page_where_nobody_asked_for_it()
    {
        await using var server = await TestServer.OnSqliteAsync();
        (await server.GetAsync("/metrics")).ShouldBe(404);
    }

    [Fact]
    public async Task A_collector_is_sent_traces_and_metrics_without_names()
    {
        var received = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        await using var collector = await CollectorAsync(received);
        await using (
            var server = await TestServer.OnSqliteAsync(
                $"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Urls.First()}",
                "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"
            )
        )
        {
            (await server.PostAsync("Patient", Given.Patient("Secretname"))).ShouldBe(201);
            (await server.GetAsync("Patient?family=Secretname")).ShouldBe(200);
        }

        // What was measured until then is sent when the server ends.
        Assert.Contains("/v1/traces", received.Keys);
        Assert.Contains("url.path", received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("carecoordination.store.commit.duration", received["/v1/metrics"], StringComparison.Ordinal);
        Assert.Contains("service.name", received["/v1/metrics"], StringComparison.Ordinal);
        Assert.DoesNotContain("Secretname", string.Concat(received.Values), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Takes what is sent, by its address; texts inside of protocol buffers are readable as they are.</summary>
    private static async Task<WebApplication> CollectorAsync(ConcurrentDictionary<string, string> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var collector = builder.Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
            var text = await reader.ReadToEndAsync();
            received.AddOrUpdate(context.Request.Path, text, (_, before) => before + text);
        });
        await collector.StartAsync();
        return collector;
    }
}
