using System.Collections.Immutable;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Assessments;

/// <summary>A sum as far as it can be made.</summary>
/// <param name="Total">Null where too many questions have no answer.</param>
/// <param name="Missing">The questions without an answer that counts.</param>
/// <param name="Band">Null without a total.</param>
public sealed record AssessedSum(ItemSum Sum, int? Total, ImmutableArray<string> Missing, string? Band)
{
    /// <summary>Null without a total, and where the instrument has no positive screen.</summary>
    public bool? IsPositive { get; init; }

    /// <summary>The total is made of some questions, in proportion.</summary>
    public bool IsProrated => Total is not null && !Missing.IsEmpty;
}

/// <summary>What the answers of one response say by the table of an instrument. A pure function of both, and of the rules.</summary>
/// <param name="Urgent">Codes of <see cref="AssessmentWork"/>, each with the question and answer that asks for it.</param>
/// <param name="Declined">Questions that the patient would rather not answer: neither a need nor the lack of one.</param>
public sealed record Assessment(
    Instrument Instrument,
    ResponseAnswers Answers,
    ImmutableArray<AssessedSum> Sums,
    ImmutableArray<SocialNeed> Needs,
    ImmutableArray<(string Work, string Because)> Urgent,
    ImmutableArray<string> Declined
)
{
    public static Assessment Of(Instrument instrument, ResponseAnswers answers, AssessmentRules rules)
    {
        ImmutableArray<AssessedSum> sums = [.. instrument.Sums.Select(s => Of(instrument, s, answers, rules))];
        return new(
            instrument,
            answers,
            sums,
            instrument.IsSocial ? NeedsOf(answers, sums, rules) : [],
            [.. UrgentOf(instrument, answers, sums)],
            [.. instrument.Questions.Where(q => answers.To(q.LinkId).Any(a => a.IsDeclined)).Select(q => q.LinkId)]
        );
    }

    /// <summary>Violence that the safety questions add up to is a need as well.</summary>
    private static ImmutableArray<SocialNeed> NeedsOf(
        ResponseAnswers answers,
        ImmutableArray<AssessedSum> sums,
        AssessmentRules rules
    ) =>
        [
            .. SocialNeeds.Found(answers, rules),
            .. sums.Where(s => s.IsPositive is true && s.Sum.UrgentWhenPositive is not null)
                .Select(s => new SocialNeed("intimate-partner-violence", s.Sum.Items)),
        ];

    private static AssessedSum Of(Instrument instrument, ItemSum sum, ResponseAnswers answers, AssessmentRules rules)
    {
        var points = sum.Items.Select(i => (Item: i, Points: answers.Points(instrument.Find(i)!))).ToArray();
        ImmutableArray<string> missing = [.. points.Where(p => p.Points is null).Select(p => p.Item)];
        if (missing.Length == points.Length || missing.Length > rules.MostMissing.GetValueOrDefault(sum.Code))
            return new(sum, null, missing, null);
        var known = points.Sum(p => p.Points ?? 0);
        var answered = points.Length - missing.Length;
        var total = missing.IsEmpty
            ? known
            : (int)decimal.Round((decimal)known * points.Length / answered, MidpointRounding.AwayFromZero);
        return new(sum, total, missing, BandOf(sum, total, rules))
        {
            IsPositive = PositiveFrom(sum, rules) is { } from ? total >= from : null,
        };
    }

    private static int? PositiveFrom(ItemSum sum, AssessmentRules rules) =>
        rules.PositiveFrom.TryGetValue(sum.Code, out var from) ? from : sum.PositiveFrom;

    private static string BandOf(ItemSum sum, int total, AssessmentRules rules) =>
        sum.Bands.Select(b => (b.Code, From: rules.Bands.GetValueOrDefault($"{sum.Code}/{b.Code}", b.From)))
            .Where(b => total >= b.From)
            .OrderByDescending(b => b.From)
            .Select(b => b.Code)
            .FirstOrDefault()
        ?? sum.Bands[0].Code;

    private static IEnumerable<(string Work, string Because)> UrgentOf(
        Instrument instrument,
        ResponseAnswers answers,
        ImmutableArray<AssessedSum> sums
    )
    {
        foreach (var urgent in instrument.Urgent)
        {
            var question = instrument.Find(urgent.Item)!;
            foreach (var choice in question.Choices.Where(c => urgent.Answers.Contains(c.Code)))
            {
                if (
                    answers.Has(urgent.Item, choice.Code)
                    || (choice.Points is { } points && answers.Number(urgent.Item) == points)
                )
                    yield return (urgent.Work, $"{urgent.Item} {choice.Code}");
            }
        }

        foreach (var sum in sums)
        {
            if (sum is { IsPositive: true, Sum.UrgentWhenPositive: { } work })
                yield return (work, $"{sum.Sum.Total} {sum.Total}");
        }
    }
}
