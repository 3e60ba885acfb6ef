using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CareCoordination.Fuzz;

/// <summary>Definitions to be applied: expressions, times without end, actions that contain or wait for each other.</summary>
internal static class Plans
{
    public static string Draw(string? id, Dice dice)
    {
        var name = id is null ? "" : $"\"id\":\"{id}\",";
        var actions = Enumerable.Range(0, dice.Pick(1, 2, 5, 60)).Select(i => Action(i, 0, dice));
        return $"{{\"resourceType\":\"PlanDefinition\",{name}\"url\":\"http://example.org/PlanDefinition/f1\",\"status\":\"{dice.Pick("active", "active", "draft", "retired")}\",\"goal\":[{{\"id\":\"g\",\"description\":{{\"text\":\"g\"}}}}],\"action\":[{string.Join(',', actions)}]}}";
    }

    private static string Action(int index, int depth, Dice dice)
    {
        var json = new StringBuilder(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"id\":\"a{(dice.Once(5) ? 0 : index)}\",\"title\":\"a{index}\""
            )
        );
        if (!dice.Once(3))
            json.Append(',').Append(Timing(dice));
        if (dice.Once(2))
            json.Append(
                CultureInfo.InvariantCulture,
                $",\"condition\":[{{\"kind\":\"{dice.Pick("applicability", "start", "stop")}\",\"expression\":{Expression(dice)}}}]"
            );
        if (dice.Once(2))
            json.Append(
                CultureInfo.InvariantCulture,
                $",\"dynamicValue\":[{{\"path\":{Text(dice.Pick("status", "description", "restriction.period.end", "%nothing", "", "a.b.c", "note[0].text"))},\"expression\":{Expression(dice)}}}]"
            );
        if (dice.Once(3))
            json.Append(
                CultureInfo.InvariantCulture,
                $",\"relatedAction\":[{{\"actionId\":\"a{dice.Below(6)}\",\"relationship\":\"{dice.Pick("after", "before-start", "concurrent", "after-end")}\",\"offsetDuration\":{Elements.Value("Duration", dice)}}}]"
            );
        if (dice.Once(4))
            json.Append(
                CultureInfo.InvariantCulture,
                $",\"definitionCanonical\":{Text(dice.Pick("http://example.org/PlanDefinition/f1", "ActivityDefinition/f1", "#x", "http://example.org/x|1"))}"
            );
        if (dice.Once(6))
            json.Append(",\"participant\":[").Append(Elements.Value("Reference", dice)).Append(']');
        if (dice.Once(3) && depth < 40)
            json.Append(",\"action\":[").Append(Action(index + 1, depth + 1, dice)).Append(']');
        return json.Append('}').ToString();
    }

    private static string Timing(Dice dice) =>
        dice.Below(7) switch
        {
            0 => $"\"timingDuration\":{Duration(dice)}",
            1 => $"\"timingAge\":{Duration(dice)}",
            2 => $"\"timingRange\":{{\"low\":{Duration(dice)},\"high\":{Duration(dice)}}}",
            3 => $"\"timingDateTime\":{Primitives.Json("dateTime", dice)}",
            4 =>
                $"\"timingPeriod\":{{\"start\":{Primitives.Json("dateTime", dice)},\"end\":{Primitives.Json("dateTime", dice)}}}",
            5 =>
                $"\"extension\":[{{\"url\":\"https://carecoordination.example/fhir/StructureDefinition/due-in-business-days\",\"valuePositiveInt\":{dice.Pick("1", "365", "1900000", "2147483647")}}}]",
            _ =>
                $"\"timingTiming\":{{\"event\":[{Primitives.Json("dateTime", dice)}],\"repeat\":{{\"boundsDuration\":{Duration(dice)},\"count\":{Primitives.Json("positiveInt", dice)},\"frequency\":{Primitives.Json("positiveInt", dice)},\"period\":{Primitives.Json("decimal", dice)},\"periodUnit\":\"{Unit(dice)}\"}}}}",
        };

    private static string Duration(Dice dice) =>
        $"{{\"value\":{Primitives.Json("decimal", dice)},\"system\":\"http://unitsofmeasure.org\",\"code\":\"{Unit(dice)}\"}}";

    private static string Unit(Dice dice) => dice.Pick("s", "min", "h", "d", "wk", "mo", "a", "ms", "kg");

    private static string Expression(Dice dice) =>
        $"{{\"language\":\"text/fhirpath\",\"expression\":{Text(Expressions.Draw(dice))}}}";

    private static string Text(string text) => JsonSerializer.Serialize(text);
}
