using System.Collections.Immutable;
using CareCoordination.Access.Roles;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Settings;
using CareCoordination.Rest.Http;
using CareCoordination.Security.Keys;
using Microsoft.IdentityModel.Tokens;

namespace CareCoordination.Security.Settings;

/// <summary>An authorization server whose access tokens are taken: section <c>Security:Issuers:{name}</c>.</summary>
/// <param name="Name">A name of the configuration's own: it stands before the subjects and clients of this issuer.</param>
/// <param name="Id">As tokens have it in <c>iss</c>, letter by letter.</param>
public sealed record IssuerOptions(string Name, string Id)
{
    /// <summary>
    /// Signatures that may be configured. Those with a shared secret (HS256 and its kin) are none: whoever has the public key of an issuer
    /// could make them. https://www.rfc-editor.org/rfc/rfc8725#section-2.1
    /// </summary>
    public static readonly ImmutableArray<string> AllAlgorithms =
    [
        "RS256",
        "RS384",
        "RS512",
        "PS256",
        "PS384",
        "PS512",
        "ES256",
        "ES384",
        "ES512",
    ];

    /// <summary>Where the endpoints and the address of the keys are described. https://openid.net/specs/openid-connect-discovery-1_0.html</summary>
    public required Uri MetadataAddress { get; init; }

    /// <summary>Keys of a file, as a JWK Set, instead of those that the issuer publishes; null: the issuer's own.</summary>
    public ImmutableArray<SecurityKey>? Keys { get; init; }

    /// <summary>A token is for this server where one of them stands in <c>aud</c>.</summary>
    public ImmutableArray<string> Audiences { get; init; } = [];

    public ImmutableArray<string> Algorithms { get; init; } = ["RS256", "RS384", "PS256", "ES256", "ES384"];

    /// <summary>How far clocks may differ.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    public ClaimNames Claims { get; init; } = new();

    public RoleNames Roles { get; init; } = RoleNames.None;

    public IntrospectionOptions? Introspection { get; init; }

    public static IssuerOptions Read(OptionsSection section)
    {
        var authority =
            section.Text("Authority")
            ?? throw new ConfigurationProblem(
                $"{section.Name}:Authority is missing: it is the address of the issuer, such as https://login.example.org."
            );
        _ = SafeAddress(section, "Authority", authority);
        var metadata = section.Text(nameof(MetadataAddress));
        var defaults = new ClaimNames();
        var options = new IssuerOptions(section.Key, section.Text("Issuer") ?? authority)
        {
            MetadataAddress = metadata is null
                ? new Uri(authority.TrimEnd('/') + "/.well-known/openid-configuration")
                : SafeAddress(section, nameof(MetadataAddress), metadata),
            Keys = KeysOf(section),
            Audiences = [.. section.List("Audiences")],
            Algorithms = AlgorithmsOf(section),
            ClockSkew = TimeSpan.FromSeconds(section.Number("ClockSkewSeconds", 30, 0, 300)),
            Claims = new ClaimNames
            {
                Roles = section.Text("RoleClaim") ?? defaults.Roles,
                Organization = section.Text("OrganizationClaim") ?? defaults.Organization,
                Person = section.Text("FhirUserClaim") ?? defaults.Person,
                Patient = section.Text("PatientClaim") ?? defaults.Patient,
                Purpose = section.Text("PurposeClaim") ?? defaults.Purpose,
            },
            Roles = new RoleNames(NamesOf(section, "Roles"), NamesOf(section, "Clients")),
            Introspection = IntrospectionOptions.Read(section.Section(nameof(Introspection))),
        };
        section.RefuseOthers();
        return options.Audiences.IsEmpty
            ? throw new ConfigurationProblem(
                $"{section.Name}:Audiences is missing: without it tokens that are for other servers would be taken here; it is what the issuer writes into aud for this server, as {authority.TrimEnd('/')} shows, mostly the FHIR base."
            )
            : options;
    }

    private static ImmutableArray<string> AlgorithmsOf(OptionsSection section)
    {
        var names = section.List(nameof(Algorithms));
        foreach (var name in names)
        {
            if (!AllAlgorithms.Contains(name))
                throw section.Problem(
                    nameof(Algorithms),
                    name,
                    $"tokens that are not signed, or signed with a shared secret, could be made by others; it must be of {string.Join(", ", AllAlgorithms)}."
                );
        }

        return names.Length == 0
            ? new IssuerOptions("", "") { MetadataAddress = new Uri("about:blank") }.Algorithms
            : [.. names];
    }

    private static ImmutableArray<SecurityKey>? KeysOf(OptionsSection section)
    {
        const string JwksPath = nameof(JwksPath);
        if (ExistingFile(section, JwksPath) is not { } path)
            return null;
        try
        {
            return VerificationKeys.Of(File.ReadAllText(path)) is { IsEmpty: false } keys
                ? keys
                : throw section.Problem(JwksPath, path, "no key of it can verify a signature.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw section.Problem(JwksPath, path, $"it must be a JWK Set ({problem.Message}).");
        }
    }

    /// <summary>By each of our roles the names that somebody outside has for it.</summary>
    private static ImmutableArray<KeyValuePair<string, CareRole>> NamesOf(OptionsSection section, string key)
    {
        var inside = section.Section(key);
        var names = ImmutableArray.CreateBuilder<KeyValuePair<string, CareRole>>();
        foreach (var role in CareRole.All)
            names.AddRange(inside.List(role.Code).Select(name => KeyValuePair.Create(name, role)));
        foreach (var child in section.Texts(key))
        {
            if (CareRole.Find(child.Key) is null)
                throw new ConfigurationProblem(
                    $"{inside.Name}:{child.Key} is no role of this server; it has {string.Join(", ", CareRole.All.Select(r => r.Code))}."
                );
            if (names.All(n => n.Value.Code != child.Key))
                throw new ConfigurationProblem(
                    $"{inside.Name}:{child.Key} names nobody, so that nobody would be let in by it: give the names that the issuer has for it, or take it out."
                );
        }

        return names.ToImmutable();
    }

    internal static Uri SafeAddress(OptionsSection section, string key, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri is { Query: "", Fragment: "", UserInfo: "" }
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && LoopbackAddress.IsHost(uri.Host)))
            ? uri
            : throw section.Problem(
                key,
                text,
                "it must be an address with https, such as https://login.example.org: whoever changes what comes from there decides who is let in."
            );

    internal static string? ExistingFile(OptionsSection section, string key) =>
        section.Text(key) is not { } path ? null
        : File.Exists(path) ? path
        : throw section.Problem(key, path, "there is no such file.");
}
