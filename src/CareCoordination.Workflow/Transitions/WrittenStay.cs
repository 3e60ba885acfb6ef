using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Transitions;

/// <summary>What somebody writes as a resource and that tells of a stay in hospital, without having been sent as a message.</summary>
public static class WrittenStay
{
    /// <summary>False for most of what is written: nothing has to be read then.</summary>
    public static bool MayFollow(string type, ResourceDocument written) =>
        type switch
        {
            ResourceTypes.Encounter => EncounterView.From(written) is var stay
                && (Stays.IsInpatient(stay) || EndsWithDeath(stay)),
            ResourceTypes.Bundle => BundleView.From(written).Type == BundleTypeCodes.Document,
            ResourceTypes.DocumentReference => DocumentReview.PatientOf(written) is not null,
            _ => false,
        };

    /// <summary>Whoever dies in an emergency room has died too.</summary>
    public static bool EndsWithDeath(EncounterView encounter) =>
        encounter.Status == EncounterStatusCodes.Finished && Stays.EndsWithDeath(encounter);
}
