using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Assessments.Scoring;

/// <summary>What is known besides the answers, when a response is scored.</summary>
/// <param name="Response">As it is stored, or at version 0 as it will be.</param>
/// <param name="Patient">Whom it is about, as a reference.</param>
/// <param name="CareManager">Who gets what has time; null leaves it for anyone to claim.</param>
public sealed record ScoringContext(
    Snapshot Response,
    string Patient,
    Agent By,
    DateTimeOffset Now,
    BusinessCalendar Calendar,
    AssessmentRules Rules,
    string? CareManager
)
{
    /// <summary>The id of a resource that there is once for this response and a purpose.</summary>
    public ResourceKey KeyOf(string type, string purpose) => KeyOf(Response.Key, type, purpose);

    internal static ResourceKey KeyOf(ResourceKey response, string type, string purpose) =>
        new(type, DerivedId.Of(response, purpose));

    internal QuestionnaireResponseView View { get; } =
        QuestionnaireResponseView.From(Fhir.Json.ResourceDocument.Parse(Response.Utf8Json).Value);

    internal ReferenceEditor Link => ReferenceEditor.To(Response.Key);
}
