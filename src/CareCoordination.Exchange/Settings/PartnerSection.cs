using System.Collections.Immutable;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Settings;
using CareCoordination.Connectors;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Security;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Partners;

namespace CareCoordination.Exchange.Settings;

/// <summary>Reads one section <c>Partners:{Endpoint id}</c>.</summary>
internal static class PartnerSection
{
    private static readonly string[] Profiles = [.. ReferralProfile.All.Select(p => p.Name)];

    public static PartnerOptions Read(IConfiguration configuration, string endpoint)
    {
        var section = new OptionsSection(configuration, $"Partners:{endpoint}");
        var defaults = PartnerOptions.Defaults;
        var options = new PartnerOptions
        {
            Strategy = Strategy(section),
            Profile = Profile(section),
            TotalTimeout = Seconds(section, "TotalTimeoutSeconds", defaults.TotalTimeout, 1, 600),
            AttemptTimeout = Seconds(section, "AttemptTimeoutSeconds", defaults.AttemptTimeout, 1, 300),
            Retries = section.Number("Retries", defaults.Retries, 0, 10),
            RetryDelay = TimeSpan.FromMilliseconds(
                section.Number("RetryDelayMilliseconds", (int)defaults.RetryDelay.TotalMilliseconds, 1, 60_000)
            ),
            LongestRetryAfter = Seconds(section, "LongestRetryAfterSeconds", defaults.LongestRetryAfter, 0, 60),
            BreakerFailures = section.Number("BreakerFailures", defaults.BreakerFailures, 1, 1000),
            BreakTime = Seconds(section, "BreakSeconds", defaults.BreakTime, 1, 3600),
            RequestsPerSecond = section.Number("RequestsPerSecond", defaults.RequestsPerSecond, 0, 100_000),
            Concurrency = section.Number("Concurrency", defaults.Concurrency, 1, 1000),
            Types = section.List("Types") is { Length: > 0 } types ? [.. types] : defaults.Types,
            Outputs = Outputs(section),
            MaxEntries = section.Number("MaxEntries", defaults.MaxEntries, 0, 10_000),
            MaxBytes = section.Number("MaxBytes", defaults.MaxBytes, 0, 1_000_000_000),
            NeedsConsent = section.Flag("NeedsConsent") ?? defaults.NeedsConsent,
            NeedsCoverage = section.Flag("NeedsCoverage") ?? defaults.NeedsCoverage,
            PollInterval = TimeSpan.FromMinutes(
                section.Number(
                    "PollMinutes",
                    (int)defaults.PollInterval.TotalMinutes,
                    (int)PartnerOptions.ShortestPollInterval.TotalMinutes,
                    7 * 24 * 60
                )
            ),
            PollQuery = section.Text("PollQuery"),
            ClientId = section.Text("ClientId"),
            NotificationSecret = Secret(section),
            ReadAddress = Address(section, "ReadAddress"),
            Headers = [.. section.Texts("Headers")],
            PatientIdentifierSystem = section.Text("PatientIdentifierSystem"),
            Smart = Smart(section),
            Tls = Tls(section),
            Hl7V2 = Hl7V2(section),
        };
        section.RefuseOthers();
        // Where nobody names scopes they are what the strategy does with the types.
        if (options.Smart is { Scopes.Length: 0 } smart)
            options = options with
            {
                Smart = smart with
                {
                    Scopes = SmartScopes.Of(PartnerStrategies.Get(options.Strategy).AccessOfAll(options)),
                },
            };
        Check(options, section);
        return options;
    }

    private static void Check(PartnerOptions options, OptionsSection section)
    {
        if (options.AttemptTimeout > options.TotalTimeout)
            throw new ConfigurationProblem(
                $"{section.Name}:AttemptTimeoutSeconds is longer than {section.Name}:TotalTimeoutSeconds, which holds for all attempts together."
            );
        foreach (var type in options.Types)
        {
            if (!R4Definitions.Schema.IsResourceType(type))
                throw section.Problem("Types", type, "that is no resource type.");
        }
    }

