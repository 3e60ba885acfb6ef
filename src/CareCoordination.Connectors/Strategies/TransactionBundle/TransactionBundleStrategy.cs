using CareCoordination.Connectors.Copies;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Probing;
using CareCoordination.Connectors.Security;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Strategies.TransactionBundle;

/// <summary>A transaction Bundle with the ServiceRequest, the Task and what they refer to.</summary>
internal sealed class TransactionBundleStrategy() : PartnerStrategy("TransactionBundle")
{
    public override bool TakesSupporting => true;

    public override string Guarantee => Creation.Guarantee;

    /// <summary>All that goes along is created where it is not there, which is a search; Task and ServiceRequest are read back and changed.</summary>
    public override IEnumerable<TypeAccess> Access(PartnerOptions options) =>
        [
            new(ResourceTypes.Task, "crus"),
            new(ResourceTypes.ServiceRequest, "crus"),
            .. options.Types.Select(t => new TypeAccess(t, "cs")),
        ];

    internal override IReferralSender? Sender(PartnerConnections ways) =>
        ways.IsFhirAddress ? new TransactionBundleSender(ways.Line!, ways.Tasks!) : null;

    internal override IEnumerable<ProbeStep> Check(CapabilityStatementView statement, IEnumerable<string> types)
    {
        yield return CapabilityCheck.Server(statement).Interaction.Any(i => i.Code == "transaction")
            ? CapabilityCheck.Passed("transaction", "The partner takes transactions.")
            : CapabilityCheck.Failed("transaction", "The partner does not take transactions: choose another strategy.");
        foreach (var type in types.Order(StringComparer.Ordinal))
        {
            var resource = CapabilityCheck.Resource(statement, type);
            yield return CapabilityCheck.Interaction(resource, type, "create");
            if (resource.Exists)
                yield return CapabilityCheck.ConditionalCreate(resource, type);
        }

        var task = CapabilityCheck.Resource(statement, ResourceTypes.Task);
        yield return CapabilityCheck.Interaction(task, ResourceTypes.Task, "update");
        yield return CapabilityCheck.Once(task);
    }
}
