using System.Collections.Immutable;
using CareCoordination.Server.Hosting;

namespace CareCoordination.Fuzz;

/// <summary>
/// Requests over the whole table of interactions and operations. Which request a number is, only the seed decides, so that one finding can
/// be sent again by itself.
/// </summary>
public sealed class FuzzGenerator(int seed)
{
    /// <summary>The epoch of a number.</summary>
    public static int EpochOf(int number) => number / Dice.EpochLength;

    public FuzzRequest Draw(int number)
    {
        var dice = Dice.Of(seed, number);
        return dice.Below(12) switch
        {
            0 or 1 or 2 => Operations.Draw(dice),
            3 or 4 => Searches.Draw(dice),
            5 or 6 => Bundles.Draw(dice),
            7 => Anything(dice),
            _ => Writes.Draw(dice),
        };
    }

    /// <summary>
    /// What is there before the first request of an epoch: three resources of each type that operations are asked of.
    /// </summary>
    public static IEnumerable<FuzzRequest> World(int epoch)
    {
        for (var i = 1; i <= 3; i++)
        {
            var id = Dice.Known(i, epoch);
            foreach (var (type, members) in Resources(i, id))
                yield return new FuzzRequest(
                    "PUT",
                    $"{type}/{id}",
                    [new("Content-Type", "application/fhir+json")],
                    $"{{\"resourceType\":\"{type}\",\"id\":\"{id}\",{members}}}"
                );
        }
    }

    /// <summary>Any row with any method, whatever fits it.</summary>
    private static FuzzRequest Anything(Dice dice)
    {
        var row = dice.Pick(Composition.Interactions.All);
        var type = row.OnlyType ?? Elements.Type(dice);
        var path = row
            .Template.Replace("{type}", type, StringComparison.Ordinal)
            .Replace("{id}", Uri.EscapeDataString(Primitives.Text("id", dice)), StringComparison.Ordinal)
            .Replace("{vid}", Uri.EscapeDataString(Primitives.Text("integer", dice)), StringComparison.Ordinal);
        if (dice.Once(3))
            path += dice.Pick("/", "/x", "%2F", "?", "?_format=xml", "/..", "//", "%", "/$nothing", "?%00=%ff");
        var method = dice.Once(3)
            ? dice.Pick("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "FOO")
            : row.Method;
        var body = method is "POST" or "PUT" or "PATCH" && !dice.Once(4) ? Writes.Body(type, dice) : null;
        var headers = Headers.Draw(dice);
        return new FuzzRequest(
            method,
            path,
            body is null
                ? headers
                : headers.Add(new("Content-Type", Headers.ContentType("application/fhir+json", dice))),
            body
        );
    }

    private static ImmutableArray<(string Type, string Members)> Resources(int i, string id)
    {
        string About(string element = "subject") => $"\"{element}\":{{\"reference\":\"Patient/{id}\"}}";
        var goal = $"{{\"reference\":\"Goal/{id}\"}}";
        var task = $"{{\"reference\":\"Task/{id}\"}}";
        return
        [
            (
                "Patient",
                "\"identifier\":[{\"system\":\"urn:x\",\"value\":\"f1\"}],\"name\":[{\"family\":\"Rivera\",\"given\":[\"Ana\"]}],\"gender\":\"female\",\"birthDate\":\"1958-04-12\""
            ),
            ("Practitioner", "\"active\":true"),
            ("Organization", "\"name\":\"x\""),
            (
                "PractitionerRole",
                $"\"active\":true,\"practitioner\":{{\"reference\":\"Practitioner/{id}\"}},\"organization\":{{\"reference\":\"Organization/{id}\"}}"
            ),
            (
                "Group",
                $"\"type\":\"person\",\"actual\":true,\"member\":[{{\"entity\":{{\"reference\":\"Patient/{id}\"}}}}]"
            ),
            ("EpisodeOfCare", "\"status\":\"active\"," + About("patient")),
            (
                "Goal",
                $"\"lifecycleStatus\":\"{(i == 1 ? "active" : "proposed")}\",\"description\":{{\"text\":\"g\"}},\"target\":[{{\"measure\":{{\"text\":\"x\"}},\"detailQuantity\":{{\"value\":5}}}}],{About()}"
            ),
            (
                "Task",
                $"\"status\":\"{(i == 1 ? "in-progress" : i == 2 ? "requested" : "draft")}\",\"intent\":\"order\",{About("for")}"
            ),
            (
                "CarePlan",
                $"\"status\":\"{(i == 1 ? "active" : "draft")}\",\"intent\":\"plan\",\"goal\":[{goal}],\"activity\":[{{\"reference\":{task}}}],{About()}"
            ),
            ("ServiceRequest", $"\"status\":\"active\",\"intent\":\"order\",\"code\":{{\"text\":\"x\"}},{About()}"),
            (
                "Endpoint",
                $"\"status\":\"{(i == 3 ? "off" : "active")}\",\"connectionType\":{{\"code\":\"hl7-fhir-rest\"}},\"payloadType\":[{{\"text\":\"x\"}}],\"address\":\"http://127.0.0.1:1/fhir\""
            ),
            (
                "PlanDefinition",
                "\"url\":\"http://example.org/PlanDefinition/f1\",\"status\":\"active\",\"action\":[{\"title\":\"a\",\"timingDuration\":{\"value\":2,\"code\":\"d\"}}]"
            ),
            (
                "ActivityDefinition",
                "\"url\":\"http://example.org/ActivityDefinition/f1\",\"status\":\"active\",\"kind\":\"Task\""
            ),
            (
                "Observation",
                $"\"status\":\"final\",\"code\":{{\"text\":\"x\"}},\"valueQuantity\":{{\"value\":7.2}},{About()}"
            ),
            (
                "Consent",
                $"\"status\":\"active\",\"scope\":{{\"text\":\"x\"}},\"category\":[{{\"text\":\"x\"}}],\"policyRule\":{{\"text\":\"x\"}},{About("patient")}"
            ),
        ];
    }
}
