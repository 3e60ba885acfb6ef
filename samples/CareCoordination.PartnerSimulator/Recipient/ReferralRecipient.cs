using System.Text;
using System.Text.Json.Nodes;
using static CareCoordination.PartnerSimulator.PartnerStore;

namespace CareCoordination.PartnerSimulator;

/// <summary>
/// What the people at the partner do with a referral, step by step, on the partner's own copy of the Task. Nothing is checked:
/// partners also do what they should not.
/// </summary>
public sealed class ReferralRecipient(PartnerStore store, EffectLedger ledger)
{
    private const string BusinessStatuses = "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS";
    private const string OutputTypes =
        "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";

    /// <summary>Each step with the status and the BSeR business status it leads to.</summary>
    public static readonly IReadOnlyDictionary<string, (string Status, string Business)> Steps = new Dictionary<
        string,
        (string, string)
    >(StringComparer.Ordinal)
    {
        ["accept"] = ("accepted", "3.0"),
        ["decline"] = ("rejected", "4.0"),
        ["schedule"] = ("in-progress", "5.1.1"),
        ["no-show"] = ("in-progress", "5.1.2"),
        ["cancel-appointment"] = ("in-progress", "5.1.3"),
        ["start"] = ("in-progress", "5.1.4"),
        ["hold"] = ("on-hold", ""),
        ["fail"] = ("failed", ""),
        ["cancel"] = ("cancelled", "6.0"),
        ["complete"] = ("completed", "7.0"),
        ["complete-without-report"] = ("completed", "7.0"),
    };

    /// <param name="referral">The copy (<c>Task/7</c>), or an identifier of the Task: <c>system|value</c>, or the value.</param>
    public PartnerResource Find(string referral) =>
        store.Read(referral)
        ?? store.WithIdentifier("Task", referral).LastOrDefault()
        ?? throw new InvalidOperationException($"No referral '{referral}' has come here.");

    /// <param name="step">One of <see cref="Steps"/>.</param>
    /// <param name="reason">Becomes <c>statusReason.text</c>.</param>
    public PartnerResource Do(string step, string referral, string? reason = null)
    {
        var (status, business) = Steps[step];
        return Change(
            referral,
            task =>
            {
                task["status"] = status;
                if (business.Length > 0)
                    task["businessStatus"] = Coded(BusinessStatuses, business);
                if (reason is not null)
                    task["statusReason"] = new JsonObject { ["text"] = reason };
                if (step == "complete")
                    task["output"] = new JsonArray(Report(task));
            }
        );
    }

    /// <summary>Stores the copy as <paramref name="edit"/> leaves it.</summary>
    public PartnerResource Change(string referral, Action<JsonObject> edit)
    {
        lock (store.Gate)
        {
            var current = Find(referral);
            var task = current.Parse();
            edit(task);
            task["lastModified"] = Instant(store.Now);
            var changed = store.Write(task, current.Id);
            ledger.Updated(changed);
            return changed;
        }
    }

    /// <summary>Reads the ServiceRequest from whoever sent the Task: its focus has to be reachable. The answer's status and body.</summary>
    public async Task<(int Status, string Body)> ReadRequestAsync(string referral, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var focus = Text(Find(referral).Parse()["focus"]?["reference"]);
        using var answer = await http.GetAsync(new Uri(focus), cancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>
    /// Tells the one that referred what became of it, as BSeR recipients do: a message Bundle with the Task and the reports it names,
    /// to <c>$process-message</c>. https://hl7.org/fhir/us/bser/
    /// </summary>
    public async Task<(int Status, string Body)> TellAsync(
        PartnerResource copy,
        string initiatorBase,
        CancellationToken cancellationToken
    )
    {
        using var http = new HttpClient();
        using var content = new StringContent(MessageOf(copy), Encoding.UTF8, "application/fhir+json");
        using var answer = await http.PostAsync(
            new Uri($"{initiatorBase}/$process-message"),
            content,
            cancellationToken
        );
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>The message that tells of this version.</summary>
    public string MessageOf(PartnerResource copy) => Feedback.Of(copy, store);

    /// <summary>What was done, as Gravity wants it told: a Procedure that the output refers to.</summary>
    private JsonObject Report(JsonObject task)
    {
        var procedure = new JsonObject
        {
            ["resourceType"] = "Procedure",
            ["status"] = "completed",
            ["code"] = new JsonObject { ["text"] = "Service delivered" },
            ["subject"] = task["for"]?.DeepClone(),
            ["performedDateTime"] = Instant(store.Now),
        };
        if (task["focus"] is { } focus)
            procedure["basedOn"] = new JsonArray(focus.DeepClone());
        return new JsonObject
        {
            ["type"] = Coded(OutputTypes, "resulting-activity"),
            ["valueReference"] = new JsonObject { ["reference"] = store.Create(procedure).Reference },
        };
    }

    private static JsonObject Coded(string system, string code) =>
        new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }) };
}
