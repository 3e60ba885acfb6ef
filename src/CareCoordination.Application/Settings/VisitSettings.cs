using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Settings;

/// <summary>The numbers of visits, rides and teaching in a rule set: <c>Rules:0:Visits:NoShowsToLead</c>, ...</summary>
internal static class VisitSettings
{
    private const int MostDays = 366;
    private const int MostTimes = 1000;

    public static Func<VisitRules, VisitRules> Read(OptionsSection rules)
    {
        var section = rules.Section(nameof(CareRules.Visits));
        var reschedule = section.OptionalNumber(nameof(VisitRules.RescheduleBusinessDays), 0, MostDays);
        var noShows = section.OptionalNumber(nameof(VisitRules.NoShowsToLead), 1, MostTimes);
        var transport = section.OptionalNumber(nameof(VisitRules.TransportBusinessDays), 0, MostDays);
        var reteach = section.OptionalNumber(nameof(VisitRules.ReteachBusinessDays), 0, MostDays);
        var reinforce = section.OptionalNumber(nameof(VisitRules.ReinforceBusinessDays), 0, MostDays);
        var teachings = section.OptionalNumber(nameof(VisitRules.TeachingsToLead), 1, MostTimes);
        var own = section.OptionalNumber(nameof(VisitRules.PatientTaskBusinessDays), 0, MostDays);
        section.RefuseOthers();
        return before =>
            before with
            {
                RescheduleBusinessDays = reschedule ?? before.RescheduleBusinessDays,
                NoShowsToLead = noShows ?? before.NoShowsToLead,
                TransportBusinessDays = transport ?? before.TransportBusinessDays,
                ReteachBusinessDays = reteach ?? before.ReteachBusinessDays,
                ReinforceBusinessDays = reinforce ?? before.ReinforceBusinessDays,
                TeachingsToLead = teachings ?? before.TeachingsToLead,
                PatientTaskBusinessDays = own ?? before.PatientTaskBusinessDays,
            };
    }
}
