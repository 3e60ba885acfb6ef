using System.Collections.Immutable;
using CareCoordination.Application.Settings;

namespace CareCoordination.SignIn.Settings;

/// <summary>How the authorization server of this program works: section <c>Security:Embedded</c>.</summary>
public sealed record EmbeddedOptions
{
    /// <summary>How long an access token is taken.</summary>
    public TimeSpan AccessTokenLife { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a refresh token is taken that is not used; each use gives a new one.</summary>
    public TimeSpan RefreshTokenLife { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long somebody stays signed in in a browser.</summary>
    public TimeSpan SignInLife { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Wrong passwords and codes after which somebody is locked out.</summary>
    public int MaxFailedSignIns { get; init; } = 5;

    public TimeSpan Lockout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Characters that a password has at least.</summary>
    public int MinPasswordLength { get; init; } = 12;

    /// <summary>True: whoever has no one-time codes yet sets them up when they sign in.</summary>
    public bool RequireCodes { get; init; }

    /// <summary>RS256 or ES256.</summary>
    public string SigningAlgorithm { get; init; } = "RS256";

    /// <summary>How long a key signs until the next one does.</summary>
    public TimeSpan KeyRotation { get; init; } = TimeSpan.FromDays(90);

    /// <summary>PEM files of private keys in place of those made here: the first signs, the others are still known.</summary>
    public ImmutableArray<string> SigningKeyFiles { get; init; } = [];

    /// <summary>A PEM file of a certificate and its private key, by which the keys of Data Protection are encrypted in the database.</summary>
    public string? ProtectionCertificateFile { get; init; }

    /// <summary>How long the keys of a client may take that come from its address.</summary>
    public TimeSpan JwksTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>True where the settings say that this program is its own authorization server.</summary>
    public static bool IsOn(IConfiguration configuration) =>
        string.Equals(configuration["Security:Mode"], "Embedded", StringComparison.OrdinalIgnoreCase);

    /// <summary>Throws <see cref="ConfigurationProblem"/>.</summary>
    public static EmbeddedOptions Read(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Security:Embedded");
        var otherwise = new EmbeddedOptions();
        var options = otherwise with
        {
            AccessTokenLife = TimeSpan.FromMinutes(section.Number("AccessTokenMinutes", 15, 5, 60)),
            RefreshTokenLife = TimeSpan.FromDays(section.Number("RefreshTokenDays", 30, 1, 365)),
            SignInLife = TimeSpan.FromHours(section.Number("SignInHours", 8, 1, 24)),
            MaxFailedSignIns = section.Number(nameof(MaxFailedSignIns), otherwise.MaxFailedSignIns, 1, 20),
            Lockout = TimeSpan.FromMinutes(section.Number("LockoutMinutes", 15, 1, 1440)),
            MinPasswordLength = section.Number(nameof(MinPasswordLength), otherwise.MinPasswordLength, 8, 128),
            RequireCodes = section.Flag(nameof(RequireCodes)) ?? false,
            SigningAlgorithm = section.Text(nameof(SigningAlgorithm)) ?? otherwise.SigningAlgorithm,
            KeyRotation = TimeSpan.FromDays(section.Number("KeyRotationDays", 90, 1, 365)),
            SigningKeyFiles = [.. section.List(nameof(SigningKeyFiles))],
            ProtectionCertificateFile = section.Text(nameof(ProtectionCertificateFile)),
            JwksTimeout = TimeSpan.FromSeconds(section.Number("JwksTimeoutSeconds", 5, 1, 30)),
        };
        section.RefuseOthers();
        return options.SigningAlgorithm is "RS256" or "ES256"
            ? options
            : throw section.Problem(nameof(SigningAlgorithm), options.SigningAlgorithm, "it must be RS256 or ES256.");
    }
}
