using System.Collections.Frozen;
using System.Security.Cryptography;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Referrals;
using CareCoordination.Application.Settings;
using CareCoordination.Connectors;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Security;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;

namespace CareCoordination.Exchange.Settings;

/// <summary>
/// Where referrals may go, section <c>Connectors</c>, and what is particular to a partner, sections <c>Partners:{Endpoint id}</c>.
/// </summary>
public sealed class PartnersOptions
{
    private readonly FrozenDictionary<string, PartnerOptions> _partners;

    private PartnersOptions(AddressGuard guard, Dictionary<string, PartnerOptions> partners, SmartKey[] keys)
    {
        Guard = guard;
        _partners = partners.ToFrozenDictionary(StringComparer.Ordinal);
        Keys = keys;
    }

    public AddressGuard Guard { get; }

    /// <summary>The public halves are at <c>/.well-known/jwks.json</c>.</summary>
    public IReadOnlyList<SmartKey> Keys { get; }

    /// <summary>The ids of the Endpoints that have a section.</summary>
    public IReadOnlyList<string> Configured => _partners.Keys;

    /// <summary>The options of a partner; the defaults where the configuration says nothing of it.</summary>
    public PartnerOptions this[string endpoint] => _partners.GetValueOrDefault(endpoint, PartnerOptions.Defaults);

    /// <summary>The id of the Endpoint of the partner whose client this is; null: of none.</summary>
    public string? OfClient(string client) =>
        _partners.Where(p => p.Value.ClientId == client).Select(p => p.Key).FirstOrDefault();

    /// <summary>What a dispatch to an Endpoint depends on.</summary>
    public PartnerTerms TermsOf(string endpoint, string? address)
    {
        var options = this[endpoint];
        var strategy = PartnerStrategies.Get(options.Strategy);
        var refusal =
            strategy.CallsPartner && Uri.TryCreate(address, UriKind.Absolute, out var uri) ? Guard.Refusal(uri) : null;
        return new PartnerTerms(
            ReferralProfile.Find(options.Profile) ?? ReferralProfile.R4,
            options.NeedsConsent,
            options.NeedsCoverage,
            refusal,
            strategy.Guarantee
        );
    }

    /// <param name="isOpenOnLoopback">True where this server has no security and listens on this machine only.</param>
    public static PartnersOptions Read(IConfiguration configuration, bool isOpenOnLoopback)
    {
        var section = new OptionsSection(configuration, "Connectors");
        var hosts = section.List("AllowedHosts");
        section.RefuseOthers();
        foreach (var host in hosts)
        {
            if (
                host == "*"
                || host.Contains('/', StringComparison.Ordinal) && !host.Contains("://", StringComparison.Ordinal)
            )
                throw new ConfigurationProblem(
                    $"Connectors:AllowedHosts has '{host}'; an entry is a host such as ehr.example.org, *.example.org or http://ehr.internal:8080."
                );
        }

        var partners = new Dictionary<string, PartnerOptions>(StringComparer.Ordinal);
        var keys = new List<SmartKey>();
        foreach (var child in configuration.GetSection("Partners").GetChildren())
        {
            if (!FhirId.IsValid(child.Key))
                throw new ConfigurationProblem(
                    $"Partners:{child.Key} is no id of an Endpoint; use its id alone, such as Partners:north-hospital."
                );
            var options = PartnerSection.Read(configuration, child.Key);
            partners[child.Key] = options;
            if (options.Smart?.KeyPath is { } path)
                keys.Add(ReadKey($"Partners:{child.Key}:SmartKeyPath", path));
        }

        if (
            partners
                .Where(p => p.Value.ClientId is not null)
                .GroupBy(p => p.Value.ClientId, StringComparer.Ordinal)
                .FirstOrDefault(same => same.Count() > 1) is
            { } twice
        )
            throw new ConfigurationProblem(
                $"Partners has the ClientId {twice.Key} twice, at {string.Join(" and ", twice.Select(p => p.Key))}: a client speaks for one partner, so give each its own."
            );
        return new PartnersOptions(new AddressGuard([.. hosts], isOpenOnLoopback), partners, [.. keys]);
    }

    private static SmartKey ReadKey(string setting, string path)
    {
        try
        {
            return SmartKey.Read(path);
        }
        catch (Exception problem)
            when (problem is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ConfigurationProblem(
                $"{setting} is '{path}'; it must be a PEM file with a private RSA key of 2048 bits or more, or an EC key on P-384 ({problem.Message})."
            );
        }
    }
}
