using CareCoordination.Connectors.Copies;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Probing;
using CareCoordination.Connectors.Security;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Strategies.TaskPush;

/// <summary>POST and PUT of the Task at the partner's FHIR server; the partner reads the rest from ours.</summary>
internal sealed class TaskPushStrategy() : PartnerStrategy("TaskPush")
{
    public override bool TakesSupporting => false;

    public override string Guarantee => Creation.Guarantee;

    public override IEnumerable<TypeAccess> Access(PartnerOptions options) => TaskPushCheck.Access;

    internal override IReferralSender? Sender(PartnerConnections ways) =>
        ways.IsFhirAddress ? new TaskPushSender(ways.Line!, ways.Tasks!, TaskPayload.Build) : null;

    internal override IEnumerable<ProbeStep> Check(CapabilityStatementView statement, IEnumerable<string> types) =>
        TaskPushCheck.Of(statement);
}

/// <summary>What the partner has to take for Tasks to be pushed to it.</summary>
internal static class TaskPushCheck
{
    /// <summary>Created, read back, changed, and found by identifier or poll.</summary>
    public static readonly TypeAccess[] Access = [new(ResourceTypes.Task, "crus")];

    public static IEnumerable<ProbeStep> Of(CapabilityStatementView statement)
    {
        var task = CapabilityCheck.Resource(statement, ResourceTypes.Task);
        yield return CapabilityCheck.Interaction(task, ResourceTypes.Task, "create");
        yield return CapabilityCheck.Interaction(task, ResourceTypes.Task, "update");
        yield return CapabilityCheck.ConditionalCreate(task, ResourceTypes.Task);
        yield return CapabilityCheck.Once(task);
    }
}
