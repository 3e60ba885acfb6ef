using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Assessments.Scoring;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Writes;

/// <summary>
/// What urgent answers raise at once, whoever writes the response: that somebody thinks of being dead waits for no <c>$score</c>. Everything
/// else that a response gives is made when it is asked for; scored later, it raises nothing again.
/// </summary>
public sealed class UrgentAnswers(ScoreReads scores)
{
    /// <summary>True for a response that is complete and says of whom it is.</summary>
    public static bool MayFollow(WrittenVersion written) =>
        written is { Key.Type: ResourceTypes.QuestionnaireResponse, After: { } response }
        && ScoringRule.Check(QuestionnaireResponseView.From(response)) is null;

    /// <summary>Null where no answer is urgent, as in most responses, and where the commit raises it itself, as <c>$score</c> does.</summary>
    /// <param name="response">For which <see cref="MayFollow"/>.</param>
    public async Task<Decision?> OfResponseAsync(
        WrittenVersion response,
        ImmutableArray<WrittenVersion> written,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var view = QuestionnaireResponseView.From(response.After!);
        if (await scores.AssessAsync(view, now, cancellationToken) is not { Urgent.IsEmpty: false } assessment)
            return null;
        var snapshot = new Snapshot(response.Key, 0, response.After!.Utf8);
        var context = await scores.ContextAsync(snapshot, ServerAgent.Unknown, now, cancellationToken);
        var outputs = ResponseScoring.UrgentOutputs(assessment, context);
        if (outputs.Any(o => written.Any(w => w.Key == o.Key)))
            return null;
        var stored = await scores.StoredAsync(outputs.Select(o => o.Key), cancellationToken);
        return ResponseScoring.Decide(context, outputs, stored, []) with { Activity = "update" };
    }
}
