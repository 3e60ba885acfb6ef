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
            (
                "m-10a",
                Timed(
                    "accepted_at",
                    loop => loop["accepted_at"] is null && loop["terminal_status"] is "rejected" or "cancelled"
                )
            ),
            ("m-10b", Timed("completed_at", loop => loop["terminal_status"] is "rejected" or "cancelled")),
            ("m-12", Planned()),
            ("m-14", Goals()),
            ("m-15", OwnGoals()),
            ("m-16", Tasks()),
            ("m-17a", Overdue()),
            ("m-22", Contacts()),
            .. new NaiveMonths(record, days, first, last).All(),
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

    /// <summary>Of referrals that were sent in the period the median of the hours until a moment, as <c>all/left out/median</c>.</summary>
    private string Timed(string moment, Func<Dictionary<string, object?>, bool> isLeftOut)
    {
        var sent = new NaiveReferrals(record, days)
            .Loops()
            .Where(l => l["sent_at"] is DateTimeOffset at && IsWithin(days.Of(at)))
            .ToList();
        var hours = sent.Where(l => !isLeftOut(l) && l[moment] is not null)
            .Select(l => Hours((DateTimeOffset)l["sent_at"]!, (DateTimeOffset)l[moment]!))
            .Order()
            .ToList();
        var median = hours.Count == 0 ? (double?)null : (hours[(hours.Count - 1) / 2] + hours[hours.Count / 2]) / 2;
        return $"{sent.Count}/{sent.Count(isLeftOut)}/{Rounded(median)}";
    }

    public static string Rounded(double? score) =>
        score is { } known
            ? Math.Round(known, 3).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)
            : "";

    /// <summary>By the seconds of the clock, but for those of Saturdays and Sundays. No holiday lies in the days that are played.</summary>
    private double Hours(DateTimeOffset from, DateTimeOffset until)
    {
        if (until < from)
            return -Hours(until, from);
        var seconds = 0L;
        for (var day = days.Of(from); day <= days.Of(until); day = day.AddDays(1))
        {
            if (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
                continue;
            var (begins, ends) = (days.StartOf(day), days.StartOf(day.AddDays(1)));
            seconds +=
                (until < ends ? until : ends).ToUnixTimeSeconds() - (from > begins ? from : begins).ToUnixTimeSeconds();
        }

        return seconds / 3600.0;
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

    /// <summary>Goals that were written in the period, or began before, that the patient expressed or agreed to.</summary>
    private string OwnGoals() =>
        Counted(
            from history in record.Histories("Goal")
            where history[^1].Body is { } now && now.Text("lifecycleStatus") != "entered-in-error"
            let goal = history[^1].Body!.Value
            let stored = days.Of(history[0].At)
            let began = days.Of(history[0].Body!.Value.Text("startDate"))
            where IsWithin(began < stored ? began : stored)
            select (
                false,
                goal.At("expressedBy").Key("Patient") is not null
                    || goal.At("expressedBy").Key("RelatedPerson") is not null
                    || goal.Extensions("http://hl7.org/fhir/StructureDefinition/goal-acceptance")
                        .SelectMany(a => a.Extensions("status"))
                        .FirstOrDefault()
                        .Text("valueCode") == "agree"
            )
        );

    /// <summary>Open tasks of patients at the end of the period, by the versions of then.</summary>
    private string Overdue() =>
        Counted(
            from history in record.Histories("Task")
            let then = history.LastOrDefault(v => days.Of(v.At) <= last)?.Body ?? default
            where
                then.Text("status") is "requested" or "received" or "accepted" or "ready" or "in-progress" or "on-hold"
            where then.At("for").Key("Patient") is not null
            select (false, days.Of(then.Text("restriction", "period", "end")) <= last)
        );

    private string Contacts() =>
        Counted(
            from task in record.Of("Task")
            where task.Text("status") is not ("draft" or "entered-in-error")
            where
                task.At("code").Text("coding", "system")
                    == "https://carecoordination.example/fhir/CodeSystem/transition-work"
                && task.Code("code") is "contact" or "call"
            let due = days.Of(task.Text("restriction", "period", "end"))
            where IsWithin(due)
            select (
                task.Text("status") is "cancelled" or "rejected",
                task.Text("status") == "completed"
                    && (days.Of(task.Text("executionPeriod", "end")) ?? days.Of(task.Text("lastModified"))) <= due
            )
        );

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
