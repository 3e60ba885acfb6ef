using System.Text.RegularExpressions;

namespace CareCoordination.Server.Tests;

/// <summary>What <c>deploy</c> sets is what this server knows: a misspelt variable would be ignored in silence.</summary>
public sealed partial class DeployTests
{
    [Theory]
    [InlineData("compose.postgresql.yaml", "PostgreSql")]
    [InlineData("compose.sqlserver.yaml", "SqlServer")]
    public async Task A_compose_file_configures_a_server_that_others_reach(string file, string provider)
    {
        var settings = Variables(await ReadAsync(file));

        Assert.Equal(provider, settings["Storage:Provider"]);
        Assert.Equal("true", settings["Server:AnybodyOnTheNetworkMayDoEverything"]);
        Assert.DoesNotContain("localhost", settings["urls"], StringComparison.Ordinal);
        // Reads every setting, and refuses what is none of the sections it knows.
        await using var app = Program.Build([.. settings.Select(s => $"--{s.Key}={s.Value}")]);
    }

    [Fact]
    public async Task The_image_listens_on_loopback_until_somebody_says_otherwise()
    {
        var image = await ReadAsync("Dockerfile");
        Assert.Contains("ASPNETCORE_URLS=http://localhost:5080", image, StringComparison.Ordinal);
        Assert.DoesNotContain("AnybodyOnTheNetworkMayDoEverything=", image, StringComparison.Ordinal);
        Assert.Contains("USER $APP_UID", image, StringComparison.Ordinal);
    }

    private static Task<string> ReadAsync(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CareCoordination.sln")))
            folder = folder.Parent!;
        return File.ReadAllTextAsync(Path.Combine(folder.FullName, "deploy", file));
    }

    private static Dictionary<string, string> Variables(string compose) =>
        Variable()
            .Matches(compose)
            .ToDictionary(
                m => m.Groups["name"].Value.Replace("ASPNETCORE_URLS", "urls").Replace("__", ":"),
                m => Substitution().Replace(m.Groups["value"].Value.Trim('"'), "Pass.word1"),
                StringComparer.Ordinal
            );

    /// <summary><c>  Storage__Provider: PostgreSql</c> of the server; those of the database have no <c>__</c>.</summary>
    [GeneratedRegex(
        @"^      (?<name>\w+__\w+|ASPNETCORE_URLS): (?<value>.+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Variable();

    [GeneratedRegex(@"\$\{[^}]+\}")]
    private static partial Regex Substitution();
}
