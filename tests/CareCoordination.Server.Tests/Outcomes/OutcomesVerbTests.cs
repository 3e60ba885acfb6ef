using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Outcomes;

/// <summary><c>outcomes</c>, as a person or a nightly script runs it.</summary>
public sealed class OutcomesVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("care-outcomes-verb-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Tables_are_written_as_a_folder_and_again_with_what_is_new()
    {
        await ImportAsync("""{"resourceType":"Patient","id":"a"}""");
        var first = await RunAsync("parquet", "out");
        await ImportAsync("""{"resourceType":"Task","id":"t","status":"requested","intent":"order"}""");
        var second = await RunAsync("parquet", "out", "--rows", "all");

        Assert.True(first.Code == 0, first.Output + first.Error);
        Assert.Contains("patient: 1 rows in 1 files", first.Output);
        Assert.Contains("task: 0 rows in 1 files", first.Output);
        Assert.True(second.Code == 0, second.Output + second.Error);
        Assert.Contains("task: 1 rows in 1 files", second.Output);
        Assert.True(File.Exists(Path.Combine(_folder, "out", "task", "month=unknown", "data_0.parquet")));
        Assert.Equal(0, (await RunAsync("rebuild")).Code);
    }

    [Theory]
    [InlineData("There are two things to do with outcomes", "parquet")]
    [InlineData("There are two things to do with outcomes", "rebuild", "--rows", "all")]
    [InlineData("There are two things to do with outcomes", "parquet", "out", "--rows", "some")]
    [InlineData("has other files in it", "parquet", ".")]
    [InlineData("is no option of this program", "parquet", "out", "--all")]
    public async Task What_cannot_be_done_is_refused_with_a_sentence(string sentence, params string[] words)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "thesis.txt"), "x", TestContext.Current.CancellationToken);

        var run = await RunAsync(words);

        Assert.NotEqual(0, run.Code);
        Assert.Contains(sentence, run.Error);
        Assert.False(Directory.Exists(Path.Combine(_folder, "out")));
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] words) =>
        ProgramRun.OfAsync(_folder, ["outcomes", .. words]);

    private async Task ImportAsync(string resource)
    {
        var file = Path.Combine(_folder, "in.ndjson");
        await File.WriteAllTextAsync(file, resource, TestContext.Current.CancellationToken);
        var run = await ProgramRun.OfAsync(_folder, "import", file);
        Assert.True(run.Code == 0, run.Output + run.Error);
    }
}
