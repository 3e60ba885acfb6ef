using System.Collections.Immutable;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Settings;

namespace CareCoordination.Security.Settings;

/// <summary>Who may ask.</summary>
public enum SecurityMode
{
    /// <summary>Whoever reaches the server, which listens on its own machine only.</summary>
    Open,

    /// <summary>Whoever has an access token of one of the issuers that are configured.</summary>
    Oidc,

    /// <summary>Whoever has an access token of the authorization server that comes with the program.</summary>
    Embedded,
}

/// <summary>Who asks, and how much: section <c>Security</c>. docs/security.md</summary>
public sealed record SecurityOptions
{
    public SecurityMode Mode { get; init; }

    /// <summary>The issuers that are outside, in the order of their names; empty but in mode Oidc.</summary>
    public ImmutableArray<IssuerOptions> Issuers { get; init; } = [];

    /// <summary>The name of the issuer that <c>/.well-known/smart-configuration</c> sends apps to; null: the first.</summary>
    public string? SmartIssuer { get; init; }

    /// <summary>The public client as which Swagger signs people in, at the issuer that apps are sent to; null: they name one there.</summary>
    public string? SwaggerClientId { get; init; }

    /// <summary>True: TLS ends at a proxy in front, so that plain http may be listened on beyond this machine.</summary>
    public bool BehindTlsProxy { get; init; }

    /// <summary>Of one client, for as long as it lasts. 0: no limit.</summary>
    public int RequestsPerSecondPerClient { get; init; } = 500;

    /// <summary>What a client may ask at once, after a time in which it asked nothing.</summary>
    public int BurstPerClient { get; init; } = 1000;

    /// <summary>Of one address, without a token or with one that has not been seen yet. 0: no limit.</summary>
    public int RequestsPerSecondPerAddress { get; init; } = 50;

    public int BurstPerAddress { get; init; } = 200;

    public bool IsOpen => Mode == SecurityMode.Open;

    /// <summary>Who may do what here, for people: in the log at start and in the CapabilityStatement. Null: nothing is secured.</summary>
    public string? Promise =>
        Mode switch
        {
            SecurityMode.Oidc =>
                $"Every request needs an access token (SMART App Launch 2) of {string.Join(" or ", Issuers.Select(i => i.Id))}.",
            SecurityMode.Embedded => "Every request needs an access token (SMART App Launch 2) of this server.",
            _ => null,
        };

    /// <exception cref="ConfigurationProblem">One sentence that tells what to do.</exception>
    public static SecurityOptions Read(IConfiguration configuration)
    {
        var section = new OptionsSection(configuration, "Security");
        var defaults = new SecurityOptions();
        var options = new SecurityOptions
        {
            Mode = ModeOf(section),
            Issuers = [.. section.Sections(nameof(Issuers)).Select(IssuerOptions.Read)],
            SmartIssuer = section.Text(nameof(SmartIssuer)),
            SwaggerClientId = section.Text(nameof(SwaggerClientId)),
            BehindTlsProxy = section.Flag(nameof(BehindTlsProxy)) ?? false,
            RequestsPerSecondPerClient = Rate(nameof(RequestsPerSecondPerClient), defaults.RequestsPerSecondPerClient),
            BurstPerClient = Rate(nameof(BurstPerClient), defaults.BurstPerClient),
            RequestsPerSecondPerAddress = Rate(
                nameof(RequestsPerSecondPerAddress),
                defaults.RequestsPerSecondPerAddress
            ),
            BurstPerAddress = Rate(nameof(BurstPerAddress), defaults.BurstPerAddress),
        };
        // Read by the authorization server that comes with the program.
        _ = section.Section(nameof(SecurityMode.Embedded));
        section.RefuseOthers();
        options.Check();
        return options;

        int Rate(string key, int otherwise) => section.Number(key, otherwise, 0, 1_000_000);
    }

    private static SecurityMode ModeOf(OptionsSection section)
    {
        var text = section.Text(nameof(Mode));
        foreach (var mode in Enum.GetValues<SecurityMode>())
        {
            if (text is null || mode.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
                return mode;
        }

        throw section.Problem(
            nameof(Mode),
            text!,
            $"it must be one of {string.Join(", ", Enum.GetNames<SecurityMode>())}."
        );
    }

    private void Check()
    {
        if (Mode == SecurityMode.Oidc && Issuers.IsEmpty)
            throw new ConfigurationProblem(
                "Security:Mode is Oidc, and there is no issuer: name one, such as Security:Issuers:main:Authority=https://login.example.org."
            );
        if (Mode != SecurityMode.Oidc && !Issuers.IsEmpty)
            throw new ConfigurationProblem(
                $"Security:Issuers has '{Issuers[0].Name}', but Security:Mode is {Mode}: issuers are asked in mode Oidc only, so set Security:Mode to Oidc or take them out."
            );
        if (Issuers.GroupBy(i => i.Id, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ConfigurationProblem(
                $"Security:Issuers has {twice.Key} twice, as {string.Join(" and ", twice.Select(i => i.Name))}: a token could be read in two ways, so keep one."
            );
        if (Issuers.Where(i => i.Introspection is not null).Take(2).ToArray() is [var first, var second])
            throw new ConfigurationProblem(
                $"Security:Issuers has Introspection for {first.Name} and for {second.Name}: an opaque token does not say whose it is, and must not be shown to anybody else, so one issuer only may be asked."
            );
        if (SmartIssuer is not null && Issuers.All(i => i.Name != SmartIssuer))
            throw new ConfigurationProblem(
                $"Security:SmartIssuer is '{SmartIssuer}'; it must be one of {string.Join(", ", Issuers.Select(i => i.Name))}."
            );
    }
}
