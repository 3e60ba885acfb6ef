using System.Net.Sockets;
using System.Text;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Http;

/// <summary>A client that does not read its answer, or hardly sends its body, is hung up on, and the others are served meanwhile.</summary>
public sealed class SlowClientTests
{
    [Fact]
    public async Task Clients_that_do_not_read_are_hung_up_on()
    {
        await using var server = await TestServer.OnSqliteAsync("--Limits:MinBytesPerSecond=1048576");
        // More than the buffers of the two sockets take.
        using var content = new ByteArrayContent(new byte[24 * 1024 * 1024]);
        content.Headers.ContentType = new("application/octet-stream");
        var binary = (await server.SendAsync(HttpMethod.Post, "Binary", content)).ShouldBe(201);
        var clients = new List<Socket>();
        for (var i = 0; i < 8; i++)
            clients.Add(
                await AskAsync(
                    server,
                    $"GET /fhir/Binary/{binary.Id} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/octet-stream\r\n\r\n"
                )
            );

        foreach (var client in clients)
            Assert.True(await IsHungUpOnAsync(client), "The server still waits for a client that does not read.");
        (await server.GetAsync("metadata")).ShouldBe(200);
        clients.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task A_client_that_does_not_send_its_body_is_hung_up_on()
    {
        await using var server = await TestServer.OnSqliteAsync();
        using var client = await AskAsync(
            server,
            "POST /fhir/Patient HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/fhir+json\r\nContent-Length: 1000000\r\n\r\n{"
        );

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var answer = new byte[4096];
        var read = await client.ReceiveAsync(answer, patience.Token);

        Assert.StartsWith("HTTP/1.1 408", Encoding.ASCII.GetString(answer, 0, read), StringComparison.Ordinal);
    }

    /// <summary>With the least room for what arrives, so that the server has to keep it.</summary>
    private static async Task<Socket> AskAsync(TestServer server, string request)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveBufferSize = 4096,
        };
        var address = new Uri(server.Root);
        await client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        await client.SendAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>The line is reset: what the client sends finds nobody, whether or not it has read.</summary>
    private static async Task<bool> IsHungUpOnAsync(Socket client)
    {
        for (var waited = 0; waited < 600; waited++)
        {
            try
            {
                await client.SendAsync("x"u8.ToArray(), TestContext.Current.CancellationToken);
            }
            catch (SocketException)
            {
                return true;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        return false;
    }
}
