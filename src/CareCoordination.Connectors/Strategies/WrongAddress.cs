namespace CareCoordination.Connectors.Strategies;

/// <summary>The Endpoint's address is not of the kind that the strategy needs.</summary>
internal sealed class WrongAddress(ReferralStrategy strategy) : IReferralSender
{
    public Task<SendOutcome> SendAsync(ReferralPackage package, CancellationToken cancel) =>
        Task.FromResult<SendOutcome>(
            new SendOutcome.NeedsHuman(
                strategy == ReferralStrategy.Hl7V2
                    ? "HL7 v2 needs an Endpoint whose address is mllp://host:port or mllps://host:port."
                    : $"The strategy {strategy} needs an Endpoint whose address is the base of a FHIR server.",
                null,
                default
            )
        );
}
