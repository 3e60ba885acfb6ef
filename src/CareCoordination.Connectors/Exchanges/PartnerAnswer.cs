using CareCoordination.Connectors.Partners;

namespace CareCoordination.Connectors.Exchanges;

/// <summary>What an answer, or its absence, means for sending again.</summary>
internal enum AnswerKind
{
    Accepted,

    /// <summary>What we relied on has changed there: HTTP 409 and 412.</summary>
    Conflict,

    /// <summary>It collided with something there that is not what we relied on.</summary>
    Collided,

    /// <summary>The same again would be refused again.</summary>
    Refused,

    /// <summary>The partner is there and asks for patience: HTTP 429, or 503 with <c>Retry-After</c>.</summary>
    Throttled,

    /// <summary>No answer, or one that says the partner is not well.</summary>
    Failing,

    /// <summary>It never left: the breaker is open or a limit is reached.</summary>
    Unsent,
}

/// <summary>One answer of a partner.</summary>
/// <param name="Status">HTTP status; null where there was none.</param>
/// <param name="Problem">A sentence without patient data; empty where it was accepted.</param>
internal sealed record PartnerAnswer(AnswerKind Kind, int? Status, string Problem)
{
    /// <summary>The entity tag without <c>W/</c> and quotes.</summary>
    public string? Version { get; init; }

    public string? Location { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>True where the request certainly had no effect: no connection was made.</summary>
    public bool HadNoEffect { get; init; }

    /// <summary>True where the request may have had an effect or not: its answer was lost, or says that the partner is not well.</summary>
    public bool IsUncertain => Kind == AnswerKind.Failing && !HadNoEffect;

    /// <summary>Trying again may help.</summary>
    public bool IsTransient => Kind is AnswerKind.Throttled or AnswerKind.Failing or AnswerKind.Unsent;

    public static PartnerAnswer Failing(string problem) => new(AnswerKind.Failing, null, problem);

    public static PartnerAnswer NotReached(string problem) => Failing(problem) with { HadNoEffect = true };

    public static PartnerAnswer Unsent(string problem, TimeSpan? retryAfter) =>
        new(AnswerKind.Unsent, null, problem) { RetryAfter = retryAfter };

    public static PartnerAnswer Refused(string problem) => new(AnswerKind.Refused, null, problem);

    /// <summary>What the outbox is told of every answer that is not accepted.</summary>
    public SendOutcome ToOutcome() =>
        Kind switch
        {
            AnswerKind.Conflict or AnswerKind.Collided => new SendOutcome.Collided(Problem, Status, Body),
            _ when IsTransient => new SendOutcome.TryLater(Problem, Status, RetryAfter),
            _ => new SendOutcome.NeedsHuman(Problem, Status, Body),
        };
}
