using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>
/// A CodeableConcept with at least one coding of a required value set; others may stand beside it.
/// https://hl7.org/fhir/R4/terminologies.html#required
/// </summary>
internal sealed class RequiredConceptRule(CodeLookup codes) : Rule
{
    public override void Check(RuleContext context, JsonValue value)
    {
        string? refused = null;
        if (value.TryGetProperty("coding"u8, out var codings))
        {
            foreach (var coding in codings)
            {
                if (codes.ContainsCoding(coding))
                    return;
                if (refused is null && coding.TryGetProperty("code"u8, out var code))
                    refused = code.GetString();
            }
        }

        if (refused is not null)
            context.Report(value, IssueCode.CodeInvalid, codes.Refuse(refused));
        else if (!value.TryGetProperty("extension"u8, out _)) // data-absent-reason stands for the coding
            context.Report(value, IssueCode.CodeInvalid, codes.Demand());
    }

    public override string ToString() => $"a coding of {codes}";
}
