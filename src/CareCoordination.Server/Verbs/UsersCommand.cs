using System.Globalization;
using System.Security.Cryptography;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.SignIn.Users;

namespace CareCoordination.Server.Verbs;

/// <summary>
/// <c>users add|list|disable|enable|unlock|set-password|set-roles|reset-totp</c>: who may sign in. A password comes from standard input or is
/// made up and printed once; it is never an argument, which others on the machine could read.
/// </summary>
internal static class UsersCommand
{
    private const string FromInput = "password-stdin";
    private const string Roles = "roles";

    private static readonly Dictionary<string, string[]> Actions = new(StringComparer.Ordinal)
    {
        ["add"] = [Roles, "fhir-user", "organization", FromInput],
        ["list"] = [],
        ["disable"] = [],
        ["enable"] = [],
        ["unlock"] = [],
        ["set-password"] = [FromInput],
        ["set-roles"] = [Roles],
        ["reset-totp"] = [],
    };

    public static Task<int> RunAsync(string[] args) =>
        new DirectoryCommand("users", Actions).RunAsync(
            args,
            [FromInput],
            (services, asked) => RunAsync(services.GetRequiredService<UserDirectory>(), asked)
        );

    private static async Task<Result<string>> RunAsync(UserDirectory users, DirectoryCommand.Asked asked)
    {
        var name = asked.Name;
        switch (asked.Action)
        {
            case "list":
                return string.Join(
                    Environment.NewLine,
                    (await users.ListAsync(CancellationToken.None)).Select(Row).Prepend(Heading)
                );
            case "add":
                return await AddAsync(users, asked);
            case "set-password":
                var (password, told) = Password(asked);
                return Said(await users.SetPasswordAsync(name, password), $"{name} has a new password{told}");
            case "set-roles":
                return UserRules.Roles(asked.List(Roles)).TryGet(out var roles, out var unknown)
                    ? Said(await users.SetRolesAsync(name, roles), $"{name} has the roles {Codes(roles)}.")
                    : unknown;
            case "unlock":
                return Said(await users.UnlockAsync(name), $"{name} may try to sign in again.");
            case "reset-totp":
                return Said(await users.ResetCodesAsync(name), $"{name} is asked for no code until they set codes up.");
            default:
                var isDisabled = asked.Action == "disable";
                return Said(
                    await users.DisableAsync(name, isDisabled),
                    isDisabled ? $"{name} may not sign in any more." : $"{name} may sign in."
                );
        }
    }

    private static async Task<Result<string>> AddAsync(UserDirectory users, DirectoryCommand.Asked asked)
    {
        if (!UserRules.Roles(asked.List(Roles)).TryGet(out var roles, out var unknown))
            return unknown;
        var (password, told) = Password(asked);
        var user = new UserRecord("", asked.Name)
        {
            Roles = [.. roles],
            FhirUser = asked.Text("fhir-user"),
            Organization = asked.Text("organization"),
        };
        return Said(await users.AddAsync(user, password), $"{asked.Name} may sign in{told}");
    }

    private static Result<string> Said(Failure? refused, string sentence) => refused is null ? sentence : refused;

    /// <summary>The password, and the end of the sentence that tells of it.</summary>
    private static (string Password, string Told) Password(DirectoryCommand.Asked asked)
    {
        if (asked.Says(FromInput))
            return Console.In.ReadLine() is { Length: > 0 } line
                ? (line, ".")
                : throw new ConfigurationProblem(
                    $"--{FromInput} needs a password as the first line of standard input."
                );
        // 100 bits, of letters that are not taken for one another.
        var made = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 20);
        return (made, $" with the password {made}, which is not shown again.");
    }

    private const string Heading = "name\troles\tfhirUser\torganization\tstate";

    private static string Row(UserRecord user) =>
        $"{user.Name}\t{Codes(user.Roles)}\t{user.FhirUser ?? "-"}\t{user.Organization ?? "-"}\t{State(user)}";

    private static string State(UserRecord user) =>
        user.IsDisabled ? "disabled"
        : user.LockedUntil is { } until
            ? $"locked until {until.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}"
        : user.AsksForCode ? "with codes"
        : "password only";

    private static string Codes(IEnumerable<Access.Roles.CareRole> roles) =>
        string.Join(',', roles.Select(r => r.Code));
}
