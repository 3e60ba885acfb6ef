using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Application.Operations;
using CareCoordination.Server.Hosting;

namespace CareCoordination.Fuzz;

/// <summary>Every operation of the table, with the parameters it declares and values that it may not have thought of.</summary>
internal static class Operations
{
    public static FuzzRequest Draw(Dice dice)
    {
        var operation = dice.Pick(Composition.Operations.All);
        var onType = operation.IsOnType && (!operation.IsOnInstance || dice.Once(2));
        var id = dice.Slips() ? Primitives.Text("id", dice) : dice.Known();
        var path = onType
            ? $"{operation.ResourceType}/{operation.Code}"
            : $"{operation.ResourceType}/{Uri.EscapeDataString(id)}/{operation.Code}";
        if (operation.ReadDelete is not null && dice.Once(3))
            return new FuzzRequest("DELETE", path, [], null);
        if (!operation.AffectsState && dice.Once(2))
            return new FuzzRequest("GET", path + Query(operation, dice), [], null);
        var parameters = operation.Parameters.SelectMany(p => Parameter(p, dice)).ToList();
        if (dice.Slips(12))
            parameters.Add("{\"name\":\"unknown\",\"valueString\":\"x\"}");
        return new FuzzRequest(
            "POST",
            path + (dice.Slips(15) ? Query(operation, dice) : ""),
            Headers.OfOperation(dice).Add(new("Content-Type", Headers.ContentType("application/fhir+json", dice))),
            dice.Once(25) ? null : $"{{\"resourceType\":\"Parameters\",\"parameter\":[{string.Join(',', parameters)}]}}"
        );
    }

    private static IEnumerable<string> Parameter(OperationParameter parameter, Dice dice)
    {
        if (parameter.IsRequired || parameter.IsNeededByRule ? dice.Slips() : dice.Once(2))
            yield break;
        var times =
            parameter.IsRepeatable ? dice.Pick(1, 1, 2, 5, 300)
            : dice.Slips(20) ? 2
            : 1;
        for (var i = 0; i < times && !dice.IsFull; i++)
        {
            var name = JsonSerializer.Serialize(parameter.Name);
            if (!parameter.Parts.IsEmpty && !dice.Once(4))
                yield return $"{{\"name\":{name},\"part\":[{string.Join(',', parameter.Parts.SelectMany(p => Parameter(p, dice)))}]}}";
            else
                yield return $"{{\"name\":{name},{Value(parameter, dice)}}}";
        }
    }

    private static string Value(OperationParameter parameter, Dice dice)
    {
        var type = parameter.Types.IsEmpty || dice.Slips() ? AnyType(dice) : dice.Pick(parameter.Types);
        if (type == "*")
            type = AnyType(dice);
        if (type == "Resource")
            return $"\"resource\":{(dice.Once(4) ? Elements.Resource(Elements.Type(dice), null, dice) : Plans.Draw(null, dice))}";
        return $"\"value{char.ToUpperInvariant(type[0])}{type[1..]}\":{Of(parameter, type, dice)}";
    }

    /// <summary>Something that such a parameter could mean, more often than not.</summary>
    private static string Of(OperationParameter parameter, string type, Dice dice) =>
        type switch
        {
            "Reference" => $"{{\"reference\":{JsonSerializer.Serialize(Elements.Reference(dice))}}}",
            "string" or "uri" or "canonical" when parameter.Name is "subject" or "patient" => JsonSerializer.Serialize(
                Elements.Reference(dice)
            ),
            "string" when dice.Once(4) => JsonSerializer.Serialize(Expressions.Draw(dice)),
            _ => Elements.Value(type, dice),
        };

    private static string AnyType(Dice dice) =>
        dice.Pick(
            "string",
            "boolean",
            "decimal",
            "integer",
            "dateTime",
            "date",
            "instant",
            "code",
            "Quantity",
            "Period",
            "Timing",
            "CodeableConcept",
            "Identifier",
            "base64Binary"
        );

    private static string Query(Operation operation, Dice dice)
    {
        var pairs = operation
            .Parameters.Where(_ => !dice.Once(3))
            .Select(p =>
                $"{p.Name}={Uri.EscapeDataString(p.Types is ["Reference", ..] ? Elements.Reference(dice) : Primitives.Text(p.Types is [var first, ..] && char.IsLower(first[0]) ? first : "string", dice))}"
            )
            .Where(pair => pair.Length < 4000)
            .Take(12);
        return "?" + string.Join('&', pairs);
    }
}
