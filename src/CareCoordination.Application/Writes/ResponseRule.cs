using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Assessments;

namespace CareCoordination.Application.Writes;

/// <summary>
/// A response that is said to be complete fits its Questionnaire, where that is here: stored, of this server, or written by the same commit.
/// </summary>
public sealed class ResponseRule(QuestionnaireReads questionnaires)
{
    /// <summary>422 <c>response-unfit</c>; null where it fits, is not complete, or names no Questionnaire that is here.</summary>
    public async ValueTask<Failure?> CheckAsync(
        ResourceDocument document,
        ImmutableArray<PlannedChange> changes,
        CancellationToken cancellationToken
    )
    {
        var response = QuestionnaireResponseView.From(document);
        if (!ResponseCheck.AppliesTo(response) || response.Questionnaire is not { } canonical)
            return null;
        var written = changes
            .Where(c => c.Key.Type == ResourceTypes.Questionnaire)
            .Select(c => c.Resource?.Document)
            .OfType<ResourceDocument>()
            .FirstOrDefault(q => QuestionnaireReads.Is(q, canonical));
        return (written ?? await questionnaires.FindAsync(canonical, cancellationToken)) is { } questionnaire
            ? ResponseCheck.Find(QuestionnaireView.From(questionnaire), response)
            : null;
    }
}
