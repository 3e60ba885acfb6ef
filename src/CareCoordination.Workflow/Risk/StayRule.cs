using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Risk;

/// <summary>A score of readmission risk is of a stay of the patient.</summary>
public static class StayRule
{
    private const string At = "Parameters.parameter.where(name = 'encounter')";

    /// <summary>422 <c>no-stay</c></summary>
    public static Failure NoStay() =>
        RuleFailure.Of(
            "no-stay",
            "The record has no stay of the patient in hospital: send one as 'encounter', or store its Encounter first.",
            At
        );

    /// <summary>422 <c>no-stay</c>, <c>stay-patient</c>; null where it may be scored.</summary>
    public static Failure? Check(Snapshot stay, string patient) =>
        stay.Key.Type != ResourceTypes.Encounter ? NoStay()
        : EncounterView.From(ResourceDocument.Parse(stay.Utf8Json).Value).Subject.Target() != patient
            ? RuleFailure.Of("stay-patient", $"{stay.Key} is a stay of somebody else, or says not whose.", At)
        : null;
}
