using System.Text.RegularExpressions;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.SignIn;

/// <summary>The verbs <c>users</c> and <c>clients</c>, as an operator meets them.</summary>
public sealed partial class DirectoryVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("care-verbs-").FullName;

    private string[] Settings =>
        [
            "--Security:Mode=Embedded",
            $"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(_folder, "care.db")}",
        ];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_user_is_added_changed_and_listed()
    {
        var added = await RunAsync(
            "users",
            "add",
            "anna",
            "--roles",
            "care-manager,lead",
            "--fhir-user",
            "Practitioner/anna",
            "--organization=north"
        );
        Assert.Equal(0, added.Code);
        Assert.Matches(
            "^anna may sign in with the password [a-z2-9]{20}, which is not shown again\\.$",
            added.Output.Trim()
        );
        Assert.Equal(0, (await RunAsync("users", "set-roles", "anna", "--roles", "director")).Code);
        Assert.Equal(0, (await RunAsync("users", "set-password", "anna")).Code);
        Assert.Equal(0, (await RunAsync("users", "unlock", "anna")).Code);
        Assert.Equal(0, (await RunAsync("users", "reset-totp", "anna")).Code);
        Assert.Equal(0, (await RunAsync("users", "disable", "anna")).Code);

        var listed = await RunAsync("users", "list");

        Assert.Equal(
            "name\troles\tfhirUser\torganization\tstate\nanna\tdirector\tPractitioner/anna\tnorth\tdisabled\n",
            listed.Output.ReplaceLineEndings("\n")
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_asked_leaves_its_row_in_the_audit_trail(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        Assert.Equal(0, await Program.Main(["migrate", .. database.Settings, "--Security:Mode=Embedded"]));
        foreach (
            var (code, args) in new (int, string[])[]
            {
                (0, ["users", "add", "otto", "--roles", "auditor", "--fhir-user", "Practitioner/otto"]),
                (0, ["users", "set-password", "otto"]),
                (1, ["users", "disable", "nobody"]),
                (0, ["clients", "add", "robot", "--scopes", "system/*.rs"]),
                (0, ["clients", "rotate-secret", "robot"]),
                (0, ["clients", "remove", "robot"]),
                (2, ["clients", "rename", "robot"]),
            }
        )
        {
            var run = await ProgramRun.OfAsync(_folder, [.. args, .. database.Settings, "--Security:Mode=Embedded"]);
            Assert.True(code == run.Code, run.Error);
        }

        var rows = await database.TrailAsync();

        Assert.Equal(
            [
                "operator users: user-add otto 200",
                "operator users: user-set-password otto 200",
                "operator users: user-disable nobody 404",
                "operator clients: client-add robot 200",
                "operator clients: client-rotate-secret robot 200",
                "operator clients: client-remove robot 200",
            ],
            rows.Select(row =>
                $"{row.GetProperty("kind")} {row.GetProperty("subject")}: {row.GetProperty("activity")} {row.GetProperty("status")}"
            )
        );
    }

    [Fact]
    public async Task A_client_is_added_and_its_secret_replaced_and_it_is_removed()
    {
        var added = await RunAsync(
            "clients",
            "add",
            "site",
            "--redirect=https://site.example.org/done",
            "--scopes",
            "openid user/*.rs"
        );
        Assert.Equal(0, added.Code);
        var first = Secret().Match(added.Output).Groups["text"].Value;
        var rotated = await RunAsync("clients", "rotate-secret", "site");
        var second = Secret().Match(rotated.Output).Groups["text"].Value;
        Assert.Equal([43, 43], new[] { first.Length, second.Length });
        Assert.NotEqual(first, second);

        Assert.Contains(
            "site\tsecret\t-\topenid user/*.rs\thttps://site.example.org/done\tenabled",
            (await RunAsync("clients", "list")).Output,
            StringComparison.Ordinal
        );
        Assert.Equal(0, (await RunAsync("clients", "remove", "site")).Code);
        Assert.DoesNotContain("site", (await RunAsync("clients", "list")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "'chief' is no role: they are assistant, care-manager", "users", "add", "anna", "--roles", "chief")]
    [InlineData(1, "A user needs a role", "users", "add", "anna")]
    [InlineData(1, "needs to be known to FHIR", "users", "add", "anna", "--roles", "care-manager")]
    [InlineData(
        1,
        "'Device/1' is nobody who can sign in",
        "users",
        "add",
        "anna",
        "--roles",
        "lead",
        "--fhir-user",
        "Device/1"
    )]
    [InlineData(1, "There is no user 'nobody'.", "users", "disable", "nobody")]
    [InlineData(2, "'users' needs to know what to do: add, list", "users")]
    [InlineData(2, "'users' needs to know what to do", "users", "rename", "anna")]
    [InlineData(2, "'users disable' needs one name", "users", "disable")]
    [InlineData(2, "--password is no option", "users", "add", "anna", "--password", "secret")]
    [InlineData(
        2,
        "needs a password as the first line",
        "users",
        "add",
        "anna",
        "--roles",
        "operator",
        "--password-stdin"
    )]
    [InlineData(
        2,
        "it must be a file that can be read",
        "clients",
        "add",
        "app",
        "--scopes",
        "system/*.rs",
        "--jwks",
        "/nowhere/keys.json"
    )]
    [InlineData(1, "There is no client 'nobody'.", "clients", "rotate-secret", "nobody")]
    public async Task What_is_wrong_is_said_in_one_sentence(int code, string sentence, params string[] args)
    {
        var run = await RunAsync(args);

        Assert.Contains(
            sentence.Replace("--password is", "'--password' is", StringComparison.Ordinal),
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Equal(code, run.Code);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_mode_there_is_nobody_to_register()
    {
        var run = await ProgramRun.OfAsync(_folder, "users", "list");

        Assert.Equal(2, run.Code);
        Assert.Contains("of which Security:Mode is Embedded", run.Error, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] args) =>
        ProgramRun.OfAsync(_folder, [.. args, .. Settings]);

    [GeneratedRegex("secret (?<text>[A-Za-z0-9_-]+),")]
    private static partial Regex Secret();
}
