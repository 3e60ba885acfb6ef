using System.Text.Json.Nodes;
using static CareCoordination.PartnerSimulator.PartnerStore;

namespace CareCoordination.PartnerSimulator;

/// <summary>
/// Message Bundles of BSeR: a referral, a change of it, or the wish to cancel it. A message that was answered once gets the same
/// answer again and has no second effect. https://hl7.org/fhir/R4/messaging.html
/// </summary>
internal sealed class MessageReceiver(PartnerStore store, EffectLedger ledger)
{
    private readonly Dictionary<string, PartnerAnswer> _answered = new(StringComparer.Ordinal);

    public PartnerAnswer Answer(PartnerRequest request, Fault fault)
    {
        if (request.Body is not { } bundle || Text(bundle["type"]) != "message")
            return PartnerAnswer.Refusal(400, "invalid", "The body is no message Bundle.");
        var resources = (bundle["entry"] as JsonArray ?? [])
            .Select(e => e?["resource"])
            .OfType<JsonObject>()
            .ToLookup(r => Text(r["resourceType"]), StringComparer.Ordinal);
        if (
            Text(bundle["entry"]?[0]?["resource"]?["resourceType"]) != "MessageHeader"
            || resources["MessageHeader"].First() is not { } header
            || Text(header["id"]) is not { Length: > 0 } messageId
        )
            return PartnerAnswer.Refusal(422, "structure", "A message begins with a MessageHeader that has an id.");
        if (_answered.TryGetValue(messageId, out var before))
            return before;
        if (Text(header["eventCoding"]?["code"]) != "I12")
            return PartnerAnswer.Refusal(422, "not-supported", "Only referrals (v2 event I12) are taken here.");
        if (resources["Task"].FirstOrDefault() is not { } task || !resources["ServiceRequest"].Any())
            return PartnerAnswer.Refusal(422, "required", "A referral needs its Task and its ServiceRequest.");

        FileOrder(resources["ServiceRequest"].First());
        var stored = Store(task, fault);
        return _answered[messageId] = Receipt(header, messageId, stored);
    }

    /// <summary>The order is filed beside the Task, as it is in the latest message.</summary>
    private void FileOrder(JsonObject order)
    {
        order = order.DeepClone().AsObject();
        var filed = EffectLedger
            .Referrals(order)
            .SelectMany(r => store.WithIdentifier("ServiceRequest", r))
            .FirstOrDefault();
        if (filed is null)
            store.Create(order);
        else
            store.Write(order, filed.Id);
    }

    private PartnerResource Store(JsonObject task, Fault fault)
    {
        task = task.DeepClone().AsObject();
        var copy = EffectLedger.Referrals(task).SelectMany(r => store.WithIdentifier("Task", r)).FirstOrDefault();
        if (copy is not null)
        {
            var updated = store.Write(task, copy.Id);
            ledger.Updated(updated);
            return updated;
        }

        if (fault == Fault.PatientPending)
            task["businessStatus"] = new JsonObject { ["text"] = "Pending: patient not found in receiving system" };
        var created = store.Create(task);
        ledger.Created(created);
        return created;
    }

    /// <summary>The answer is a message too: what was asked, that it is well, and the recipient's copy of the Task.</summary>
    private PartnerAnswer Receipt(JsonObject header, string messageId, PartnerResource task)
    {
        var id = store.NextId();
        var answer = new JsonObject
        {
            ["resourceType"] = "MessageHeader",
            ["id"] = $"answer-{id}",
            ["eventCoding"] = header["eventCoding"]!.DeepClone(),
            ["source"] = new JsonObject { ["endpoint"] = store.Base },
            ["response"] = new JsonObject { ["identifier"] = messageId, ["code"] = "ok" },
            ["focus"] = new JsonArray(new JsonObject { ["reference"] = $"{store.Base}/{task.Reference}" }),
        };
        return new PartnerAnswer(
            200,
            new JsonObject
            {
                ["resourceType"] = "Bundle",
                ["id"] = $"receipt-{id}",
                ["type"] = "message",
                ["timestamp"] = Instant(task.LastUpdated),
                ["entry"] = new JsonArray(
                    new JsonObject { ["fullUrl"] = $"{store.Base}/MessageHeader/answer-{id}", ["resource"] = answer },
                    new JsonObject { ["fullUrl"] = $"{store.Base}/{task.Reference}", ["resource"] = task.Parse() }
                ),
            }.ToJsonString()
        );
    }
}
