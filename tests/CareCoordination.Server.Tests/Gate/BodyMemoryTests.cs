using System.Net;
using System.Text;
using CareCoordination.Application.Settings;
using CareCoordination.Rest.Http;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Gate;

/// <summary>All bodies together are bounded, not only each of them.</summary>
public sealed class BodyMemoryTests
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public void Room_is_given_back()
    {
        var memory = new BodyMemory(new LimitsOptions { MaxBodiesBytes = 100 });

        var first = memory.TryTake(60);
        Assert.NotNull(first);
        Assert.Null(memory.TryTake(41));
        using (var second = memory.TryTake(40))
            Assert.NotNull(second);
        Assert.True(first.TryGrow(100));
        Assert.False(first.TryGrow(101));
        Assert.Null(memory.TryTake(1));

        first.Dispose();
        first.Dispose();
        Assert.NotNull(memory.TryTake(100));
    }

    [Fact]
    public async Task Bodies_that_have_no_room_are_told_to_come_back_and_the_others_are_stored()
    {
        await using var server = await TestServer.OnSqliteAsync(
            $"--Limits:MaxBodyBytes={4 * Megabyte}",
            $"--Limits:MaxBodiesBytes={6 * Megabyte}"
        );
        var body = Binary(2 * Megabyte);

        var statuses = await Task.WhenAll(
            Enumerable.Range(0, 24).Select(async _ => (await server.PostAsync("Binary", body)).Status)
        );

        Assert.Contains(201, statuses);
        Assert.Empty(statuses.Except([201, 503]));
        Assert.Equal(201, (await server.PostAsync("Binary", body)).Status);
    }

    [Fact]
    public async Task A_body_without_a_length_counts_as_it_grows()
    {
        await using var server = await TestServer.OnSqliteAsync(
            $"--Limits:MaxBodyBytes={2 * Megabyte}",
            $"--Limits:MaxBodiesBytes={2 * Megabyte}"
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, "Binary")
        {
            Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(Binary(3 * Megabyte)))),
        };
        request.Content.Headers.ContentType = new("application/fhir+json");
        request.Headers.TransferEncodingChunked = true;

        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal(201, (await server.PostAsync("Binary", Binary(Megabyte))).Status);
    }

    private static string Binary(int bytes) =>
        $$"""{"resourceType":"Binary","contentType":"application/octet-stream","data":"{{Convert.ToBase64String(new byte[bytes * 3 / 4])}}"}""";
}
