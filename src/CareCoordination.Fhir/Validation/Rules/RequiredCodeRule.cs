using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>A code of a required value set. https://hl7.org/fhir/R4/terminologies.html#required</summary>
internal sealed class RequiredCodeRule(CodeLookup codes) : Rule
{
    public override void Check(RuleContext context, JsonValue value)
    {
        if (value.Kind != System.Text.Json.JsonValueKind.String || codes.Contains(value.StringUtf8))
            return;
        context.Report(value, IssueCode.CodeInvalid, codes.Refuse(value.GetString()));
    }

    public override string ToString() => $"one of {codes}";
}
