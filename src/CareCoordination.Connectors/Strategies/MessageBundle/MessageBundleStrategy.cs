using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Probing;
using CareCoordination.Connectors.Security;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Strategies.MessageBundle;

/// <summary>A message Bundle to <c>$process-message</c>.</summary>
internal sealed class MessageBundleStrategy() : PartnerStrategy("MessageBundle")
{
    public override bool TakesSupporting => true;

    public override string Guarantee =>
        "A repeat is the same message under the same id: that it has one effect rests on the partner's check for duplicates.";

    /// <summary>SMART has no scope for operations: partners go by what the message holds.</summary>
    public override IEnumerable<TypeAccess> Access(PartnerOptions options) =>
        [
            new(ResourceTypes.Task, "c"),
            new(ResourceTypes.ServiceRequest, "c"),
            .. options.Types.Select(t => new TypeAccess(t, "c")),
            .. Reading(options),
        ];

    internal override bool KeepsTasks(PartnerOptions options) =>
        options.ReadAddress is not null || options.PollQuery is not null;

    internal override IReferralSender? Sender(PartnerConnections ways) =>
        ways.IsFhirAddress ? new MessageBundleSender(ways.Line!) : null;

    internal override IEnumerable<ProbeStep> Check(CapabilityStatementView statement, IEnumerable<string> types)
    {
        var operations = CapabilityCheck.Server(statement).Operation;
        yield return statement.Messaging.Any() || operations.Any(o => o.Name?.TrimStart('$') == "process-message")
            ? CapabilityCheck.Passed("$process-message", "The partner takes messages.")
            : CapabilityCheck.Failed(
                "$process-message",
                "The partner does not take messages: choose another strategy."
            );
    }
}
