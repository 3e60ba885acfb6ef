namespace CareCoordination.Connectors.Strategies;

/// <summary>
/// The partner's people work with the Task on this server, so that it is delivered by being here: nothing leaves.
/// https://hl7.org/fhir/us/sdoh-clinicalcare/referral_workflow.html
/// </summary>
internal sealed class DirectLight : IReferralSender
{
    public Task<SendOutcome> SendAsync(ReferralPackage package, CancellationToken cancel) =>
        Task.FromResult<SendOutcome>(new SendOutcome.Delivered(null, null));
}
