using System.Text.Json.Nodes;
using static CareCoordination.PartnerSimulator.PartnerStore;

namespace CareCoordination.PartnerSimulator;

/// <summary>A transaction of POST and PUT entries, all or nothing. https://hl7.org/fhir/R4/http.html#transaction</summary>
internal sealed class TransactionBundle(PartnerManners manners, PartnerStore store, EffectLedger ledger)
{
    public PartnerAnswer Answer(PartnerRequest request)
    {
        if (request.Body is not { } bundle || Text(bundle["type"]) != "transaction")
            return PartnerAnswer.Refusal(400, "invalid", "The body is no transaction Bundle.");
        var steps = new List<Step>();
        var addresses = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in (bundle["entry"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var planned = Plan(entry);
            if (planned.Refusal is { } refusal)
                return refusal;
            steps.Add(planned);
            if (Text(entry["fullUrl"]) is { Length: > 0 } fullUrl)
                addresses[fullUrl] = planned.Reference;
        }

        var entries = new JsonArray();
        foreach (var step in steps)
        {
            var (status, stored) = Carry(step, addresses);
            entries.Add(
                new JsonObject
                {
                    ["resource"] = stored.Parse(),
                    ["response"] = new JsonObject
                    {
                        ["status"] = status,
                        ["location"] = $"{stored.Reference}/_history/{stored.Version}",
                        ["etag"] = stored.ETag,
                        ["lastModified"] = Instant(stored.LastUpdated),
                    },
                }
            );
        }

        var answer = new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "transaction-response",
            ["entry"] = entries,
        };
        return new PartnerAnswer(200, answer.ToJsonString());
    }

    private Step Plan(JsonObject entry)
    {
        var (method, url) = (Text(entry["request"]?["method"]), Text(entry["request"]?["url"]));
        if (entry["resource"]?.DeepClone() is not JsonObject resource || method is not ("POST" or "PUT"))
            return Refuse(400, "not-supported", "Entries are POST or PUT with a resource.");
        var type = Text(resource["resourceType"]);
        if (!manners.Takes(type, method == "POST" ? "create" : "update"))
            return Refuse(405, "not-supported", $"The {manners.Name} does not take {method} {type}.");
        if (manners.Complaint(resource) is { } complaint)
            return Refuse(422, "business-rule", complaint);
        return method == "POST" ? PlanCreate(entry, type, resource) : PlanUpdate(entry, url, resource);
    }

    private Step PlanCreate(JsonObject entry, string type, JsonObject resource)
    {
        if (Text(entry["request"]!["ifNoneExist"]) is not { Length: > 0 } condition)
            return new Step($"{type}/{store.NextId()}", resource, null, null);
        return ConditionalCreate.Find(store, type, condition) switch
        {
            null => Refuse(400, "not-supported", "ifNoneExist takes identifier=system|value."),
            [] => new Step($"{type}/{store.NextId()}", resource, null, null),
            [var existing] => new Step(existing.Reference, resource, existing, null),
            _ => Refuse(412, "multiple-matches", $"More than one {type} has the identifier."),
        };
    }

    private Step PlanUpdate(JsonObject entry, string url, JsonObject resource)
    {
        if (store.Read(url) is not { } current)
            return Refuse(404, "not-found", $"There is no {url} here.");
        var match = Text(entry["request"]!["ifMatch"]);
        return match.Length > 0 && match != current.ETag
            ? Refuse(412, "conflict", $"The current version of {url} is {current.Version}.")
            : new Step(url, resource, null, null);
    }

    private (string Status, PartnerResource Stored) Carry(Step step, Dictionary<string, string> addresses)
    {
        if (step.Existing is { } existing)
        {
            ledger.Repeat(existing);
            return ("200 OK", existing);
        }

        Rewrite(step.Resource, addresses);
        var stored = store.Write(step.Resource, step.Reference.Split('/')[1]);
        if (stored.Version == 1)
            ledger.Created(stored);
        else
            ledger.Updated(stored);
        return (stored.Version == 1 ? "201 Created" : "200 OK", stored);
    }

    /// <summary>References to other entries become references to where those are stored.</summary>
    private static void Rewrite(JsonNode node, Dictionary<string, string> addresses)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list.OfType<JsonNode>())
                Rewrite(item, addresses);
        }
        else if (node is JsonObject element)
        {
            if (element["reference"] is JsonValue reference && addresses.TryGetValue(Text(reference), out var address))
                element["reference"] = address;
            foreach (var child in element.Select(p => p.Value).OfType<JsonNode>().ToList())
                Rewrite(child, addresses);
        }
    }

    private static Step Refuse(int status, string code, string sentence) =>
        new("", [], null, PartnerAnswer.Refusal(status, code, sentence));

    private sealed record Step(
        string Reference,
        JsonObject Resource,
        PartnerResource? Existing,
        PartnerAnswer? Refusal
    );
}
