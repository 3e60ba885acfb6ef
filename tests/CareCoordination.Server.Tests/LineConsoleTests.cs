using System.Text;
using CareCoordination.Server.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Server.Tests;

public sealed class LineConsoleTests
{
    [Fact]
    public void Writes_every_line_in_order_before_it_ends()
    {
        using var output = new MemoryStream();
        using (var console = new LineConsole(output, new Noon()))
        {
            var log = console.CreateLogger("CareCoordination.Server.Some.Category");
            for (var n = 0; n < 1000; n++)
                log.LogInformation("line {Number}", n);
            log.LogError(new InvalidOperationException("reason"), "failed");
        }

        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n');
        Assert.Equal(
            Enumerable.Range(0, 1000).Select(n => $"2026-03-01T12:00:00.000Z info Category: line {n}"),
            lines[..1000]
        );
        Assert.Equal("2026-03-01T12:00:00.000Z error Category: failed", lines[1000]);
        Assert.StartsWith("System.InvalidOperationException: reason", lines[1001], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_many_threads_stay_whole()
    {
        using var output = new MemoryStream();
        using (var console = new LineConsole(output, new Noon()))
        {
            var log = console.CreateLogger("C");
            await Parallel.ForAsync(
                0,
                5000,
                (n, _) =>
                {
                    log.LogWarning("entry {Number} end", n);
                    return ValueTask.CompletedTask;
                }
            );
        }

        var lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5000, lines.Distinct(StringComparer.Ordinal).Count());
        Assert.All(lines, l => Assert.Matches("^2026-03-01T12:00:00.000Z warn C: entry [0-9]+ end$", l));
    }

    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    }
}
