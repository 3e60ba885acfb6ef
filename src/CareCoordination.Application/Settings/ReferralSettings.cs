using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Application.Settings;

/// <summary>The numbers of referrals in a rule set: <c>Rules:0:Referrals:StalledAfterDays</c>, ...</summary>
internal static class ReferralSettings
{
    private const int MostDays = 3660;

    public static Func<ReferralRules, ReferralRules> Read(OptionsSection rules)
    {
        var section = rules.Section(nameof(CareRules.Referrals));
        int? Days(string name, int min = 0) => section.OptionalNumber(name, min, MostDays);

        var answer = section.Numbers(nameof(ReferralRules.AnswerWithin), 0, MostDays).ToArray();
        foreach (var (priority, _) in answer)
        {
            if (!Priorities.All.Contains(priority))
                throw section.Problem(
                    nameof(ReferralRules.AnswerWithin),
                    priority,
                    $"priorities are {string.Join(", ", Priorities.All)}."
                );
        }

        var noAnswer = Days(nameof(ReferralRules.LeadAfterNoAnswer));
        var stalled = Days(nameof(ReferralRules.StalledAfterDays), min: 1);
        var stalledLead = Days(nameof(ReferralRules.LeadAfterStalledDays));
        var cancel = Days(nameof(ReferralRules.CancelWithin));
        var ask = Days(nameof(ReferralRules.AskAfterDays));
        var work = Days(nameof(ReferralRules.WorkWithin));
        var duplicate = Days(nameof(ReferralRules.DuplicateWithinDays));
        var attempts = section.OptionalNumber(nameof(ReferralRules.MostAttempts), 1, 1000);
        var noShows = section.OptionalNumber(nameof(ReferralRules.MostNoShows), 1, 1000);
        var close = section.Flag(nameof(ReferralRules.CloseAutomatically));
        var authorization = section.List(nameof(ReferralRules.AuthorizationCategories));
        var labels = section.List(nameof(ReferralRules.SensitiveLabels));
        section.RefuseOthers();
        return before =>
            before with
            {
                AnswerWithin = before.AnswerWithin.SetItems(answer),
                LeadAfterNoAnswer = noAnswer ?? before.LeadAfterNoAnswer,
                StalledAfterDays = stalled ?? before.StalledAfterDays,
                LeadAfterStalledDays = stalledLead ?? before.LeadAfterStalledDays,
                CancelWithin = cancel ?? before.CancelWithin,
                AskAfterDays = ask ?? before.AskAfterDays,
                WorkWithin = work ?? before.WorkWithin,
                DuplicateWithinDays = duplicate ?? before.DuplicateWithinDays,
                MostAttempts = attempts ?? before.MostAttempts,
                MostNoShows = noShows ?? before.MostNoShows,
                CloseAutomatically = close ?? before.CloseAutomatically,
                AuthorizationCategories =
                    authorization.Length == 0 ? before.AuthorizationCategories : [.. authorization],
                SensitiveLabels = labels.Length == 0 ? before.SensitiveLabels : [.. labels],
            };
    }
}
