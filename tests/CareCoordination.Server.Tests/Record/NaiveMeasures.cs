using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>
/// Counts measures of work in a period from the record, one resource after the other: docs/measures.md, m-09 to m-16. Each comes to
/// <c>all/left out/numerator</c>.
/// </summary>
internal sealed class NaiveMeasures(ToldRecord record, NaiveDays days, DateOnly first, DateOnly last)
{
    private const string Work = "https://carecoordination.example/fhir/CodeSystem/referral-work";

    public IEnumerable<(string Id, string Counted)> All() =>
        [
            ("m-09", Loops(firstOnly: true)),
            ("m-09b", Loops(firstOnly: false)),
            ("m-11a", Failed((loop, _) => WasDeclined(loop))),
            (
                "m-11b",
                Failed((loop, request) => loop["terminal_status"] is "cancelled" || request.Text("status") == "revoked")
            ),
            ("m-11c", Failed((loop, _) => loop["no_show_count"] is > 0)),
            ("m-12", Planned()),
            ("m-14", Goals()),
            ("m-16", Tasks()),
            .. new NaiveCare(record, days, first, last).All(),
        ];

    public static string Counted(IEnumerable<(bool IsLeftOut, bool IsCounted)> rows)
    {
        var all = rows.ToList();
        return $"{all.Count}/{all.Count(r => r.IsLeftOut)}/{all.Count(r => r is { IsLeftOut: false, IsCounted: true })}";
    }

    private bool IsWithin(DateOnly? day) => day >= first && day <= last;

    private string Loops(bool firstOnly)
    {
        var latest = new DateOnly(first.Year, first.Month, 1).AddMonths(10).AddDays(-1);
        var requests = record
            .Of("ServiceRequest")
            .Where(r =>
                r.Text("status") is "active" or "completed"
                && r.Text("intent") == "order"
                && r.At("doNotPerform").ValueKind != JsonValueKind.True
                && IsWithin(days.Of(r.Text("authoredOn")))
            )
            .ToList();
        if (firstOnly)
            requests =
            [
                .. requests
                    .Where(r => days.Of(r.Text("authoredOn")) <= latest)
                    .GroupBy(r => record.PersonOf(r.At("subject").Key("Patient")), StringComparer.Ordinal)
                    .Select(of =>
                        of.OrderBy(r => days.StartOf(r.Text("authoredOn")))
                            .ThenBy(r => r.Text("id"), StringComparer.Ordinal)
                            .First()
                    ),
            ];
        return Counted(requests.Select(r => (false, record.Of("Task").Any(t => Closes(t, r, firstOnly)))));
    }

    /// <summary>The task is done in the period, after the referral was written, and something came of it.</summary>
    private bool Closes(JsonElement task, JsonElement request, bool firstOnly)
    {
        var (based, focus) = (
            task.Items("basedOn").FirstOrDefault().Key("ServiceRequest"),
            task.At("focus").Key("ServiceRequest")
        );
        var id = request.Text("id");
        var end = task.Text("executionPeriod", "end");
        return (based == id || focus == id && (firstOnly || based is null))
            && task.Text("status") == "completed"
            && task.Count("output") > 0
            && task.At("code").Text("coding", "system") != Work
            && IsWithin(days.Of(end))
            && days.StartOf(end) > days.StartOf(request.Text("authoredOn"));
    }

    private string Failed(Func<Dictionary<string, object?>, JsonElement, bool> hasFailed)
    {
        var requests = record.Of("ServiceRequest").ToDictionary(r => r.Text("id")!, StringComparer.Ordinal);
        return Counted(
            new NaiveReferrals(record, days)
                .Loops()
                .Where(l => l["sent_at"] is DateTimeOffset sent && IsWithin(days.Of(sent)))
                .Select(l => (false, hasFailed(l, requests[(string)l["sr_id"]!])))
        );
    }

    private bool WasDeclined(Dictionary<string, object?> loop) =>
        record.Versions.Any(v =>
            v.Type == "Task"
            && v.Body is { } task
            && task.Text("status") == "rejected"
            && task.At("focus").Key("ServiceRequest") == (string)loop["sr_id"]!
        );

    /// <summary>Enrolments that had a plan within fourteen days.</summary>
    private string Planned()
    {
        var there = record.Of("Patient").Select(p => p.Text("id")).ToHashSet(StringComparer.Ordinal);
        var plans = record.Of("CarePlan").Where(p => there.Contains(p.At("subject").Key("Patient"))).ToList();
        return Counted(
            from episode in record.Of("EpisodeOfCare")
            where episode.Text("status") is "active" or "onhold" or "finished"
            let begun = days.Of(episode.Text("period", "start"))
            where IsWithin(begun)
            let ended = days.Of(episode.Text("period", "end"))
                ?? (episode.Text("status") == "finished" ? Stored(episode) : null)
            let person = record.PersonOf(episode.At("patient").Key("Patient"))
            select (
                ended <= begun.Value.AddDays(14),
                plans.Exists(p =>
                    record.PersonOf(p.At("subject").Key("Patient")) == person
                    && days.Of(p.Text("period", "start")) <= begun.Value.AddDays(14)
                    && (
                        p.Text("status") is "active" or "on-hold"
                        || p.Text("status") == "completed" && (days.Of(p.Text("period", "end")) ?? Stored(p)) >= begun
                    )
                )
            )
        );
    }

    private DateOnly? Stored(JsonElement resource) => days.Of(resource.Text("meta", "lastUpdated"));

    private string Goals() =>
        Counted(
            from goal in record.Of("Goal")
            where
                goal.Text("lifecycleStatus")
                    is not ("proposed" or "planned" or "rejected" or "cancelled" or "entered-in-error")
            let due = goal.Items("target").Select(t => days.Of(t.Text("dueDate"))).Min()
            where IsWithin(due)
            select (
                false,
                IsReached(goal)
                    && (
                        days.Of(goal.Text("statusDate")) is { } day
                            ? day <= due
                            : record.Versions.Any(v =>
                                v.Key == $"Goal/{goal.Text("id")}"
                                && v.Body is { } then
                                && IsReached(then)
                                && days.Of(v.At) <= due
                            )
                    )
            )
        );

    private static bool IsReached(JsonElement goal) => goal.Code("achievementStatus") is "achieved" or "sustaining";

    private string Tasks() =>
        Counted(
            from task in record.Of("Task")
            where task.Text("intent") is "order" or "plan"
            where task.Text("status") is not ("draft" or "entered-in-error")
            let due = task.Text("restriction", "period", "end")
            where IsWithin(days.Of(due))
            let end = task.Text("executionPeriod", "end")
            select (
                task.Text("status") is "cancelled" or "rejected",
                task.Text("status") == "completed"
                    && (
                        end is not null && NaiveDays.IsInstant(due) && NaiveDays.IsInstant(end)
                            ? days.StartOf(end) <= days.StartOf(due)
                            : days.Of(end) <= days.Of(due)
                    )
            )
        );
}
