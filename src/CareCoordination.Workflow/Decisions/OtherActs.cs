using System.Collections.Immutable;

namespace CareCoordination.Workflow.Decisions;

/// <summary>
/// What is done besides the operations: <see cref="Decision.Activity"/> of what follows from a write, a timer or a partner, and the kind
/// of a Task that an operation makes. With the operations they are the codes of <c>CareExtensions.CommandSystem</c>.
/// </summary>
public static class OtherActs
{
    public static readonly ImmutableArray<OwnCode> All =
    [
        new("cancel-confirmed", "A partner has stopped work on a referral that was called off."),
        new("co-sign", "Somebody who may is to sign what an assistant has written."),
        new("delete", "A resource was deleted."),
        new("deliver", "A referral reached its partner, or could not."),
        new("evaluate", "Readings decided how a goal fares."),
        new("export", "Files were asked for, of what is stored."),
        new("partner-update", "A partner told how it goes with a referral."),
        new("plan-review", "A care plan is to be reviewed."),
        new("update", "A resource was written, and others followed it."),
        new("withhold", "A referral was kept back: nothing of it may go to the partner."),
    ];
}
