using System.Diagnostics;
using System.Text.RegularExpressions;
using CareCoordination.Application.Settings;

namespace CareCoordination.Server.Tests;

/// <summary>A start that cannot be is a sentence and exit code 2, whatever was to be done, and never where in the program it stopped.</summary>
public sealed class StartTests
{
    private const string AwaySqlServer = "Server=127.0.0.1,1;Database=x;User Id=a;Password=b;Connect Timeout=1";

    [Theory]
    [InlineData("Sqlite", "Data Source=:memory:", "has Data Source=:memory:; every connection would see")]
    [InlineData("Sqlite", "Data Source=care.db;Mode=ReadOnly", "has Mode=ReadOnly; this server writes. Leave it out.")]
    [InlineData("Sqlite", "Foo=1", "has 'foo', which is no keyword of Microsoft.Data.Sqlite.")]
    [InlineData("PostgreSql", "nonsense", "cannot be read: it must be keywords and values")]
    [InlineData("PostgreSql", "Host=db;Multiplexing=true", "has Multiplexing=True; it lets other statements into")]
    [InlineData(
        "PostgreSql",
        "Host=a,b;Target Session Attributes=any",
        "has Target Session Attributes=any; reads would miss"
    )]
    [InlineData(
        "SqlServer",
        "Server=db;ApplicationIntent=ReadOnly",
        "has Application Intent=ReadOnly; this server writes"
    )]
    public void A_connection_string_that_cannot_be_used_is_named(string provider, string text, string problem) =>
        Assert.StartsWith(
            $"ConnectionStrings:CareCoordination {problem}",
            Assert
                .Throws<ConfigurationProblem>(() =>
                    Program.Build($"--Storage:Provider={provider}", $"--ConnectionStrings:CareCoordination={text}")
                )
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData(
        "",
        "PostgreSql",
        "Foo=1",
        "ConnectionStrings:CareCoordination has 'foo', which is no keyword of Npgsql."
    )]
    [InlineData(
        "",
        "PostgreSql",
        "Host=127.0.0.1;Port=1;Username=a",
        "PostgreSQL at 127.0.0.1:1 cannot be used: Connection refused."
    )]
    [InlineData(
        "migrate",
        "PostgreSql",
        "Host=127.0.0.1;Port=1;Username=a",
        "PostgreSQL at 127.0.0.1:1 cannot be used: Connection refused."
    )]
    [InlineData(
        "import",
        "PostgreSql",
        "Host=127.0.0.1;Port=1;Username=a",
        "PostgreSQL at 127.0.0.1:1 cannot be used: Connection refused."
    )]
    [InlineData(
        "",
        "SqlServer",
        "Server=127.0.0.1,1;Foo=1",
        "ConnectionStrings:CareCoordination has 'foo', which is no keyword of Microsoft.Data.SqlClient."
    )]
    [InlineData("", "SqlServer", AwaySqlServer, "SQL Server at 127.0.0.1,1, database 'x', cannot be used: *.")]
    [InlineData("migrate", "SqlServer", AwaySqlServer, "SQL Server at 127.0.0.1,1, database 'x', cannot be used: *.")]
    [InlineData("import", "SqlServer", AwaySqlServer, "SQL Server at 127.0.0.1,1, database 'x', cannot be used: *.")]
    public async Task The_program_says_one_sentence_and_ends_with_2(
        string verb,
        string provider,
        string text,
        string sentence
    )
    {
        var folder = Directory.CreateTempSubdirectory("care-start-");
        var file = Path.Combine(folder.FullName, "a.ndjson");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        string[] words = verb switch
        {
            "" => [],
            "import" => [verb, file],
            _ => [verb],
        };
        var start = new ProcessStartInfo(
            "dotnet",
            [
                typeof(Program).Assembly.Location,
                .. words,
                $"--Storage:Provider={provider}",
                $"--ConnectionStrings:CareCoordination={text}",
            ]
        )
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder.FullName,
            UseShellExecute = false,
        };

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, process.ExitCode);
        // What the driver says for * depends on the system it runs on.
        var line = Regex.Escape(sentence).Replace(@"\*", "[^\n]+", StringComparison.Ordinal);
        Assert.Matches($"^{line}\r?\n$", error);
        Assert.DoesNotContain("   at ", await output, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }
}
