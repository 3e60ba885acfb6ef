using System.Text.RegularExpressions;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests;

/// <summary>What the README shows works when it is pasted line by line in a new folder: it is taken from there and run, in its order.</summary>
public sealed partial class ReadmeCommandsTests : IDisposable
{
    private const string Serve = "dotnet run --project src/CareCoordination.Server";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("care-readme-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_command_of_the_readme_works_in_its_order_on_a_new_server()
    {
        var commands = Commands();
        Assert.Equal(Serve, commands[0]);
        File.CreateSymbolicLink(
            Path.Combine(_folder.FullName, "samples"),
            Path.Combine(SharedMaterial.Repository, "samples")
        );
        // What is not answered well is no success to curl either.
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, ".curlrc"),
            "fail-with-body\nsilent\nshow-error\n",
            TestContext.Current.CancellationToken
        );
        await using var server = await ServerProcess.StartInAsync(_folder.FullName);

        foreach (var command in commands.Skip(1).Where(c => c != "dotnet test"))
        {
            var (code, output, error) = await ProgramRun.OfAsync(
                _folder.FullName,
                "bash",
                ["-c", Here(command, server)],
                ("CURL_HOME", _folder.FullName)
            );
            Assert.True(code == 0, $"{command}\nends with {code}: {output}{error}");
        }

        // They did what their text says.
        Assert.Equal("on-hold", (await server.SendAsync(HttpMethod.Get, "Task/call-1")).Text("status"));
        Assert.Single((await server.SendAsync(HttpMethod.Get, "Task?based-on=ServiceRequest/food-1")).Resources);
        Assert.NotEmpty((await server.SendAsync(HttpMethod.Get, "CarePlan")).Resources);
    }

    [Fact]
    public void The_readme_shows_each_of_the_programs_and_nothing_that_somebody_has_to_fill_in()
    {
        var commands = Commands();

        Assert.True(commands.Count >= 9, string.Join('\n', commands));
        Assert.DoesNotContain(
            commands,
            c => c.Contains("...", StringComparison.Ordinal) || c.Contains("path/to", StringComparison.Ordinal)
        );
        foreach (var word in (string[])["import", "migrate", "$hold", "$dispatch", "dotnet test"])
            Assert.Contains(commands, c => c.Contains(word, StringComparison.Ordinal));
    }

    private static List<string> Commands() =>
        [
            .. Block()
                .Matches(File.ReadAllText(Path.Combine(SharedMaterial.Repository, "README.md")))
                .SelectMany(m => ContinuedLine().Replace(m.Groups["text"].Value, " ").Split('\n'))
                .Select(line => line.Trim())
                .Where(line => line.Length > 0),
        ];

    /// <summary>The command with the programs that are built already, and the port on which this server listens.</summary>
    private static string Here(string command, ServerProcess server)
    {
        command = Run()
            .Replace(
                command,
                m => $"dotnet '{Path.Combine(AppContext.BaseDirectory, m.Groups["program"].Value + ".dll")}'"
            );
        return command.Replace("http://localhost:5080", server.Root, StringComparison.Ordinal);
    }

    [GeneratedRegex(
        @"^```bash\n(?<text>.*?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Block();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex ContinuedLine();

    [GeneratedRegex(@"dotnet run --project (src|samples)/(?<program>[\w.]+)( --)?", RegexOptions.ExplicitCapture)]
    private static partial Regex Run();
}
