using CareCoordination.Server.Tests.Kit;
using CareCoordination.Server.Tests.Security;
using CareCoordination.TestKit;

[assembly: AssemblyFixture(typeof(SecuredServer))]

namespace CareCoordination.Server.Tests.Security;

/// <summary>A server in mode Oidc with two issuers, which the tests of tokens share, started by the first.</summary>
public sealed class SecuredServer : IAsyncDisposable
{
    private readonly Lazy<Task<(TestServer, TestIssuer, TestIssuer)>> _server = new(StartAsync);

    internal Task<(TestServer Server, TestIssuer Main, TestIssuer Other)> GetAsync() => _server.Value;

    public async ValueTask DisposeAsync()
    {
        if (!_server.IsValueCreated || !_server.Value.IsCompletedSuccessfully)
            return;
        var (server, main, other) = await _server.Value;
        await server.DisposeAsync();
        await main.DisposeAsync();
        await other.DisposeAsync();
    }

    private static async Task<(TestServer, TestIssuer, TestIssuer)> StartAsync()
    {
        var main = await TestIssuer.StartAsync();
        var other = await TestIssuer.StartAsync();
        var server = await TestServer.OnSqliteAsync([
            .. main.Settings(),
            .. other.Settings("other"),
            "--Security:RequestsPerSecondPerAddress=0",
        ]);
        return (server, main, other);
    }
}

/// <summary>What tests ask of a secured server.</summary>
internal static class Shown
{
    public static Task<Answer> ShowAsync(this TestServer server, string token, string path = "Patient?_id=nobody") =>
        server.GetAsync(path, $"Authorization: Bearer {token}");

    /// <summary>Somebody is known; what they may see is another question.</summary>
    public static Answer ShouldBeTaken(this Answer answer)
    {
        Assert.True(
            answer.Status is 200 or 403 or 404,
            $"{answer.Status}: {answer.Header("WWW-Authenticate")} {answer.Body}"
        );
        return answer;
    }

    /// <summary>401 with invalid_token, the same sentence in the header and in the OperationOutcome.</summary>
    public static Answer ShouldNotBeTaken(this Answer answer, string sentence, string code = "login")
    {
        answer.ShouldRefuse(401, $"error {code}: {sentence}");
        Assert.Equal(
            $"Bearer realm=\"fhir\", error=\"invalid_token\", error_description=\"{sentence}\"",
            answer.Header("WWW-Authenticate")
        );
        return answer;
    }
}
