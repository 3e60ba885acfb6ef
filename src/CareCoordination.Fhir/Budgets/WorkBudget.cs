using System.Globalization;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Budgets;

/// <summary>A kind of work that has a limit.</summary>
public enum Work
{
    /// <summary><see cref="WorkLimits.MaxEvaluationSteps"/></summary>
    Steps,

    /// <summary><see cref="WorkLimits.MaxEvaluationText"/></summary>
    Text,

    /// <summary><see cref="WorkLimits.MaxPatchedBytes"/></summary>
    PatchedBytes,

    /// <summary><see cref="WorkLimits.MaxRegexTime"/>, in ticks of 100 ns.</summary>
    RegexTicks,
}

/// <summary>
/// What is left of the <see cref="WorkLimits"/> of one request. All that works for the request takes from the same budget, entries of a
/// batch that run side by side included: it is for any number of threads.
/// </summary>
/// <param name="cancellation">
/// Asked now and then, so that nobody works for a client that has gone. Work then ends with <see cref="OperationCanceledException"/>.
/// </param>
public sealed class WorkBudget(WorkLimits limits, CancellationToken cancellation = default)
{
    private readonly long[] _left =
    [
        limits.MaxEvaluationSteps,
        limits.MaxEvaluationText,
        limits.MaxPatchedBytes,
        limits.MaxRegexTime.Ticks,
    ];

    /// <summary>With the default limits.</summary>
    public WorkBudget()
        : this(WorkLimits.Default) { }

    public long Left(Work work) => Volatile.Read(ref _left[(int)work]);

    /// <summary>422 <c>too-costly</c> where there is not so much left; the sentence names the limit.</summary>
    public Failure? Spend(Work work, long amount) => TryTake(work, amount, amount, out _) ? null : Exceeded(work);

    /// <summary>As <see cref="Spend"/>, for work deep inside: throws <see cref="WorkLimitException"/>.</summary>
    internal void Charge(Work work, long amount)
    {
        if (!TryTake(work, amount, amount, out _))
            throw new WorkLimitException(Exceeded(work));
    }

    /// <summary>Takes up to <paramref name="wanted"/>, so that small amounts need no trip to here, and at least <paramref name="needed"/>.</summary>
    internal long ChargeAhead(Work work, long needed, long wanted) =>
        TryTake(work, needed, wanted, out var taken) ? taken : throw new WorkLimitException(Exceeded(work));

    internal void ThrowIfCancelled() => cancellation.ThrowIfCancellationRequested();

    /// <summary>The failure that <see cref="Spend"/> gives.</summary>
    internal Failure Exceeded(Work work) => Failure.Unprocessable(IssueCode.TooCostly, Sentence(work));

    private bool TryTake(Work work, long needed, long wanted, out long taken)
    {
        ThrowIfCancelled();
        ref var place = ref _left[(int)work];
        while (true)
        {
            var left = Volatile.Read(ref place);
            taken = Math.Min(left, wanted);
            if (left < needed)
            {
                // What is over is over: smaller demands that come later are no way round.
                Volatile.Write(ref place, 0);
                return false;
            }

            if (Interlocked.CompareExchange(ref place, left - taken, left) == left)
                return true;
        }
    }

    private string Sentence(Work work) =>
        work switch
        {
            Work.Steps =>
                $"The expressions and patches of this request take more than {Number(limits.MaxEvaluationSteps)} steps (limit MaxEvaluationSteps): let them visit fewer elements, or send less at a time.",
            Work.Text =>
                $"The expressions of this request make more than {Number(limits.MaxEvaluationText)} characters of text (limit MaxEvaluationText): let them make shorter strings, or fewer.",
            Work.PatchedBytes =>
                $"The patches of this request copy and write more than {Number(limits.MaxPatchedBytes)} bytes (limit MaxPatchedBytes): send fewer operations at a time.",
            _ =>
                $"The regular expressions of this request take longer than {Number((long)limits.MaxRegexTime.TotalMilliseconds)} ms (limit MaxRegexMilliseconds): use simpler patterns, or shorter texts.",
        };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A budget is spent. Leaves the room as its <see cref="Failure"/>.</summary>
internal sealed class WorkLimitException(Failure failure) : Exception
{
    public Failure Failure { get; } = failure;
}
