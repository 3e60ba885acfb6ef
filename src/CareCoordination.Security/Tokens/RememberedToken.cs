using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Security.Issuers;

namespace CareCoordination.Security.Tokens;

/// <summary>A token that was validated: whose it is, and whether its issuer stands for it yet.</summary>
/// <param name="id">As its issuer knows it; null where it is taken until it expires.</param>
/// <param name="certificate">The thumbprint of the certificate that it is bound to; null: whoever has it may use it.</param>
internal sealed class RememberedToken(
    Caller caller,
    TokenStanding? standing,
    string? id,
    TimeProvider time,
    string? certificate = null
)
{
    private Answer? _last;

    public Caller Caller => caller;

    /// <summary>Null: it is bound to none.</summary>
    public string? Certificate => certificate;

    /// <summary>
    /// False: its issuer stands for it no more. Asks where the last answer is too old or something was revoked since; who asks meanwhile
    /// asks too, since an answer that was begun before a revocation is none about it.
    /// </summary>
    public ValueTask<Result<bool>> IsTakenAsync(CancellationToken cancellationToken)
    {
        if (standing is null)
            return new(true);
        if (id is null)
            return new(false);
        var now = time.GetUtcNow();
        return
            Volatile.Read(ref _last) is { } last
            && last.Changes == standing.Changes()
            && now - last.At < TokenStanding.Longest
            && now >= last.At
            ? new(true)
            : AskAsync(now, cancellationToken);
    }

    private async ValueTask<Result<bool>> AskAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var changes = standing!.Changes();
        var answer = await standing.Ask(id!, cancellationToken);
        if (answer.TryGet(out var isTaken, out _) && isTaken)
            Volatile.Write(ref _last, new Answer(changes, now));
        return answer;
    }

    /// <param name="Changes">As many as there were before it was asked.</param>
    private sealed record Answer(int Changes, DateTimeOffset At);
}
