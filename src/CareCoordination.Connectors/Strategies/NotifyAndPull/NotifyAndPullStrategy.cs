using CareCoordination.Connectors.Copies;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Probing;
using CareCoordination.Connectors.Security;
using CareCoordination.Connectors.Strategies.TaskPush;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Strategies.NotifyAndPull;

/// <summary>The Task alone as a notice; the partner pulls.</summary>
internal sealed class NotifyAndPullStrategy() : PartnerStrategy("NotifyAndPull")
{
    public override bool TakesSupporting => false;

    public override string Guarantee => Creation.Guarantee;

    public override IEnumerable<TypeAccess> Access(PartnerOptions options) => TaskPushCheck.Access;

    internal override IReferralSender? Sender(PartnerConnections ways) =>
        ways.IsFhirAddress
            ? new TaskPushSender(ways.Line!, ways.Tasks!, NoticePayload.Build, NoticePayload.StaysHere)
            : null;

    internal override IEnumerable<ProbeStep> Check(CapabilityStatementView statement, IEnumerable<string> types) =>
        TaskPushCheck.Of(statement);
}
