using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Timers;

/// <summary>A Task that a partner works on crosses the thresholds of <see cref="ReferralTimers"/>.</summary>
public static class ReferralLateness
{
    public static readonly TimerRule Rule = new("referral", ResourceTypes.Task, ReferralTimers.NextAt, Fire)
    {
        Needs = resource =>
            ReferralTask.IsSent(TaskView.From(resource)) && TaskView.From(resource).Focus.Target() is { } request
                ? [request]
                : [],
        Crossed = ReferralTimers.Crossed,
    };

    private static Result<Decision>? Fire(Snapshot snapshot, TimerContext timer)
    {
        var rules = ReferralTimers.RulesOf(new TaskDraft(snapshot), timer.Policy);
        var context = new ReferralContext(rules, timer.Policy.Calendar, timer.By, timer.Now, timer.NewId);
        var request = timer.Needed.Select(n => (Snapshot?)n).FirstOrDefault();
        return ReferralTimers.Cross(snapshot, request, context) is { } decision ? decision : (Result<Decision>?)null;
    }
}
