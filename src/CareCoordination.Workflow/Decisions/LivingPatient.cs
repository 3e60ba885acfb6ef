using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Decisions;

/// <summary>Nobody begins care for the dead. https://hl7.org/fhir/R4/patient-definitions.html#Patient.deceased_x_</summary>
internal static class LivingPatient
{
    /// <summary>422 <c>patient-deceased</c>; null for whoever lives, and for what is no Patient.</summary>
    public static Failure? Check(ResourceDocument subject, string at)
    {
        return IsDead(subject)
            ? RuleFailure.Of(
                "patient-deceased",
                "The patient has died: no care begins. Correct Patient.deceased[x] where that is wrong.",
                at
            )
            : null;
    }

    /// <summary>False for what is no Patient.</summary>
    public static bool IsDead(ResourceDocument subject)
    {
        var patient = PatientView.From(subject);
        return patient.Exists && (patient.DeceasedBoolean is true || patient.DeceasedDateTime is not null);
    }
}
