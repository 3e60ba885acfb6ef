using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Schema;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Apply;

/// <summary>
/// Sets elements of a made resource to the values of expressions. The path is one of names and indexes (<c>restriction.period.end</c>,
/// <c>code.coding[0].code</c>); names are checked against the definitions, a choice takes the type of its value, and no value changes
/// nothing. https://hl7.org/fhir/R4/activitydefinition-definitions.html#ActivityDefinition.dynamicValue
/// </summary>
internal static class DynamicValues
{
    /// <summary>Elements in elements: what is read has half of them at most, so that a path of this many steps fits as well.</summary>
    internal const int MostLevels = 256;

    private const int MostSteps = 16;

    /// <summary>422 <c>dynamic-path</c> where the path leads nowhere, or through more elements than any resource has.</summary>
    public static Failure? Set(
        JsonObject resource,
        TypeDefinition type,
        string? path,
        FhirPathCollection values,
        WorkBudget budget,
        string at
    )
    {
        if (values.IsEmpty)
            return null;
        if (budget.Spend(Work.Text, values.Span.ToArray().Sum(LengthOf)) is { } spent)
            return spent;
        var steps = (path ?? "").Split('.');
        if (steps is [var first, _, ..] && first == type.Name)
            steps = steps[1..];
        if (steps.Length > MostSteps)
            return RuleFailure.Of("dynamic-path", $"A path has at most {MostSteps} steps.", at);
        if (steps[0] is "id" or "resourceType" or "")
            return RuleFailure.Of("dynamic-path", "A dynamic value cannot set this element.", at);
        var parent = resource;
        for (var i = 0; i < steps.Length; i++)
        {
            var (name, index) = Split(steps[i]);
            if (type.Element(name) is not { } element || element.Types.IsEmpty)
                return RuleFailure.Of("dynamic-path", $"{type.Name} has no element '{name}'.", at);
            if (i < steps.Length - 1)
            {
                if (element.IsChoice || element.Types[0].Type.IsPrimitive)
                    return RuleFailure.Of("dynamic-path", $"{type.Name}.{name} has no elements to set.", at);
                parent = Enter(parent, name, element.IsArray, index);
                type = element.Types[0].Type;
                continue;
            }

            return Put(parent, type, element, index, values, at);
        }

        return null;
    }

    private static Failure? Put(
        JsonObject parent,
        TypeDefinition type,
        ElementDefinition element,
        int? index,
        FhirPathCollection values,
        string at
    )
    {
        if (!element.IsArray && values.Count > 1)
            return RuleFailure.Of(
                "dynamic-path",
                $"{type.Name}.{element.Name} takes one value, and the expression gives several.",
                at
            );
        var jsonName = element.Name;
        if (element.IsChoice)
        {
            if (ChoiceOf(element, values[0]) is not { } chosen)
                return RuleFailure.Of("dynamic-path", $"{type.Name}.{element.Name} takes no value of this type.", at);
            foreach (var other in element.Types)
                parent.Remove(element.JsonName(other.Type));
            jsonName = element.JsonName(chosen);
        }

        if (!element.IsArray)
        {
            parent[jsonName] = ToJson(values[0]);
            return null;
        }

        var array = parent[jsonName] as JsonArray ?? [];
        parent[jsonName] = array;
        if (index is { } place && place < array.Count)
            array[place] = ToJson(values[0]);
        else
            foreach (var value in values)
                array.Add(ToJson(value));
        return null;
    }

    private static JsonObject Enter(JsonObject parent, string name, bool isArray, int? index)
    {
        if (!isArray)
        {
            if (parent[name] is not JsonObject child)
                parent[name] = child = [];
            return child;
        }

        if (parent[name] is not JsonArray array)
            parent[name] = array = [];
        if (index is { } place && place < array.Count && array[place] is JsonObject item)
            return item;
        if (index is null && array is [JsonObject only])
            return only;
        var added = new JsonObject();
        array.Add(added);
        return added;
    }

    /// <summary>How long it is in JSON, about.</summary>
    private static long LengthOf(FhirPathValue value) =>
        value.Kind == FhirPathKind.Element && value.Element.HasValue
            ? value.Element.Value.RawUtf8.Length
            : value.Text?.Length ?? 0;

    private static (string Name, int? Index) Split(string step)
    {
        var open = step.IndexOf('[', StringComparison.Ordinal);
        return
            open > 0
            && int.TryParse(
                step.AsSpan(open + 1, Math.Max(0, step.Length - open - 2)),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var index
            )
            ? (step[..open], index)
            : (step, null);
    }

    private static TypeDefinition? ChoiceOf(ElementDefinition element, FhirPathValue value)
    {
        var wanted =
            value.Type?.Name
            ?? value.Kind switch
            {
                FhirPathKind.Boolean => "boolean",
                FhirPathKind.Integer => "integer",
                FhirPathKind.Decimal => "decimal",
                FhirPathKind.Date => "date",
                FhirPathKind.DateTime => "dateTime",
                FhirPathKind.Time => "time",
                FhirPathKind.Quantity => "Quantity",
                _ => "string",
            };
        TypeDefinition? Find(string name) => element.Types.Select(t => t.Type).FirstOrDefault(t => t.Name == name);
        // A date is also a dateTime of that day.
        return Find(wanted) ?? (wanted == "date" ? Find("dateTime") : null);
    }

    private static JsonNode? ToJson(FhirPathValue value)
    {
        if (value.Kind == FhirPathKind.Element && value.Element.HasValue)
            return JsonNode.Parse(value.Element.Value.RawUtf8, documentOptions: new() { MaxDepth = MostLevels });
        return value.Kind switch
        {
            FhirPathKind.Boolean or FhirPathKind.Integer or FhirPathKind.Decimal => JsonNode.Parse(value.Text!),
            FhirPathKind.Quantity => Quantity(value.Text!),
            _ => value.Text,
        };
    }

    /// <summary>From the literal: <c>5 'mg'</c>, <c>3 days</c>.</summary>
    private static JsonObject Quantity(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var quantity = new JsonObject { ["value"] = JsonNode.Parse(space < 0 ? text : text[..space]) };
        if (space > 0)
            quantity["unit"] = text[(space + 1)..].Trim('\'');
        return quantity;
    }
}
