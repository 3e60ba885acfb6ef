using System.Collections.Immutable;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Assessments;

/// <summary>The bands of scores and the answers of our own, as codes.</summary>
public static class AssessmentBands
{
    public static readonly ImmutableArray<OwnCode> All =
    [
        new("high", "The score is in the band of high risk."),
        new("low", "The score is in the band of low risk."),
        new("mild", "The score is in the band of mild symptoms."),
        new("minimal", "The score is in the band of few symptoms or none."),
        new("moderate", "The score is in the band of moderate symptoms, or of moderate risk."),
        new("moderately-severe", "The score is in the band between moderate and severe symptoms."),
        new("negative", "The screen found nothing."),
        new("positive", "The screen found something to ask further about."),
        new("severe", "The score is in the band of severe symptoms."),
    ];

    /// <summary>The answers that are codes of this server.</summary>
    public static ImmutableArray<OwnCode> Answers { get; } =
    [
        .. Instruments
            .All.SelectMany(i => i.Questions)
            .SelectMany(q => q.Choices)
            .Where(c => c.System == CareExtensions.AnswerSystem)
            .OrderBy(c => c.Code, StringComparer.Ordinal)
            .Select(c => new OwnCode(c.Code, c.Text, $"{c.Text}: {c.Points} points.")),
    ];

    public static OwnCode Of(string code) => All.First(b => b.Code == code);
}
