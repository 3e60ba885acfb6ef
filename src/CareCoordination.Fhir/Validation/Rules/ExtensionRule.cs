using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>ext-1: an extension has a value or extensions, not both. https://hl7.org/fhir/R4/extensibility.html</summary>
internal sealed class ExtensionRule : Rule
{
    public override void Check(RuleContext context, JsonValue value)
    {
        var hasValue = false;
        var hasExtensions = false;
        foreach (var property in value)
        {
            var name = property.NameUtf8;
            hasValue |= name.StartsWith("value"u8) || name.StartsWith("_value"u8);
            hasExtensions |= name.SequenceEqual("extension"u8);
        }

        if (hasValue && hasExtensions)
            context.Report(
                value,
                IssueCode.Invariant,
                "ext-1: an extension has a value or extensions, not both; remove one."
            );
        else if (!hasValue && !hasExtensions)
            context.Report(value, IssueCode.Invariant, "ext-1: an extension has a value or extensions; add one.");
    }

    public override string ToString() => "ext-1: value[x] or extension, not both";
}
