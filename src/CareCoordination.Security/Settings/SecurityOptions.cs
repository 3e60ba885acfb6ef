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

    /// <summary>True: who connects by TLS may show a certificate of its own.</summary>
    public bool ClientCertificates { get; init; }

    /// <summary>The header by which the proxy in front tells of a client's certificate; null: none is taken from a header.</summary>
    public string? ClientCertificateHeader { get; init; }

    /// <summary>True where a client can show a certificate.</summary>
    public bool TakesCertificates => ClientCertificates || ClientCertificateHeader is not null;

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
            ClientCertificates = section.Flag(nameof(ClientCertificates)) ?? false,
            ClientCertificateHeader = section.Text(nameof(ClientCertificateHeader)),
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
        CheckCertificates();
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

    private void CheckCertificates()
    {
        if (TakesCertificates && IsOpen)
            throw new ConfigurationProblem(
                "Security:ClientCertificates or Security:ClientCertificateHeader is set, but Security:Mode is Open, in which nobody is asked who they are: take it out, or set Security:Mode."
            );
        if (ClientCertificateHeader is not null && !BehindTlsProxy)
            throw new ConfigurationProblem(
                $"Security:ClientCertificateHeader is '{ClientCertificateHeader}', but Security:BehindTlsProxy is not true: without a proxy in front anybody can write that header, so set it, or use Security:ClientCertificates."
            );
        if (ClientCertificateHeader is { } header && !header.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new ConfigurationProblem(
                $"Security:ClientCertificateHeader is '{header}'; it must be the name of a header, such as Client-Cert."
            );
        if (ClientCertificateHeader is not null && ClientCertificates)
            throw new ConfigurationProblem(
                "Security:ClientCertificates and Security:ClientCertificateHeader are both set: certificates come by one way, so keep the header where a proxy in front ends TLS, and the other where this server does."
            );
    }
}
