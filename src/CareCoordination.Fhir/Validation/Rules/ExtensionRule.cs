using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>
/// ext-1: an extension has a value or extensions, not both. Its url is absolute, but for the parts of another extension. One that modifies
/// what it stands in is not known here, which whoever sends it should hear. https://hl7.org/fhir/R4/extensibility.html
/// </summary>
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
        CheckPlace(context, value);
    }

    private static void CheckPlace(RuleContext context, JsonValue value)
    {
        var list = value.Parent;
        if (
            value.TryGetProperty("url"u8, out var url)
            && url.Kind == JsonValueKind.String
            && url.StringUtf8.IndexOf((byte)':') < 0
            && !IsExtension(list.Parent)
        )
            context.Report(
                url,
                IssueCode.Value,
                "The url of an extension is absolute: send the canonical URL of its definition."
            );
        if (list.NameUtf8.SequenceEqual("modifierExtension"u8))
            context.Report(
                value,
                IssueCode.NotSupported,
                "This server does not know what this modifierExtension changes; it is stored, and nothing here heeds it.",
                IssueSeverity.Warning
            );
    }

    private static bool IsExtension(JsonValue value) =>
        value.Exists
        && value.Parent is { Exists: true, Kind: JsonValueKind.Array } list
        && (list.NameUtf8.SequenceEqual("extension"u8) || list.NameUtf8.SequenceEqual("modifierExtension"u8));

    public override string ToString() => "ext-1: value[x] or extension, not both";
}
