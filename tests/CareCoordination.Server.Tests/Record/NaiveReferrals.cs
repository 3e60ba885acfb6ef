using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>What became of each referral, told from the versions of its tasks, one referral after the other.</summary>
internal sealed class NaiveReferrals(ToldRecord record, NaiveDays days)
{
    private const string Work = "https://carecoordination.example/fhir/CodeSystem/referral-work";
    private const string NoShows = "https://carecoordination.example/fhir/StructureDefinition/no-shows";

    private static readonly string[] Orders =
    [
        "order",
        "original-order",
        "instance-order",
        "filler-order",
        "reflex-order",
    ];

    private static readonly string[] Scheduled = ["scheduled", "appointment-scheduled", "booked"];

    private readonly ILookup<string?, List<ToldVersion>> _tries = record
        .Histories("Task")
        .Where(h => h[^1].Body is { } task && task.Text("status") != "entered-in-error" && !IsWork(task))
        .ToLookup(h => RequestOf(h[^1].Body!.Value), StringComparer.Ordinal);

    public IEnumerable<Dictionary<string, object?>> Loops() =>
        record
            .Of("ServiceRequest")
            .Where(r => r.Text("status") != "entered-in-error" && Orders.Contains(r.Text("intent")))
            .Select(Loop);

    /// <summary>What a referral gives people here to do is no try.</summary>
    public static bool IsWork(JsonElement task) => task.At("code").Text("coding", "system") == Work;

    public static string? RequestOf(JsonElement task) =>
        task.Items("basedOn").FirstOrDefault().Key("ServiceRequest") ?? task.At("focus").Key("ServiceRequest");

    private Dictionary<string, object?> Loop(JsonElement request)
    {
        var tries = _tries[request.Text("id")].ToList();
        var moments = tries.SelectMany(Moments).ToList();
        var tasks = tries
            .Select(h => h[^1].Body!.Value)
            .OrderBy(t => days.StartOf(t.Text("lastModified") ?? t.Text("meta", "lastUpdated")))
            .ThenBy(t => t.Text("id"), StringComparer.Ordinal)
            .ToList();
        var last = tasks.LastOrDefault();
        var isReported = tasks.Exists(t => t.Text("status") == "completed" && t.Count("output") > 0);
        var (sent, accepted) = (First(m => m.Status == "requested"), First(m => m.Status == "accepted"));
        var completed = moments.Where(m => m.Status == "completed").Select(m => (DateTimeOffset?)m.At).Max();
        return new(StringComparer.Ordinal)
        {
            ["sr_id"] = request.Text("id"),
            ["patient_id"] = request.At("subject").Key("Patient"),
            ["category"] = request.Code("category"),
            ["code"] = request.Code("code"),
            ["sr_status"] = request.Text("status"),
            ["placer_id"] = Placer(request),
            ["authored_on"] = days.StartOf(request.Text("authoredOn")),
            ["authored_on_day"] = days.Of(request.Text("authoredOn")),
            ["sent_at"] = sent,
            ["delivered_at"] = First(m => m.Status == "received"),
            ["accepted_at"] = accepted,
            ["first_scheduled_at"] = First(m => Scheduled.Contains(m.Business)),
            ["no_show_count"] = Missed(tasks, moments),
            ["completed_at"] = completed,
            ["terminal_status"] = last.Text("status") is "completed" or "rejected" or "cancelled" or "failed"
                ? last.Text("status")
                : null,
            ["business_status"] = last.Code("businessStatus"),
            ["recipient_org"] = tasks.Select(t => t.At("owner").Key("Organization")).LastOrDefault(o => o is not null),
            ["attempts"] = tasks.Count,
            ["report_received"] = isReported,
            ["loop_closed"] = isReported,
            ["days_to_accept"] = Days(sent, accepted),
            ["days_to_close"] = Days(sent, completed),
            ["requester_id"] = request.At("requester").Key(),
            ["care_plan_id"] = request
                .Items("basedOn")
                .Select(b => b.Key("CarePlan"))
                .FirstOrDefault(k => k is not null),
            ["goal_id"] = request
                .Extensions("http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal")
                .FirstOrDefault()
                .At("valueReference")
                .Key("Goal"),
        };

        DateTimeOffset? First(Func<Moment, bool> which) =>
            moments.Where(which).Select(m => (DateTimeOffset?)m.At).Min();
    }

    private static string? Placer(JsonElement request) =>
        request
            .Items("identifier")
            .FirstOrDefault(i =>
                i.Items("type", "coding")
                    .Any(c =>
                        c.Text("system") == "http://terminology.hl7.org/CodeSystem/v2-0203" && c.Text("code") == "PLAC"
                    )
            )
            .Text("value");

    /// <summary>As often as a task says that the patient did not come, or as it is told by its versions.</summary>
    private static int Missed(List<JsonElement> tasks, List<Moment> moments) =>
        Math.Max(
            tasks
                .Select(t => (int)(t.Extensions(NoShows).FirstOrDefault().Number("valuePositiveInt") ?? 0))
                .DefaultIfEmpty(0)
                .Max(),
            moments.Count(m => m is { Business: "no-show", BusinessBefore: not "no-show" })
        );

    private sealed record Moment(DateTimeOffset At, string? Status, string? Business, string? BusinessBefore);

    /// <summary>The versions of a task that changed its status or business status.</summary>
    private static IEnumerable<Moment> Moments(List<ToldVersion> history)
    {
        var (status, business) = ((string?)null, (string?)null);
        foreach (var version in history)
        {
            var task = version.Body ?? default;
            var (now, then) = (version.Body is null ? "deleted" : task.Text("status"), task.Code("businessStatus"));
            if (version.Number == 1 || now != status || then != business)
                yield return new Moment(version.At, now, then, business);
            (status, business) = (task.Text("status"), then);
        }
    }

    /// <summary>By the seconds of the clock.</summary>
    private static double? Days(DateTimeOffset? from, DateTimeOffset? until) =>
        from is { } first && until is { } last
            ? (last.ToUnixTimeSeconds() - first.ToUnixTimeSeconds()) / 86400.0
            : null;
}
