using CareCoordination.Workflow.Assessments;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Settings;

/// <summary>The numbers of assessments in a rule set: <c>Rules:0:Assessments:PositiveFrom:phq-2</c>, ...</summary>
internal static class AssessmentSettings
{
    private static readonly string[] Sums = [.. Instruments.All.SelectMany(i => i.Sums).Select(s => s.Code).Distinct()];

    private static readonly string[] Bands =
    [
        .. Instruments
            .All.SelectMany(i => i.Sums)
            .SelectMany(s => s.Bands.Select(b => $"{s.Code}/{b.Code}"))
            .Distinct(),
    ];

    public static Func<AssessmentRules, AssessmentRules> Read(OptionsSection rules)
    {
        var section = rules.Section(nameof(CareRules.Assessments));
        var bands = RiskSettings.Known(section, nameof(AssessmentRules.Bands), Bands, "bands");
        var positive = RiskSettings.Known(section, nameof(AssessmentRules.PositiveFrom), Sums, "scores");
        var missing = RiskSettings.Known(section, nameof(AssessmentRules.MostMissing), Sums, "scores");
        var noNeed = NoNeed(section);
        var followUp = section.OptionalNumber(nameof(AssessmentRules.FollowUpBusinessDays), 0, 366);
        var first = section.OptionalNumber(nameof(AssessmentRules.PovertyFirst), 1, 1_000_000);
        var further = section.OptionalNumber(nameof(AssessmentRules.PovertyFurther), 0, 1_000_000);
        var percent = section.OptionalNumber(nameof(AssessmentRules.PovertyPercent), 1, 1000);
        section.RefuseOthers();
        return before =>
            before with
            {
                Bands = before.Bands.SetItems(bands),
                PositiveFrom = before.PositiveFrom.SetItems(positive),
                MostMissing = before.MostMissing.SetItems(missing),
                NoNeed = noNeed.Length == 0 ? before.NoNeed : [.. noNeed],
                FollowUpBusinessDays = followUp ?? before.FollowUpBusinessDays,
                PovertyFirst = first ?? before.PovertyFirst,
                PovertyFurther = further ?? before.PovertyFurther,
                PovertyPercent = percent ?? before.PovertyPercent,
            };
    }

    private static string[] NoNeed(OptionsSection section)
    {
        var answers = section.List(nameof(AssessmentRules.NoNeed));
        foreach (var answer in answers)
        {
            if (!SocialNeeds.Answers.Any(n => $"{n.Item}/{n.Answer}" == answer))
                throw section.Problem(
                    nameof(AssessmentRules.NoNeed),
                    answer,
                    "it must be a question and an answer that is a need, such as 93027-1/LA33-6."
                );
        }

        return answers;
    }
}