    private static ImmutableArray<string> Outputs(OptionsSection section)
    {
        var types = section.List("Outputs");
        foreach (var type in types)
        {
            if (!PartnerOptions.OutputTypes.Contains(type))
                throw section.Problem(
                    "Outputs",
                    type,
                    $"it must be one of {string.Join(", ", PartnerOptions.OutputTypes)}."
                );
        }

        return [.. types];
    }

    private static string Strategy(OptionsSection section) =>
        section.Text("Strategy") is not { } text ? PartnerOptions.Defaults.Strategy
        : PartnerStrategies.Find(text) is { } strategy ? strategy.Name
        : throw section.Problem(
            "Strategy",
            text,
            $"it must be one of {string.Join(", ", PartnerStrategies.All.Select(s => s.Name))}."
        );

    private static string Profile(OptionsSection section)
    {
        var text = section.Text("Profile") ?? PartnerOptions.Defaults.Profile;
        return Profiles.Contains(text)
            ? text
            : throw section.Problem("Profile", text, $"it must be one of {string.Join(", ", Profiles)}.");
    }

    private static SmartOptions? Smart(OptionsSection section)
    {
        var (client, key) = (section.Text("SmartClientId"), section.Text("SmartKeyPath"));
        var scopes = section.Text("SmartScopes") ?? "";
        var endpoint = Address(section, "SmartTokenEndpoint");
        var secret = ClientSecret(section);
        if (client is null && key is null && secret is null)
            return null;
        if (client is null || key is null == secret is null)
            throw new ConfigurationProblem(
                $"{section.Name} needs SmartClientId and one of SmartKeyPath (SMART backend services) and SmartClientSecret (OAuth client credentials)."
            );
        return new SmartOptions(client, key, scopes, endpoint) { Secret = secret };
    }

    private static ClientSecret? ClientSecret(OptionsSection section)
    {
        var method = section.Text("SmartSecretMethod") ?? "basic";
        if (method is not ("basic" or "post"))
            throw section.Problem("SmartSecretMethod", method, "it must be basic or post.");
        return section.Text("SmartClientSecret") is { } value ? new ClientSecret(value, method == "post") : null;
    }

    private static string? Secret(OptionsSection section) =>
        section.Text("NotificationSecret") switch
        {
            null => null,
            { Length: >= ShortestSecret } secret => secret,
            _ => throw new ConfigurationProblem(
                $"{section.Name}:NotificationSecret has less than {ShortestSecret} characters: choose one that cannot be guessed."
            ),
        };

    private const int ShortestSecret = 16;

    private static TlsOptions Tls(OptionsSection section) =>
        new()
        {
            CertificatePath = ExistingFile(section, "CertificatePath"),
            KeyPath = ExistingFile(section, "CertificateKeyPath"),
            AuthorityPath = ExistingFile(section, "AuthorityPath"),
        };

    private static Hl7V2Options Hl7V2(OptionsSection section)
    {
        var defaults = new Hl7V2Options();
        return new Hl7V2Options
        {
            SendingApplication = section.Text("Hl7SendingApplication") ?? defaults.SendingApplication,
            SendingFacility = section.Text("Hl7SendingFacility") ?? defaults.SendingFacility,
            ReceivingApplication = section.Text("Hl7ReceivingApplication") ?? defaults.ReceivingApplication,
            ReceivingFacility = section.Text("Hl7ReceivingFacility") ?? defaults.ReceivingFacility,
            ProcessingId = section.Text("Hl7ProcessingId") ?? defaults.ProcessingId,
            Version = section.Text("Hl7Version") ?? defaults.Version,
        };
    }

    private static TimeSpan Seconds(OptionsSection section, string key, TimeSpan fallback, int min, int max) =>
        TimeSpan.FromSeconds(section.Number(key, (int)fallback.TotalSeconds, min, max));

    private static Uri? Address(OptionsSection section, string key) =>
        section.Text(key) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri
        : throw section.Problem(key, text, "it must be an address such as https://ehr.example.org/fhir.");

    private static string? ExistingFile(OptionsSection section, string key) =>
        section.Text(key) is not { } path ? null
        : File.Exists(path) ? path
        : throw section.Problem(key, path, "there is no such file.");
}
