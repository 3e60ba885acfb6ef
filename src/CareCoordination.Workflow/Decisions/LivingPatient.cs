using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Decisions;

/// <summary>Nobody begins care for the dead. https://hl7.org/fhir/R4/patient-definitions.html#Patient.deceased_x_</summary>
public static class LivingPatient
{
    /// <summary>422 <c>patient-deceased</c>; null for whoever lives, and for what is no Patient.</summary>
    internal static Failure? Check(ResourceDocument subject, string at)
    {
        return IsDead(subject)
            ? RuleFailure.Of(
                "patient-deceased",
                "The patient has died: no care begins. Correct Patient.deceased[x] where that is wrong.",
                at
            )
            : null;
    }

    /// <summary>True for what is no Patient.</summary>
    /// <param name="utf8Json">As stored.</param>
    public static bool Is(ReadOnlyMemory<byte> utf8Json) =>
        !MaySayDeceased(utf8Json.Span) || !IsDead(ResourceDocument.Parse(utf8Json).Value);

    /// <summary>The record of somebody who has died; as it is where it says so already.</summary>
    /// <param name="at">The time of it, as far as it is told.</param>
    public static ResourceDocument Died(ResourceDocument patient, FhirDateTime? at)
    {
        if (IsDead(patient))
            return patient;
        var editor = new PatientEditor(PatientView.From(patient)) { DeceasedBoolean = null };
        if (at is { } time)
            editor.DeceasedDateTime = time;
        else
            editor.DeceasedBoolean = true;
        return editor.ToDocument();
    }

    /// <summary>False for what is no Patient.</summary>
    internal static bool IsDead(ResourceDocument subject)
    {
        var patient = PatientView.From(subject);
        return patient.Exists && (patient.DeceasedBoolean is true || patient.DeceasedDateTime is not null);
    }

    /// <summary>Most say nothing of it, and need not be parsed. A name of JSON may be written with escapes.</summary>
    private static bool MaySayDeceased(ReadOnlySpan<byte> json) =>
        json.IndexOf("deceased"u8) >= 0 || json.IndexOf("\\u"u8) >= 0;
}
