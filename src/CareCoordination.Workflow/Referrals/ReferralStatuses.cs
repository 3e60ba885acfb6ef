using System.Collections.Immutable;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;

namespace CareCoordination.Workflow.Referrals;

/// <summary>
/// The codes of <c>CareExtensions.ReferralStatusSystem</c>: what is said of a referral beside the words of its partner, and why one was
/// called off here.
/// </summary>
public static class ReferralStatuses
{
    public static readonly ImmutableArray<OwnCode> All =
    [
        new(BusinessStatuses.OverdueAnswer, "Answer overdue", "The partner has not answered in time."),
        new(BusinessStatuses.PendingRegistration, "The partner does not know the patient yet."),
        new(BusinessStatuses.ClosedWithoutReport, "Completed without an output or a report."),
        .. new[]
        {
            ReferralCascade.Died,
            ReferralCascade.Deleted,
            ReferralCascade.Unenrolled,
            ReferralCascade.Withdrawn,
            ReferralCascade.RequestEnded,
        }.Select(r => new OwnCode(r.Code!, r.AsText)),
        new("consent-missing", "Nothing may go to the partner: the patient has not agreed to it."),
        new("consent-denies", "Nothing may go to the partner: a consent denies it."),
        new(
            "security-label",
            "Nothing may go to the partner: what is labelled as sensitive needs a consent that names it."
        ),
        new("other-patient", "Nothing may go to the partner: it is about another patient."),
    ];
}
