using System.Collections.Immutable;

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

    /// <summary>The roles that the caller acts in; empty where nobody says.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>The Organization that the caller acts for; null where nobody says.</summary>
    public string? Organization { get; init; }

    /// <summary>The client program; null where nobody says.</summary>
    public string? Client { get; init; }

    /// <summary>Why data is used, a code of v3-PurposeOfUse; null where nobody says. https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html</summary>
    public string? Purpose { get; init; }

    public static Caller Partner(string endpoint) => new(CallerKind.Partner, endpoint);

    /// <param name="job">The id of the job.</param>
    public static Caller Job(string job) => new(CallerKind.Job, job);

    /// <param name="verb">What is run.</param>
    public static Caller Operator(string verb) => new(CallerKind.Operator, verb);

    /// <summary>As audit lines name the caller: <c>partner north-hospital</c>.</summary>
    public override string ToString() =>
        Kind is CallerKind.Partner or CallerKind.Job or CallerKind.Operator
            ? $"{Kind.ToString().ToLowerInvariant()} {Subject}"
            : Subject;
}
