using System.Diagnostics;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>A small run of the soak in benchmarks/: the program itself, with servers that it kills.</summary>
public sealed class SoakTests
{
    [Fact]
    public async Task A_failing_partner_and_killed_servers_lose_and_double_nothing()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "CareCoordination.Load");
        var start = new ProcessStartInfo(
            program,
            [
                "soak",
                "--provider",
                "Sqlite",
                "--referrals",
                "200",
                "--kills",
                "4",
                "--answers",
                "50",
                "--limit",
                "120",
                "--server",
                AppContext.BaseDirectory,
                "--name",
                "none",
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var soak = Process.Start(start)!;
        var output = soak.StandardOutput.ReadToEndAsync();
        var errors = soak.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await using var late = patience.Token.Register(() => soak.Kill(entireProcessTree: true));
        await soak.WaitForExitAsync(CancellationToken.None);

        Assert.True(soak.ExitCode == 0, $"{await output}{await errors}");
        Assert.Contains("0 lost, 0 doubled, 0 strange", await output, StringComparison.Ordinal);
        Assert.Contains(" 0 wrong", await output, StringComparison.Ordinal);
    }
}
