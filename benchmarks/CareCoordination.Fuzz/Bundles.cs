using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CareCoordination.Fuzz;

/// <summary>Batches and transactions whose entries mean the same resources, refer to each other and depend on each other.</summary>
internal static class Bundles
{
    private static readonly ImmutableArray<string> Urls =
    [
        "urn:uuid:7d3f0cbc-6d1e-4d2c-9a53-0d0f7a1b2c3d",
        "urn:uuid:8d3f0cbc-6d1e-4d2c-9a53-0d0f7a1b2c3d",
        "http://elsewhere.example/fhir/Patient/1",
        "Patient/f1",
        "urn:oid:1.2.3",
        "",
        "#",
        "x",
    ];

    public static FuzzRequest Draw(Dice dice)
    {
        var entries = Enumerable.Range(0, dice.Pick(0, 1, 2, 3, 5, 9, 40)).Select(_ => Entry(dice));
        var body =
            $"{{\"resourceType\":\"Bundle\",\"type\":\"{dice.Pick("transaction", "transaction", "transaction", "batch", "batch", "collection")}\",\"entry\":[{string.Join(',', entries)}]}}";
        return new FuzzRequest("POST", "", Headers.Draw(dice).Add(new("Content-Type", "application/fhir+json")), body);
    }

    private static string Entry(Dice dice)
    {
        var inner = dice.Below(6) switch
        {
            0 => Operations.Draw(dice),
            1 => Searches.Draw(dice),
            2 => Touching(dice),
            3 => Touching(dice),
            _ => Writes.Draw(dice),
        };
        var json = new StringBuilder("{");
        if (dice.Once(2))
            json.Append(CultureInfo.InvariantCulture, $"\"fullUrl\":\"{dice.Pick(Urls)}\",");
        if (inner.Body is { Length: > 0 } body && body[0] == '{')
            json.Append("\"resource\":").Append(body).Append(',');
        else if (inner.Body is not null)
            json.Append(
                CultureInfo.InvariantCulture,
                $"\"resource\":{{\"resourceType\":\"Binary\",\"contentType\":\"application/json-patch+json\",\"data\":\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(inner.Body))}\"}},"
            );
        json.Append(
            CultureInfo.InvariantCulture,
            $"\"request\":{{\"method\":\"{inner.Method}\",\"url\":{JsonSerializer.Serialize(inner.Target)}"
        );
        foreach (
            var (name, header) in (ReadOnlySpan<(string, string)>)
                [("ifMatch", "If-Match"), ("ifNoneMatch", "If-None-Match"), ("ifNoneExist", "If-None-Exist")]
        )
        {
            if (inner.Headers.FirstOrDefault(h => h.Key == header).Value is { } value)
                json.Append(CultureInfo.InvariantCulture, $",\"{name}\":{JsonSerializer.Serialize(value)}");
        }

        return dice.Drawn(json.Append("}}").ToString());
    }

    /// <summary>One of few resources in one of few ways, so that entries meet.</summary>
    private static FuzzRequest Touching(Dice dice)
    {
        var id = dice.Pick("t1", "t2");
        var reference = JsonSerializer.Serialize(dice.Once(3) ? "Patient?identifier=urn:x|t1" : dice.Pick(Urls));
        var patient =
            $"{{\"resourceType\":\"Patient\",\"id\":\"{id}\",\"identifier\":[{{\"system\":\"urn:x\",\"value\":\"{id}\"}}],\"link\":[{{\"other\":{{\"reference\":{reference}}},\"type\":\"seealso\"}}]}}";
        return dice.Below(7) switch
        {
            0 => new("DELETE", $"Patient/{id}", [], null),
            1 => new("DELETE", $"Patient?identifier=urn:x|{id}", [], null),
            2 => new("PUT", $"Patient?identifier=urn:x|{id}", [], patient),
            3 => new("POST", "Patient", [new("If-None-Exist", $"identifier=urn:x|{id}")], patient),
            4 => new("GET", $"Patient?identifier=urn:x|{id}&_revinclude=Patient:link", [], null),
            5 => new("PATCH", $"Patient/{id}", [], Patches.Path(dice)),
            _ => new("PUT", $"Patient/{id}", Headers.Draw(dice), patient),
        };
    }
}
