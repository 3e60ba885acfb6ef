using System.Collections.Immutable;
using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Application.Requests;

/// <summary>By which door somebody asks.</summary>
public enum CallerKind
{
    /// <summary>Whoever is on this machine, while the server has no security and listens on loopback only.</summary>
    Open,

    /// <summary>A partner that referrals are exchanged with: its answers, polls and messages.</summary>
    Partner,

    /// <summary>This server, because the time of something has come.</summary>
    Timer,

    /// <summary>This server, as a part of work that goes on after its request was answered.</summary>
    Job,

    /// <summary>The import verb: records come as they were elsewhere.</summary>
    Import,

    /// <summary>Whoever runs a verb of the program on a machine of the server.</summary>
    Operator,

    /// <summary>A person who has signed in, with a token.</summary>
    User,

    /// <summary>A program with a token of its own and nobody behind it (SMART backend services).</summary>
    Client,
}

/// <summary>
/// Who asks. Made once, at the edge (HTTP, partner, timer, job, verb), and part of every session: nothing is read or written
/// without one.
/// </summary>
/// <param name="Subject">Who it is, as a name that may stand in records: an Endpoint's id, a job. Never a person's data.</param>
public sealed record Caller(CallerKind Kind, string Subject)
{
    public static readonly Caller Open = new(CallerKind.Open, "open server");

    public static readonly Caller Timer = new(CallerKind.Timer, "timer");

    public static readonly Caller Import = new(CallerKind.Import, "import");

    /// <summary>
    /// Nobody has said who asks, as for what a secured server lets everybody read. To every rule it is a client without a role and with
    /// scopes that cover nothing.
    /// </summary>
    public static readonly Caller Nobody = new(CallerKind.Client, "nobody") { Scopes = ScopeSet.Empty };

    /// <summary>The roles that the caller acts in; empty where nobody says.</summary>
    public ImmutableArray<CareRole> Roles { get; init; } = [];

    /// <summary>The Practitioner, PractitionerRole, Patient, RelatedPerson or Person that signed in: the claim <c>fhirUser</c>.</summary>
    public ResourceKey? Person { get; init; }

    /// <summary>The patient of the launch: the claim <c>patient</c>. https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html</summary>
    public ResourceKey? LaunchPatient { get; init; }

    /// <summary>What the token narrows the caller to; null where no token does.</summary>
    public ScopeSet? Scopes { get; init; }

    /// <summary>The Organization that the caller acts for; null where nobody says.</summary>
    public string? Organization { get; init; }

    /// <summary>The client program; null where nobody says.</summary>
    public string? Client { get; init; }

    /// <summary>Why data is used, a code of v3-PurposeOfUse; null where nobody says. https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html</summary>
    public string? Purpose { get; init; }

    /// <summary>Which request it is and where it came from, for the audit trail; null where there is none.</summary>
    public RequestOrigin? Origin { get; init; }

    /// <summary>
    /// It is asked for an export, in which those may see what they are given in bulk who may not look at anybody one by one.
    /// </summary>
    public bool IsExporting { get; init; }

    /// <summary>True where both are the same person or program, by whichever token.</summary>
    public bool IsSameAs(Caller other) => Kind == other.Kind && Subject == other.Subject && Client == other.Client;

    /// <summary>The caller of one entry of a Bundle.</summary>
    /// <param name="entry">From 1.</param>
    public Caller OfEntry(int entry) =>
        this with
        {
            Origin = (Origin ?? new RequestOrigin(null, null)) with { Entry = entry },
        };

    /// <param name="subject">Who signed in, as the issuer names them.</param>
    public static Caller User(string subject) => new(CallerKind.User, subject);

    /// <param name="client">The id of the client.</param>
    public static Caller Program(string client) => new(CallerKind.Client, client) { Client = client };

    public static Caller Partner(string endpoint) => new(CallerKind.Partner, endpoint);

    /// <param name="job">The id of the job.</param>
    public static Caller Job(string job) => new(CallerKind.Job, job);

    /// <param name="verb">What is run.</param>
    public static Caller Operator(string verb) => new(CallerKind.Operator, verb);

    /// <summary>True where nobody said who asks, wherever from: a client that is somebody has a name.</summary>
    public bool IsNobody => Kind == CallerKind.Client && Client is null && Subject == Nobody.Subject;

    /// <summary>As audit lines name the caller: <c>partner north-hospital</c>.</summary>
    public override string ToString() =>
        Kind is not (CallerKind.Open or CallerKind.Timer or CallerKind.Import) && !IsNobody
            ? $"{Kind.ToString().ToLowerInvariant()} {Subject}"
            : Subject;
}

/// <summary>Which request it is, and where it came from.</summary>
/// <param name="Request">The id by which the client, or this server, knows the request.</param>
/// <param name="Address">The network address of the client.</param>
public sealed record RequestOrigin(string? Request, string? Address)
{
    /// <summary>Which entry of a Bundle, from 1; 0: none.</summary>
    public int Entry { get; init; }
}
