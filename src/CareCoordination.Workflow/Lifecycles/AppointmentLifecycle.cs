using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using static CareCoordination.Workflow.Decisions.ActorRelation;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>
/// https://hl7.org/fhir/R4/valueset-appointmentstatus.html. R4 has no diagram for Appointment: this one is ours, from the
/// definitions of the codes. A booked appointment may be renegotiated (pending); one that was missed is replaced by a new one,
/// so that it still counts as missed. The code is <c>noshow</c>, without a hyphen.
/// </summary>
public static class AppointmentLifecycle
{
    public static readonly Lifecycle Table = new(
        ResourceTypes.Appointment,
        "status",
        Statuses,
        start: "proposed",
        [
            new("proposed", "pending", Either),
            new("proposed", "booked", Either),
            new("proposed", "waitlist", Either),
            new("proposed", "cancelled", Either),
            new("pending", "proposed", Either),
            new("pending", "booked", Either),
            new("pending", "waitlist", Either),
            new("pending", "cancelled", Either),
            new("waitlist", "proposed", Either),
            new("waitlist", "pending", Either),
            new("waitlist", "booked", Either),
            new("waitlist", "cancelled", Either),
            new("booked", "pending", Either),
            new("booked", "arrived", Either),
            new("booked", "checked-in", Either),
            new("booked", "fulfilled", Either),
            new("booked", "cancelled", Either),
            new("booked", "noshow", Either),
            new("arrived", "checked-in", Either),
            new("arrived", "fulfilled", Either),
            new("arrived", "cancelled", Either),
            new("checked-in", "fulfilled", Either),
            new("checked-in", "cancelled", Either),
            .. Lifecycle.Voiding(Statuses, Either),
        ]
    );

    private static ImmutableArray<string> Statuses =>
        [
            "proposed",
            "pending",
            "booked",
            "arrived",
            "fulfilled",
            "cancelled",
            "noshow",
            "entered-in-error",
            "checked-in",
            "waitlist",
        ];
}
