using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>
/// A reference is written in one of the forms of the specification, leads somewhere and to a type allowed here.
/// https://hl7.org/fhir/R4/references.html
/// </summary>
internal sealed class ReferenceRule : Rule
{
    private readonly ImmutableArray<TypeDefinition> _targets;

    /// <summary>Without <paramref name="targets"/>, and with <c>Resource</c> among them, every type is allowed.</summary>
    public ReferenceRule(FhirSchema schema, ImmutableArray<string> targets) =>
        _targets = targets.Contains("Resource") ? [] : [.. targets.Select(name => schema[name])];

    public override void Check(RuleContext context, JsonValue value)
    {
        if (!value.TryGetProperty("reference"u8, out var reference))
        {
            CheckWithoutReference(context, value);
            return;
        }

        if (reference.Kind != JsonValueKind.String)
            return;
        var text = reference.StringUtf8;
        var (kind, type) = ReferenceText.Read(text, context.Schema);
        switch (kind)
        {
            case null:
                context.Report(
                    reference,
                    IssueCode.Value,
                    "This is no reference: send Type/id, an absolute URL, '#' and the id of a contained resource, or urn:uuid: inside a Bundle."
                );
                return;
            case ReferenceKind.Contained:
                type =
                    text.Length == 1 ? TypeOfContainer(context) : context.Contained.TypeOf(text[1..], context.Schema);
                if (text.Length > 1 && !context.Contained.Contains(text[1..]))
                    context.Report(
                        reference,
                        IssueCode.Value,
                        "No contained resource has this id; contain it or refer to it elsewhere."
                    );
                break;
            case ReferenceKind.Urn when !context.AllowsUrn:
                context.Report(
                    reference,
                    IssueCode.Value,
                    "A urn: reference leads to an entry of the same Bundle; outside of one send Type/id."
                );
                return;
            case ReferenceKind.Conditional when !context.AllowsConditional:
                context.Report(
                    reference,
                    IssueCode.Value,
                    "A conditional reference is resolved only in a transaction Bundle; elsewhere send Type/id."
                );
                return;
        }

        if (type is not null)
            CheckTarget(context, reference, type);
        CheckType(context, value, type);
    }

    public override string ToString() =>
        _targets.IsEmpty ? "reference to any" : $"reference to {string.Join(", ", _targets)}";

    private static TypeDefinition? TypeOfContainer(RuleContext context) =>
        context.Container.TryGetProperty("resourceType"u8, out var name)
            ? context.Schema.FindResource(name.StringUtf8)
            : null;

    private void CheckTarget(RuleContext context, JsonValue where, TypeDefinition type)
    {
        if (!_targets.IsEmpty && !_targets.Contains(type))
            context.Report(
                where,
                IssueCode.Value,
                $"A reference to {type.Name} cannot stand here; refer to {string.Join(" or ", _targets)}."
            );
    }

    /// <summary>Reference.type is the type of the target: https://hl7.org/fhir/R4/references-definitions.html#Reference.type</summary>
    private void CheckType(RuleContext context, JsonValue value, TypeDefinition? actual)
    {
        if (
            !value.TryGetProperty("type"u8, out var typeValue)
            || context.Schema.FindResource(typeValue.StringUtf8) is not { } type
        )
            return;
        if (actual is null)
            CheckTarget(context, typeValue, type);
        else if (actual != type)
            context.Report(
                typeValue,
                IssueCode.Value,
                $"The type is {type.Name}, but the reference is to {actual.Name}; make them the same."
            );
    }

    private void CheckWithoutReference(RuleContext context, JsonValue value)
    {
        foreach (var property in value)
        {
            var name = property.NameUtf8;
            if (
                name.SequenceEqual("identifier"u8)
                || name.SequenceEqual("display"u8)
                || name.SequenceEqual("extension"u8)
                || name.SequenceEqual("_reference"u8)
            )
            {
                CheckType(context, value, actual: null);
                return;
            }
        }

        context.Report(
            value,
            IssueCode.Incomplete,
            "This refers to nothing; add reference, identifier or display.",
            IssueSeverity.Warning
        );
    }
}
