using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Billing;

/// <summary>The patient's agreement to a programme, as it is documented: spoken or written.</summary>
internal static class ProgramConsents
{
    private const string Scopes = "http://terminology.hl7.org/CodeSystem/consentscope";
    private const string Loinc = "http://loinc.org";

    /// <summary>LOINC: Consent Document.</summary>
    private const string Document = "59284-0";

    public static ConsentEditor Record(
        string program,
        GivenConsent given,
        string patient,
        CommandContext command,
        string id
    )
    {
        var consent = new ConsentEditor
        {
            Id = id,
            Status = ConsentStateCodesCodes.Active,
            Scope = CodeableConceptEditor.Of(Scopes, "treatment"),
            Patient = References.To(patient),
            DateTime = given.Date?.Given ?? command.Now,
            Performer = { References.To(given.By ?? patient) },
            // ppc-1 asks for a policy: what the patient was told is that of the programme.
            PolicyRule = new()
            {
                Text =
                    $"{CarePrograms.NameOf(program)}, {given.Form}: the patient was told of the cost, that one practice bills a month, and that it ends at will with the month.",
            },
        };
        consent.Category.Add(CodeableConceptEditor.Of(Loinc, Document));
        consent.Category.Add(CodeableConceptEditor.Of(CarePrograms.System, program, CarePrograms.NameOf(program)));
        return consent;
    }
}
