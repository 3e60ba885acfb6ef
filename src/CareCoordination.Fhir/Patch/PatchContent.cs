using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Patch;

/// <summary>
/// What a FHIRPath Patch puts into a resource. "The content is found in value[x], or, for anonymous types, in part."
/// https://hl7.org/fhir/R4/fhirpatch.html#concept
/// </summary>
/// <param name="Value">Null for a primitive with extensions only.</param>
/// <param name="Shadow">The id and extensions of a primitive; null where there are none.</param>
/// <param name="Type">Null for an anonymous type.</param>
internal sealed record PatchContent(PatchedValue? Value, PatchedValue? Shadow, TypeDefinition? Type)
{
    private const string Parameter = "Parameters.parameter";

    /// <summary>The content of a parameter's part.</summary>
    /// <param name="anonymous">The type that nested parts make an object of; null where the element is of none.</param>
    public static Result<PatchContent> Of(
        JsonValue part,
        TypeDefinition? anonymous,
        FhirSchema schema,
        WorkBudget budget
    )
    {
        PatchedValue? value = null;
        PatchedValue? shadow = null;
        TypeDefinition? type = null;
        foreach (var property in part)
        {
            switch (schema[Parameter].Property(property.NameUtf8))
            {
                case { Element.Name: "value", IsShadow: true } binding:
                    (shadow, type) = (new PatchedValue(property), binding.Type);
                    break;
                case { Element.Name: "value" } binding:
                    (value, type) = (new PatchedValue(property), binding.Type);
                    break;
                case { Element.Name: "resource" }:
                    value = new PatchedValue(property);
                    break;
                case { Element.Name: "part" } when anonymous is not null:
                    if (!ObjectOf(property, anonymous, budget).TryGet(out value, out var failure))
                        return failure;
                    break;
            }
        }

        return value is null && shadow is null
            ? Failure.Unprocessable(IssueCode.Required, "there is no content for it in the part 'value'.")
            : new PatchContent(value, shadow, type);
    }

    private static Result<PatchedValue> ObjectOf(JsonValue parts, TypeDefinition type, WorkBudget budget)
    {
        var result = PatchedValue.NewObject();
        foreach (var part in parts)
        {
            if (
                !part.TryGetProperty("name"u8, out var name)
                || PatchedObject.ElementOf(type, name.GetString()) is not { } element
            )
                return Failure.Unprocessable(IssueCode.Value, $"a part names no element of {type}.");
            if (!Of(part, element.Types[0].Type, type.Schema, budget).TryGet(out var content, out var failure))
                return failure;
            if (new PatchedObject(result, type, budget).Add(element, content) is { } refusal)
                return refusal;
        }

        return result;
    }
}
