using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Assessments.Scoring;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Assessments;

/// <summary>
/// What urgent answers raise at once, through whichever interaction the response is written: that somebody thinks of being dead waits for no
/// <c>$score</c>. Everything else that a response gives is made when it is asked for; scored later, it raises nothing again.
/// </summary>
public sealed class UrgentAnswers(ScoreReads scores)
{
    /// <summary>Null where no answer is urgent, as in most responses.</summary>
    public async Task<Followed?> FollowAsync(
        PlannedChange told,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var written = told.Resource!.Document;
        var view = QuestionnaireResponseView.From(written);
        // What cannot be scored is not for this to refuse.
        if (
            !(await scores.AssessAsync(view, now, cancellationToken)).TryGet(out var assessment, out _)
            || assessment.Urgent.IsEmpty
        )
            return null;
        var response = new Snapshot(told.Key, 0, written.Utf8);
        var context = await scores.ContextAsync(response, ServerAgent.Unknown, now, cancellationToken);
        var outputs = ResponseScoring.UrgentOutputs(assessment, context);
        var stored = await scores.StoredAsync(outputs.Select(o => o.Key), cancellationToken);
        return new Followed(ResponseScoring.Decide(context, outputs, stored, []) with { Activity = "update" })
        {
            RestsOnAll = false,
        };
    }
}
