using System.Text.Json.Nodes;

namespace CareCoordination.PartnerSimulator;

/// <summary>
/// Files a REF^I12 as a Task. A control id that was answered once gets the same answer and has no second effect.
/// https://www.hl7.eu/HL7v2x/v251/std251/ch11.html
/// </summary>
internal sealed class V2Receiver(PartnerStore store, EffectLedger ledger)
{
    private readonly Dictionary<string, string> _answered = new(StringComparer.Ordinal);

    public string Answer(Hl7Message message)
    {
        lock (store.Gate)
        {
            var control = message["MSH", 10];
            if (_answered.TryGetValue(control, out var before))
                return before;
            if (Complaint(message) is { } complaint)
                return message.Acknowledge("AR", complaint, store.Now);
            File(message);
            return _answered[control] = message.Acknowledge("AA", null, store.Now);
        }
    }

    private static string? Complaint(Hl7Message message) =>
        message["MSH", 10].Length == 0 ? "MSH-10 is missing"
        : message.Component("MSH", 9, 1) != "REF" ? $"{message["MSH", 9]} is not taken here"
        : message["RF1", 6].Length == 0 ? "RF1-6, the originating referral identifier, is missing"
        : message["PID", 5].Length == 0 ? "PID-5 is missing"
        : null;

    private void File(Hl7Message message)
    {
        var (value, system) = (message.Component("RF1", 6, 1), message.Component("RF1", 6, 3));
        // RF1-1: A accepted, P pending, R rejected, E expired (table 0283); a sender that gives up a referral sends it as E or R.
        var status = message.Component("RF1", 1, 1) is "R" or "E" ? "cancelled" : "requested";
        if (store.WithIdentifier("Task", value) is [var existing, ..])
        {
            var task = existing.Parse();
            task["status"] = status;
            ledger.Updated(store.Write(task, existing.Id));
            return;
        }

        var created = new JsonObject
        {
            ["resourceType"] = "Task",
            ["identifier"] = new JsonArray(new JsonObject { ["system"] = system, ["value"] = value }),
            ["status"] = status,
            ["intent"] = "order",
            ["for"] = new JsonObject { ["display"] = message["PID", 5].Replace('^', ' ') },
        };
        ledger.Created(store.Create(created));
    }
}
