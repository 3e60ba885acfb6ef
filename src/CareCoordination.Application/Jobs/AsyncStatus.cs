using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Application.Jobs;

/// <summary>The answers of work that goes on after its request. https://hl7.org/fhir/R4/async.html</summary>
internal static class AsyncStatus
{
    public const string Name = "async-status";

    public static FhirResponse Accepted(ResourceKey job) =>
        new()
        {
            Status = 202,
            StatusLocation = $"{job}/${Name}",
            Content = Saying($"The work goes on; {job} is its record."),
        };

    public static FhirResponse InProgress(string progress, int retryAfterSeconds) =>
        new()
        {
            Status = 202,
            Progress = progress,
            RetryAfterSeconds = retryAfterSeconds,
            Content = Saying("The work goes on."),
        };

    public static FhirResponse GivenUp() =>
        new() { Status = 202, Content = Saying("Given up; parts of it that nobody has accepted are withdrawn.") };

    /// <summary>"The status code 5XX ... the body is an OperationOutcome": it will not be done. https://hl7.org/fhir/R4/async.html#3.1.6.2</summary>
    public static Failure Failed(ResourceKey job, string progress) =>
        Failure.From(
            500,
            IssueCode.Exception,
            $"The work failed for good at {progress}; the statusReason of {job} says at which step, and what was done stays done. The error is in this server's log under {job}: report it, and ask for the work again when it is mended."
        );

    /// <summary>As above, where what made it fail is told.</summary>
    public static Failure Failed(string why) => Failure.From(500, IssueCode.Exception, why);

    public static FhirResponse GivenUpWithFiles() =>
        new() { Status = 202, Content = Saying("Given up; the files that were made are removed.") };

    private static BytesContent Saying(string sentence) =>
        new(OperationOutcome.ToUtf8Json([Issue.Information(sentence)]));
}
