using CareCoordination.Application.Answers;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Bundles;

/// <summary>
/// How many bytes the answers to the entries of one Bundle may still have together, for any number of threads: each entry alone may be
/// small, and all of them be more than memory holds.
/// </summary>
internal sealed class AnswerBudget(int limit)
{
    private long _left = limit;

    /// <summary>Nothing more is answered with a resource; whoever only reads need not ask.</summary>
    public bool IsSpent => Interlocked.Read(ref _left) <= 0;

    public FhirResponse Refusal =>
        Failure.From(
            413,
            IssueCode.TooCostly,
            $"The answers to this Bundle have more than {limit} bytes together, the limit of Limits:MaxAnswerBytes: send this entry by itself, or ask for less with _count or _elements."
        );

    /// <summary>True where the entry may be answered with as much.</summary>
    public bool TryTake(BundleEntry entry)
    {
        var bytes = entry.Resource.Length + (entry.Response?.Outcome.Length ?? 0);
        return bytes == 0 || Interlocked.Add(ref _left, -bytes) >= 0;
    }
}
