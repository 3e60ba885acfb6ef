using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fuzz;

/// <summary>Elements and resources of any type of R4, drawn from its definitions: mostly of the right form, with values that are not.</summary>
internal static class Elements
{
    /// <summary>The types that most requests are about.</summary>
    private static readonly ImmutableArray<string> Busy =
    [
        "Patient",
        "Task",
        "CarePlan",
        "Goal",
        "Observation",
        "ServiceRequest",
        "Encounter",
        "PlanDefinition",
        "EpisodeOfCare",
        "Consent",
    ];

    public static string Type(Dice dice) =>
        dice.Once(4)
            ? R4Definitions.Schema.Resources[dice.Below(R4Definitions.Schema.Resources.Length)].Name
            : dice.Pick(Busy);

    public static string Resource(string type, string? id, Dice dice)
    {
        var json = new StringBuilder($"{{\"resourceType\":\"{type}\"");
        if (id is not null)
            json.Append(",\"id\":").Append(JsonSerializer.Serialize(id));
        Members(json, R4Definitions.Schema[type], dice, 0, ["id", "resourceType", "implicitRules"]);
        return json.Append('}').ToString();
    }

    /// <summary>A value of a type by its name, as an operation's parameter takes it.</summary>
    public static string Value(string type, Dice dice) => Value(R4Definitions.Schema[type], null, dice, 1);

    /// <param name="targets">The types that may be meant; empty: any.</param>
    public static string Reference(Dice dice, ImmutableArray<string> targets = default) =>
        dice.Below(dice.IsSloppy ? 12 : 40) switch
        {
            0 => "Patient/nobody",
            1 => $"{Type(dice)}/{dice.Known()}/_history/{dice.Pick("1", "2", "0", "99999999999", "x")}",
            2 => "urn:uuid:7d3f0cbc-6d1e-4d2c-9a53-0d0f7a1b2c3d",
            3 => dice.Pick(
                "#",
                "#x",
                "Patient?identifier=urn:x|f1",
                "Patient?",
                "Patient/",
                "/Patient/f1",
                "Nothing/1",
                "?"
            ),
            4 => $"http://elsewhere.example/fhir/{Type(dice)}/f1",
            _ => $"{(targets.IsDefaultOrEmpty ? Type(dice) : dice.Pick(targets))}/{dice.Known()}",
        };

    private static void Members(
        StringBuilder json,
        TypeDefinition type,
        Dice dice,
        int depth,
        params ReadOnlySpan<string> without
    )
    {
        foreach (var element in type.Elements)
        {
            if (without.Contains(element.Name) || element.Types.IsEmpty)
                continue;
            var isWanted = element.Min > 0 ? !dice.Slips(30) : !dice.IsFull && IsDrawn(element, depth, dice);
            if (!isWanted || depth > 8)
                continue;
            var (valueType, targets) = element.Types[dice.Below(element.Types.Length)];
            var value =
                valueType.Name == "Reference" && !targets.IsEmpty && !dice.Slips()
                    ? $"{{\"reference\":\"{Reference(dice, targets)}\"}}"
                    : Value(valueType, element, dice, depth + 1);
            if (json[^1] != '{')
                json.Append(',');
            json.Append(CultureInfo.InvariantCulture, $"\"{element.JsonName(valueType)}\":");
            json.Append(element.IsArray && !dice.Slips(50) ? Array(value, valueType, element, dice, depth) : value);
        }
    }

    /// <summary>What is around a resource, and what rules of its own go with, is drawn less often than what it says.</summary>
    private static bool IsDrawn(ElementDefinition element, int depth, Dice dice) =>
        element.Name is "text" or "contained" or "modifierExtension" or "language" or "id" or "meta"
            ? dice.Once(25)
            : dice.Once(3 + (depth * depth * 6));

    private static string Array(string first, TypeDefinition type, ElementDefinition element, Dice dice, int depth)
    {
        var items = new List<string> { first };
        // A list that is long without being large is what loops within loops do not like.
        if (dice.Once(200))
            items.AddRange(Enumerable.Repeat(first, Math.Min(2000, 100_000 / (first.Length + 1))));
        while (dice.Once(3) && !dice.IsFull)
            items.Add(Value(type, element, dice, depth + 1));
        return $"[{string.Join(',', items)}]";
    }

    private static string Value(TypeDefinition type, ElementDefinition? element, Dice dice, int depth)
    {
        if (dice.Slips(30))
            return dice.Pick("null", "{}", "[]", "\"x\"", "7", "true", "[[]]", "{\"\":{}}");
        if (type.IsPrimitive)
            return element?.Binding is { } binding && !dice.Slips()
                ? Code(binding, type, dice)
                : Primitives.Json(type.Name, dice);
        if (type.Name is "Resource" or "DomainResource" || type.IsResource)
            return depth > 3
                ? """{"resourceType":"Basic","code":{"text":"x"}}"""
                : Resource(Type(dice), dice.Pick(dice.Known(), "x"), dice);
        if (type.Name == "Reference" && !dice.Once(6))
            return $"{{\"reference\":{JsonSerializer.Serialize(Reference(dice))}}}";
        if (type.Name == "Extension")
            return $"{{\"url\":\"{dice.Pick(OwnExtensions)}\",\"value{dice.Pick("String\":\"x\"", "PositiveInt\":2147483647", "Decimal\":1e99", "DateTime\":\"9999-12-31\"", "Reference\":{\"reference\":\"Patient/f1\"}")}}}";
        var json = new StringBuilder("{");
        for (var attempts = 0; json.Length == 1 && attempts < 5; attempts++)
            Members(json, type, dice, Math.Max(0, depth - attempts));
        // An empty object is refused before anything else is looked at.
        if (json.Length == 1 && !dice.Slips())
            json.Append("\"extension\":[{\"url\":\"urn:x\",\"valueString\":\"x\"}]");
        return dice.Drawn(json.Append('}').ToString());
    }

    private const string Own = "https://carecoordination.example/fhir/StructureDefinition/";

    private static readonly ImmutableArray<string> OwnExtensions =
    [
        "urn:x",
        Own + "due-in-business-days",
        Own + "partner",
        Own + "series",
        Own + "occurrence",
        Own + "partner-profile",
    ];

    private static string Code(CodeBinding binding, TypeDefinition type, Dice dice) =>
        binding.Codes is { Codes.Length: > 0 } codes
            ? $"\"{codes.Codes[dice.Below(codes.Codes.Length)].Value}\""
            : Primitives.Json(type.Name, dice);
}
