using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>A Coding of a required value set. https://hl7.org/fhir/R4/terminologies.html#required</summary>
internal sealed class RequiredCodingRule(CodeLookup codes) : Rule
{
    public override void Check(RuleContext context, JsonValue value)
    {
        if (codes.ContainsCoding(value))
            return;
        if (value.TryGetProperty("code"u8, out var code))
            context.Report(value, IssueCode.CodeInvalid, codes.Refuse(code.GetString()));
        else if (!value.TryGetProperty("extension"u8, out _))
            context.Report(value, IssueCode.CodeInvalid, codes.Demand());
    }

    public override string ToString() => $"coding of {codes}";
}
