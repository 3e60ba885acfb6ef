using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Partners;

namespace CareCoordination.Connectors.Partners;

/// <summary>
/// Typed options of one partner: section <c>Partners:{Endpoint id}</c>. An Endpoint with nothing here works with these defaults.
/// </summary>
public sealed record PartnerOptions
{
    public static readonly PartnerOptions Defaults = new();

    /// <summary>Partners are not asked more often. https://hl7.org/fhir/us/sdoh-clinicalcare/checking_task_status.html</summary>
    public static readonly TimeSpan ShortestPollInterval = TimeSpan.FromMinutes(15);

    /// <summary>How the partner takes referrals: the name of one of the strategies.</summary>
    public string Strategy { get; init; } = "TaskPush";

    /// <summary>The name of a <see cref="ReferralProfile"/>.</summary>
    public string Profile { get; init; } = ReferralProfile.R4.Name;

    /// <summary>One exchange with the partner, its retries and their delays included; waiting for a limit of ours is not.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>One attempt of an exchange.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a transient failure is tried again at once; the long waits are the outbox's.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>Before the first retry; doubled for each further one, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A longer <c>Retry-After</c> is left to the outbox.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After this many failures in a row nothing is sent for <see cref="BreakTime"/>.</summary>
    public int BreakerFailures { get; init; } = 5;

    /// <summary>After it one probe asks whether the partner is back.</summary>
    public TimeSpan BreakTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Of this node, retries counted; 0: no limit.</summary>
    public int RequestsPerSecond { get; init; }

    /// <summary>How many exchanges run at the same time at most: fewer while the partner is called too often, or exchanges collide there.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>The types that may leave with a referral, besides ServiceRequest and Task.</summary>
    public ImmutableArray<string> Types { get; init; } =
    [
        "Condition",
        ResourceTypes.Consent,
        ResourceTypes.Coverage,
        ResourceTypes.DocumentReference,
        ResourceTypes.Goal,
        ResourceTypes.Observation,
        ResourceTypes.Organization,
        ResourceTypes.Patient,
        ResourceTypes.Practitioner,
        ResourceTypes.PractitionerRole,
    ];

    /// <summary>The types of resources that are fetched from the partner where outputs of its Task refer to them, and stored as ours.</summary>
    public ImmutableArray<string> Outputs { get; init; } = [];

    /// <summary>What an output may be: what somebody did, found or wrote about a patient.</summary>
    public static readonly ImmutableArray<string> OutputTypes =
    [
        "Condition",
        ResourceTypes.DiagnosticReport,
        ResourceTypes.DocumentReference,
        ResourceTypes.Observation,
        ResourceTypes.Procedure,
        ResourceTypes.QuestionnaireResponse,
    ];

    /// <summary>
    /// How many entries a transaction may have at the partner: a referral of more goes in several, the Task in the last. 0: any number.
    /// </summary>
    public int MaxEntries { get; init; }

    /// <summary>How many bytes a transaction may have at the partner; the same follows. 0: any number.</summary>
    public int MaxBytes { get; init; }

    /// <summary>True for partners without a data use agreement, such as community organisations: nothing leaves without the patient's consent.</summary>
    public bool NeedsConsent { get; init; }

    /// <summary>True for partners that serve only patients with a coverage: requests name an active one.</summary>
    public bool NeedsCoverage { get; init; }

    /// <summary>How often the partner is asked what has changed.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The search that finds our Tasks at the partner, without <c>_lastUpdated</c>: <c>requester=Organization/7</c>. Null: by the
    /// identifier that every Task we send carries.
    /// </summary>
    public string? PollQuery { get; init; }

    /// <summary>
    /// The client whose tokens speak for the partner, where this server is secured: with the name of its issuer in front, as
    /// <c>main:north-hospital</c>. Null: no token does.
    /// </summary>
    public string? ClientId { get; init; }

    /// <summary>What the partner has to show with a notification that there is news; null: notifications are not taken.</summary>
    public string? NotificationSecret { get; init; }

    /// <summary>
    /// The FHIR base where copies of Tasks are read, for a partner that takes referrals in another way, as by HL7 v2. Null: the Endpoint's
    /// address, where that is a FHIR base.
    /// </summary>
    public Uri? ReadAddress { get; init; }

    /// <summary>Headers of every request.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The identifier system by which the partner knows patients; null: they are known by ours.</summary>
    public string? PatientIdentifierSystem { get; init; }

    /// <summary>SMART backend services; null: no token is asked for.</summary>
    public SmartOptions? Smart { get; init; }

    /// <summary>What differs from plain TLS.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>Names in the header of v2 messages.</summary>
    public Hl7V2Options Hl7V2 { get; init; } = new();
}

/// <summary>How we identify ourselves for tokens. https://hl7.org/fhir/smart-app-launch/backend-services.html</summary>
/// <param name="ClientId">As the partner registered us.</param>
/// <param name="KeyPath">
/// A PEM file with our private key: RSA of 2048 bits or more (RS384), or EC P-384 (ES384). Null: by <see cref="Secret"/>.
/// </param>
/// <param name="Scopes">Separated by blanks: <c>system/Task.cruds</c>.</param>
/// <param name="TokenEndpoint">Null: as <c>.well-known/smart-configuration</c> says.</param>
public sealed record SmartOptions(string ClientId, string? KeyPath, string Scopes, Uri? TokenEndpoint)
{
    /// <summary>For partners that take no signed assertions. https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1</summary>
    public ClientSecret? Secret { get; init; }
}

/// <summary>A secret that we and a partner share.</summary>
/// <param name="IsInBody">True: it is sent in the form (<c>client_secret_post</c>); false: in the header (<c>client_secret_basic</c>).</param>
public sealed record ClientSecret(string Value, bool IsInBody)
{
    /// <summary>It is in no log.</summary>
    public override string ToString() => IsInBody ? "client_secret_post" : "client_secret_basic";
}

/// <summary>Certificates, as paths of PEM files.</summary>
public sealed record TlsOptions
{
    /// <summary>Our certificate for mutual TLS.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>The key of <see cref="CertificatePath"/>; null: it is in the same file.</summary>
    public string? KeyPath { get; init; }

    /// <summary>The authority that signs the partner's certificate; null: the system's.</summary>
    public string? AuthorityPath { get; init; }
}

/// <summary>MSH-3 to MSH-6, MSH-11 and MSH-12. https://www.hl7.org/implement/standards/product_brief.cfm?product_id=185</summary>
public sealed record Hl7V2Options
{
    public string SendingApplication { get; init; } = "CARECOORDINATION";

    public string SendingFacility { get; init; } = "";

    public string ReceivingApplication { get; init; } = "";

    public string ReceivingFacility { get; init; } = "";

    /// <summary><c>P</c> production, <c>T</c> training, <c>D</c> debugging.</summary>
    public string ProcessingId { get; init; } = "P";

    public string Version { get; init; } = "2.5.1";
}
