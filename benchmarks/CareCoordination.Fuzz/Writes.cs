using System.Globalization;
using System.Text.Json;

namespace CareCoordination.Fuzz;

/// <summary>R4's own interactions on single resources: creates, updates, patches and deletions, plain and conditional.</summary>
internal static class Writes
{
    public static FuzzRequest Draw(Dice dice)
    {
        var type = Elements.Type(dice);
        var id = Uri.EscapeDataString(
            dice.Slips() ? Primitives.Text("id", dice) : dice.Pick(dice.Known(), dice.Known(), "w1", "w2")
        );
        var target = dice.Once(5) ? $"{type}?{Searches.Criteria(type, dice)}" : $"{type}/{id}";
        if (target.Length > 15_000)
            target = type;
        switch (dice.Below(10))
        {
            case 0:
                return new FuzzRequest("DELETE", target, Headers.Draw(dice), null);
            case 1:
                return new FuzzRequest(
                    "GET",
                    dice.Pick(target, $"{target}/$everything", "metadata", $"{type}/{id}/_history/1"),
                    Headers.Draw(dice),
                    null
                );
            case 2 or 3 or 4:
                return Patches.Draw(target, dice);
            case 5 or 6:
                return With(
                    new FuzzRequest(
                        "POST",
                        dice.Pick(type, type, $"{type}/$validate"),
                        Headers.Draw(dice),
                        Body(type, dice)
                    ),
                    dice
                );
            default:
                return With(new FuzzRequest("PUT", target, Headers.Draw(dice), Body(type, dice, id)), dice);
        }
    }

    public static string Body(string type, Dice dice, string? id = null)
    {
        var json = type == "PlanDefinition" && !dice.Once(4) ? Plans.Draw(id, dice) : Elements.Resource(type, id, dice);
        if (dice.Slips())
            return Damaged(json, dice);
        return dice.Slips(10) ? Deep(json, dice) : json;
    }

    private static FuzzRequest With(FuzzRequest request, Dice dice) =>
        request with
        {
            Headers = request.Headers.Add(new("Content-Type", Headers.ContentType("application/fhir+json", dice))),
        };

    private static string Damaged(string json, Dice dice)
    {
        for (var i = dice.Pick(1, 2, 8); i > 0; i--)
        {
            var at = dice.Below(json.Length);
            json =
                json[..at]
                + dice.Pick("\"", "{", "}", "[", ",", "\\", "\0", "\u00ff", "e9", "")
                + json[Math.Min(json.Length, at + dice.Below(3))..];
        }

        return json;
    }

    private static string Deep(string json, Dice dice)
    {
        var levels = dice.Pick(20, 100, 127, 128, 500, 20_000);
        var open = dice.Pick("[", "{\"extension\":[{\"url\":\"u\",\"x\":");
        var close = open == "[" ? "]" : "}]}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{json[..^1]},\"{dice.Pick("extension", "contained", "x")}\":{string.Concat(Enumerable.Repeat(open, levels))}1{string.Concat(Enumerable.Repeat(close, levels))}}}"
        );
    }
}

/// <summary>JSON Patch and FHIRPath Patch.</summary>
internal static class Patches
{
    public static FuzzRequest Draw(string target, Dice dice)
    {
        var isJson = dice.Once(2);
        var type = isJson ? "application/json-patch+json" : "application/fhir+json";
        return new FuzzRequest(
            "PATCH",
            target,
            Headers.Draw(dice).Add(new("Content-Type", Headers.ContentType(type, dice))),
            isJson ? Json(dice) : Path(dice)
        );
    }

    public static string Json(Dice dice)
    {
        var operations = Enumerable.Range(0, dice.Pick(1, 2, 5, 40)).Select(_ => JsonOperation(dice));
        return $"[{string.Join(',', operations)}]";
    }

    public static string Path(Dice dice)
    {
        var operations = Enumerable.Range(0, dice.Pick(1, 1, 2, 6)).Select(_ => PathOperation(dice));
        return $"{{\"resourceType\":\"Parameters\",\"parameter\":[{string.Join(',', operations)}]}}";
    }

    private static string JsonOperation(Dice dice)
    {
        var op = dice.Slips()
            ? "nothing"
            : dice.Pick("add", "add", "remove", "replace", "move", "copy", "copy", "test");
        var value = dice.Once(3)
            ? Elements.Value(dice.Pick("HumanName", "Extension", "Identifier", "Period", "Timing"), dice)
            : Primitives.Json(dice.Pick("string", "code", "decimal", "boolean"), dice);
        return $"{{\"op\":\"{op}\",\"path\":{JsonSerializer.Serialize(Pointer(dice))},\"from\":{JsonSerializer.Serialize(Pointer(dice))},\"value\":{value}}}";
    }

    private static string Pointer(Dice dice) =>
        dice.Slips()
            ? dice.Pick(
                "status",
                "/~2",
                "/name/-1",
                "/name/01",
                "x/y",
                "#/name",
                "/name/2147483648",
                "/name/99999999999999999999"
            )
            : dice.Pick(
                "/status",
                "/name",
                "/name/-",
                "/name/0",
                "/name/0/given/0",
                "/name/2147483647",
                "",
                "/",
                "//",
                "/~0~1",
                "/id",
                "/resourceType",
                "/meta",
                "/meta/versionId",
                "/extension",
                "/extension/-",
                "/note/-",
                "/x/y/z",
                "/contained/-",
                "/" + new string('x', 3000)
            );

    private static string PathOperation(Dice dice)
    {
        var type = dice.Slips() ? "nothing" : dice.Pick("add", "insert", "delete", "replace", "move");
        var parts = new List<string>
        {
            $"{{\"name\":\"type\",\"valueCode\":\"{type}\"}}",
            $"{{\"name\":\"path\",\"valueString\":{JsonSerializer.Serialize(Expressions.Draw(dice))}}}",
        };
        void Part(string name, string content, params ReadOnlySpan<string> of)
        {
            if (of.Contains(type) != dice.Slips())
                parts.Add($"{{\"name\":\"{name}\",{content}}}");
        }

        Part(
            "name",
            $"\"valueString\":\"{dice.Pick("status", "name", "birthDate", "extension", "value", "nothing", "id")}\"",
            "add"
        );
        Part("value", Content(dice), "add", "insert", "replace");
        Part("index", Index(dice), "insert");
        Part("source", Index(dice), "move");
        Part("destination", Index(dice), "move");
        return $"{{\"name\":\"operation\",\"part\":[{string.Join(',', parts)}]}}";
    }

    private static string Content(Dice dice) =>
        dice.Pick(
            "\"valueCode\":\"active\"",
            "\"valueString\":\"x\"",
            "\"valueDate\":\"9999-12-31\"",
            "\"valueHumanName\":{\"family\":\"x\"}",
            "\"valueDecimal\":1e28",
            "\"part\":[{\"name\":\"x\",\"valueString\":\"y\"}]",
            "\"resource\":{\"resourceType\":\"Patient\"}"
        );

    private static string Index(Dice dice) => $"\"valueInteger\":{dice.Pick("0", "1", "-1", "2147483647")}";
}
