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
            ResourceTypes.Encounter => Stays.IsInpatient(EncounterView.From(written)),
            ResourceTypes.Bundle => BundleView.From(written).Type == BundleTypeCodes.Document,
            ResourceTypes.DocumentReference => DocumentReview.PatientOf(written) is not null,
            _ => false,
        };
}
