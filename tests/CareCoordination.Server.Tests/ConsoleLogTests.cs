using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>The log as whoever collects it finds it on standard output.</summary>
public sealed class ConsoleLogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("care-log-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task An_entry_is_a_line_with_its_time()
    {
        var lines = await LinesAsync();

        Assert.All(
            lines,
            line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info: [\w.]+\[\d+\] \S", line)
        );
        Assert.Contains(lines, line => line.Contains("FHIR base: http://127.0.0.1:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("Json")]
    public async Task An_entry_is_an_object_where_it_is_to_be_JSON(string format)
    {
        var lines = await LinesAsync($"--Logging:Console:FormatterName={format}");

        var entries = lines.ConvertAll(line => JsonDocument.Parse(line).RootElement);
        Assert.Contains(
            entries,
            entry =>
                entry.GetProperty("EventId").GetInt32() == 1000
                && entry.GetProperty("LogLevel").GetString() == "Information"
                && entry
                    .GetProperty("State")
                    .GetProperty("Address")
                    .GetString()!
                    .StartsWith("http://127.0.0.1:", StringComparison.Ordinal)
        );
        Assert.All(
            entries,
            entry => Assert.EndsWith("Z", entry.GetProperty("Timestamp").GetString(), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_is_configured_for_the_format_holds()
    {
        var lines = await LinesAsync("--Logging:Console:FormatterOptions:TimestampFormat=yyyy ");

        Assert.All(lines, line => Assert.Matches(@"^\d{4} info: ", line));
    }

    [Fact]
    public async Task A_format_that_there_is_not_stops_the_start()
    {
        var run = await ProgramRun.OfAsync(_folder.FullName, "--Logging:Console:FormatterName=xml");

        Assert.Equal(
            (2, "", "Logging:Console:FormatterName is 'xml'; it must be one of simple, json, systemd.\n"),
            run
        );
    }

    /// <summary>What a server says while it starts.</summary>
    private Task<List<string>> LinesAsync(params string[] settings) =>
        ServerProcess.FirstLinesAsync(
            3,
            [
                $"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(_folder.FullName, "log.db")}",
                .. settings,
            ]
        );
}
