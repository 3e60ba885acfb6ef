using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using CareCoordination.Load.Soak;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>A server of the soak that is killed comes back, also where somebody has its port by now.</summary>
public sealed class SoakNodeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("care-node-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_node_is_back_whether_its_port_is_free_or_taken(bool isTaken)
    {
        await using var node = Node(FreePort());
        await node.StartAsync(TestContext.Current.CancellationToken);
        var before = node.Base;
        await node.KillAsync();
        using var somebody = new TcpListener(IPAddress.Loopback, before.Port);
        if (isTaken)
            somebody.Start();

        await node.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(isTaken, before != node.Base);
        Assert.Equal("CapabilityStatement", await TypeAsync(node.Base));
    }

    [Fact]
    public async Task A_node_begins_elsewhere_where_its_port_is_taken_already()
    {
        using var somebody = new TcpListener(IPAddress.Loopback, 0);
        somebody.Start();
        var port = ((IPEndPoint)somebody.LocalEndpoint).Port;
        await using var node = Node(port);

        await node.StartAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(port, node.Base.Port);
        Assert.Equal("CapabilityStatement", await TypeAsync(node.Base));
    }

    /// <summary>Another port would be of no use.</summary>
    [Fact]
    public async Task A_server_that_cannot_start_is_not_tried_at_every_port()
    {
        await using var node = new SoakNode("/bin/false", new Dictionary<string, string>(StringComparer.Ordinal), 0);

        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            node.StartAsync(TestContext.Current.CancellationToken)
        );

        Assert.Equal("/bin/false ended with 1 before it answered.", failed.Message);
    }

    private SoakNode Node(int port) =>
        new(
            Path.Combine(AppContext.BaseDirectory, "CareCoordination.Server"),
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ConnectionStrings__CareCoordination"] = $"Data Source={Path.Combine(_folder, "care.db")}",
            },
            port
        );

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<string?> TypeAsync(Uri address)
    {
        using var http = new HttpClient();
        var statement = await http.GetFromJsonAsync<JsonElement>(
            new Uri(address, "metadata"),
            TestContext.Current.CancellationToken
        );
        return statement.GetProperty("resourceType").GetString();
    }
}
