using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using CareCoordination.Application.Settings;
using CareCoordination.Server.Tests.Kit;

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
        var run = await ProgramRun.OfAsync(
            folder.FullName,
            [.. words, $"--Storage:Provider={provider}", $"--ConnectionStrings:CareCoordination={text}"]
        );

        Assert.Equal(2, run.Code);
        // What the driver says for * depends on the system it runs on.
        var line = Regex.Escape(sentence).Replace(@"\*", "[^\n]+", StringComparison.Ordinal);
        Assert.Matches($"^{line}\r?\n$", run.Error);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_a_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        var run = await InNewFolderAsync("--urls", url);

        Assert.Equal(
            (
                2,
                "",
                $"The server cannot listen: Failed to bind to address {url}: address already in use. Choose another address with --urls, or end what listens there.\n"
            ),
            run
        );
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_a_sentence_and_stays_as_it_is()
    {
        var folder = Directory.CreateTempSubdirectory("care-start-");
        var file = Path.Combine(folder.FullName, "notes.txt");
        var text = string.Concat(Enumerable.Repeat("These are notes and no database. ", 100));
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);

        foreach (
            var verb in (string[][])
                [
                    [],
                    ["migrate"],
                    ["import", file],
                ]
        )
        {
            var run = await ProgramRun.OfAsync(
                folder.FullName,
                [.. verb, $"--ConnectionStrings:CareCoordination=Data Source={file}"]
            );
            Assert.Equal((2, "", $"The SQLite file {file} cannot be used: it is no SQLite database.\n"), run);
        }

        Assert.Equal(text, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_folder_for_the_data_that_cannot_be_made_is_a_sentence()
    {
        var folder = Directory.CreateTempSubdirectory("care-start-");
        var data = Path.Combine(folder.FullName, "data");
        await File.WriteAllTextAsync(data, "", TestContext.Current.CancellationToken);

        var run = await ProgramRun.OfAsync(folder.FullName, "--urls", "http://127.0.0.1:0");

        Assert.Equal(
            (
                2,
                "",
                $"The folder {data} cannot be made: start the server in a folder that may be written, or say with ConnectionStrings:CareCoordination where the database is.\n"
            ),
            run
        );
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("import", "--help")]
    [InlineData("migrate", "--help")]
    [InlineData("--urls", "http://localhost:5080", "--help")]
    public async Task Help_says_what_there_is_and_starts_nothing(params string[] args)
    {
        var (code, output, error) = await InNewFolderAsync(args);

        Assert.Equal((0, ""), (code, error));
        foreach (
            var word in (string[])["import <files or folders>", "migrate", "--urls", "--Storage:Provider", "--journal"]
        )
            Assert.Contains(word, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_says_which_release_it_is_and_starts_nothing()
    {
        var (code, output, error) = await InNewFolderAsync("--version");

        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", output);
    }

    [Theory]
    [InlineData("'--port' is no option of this program: --help names those there are.", "--port", "5000")]
    [InlineData("'--port' is no option of this program: --help names those there are.", "--port=5000")]
    [InlineData("'-p' is no option of this program: --help names those there are.", "-p", "5000")]
    [InlineData("'--Storage' is no option of this program: --help names those there are.", "--Storage=Sqlite")]
    [InlineData(
        "'--Storages:Provider' is no option of this program: --help names those there are.",
        "--Storages:Provider=Sqlite"
    )]
    [InlineData(
        "'--ConnectionStrings:Care' is no option of this program: --help names those there are.",
        "--ConnectionStrings:Care=x"
    )]
    [InlineData("'--journal' is no option of this program: --help names those there are.", "--journal", "x")]
    [InlineData("'--verbose' is no option of this program: --help names those there are.", "import", "--verbose", "x")]
    [InlineData("'--dry-run' is no option of this program: --help names those there are.", "migrate", "--dry-run")]
    [InlineData("--urls needs a value, as in --urls=value.", "--urls")]
    [InlineData("--urls needs a value, as in --urls=value.", "--urls", "--Storage:Provider=Sqlite")]
    [InlineData(
        "'stray' means nothing here: settings are given as --Section:Key=value.",
        "--Storage:Provider",
        "Sqlite",
        "stray"
    )]
    [InlineData("'now' means nothing here: settings are given as --Section:Key=value.", "migrate", "now")]
    [InlineData("Storage:Providers is no setting; Storage has *.", "--Storage:Providers=Sqlite")]
    [InlineData("'serve' is no verb of this program; there are *, and without one it serves.", "serve")]
    public async Task What_the_program_does_not_know_is_refused(string sentence, params string[] args)
    {
        var (code, output, error) = await InNewFolderAsync(args);

        Assert.Equal((2, ""), (code, output));
        Assert.Matches($"^{Regex.Escape(sentence).Replace(@"\*", "[^\n]+", StringComparison.Ordinal)}\n$", error);
    }

    /// <summary>Runs the program in a folder in which it must leave nothing.</summary>
    private static async Task<(int Code, string Output, string Error)> InNewFolderAsync(params string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("care-start-");
        var run = await ProgramRun.OfAsync(
            folder.FullName,
            args is ["--urls", ..] ? [.. args, $"--ConnectionStrings:CareCoordination=Data Source={folder}.db"] : args
        );
        Assert.Empty(folder.EnumerateFileSystemInfos());
        folder.Delete();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(folder.FullName)!, folder.Name + ".db*"))
            File.Delete(file);
        return run;
    }
}
