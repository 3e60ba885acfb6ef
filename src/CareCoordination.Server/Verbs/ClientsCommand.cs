using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Security.Certificates;
using CareCoordination.SignIn.Clients;
using CareCoordination.SignIn.Users;

namespace CareCoordination.Server.Verbs;

/// <summary>
/// <c>clients add|list|disable|enable|remove|rotate-secret</c>: the programs that may ask for tokens. A secret is made up, printed once and
/// kept as a digest.
/// </summary>
internal static class ClientsCommand
{
    private static readonly Dictionary<string, string[]> Actions = new(StringComparer.Ordinal)
    {
        ["add"] =
        [
            "name",
            "public",
            "jwks",
            "jwks-url",
            "redirect",
            "scopes",
            "roles",
            "organization",
            "purpose",
            "no-consent",
            "certificate",
        ],
        ["list"] = [],
        ["disable"] = [],
        ["enable"] = [],
        ["remove"] = [],
        ["rotate-secret"] = [],
    };

    public static Task<int> RunAsync(string[] args) =>
        new DirectoryCommand("clients", Actions).RunAsync(
            args,
            ["public", "no-consent"],
            (services, asked) => RunAsync(services.GetRequiredService<ClientDirectory>(), asked)
        );

    private static async Task<Result<string>> RunAsync(ClientDirectory clients, DirectoryCommand.Asked asked)
    {
        var none = CancellationToken.None;
        switch (asked.Action)
        {
            case "list":
                return string.Join(
                    Environment.NewLine,
                    (await clients.ListAsync(none)).Select(Row).Prepend("id\tkind\troles\tscopes\tredirects\tstate")
                );
            case "add":
                return await AddAsync(clients, asked);
            case "remove":
                return Said(
                    await clients.RemoveAsync(asked.Name, none),
                    $"{asked.Name} is removed, with all it was granted."
                );
            case "rotate-secret":
                return (await clients.RotateSecretAsync(asked.Name, none)).Then<string>(secret =>
                    $"{asked.Name} has the secret {secret}, which is not shown again."
                );
            default:
                var isDisabled = asked.Action == "disable";
                return Said(
                    await clients.DisableAsync(asked.Name, isDisabled, none),
                    isDisabled ? $"{asked.Name} gets no more tokens." : $"{asked.Name} may ask for tokens."
                );
        }
    }

    private static async Task<Result<string>> AddAsync(ClientDirectory clients, DirectoryCommand.Asked asked)
    {
        if (!UserRules.Roles(asked.List("roles")).TryGet(out var roles, out var unknown))
            return unknown;
        var hasKeys = asked.Says("jwks") || asked.Says("jwks-url");
        if (asked.Says("public") && hasKeys)
            return Failure.Invalid(IssueCode.Invalid, "A public client has no keys: leave --public out, or the keys.");
        var client = new ClientRecord(
            asked.Name,
            asked.Text("name") ?? asked.Name,
            asked.Says("public") ? ClientKind.Public
                : hasKeys ? ClientKind.Key
                : ClientKind.Secret,
            // With spaces as OAuth has them; commas would be a part of a constraint.
            string.Join(' ', asked.Options["scopes"])
        )
        {
            RedirectUris = [.. asked.Options["redirect"]],
            Roles = [.. roles],
            Organization = asked.Text("organization"),
            Purpose = asked.Text("purpose"),
            JwksUri = asked.Text("jwks-url"),
            Jwks = asked.Text("jwks") is { } file ? ReadKeys(file) : null,
            AsksConsent = !asked.Says("no-consent"),
            Certificates = [.. asked.Options["certificate"].Select(ReadThumbprint)],
        };
        return (await clients.AddAsync(client, CancellationToken.None)).Then<string>(secret =>
            secret.Length > 0
                ? $"{client.Id} may ask for tokens with the secret {secret}, which is not shown again."
                : $"{client.Id} may ask for tokens."
        );
    }

    private static string ReadKeys(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationProblem($"--jwks is '{path}'; it must be a file that can be read ({e.Message}).");
        }
    }

    private static string ReadThumbprint(string path)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(path);
            return CertificateThumbprint.Of(certificate);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConfigurationProblem(
                $"--certificate is '{path}'; it must be a file with a certificate, as PEM or DER ({e.Message.TrimEnd('.')})."
            );
        }
    }

    private static Result<string> Said(Failure? refused, string sentence) => refused is null ? sentence : refused;

    private static string Row(ClientRecord client) =>
        string.Join(
            '\t',
            client.Id,
            client.Kind.ToString().ToLowerInvariant(),
            client.Roles.IsEmpty ? "-" : string.Join(',', client.Roles.Select(r => r.Code)),
            client.Scopes,
            client.RedirectUris.IsEmpty ? "-" : string.Join(' ', client.RedirectUris),
            client.IsDisabled ? "disabled" : "enabled"
        );
}
