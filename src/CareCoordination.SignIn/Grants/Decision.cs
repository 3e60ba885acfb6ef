using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace CareCoordination.SignIn.Grants;

/// <summary>What somebody has decided on the pages, for one request of one client.</summary>
/// <param name="User">Who decided.</param>
/// <param name="Request">The digest of the request that it is for.</param>
/// <param name="Patient">The id of the patient; null where none was chosen.</param>
/// <param name="Scopes">What is granted; null where that was not asked yet.</param>
/// <param name="IsRefused">True: nothing is granted.</param>
internal sealed record Decision(
    string User,
    string Request,
    string? Patient,
    ImmutableArray<string>? Scopes,
    bool IsRefused,
    long Until
);

/// <summary>
/// Decisions on their way from a page back to the endpoint that acts on them, through the browser: protected, for a few minutes, and for
/// the request and the person alone that they were made for, so that no node has to remember them.
/// </summary>
internal sealed class Decisions(IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>The parameter that carries one.</summary>
    public const string Parameter = "decision";

    private static readonly string[] Bound =
    [
        "client_id",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
        "aud",
        "launch",
    ];

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly IDataProtector _protector = protection.CreateProtector("CareCoordination.SignIn.Decisions");

    /// <summary>Of what says what is asked for.</summary>
    /// <param name="parameter">The value of a parameter of the request.</param>
    public static string Digest(Func<string, string?> parameter) =>
        Convert.ToHexString(
            SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Bound.Select(name => parameter(name) ?? "").ToArray()))
        );

    public string Protect(
        string user,
        string request,
        string? patient,
        ImmutableArray<string>? scopes,
        bool isRefused = false
    )
    {
        var decision = new Decision(
            user,
            request,
            patient,
            scopes,
            isRefused,
            (time.GetUtcNow() + Life).ToUnixTimeSeconds()
        );
        return _protector.Protect(JsonSerializer.Serialize(decision));
    }

    /// <summary>Null where there is none, or none that counts for this person and this request now.</summary>
    public Decision? Read(string? text, string user, string request)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        try
        {
            var decision = JsonSerializer.Deserialize<Decision>(_protector.Unprotect(text));
            return
                decision is not null
                && decision.User == user
                && decision.Request == request
                && decision.Until > time.GetUtcNow().ToUnixTimeSeconds()
                ? decision
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
