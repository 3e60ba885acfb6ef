using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Writes;

/// <summary>
/// What follows from what a commit writes, whoever writes it: a client, a command, a message of a hospital, a timer. For visits and what
/// serves them, from urgent answers, and for the charges of programmes.
/// </summary>
public sealed class WrittenCare(
    VisitEffects visits,
    RideEffects rides,
    TeachingEffects teaching,
    UrgentAnswers answers,
    ChargeEffects charges
)
{
    /// <summary>False for most of what is written: nothing has to be read then.</summary>
    public static bool MayFollow(ImmutableArray<WrittenVersion> written) =>
        !VisitEffects.PatientsOf(written).IsEmpty
        || !RideEffects.PatientsOf(written).IsEmpty
        || !TeachingEffects.PatientsOf(written).IsEmpty
        || written.Any(UrgentAnswers.MayFollow)
        || written.Any(ChargeEffects.MayFollow);

    /// <summary>The types that it is told from.</summary>
    public static bool IsRead(string type) =>
        type
            is ResourceTypes.Appointment
                or ResourceTypes.Encounter
                or ResourceTypes.Task
                or ResourceTypes.CarePlan
                or ResourceTypes.Procedure
                or ResourceTypes.QuestionnaireResponse
                or ResourceTypes.ServiceRequest
        || ChargeTriggers.IsRead(type);

    /// <summary>What is to be written besides, and what that relies on; null where nothing follows and nothing could.</summary>
    public async Task<Decision?> FollowAsync(
        ImmutableArray<WrittenVersion> written,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        Decision? all = null;
        foreach (var patient in VisitEffects.PatientsOf(written))
            all = With(all, await visits.OfPatientAsync(patient, written, now, cancellationToken));
        foreach (var patient in RideEffects.PatientsOf(written))
            all = With(all, await rides.OfPatientAsync(patient, written, now, cancellationToken));
        foreach (var patient in TeachingEffects.PatientsOf(written))
            all = With(all, await teaching.OfPatientAsync(patient, written, now, cancellationToken));
        foreach (var response in written.Where(UrgentAnswers.MayFollow))
        {
            if (await answers.OfResponseAsync(response, written, now, cancellationToken) is { } urgent)
                all = With(all, urgent);
        }

        if (
            written.Any(ChargeEffects.MayFollow)
            && await charges.FollowAsync(written, now, cancellationToken) is { } charged
        )
            all = With(all, charged);
        return all;
    }

    private static Decision With(Decision? all, Decision decided) =>
        all is null
            ? decided
            : all with
            {
                Writes = [.. all.Writes, .. decided.Writes],
                Finds = [.. all.Finds, .. decided.Finds],
                RestsOnAll = all.RestsOnAll || decided.RestsOnAll,
            };
}
