using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Payloads;

namespace CareCoordination.Connectors.Strategies.TaskPush;

/// <summary>
/// The Task alone, for a partner that reads the rest from us: step 2 of Gravity's direct referral.
/// https://hl7.org/fhir/us/sdoh-clinicalcare/referral_workflow.html
/// </summary>
internal static class TaskPayload
{
    public static byte[] Build(ReferralPackage package, Uri partner) =>
        OutgoingResource.Write(package.Task, package.OwnBase, Addresses.Absolute(package.OwnBase, partner));
}
