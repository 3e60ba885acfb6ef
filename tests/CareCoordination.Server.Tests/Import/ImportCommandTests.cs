using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Import;

/// <summary>The verb as a person or a script meets it: a process with an exit code and lines of text.</summary>
public sealed class ImportCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("care-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Ends_with_0_and_a_summary_where_everything_was_imported()
    {
        Write("a.ndjson", """{"resourceType":"Patient","id":"p1"}""");

        var (code, output) = await RunAsync(_folder);

        Assert.Equal(0, code);
        Assert.Matches(@"(?m)^Patient +1 +0$", output);
        Assert.Matches(@"(?m)^1 resources of 1 files in ", output);
    }

    [Fact]
    public async Task Ends_with_1_and_a_report_where_something_was_rejected()
    {
        Write(
            "a.ndjson",
            """{"resourceType":"Patient","id":"p1"}""" + "\n" + """{"resourceType":"Patient","colour":"blue"}"""
        );

        var (code, output) = await RunAsync(_folder);

        var rejected = Assert.Single(await File.ReadAllLinesAsync(Path.Combine(_folder, "rejected.txt")));
        Assert.Equal(1, code);
        Assert.StartsWith(
            $"{Path.Combine(_folder, "a.ndjson")}, entry 2: Patient.colour: ",
            rejected,
            StringComparison.Ordinal
        );
        Assert.Contains(rejected, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_with_2_and_a_sentence_where_it_cannot_run()
    {
        var (noPath, usage) = await RunAsync();
        var (noFile, complaint) = await RunAsync(Path.Combine(_folder, "absent"));

        Assert.Equal((2, 2), (noPath, noFile));
        Assert.StartsWith("Usage: import <files or folders>", usage, StringComparison.Ordinal);
        Assert.Equal($"There is no file or folder {Path.Combine(_folder, "absent")}.", complaint.Trim());
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private async Task<(int Code, string Output)> RunAsync(params string[] paths)
    {
        string[] settings =
        [
            "--journal",
            Path.Combine(_folder, "journal"),
            "--report",
            Path.Combine(_folder, "rejected.txt"),
            $"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(_folder, "test.db")}",
        ];
        var (code, output, error) = await ProgramRun.OfAsync(_folder, ["import", .. paths, .. settings]);
        return (code, output + error);
    }
}
