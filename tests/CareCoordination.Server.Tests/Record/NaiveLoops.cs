using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Counts what became of referrals: m-09 to m-11 of docs/measures.md.</summary>
internal sealed class NaiveLoops(NaiveChart chart, NaivePeriod period)
{
    private const string Work = "https://carecoordination.example/fhir/CodeSystem/referral-work";

    private readonly Dictionary<string, JsonElement> _requests = chart
        .Record.Of("ServiceRequest")
        .ToDictionary(r => r.Text("id")!, StringComparer.Ordinal);

    private readonly List<Dictionary<string, object?>> _sent =
    [
        .. new NaiveReferrals(chart.Record, chart.Days)
            .Loops()
            .Where(l => l["sent_at"] is DateTimeOffset sent && period.Has(chart.Days.Of(sent))),
    ];

    public IEnumerable<NaiveMeasure> All() =>
        [
            new("m-09", Loops(firstOnly: true)),
            new("m-09b", Loops(firstOnly: false)),
            new("m-10a", Timed("accepted_at", l => l["accepted_at"] is null && IsOff(l)), NaiveScore.Median),
            new("m-10b", Timed("completed_at", IsOff), NaiveScore.Median),
            new("m-11", Failed(l => WasDeclined(l) || WasCalledOff(l) || WasMissed(l) || WasLate(l) || WasLost(l))),
            new("m-11a", Failed(WasDeclined)),
            new("m-11b", Failed(WasCalledOff)),
            new("m-11c", Failed(WasMissed)),
            new("m-11d", Failed(WasLate)),
            new("m-11e", Failed(WasLost)),
        ];

    public static bool IsOrder(JsonElement request) =>
        request.Text("intent") is "order" or "original-order" or "instance-order" or "filler-order" or "reflex-order";

    private static bool IsOff(Dictionary<string, object?> loop) => loop["terminal_status"] is "rejected" or "cancelled";

    private static string IdOf(Dictionary<string, object?> loop) => (string)loop["sr_id"]!;

    private NaiveRow Row(JsonElement request, bool isLeftOut, bool isCounted) =>
        new(request.At("subject").Key("Patient"), isLeftOut, isCounted)
        {
            Practitioner = NaiveStrata.Worker(request.At("requester")),
            Programme = chart.TemplateOf(NaiveChart.FirstPlan(request)),
        };

    private IEnumerable<NaiveRow> Loops(bool firstOnly)
    {
        var latest = new DateOnly(period.First.Year, period.First.Month, 1).AddMonths(10).AddDays(-1);
        var requests = _requests
            .Values.Where(r =>
                r.Text("status") is "active" or "completed"
                && r.Text("intent") == "order"
                && r.At("doNotPerform").ValueKind != JsonValueKind.True
                && period.Has(chart.Days.Of(r.Text("authoredOn")))
            )
            .ToList();
        if (firstOnly)
            requests =
            [
                .. requests
                    .Where(r => chart.Days.Of(r.Text("authoredOn")) <= latest)
                    .GroupBy(r => chart.PersonOf(r.At("subject")), StringComparer.Ordinal)
                    .Select(of =>
                        of.OrderBy(r => chart.Days.StartOf(r.Text("authoredOn")))
                            .ThenBy(r => r.Text("id"), StringComparer.Ordinal)
                            .First()
                    ),
            ];
        return requests.Select(r => Row(r, false, chart.Tasks.Any(t => Closes(t, r, firstOnly))));
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
            && (task.Count("output") > 0 || IsReport(task.At("code")) || IsReport(task.At("reasonCode")))
            && task.At("code").Text("coding", "system") != Work
            && period.Has(chart.Days.Of(end))
            && chart.Days.StartOf(end) > chart.Days.StartOf(request.Text("authoredOn"));
    }

    /// <summary>The task is the report.</summary>
    private static bool IsReport(JsonElement concept) => NaiveCodes.SetsOf(concept).Contains("consultant-report");

    private IEnumerable<NaiveRow> Failed(Func<Dictionary<string, object?>, bool> hasFailed) =>
        _sent.Select(l =>
            Row(_requests[IdOf(l)], false, hasFailed(l)) with
            {
                Organization = (string?)l["recipient_org"],
            }
        );

    /// <summary>Of referrals that were sent in the period the business hours until a moment.</summary>
    private IEnumerable<NaiveRow> Timed(string moment, Func<Dictionary<string, object?>, bool> isLeftOut) =>
        _sent.Select(l =>
            Row(_requests[IdOf(l)], isLeftOut(l), l[moment] is not null) with
            {
                Organization = (string?)l["recipient_org"],
                Value = HoursUntil(l, moment),
            }
        );

    /// <summary>By the seconds of the clock, but for those of days on which nobody works.</summary>
    private double Hours(DateTimeOffset from, DateTimeOffset until)
    {
        if (until < from)
            return -Hours(until, from);
        var seconds = 0L;
        for (var day = chart.Days.Of(from); day <= chart.Days.Of(until); day = day.AddDays(1))
        {
            if (!NaiveTransitions.IsBusinessDay(day))
                continue;
            var (begins, ends) = (chart.Days.StartOf(day), chart.Days.StartOf(day.AddDays(1)));
            seconds +=
                (until < ends ? until : ends).ToUnixTimeSeconds() - (from > begins ? from : begins).ToUnixTimeSeconds();
        }

        return seconds / 3600.0;
    }

    /// <summary>Tasks about the referral: what it is based on says which it is, or else its focus.</summary>
    private IEnumerable<JsonElement> TasksOf(Dictionary<string, object?> loop, bool areWork) =>
        chart.Tasks.Where(t => NaiveReferrals.RequestOf(t) == IdOf(loop) && NaiveReferrals.IsWork(t) == areWork);

    /// <summary>A try at it had the status at some time.</summary>
    private bool Was(string status, Dictionary<string, object?> loop) =>
        TasksOf(loop, areWork: false)
            .Select(t => $"Task/{t.Text("id")}")
            .Any(key => chart.Record.Versions.Any(v => v.Key == key && v.Body?.Text("status") == status));

    private bool WasDeclined(Dictionary<string, object?> loop) => Was("rejected", loop);

    private bool WasCalledOff(Dictionary<string, object?> loop) =>
        loop["terminal_status"] is "cancelled" || _requests[IdOf(loop)].Text("status") == "revoked";

    private static bool WasMissed(Dictionary<string, object?> loop) => loop["no_show_count"] is > 0;

    private bool WasLate(Dictionary<string, object?> loop) =>
        TasksOf(loop, areWork: true).Any(t => NaiveChart.IsWork(t, "late-work"));

    private bool WasLost(Dictionary<string, object?> loop) =>
        Was("failed", loop) || TasksOf(loop, areWork: true).Any(t => NaiveChart.IsWork(t, "undelivered-work"));

    /// <summary>Rows of <c>referral_hours</c>.</summary>
    public IEnumerable<string> HourRows() =>
        _sent.Select(l =>
            TableRows.Of(
                ("sr_id", IdOf(l)),
                ("sent_day", chart.Days.Of((DateTimeOffset)l["sent_at"]!)),
                ("hours_to_accept", Rounded(HoursUntil(l, "accepted_at"))),
                ("hours_to_close", Rounded(HoursUntil(l, "completed_at")))
            )
        );

    private static double? Rounded(double? hours) => hours is { } known ? Math.Round(known, 3) : null;

    /// <summary>Rows of <c>referral_failure</c>.</summary>
    public IEnumerable<string> FailureRows() =>
        new NaiveReferrals(chart.Record, chart.Days)
            .Loops()
            .Select(l =>
                TableRows.Of(
                    ("sr_id", IdOf(l)),
                    ("was_rejected", WasDeclined(l)),
                    ("was_cancelled", WasCalledOff(l)),
                    ("was_missed", WasMissed(l)),
                    ("was_late", WasLate(l)),
                    ("was_undelivered", WasLost(l))
                )
            );

    private double? HoursUntil(Dictionary<string, object?> loop, string moment) =>
        loop[moment] is DateTimeOffset until ? Hours((DateTimeOffset)loop["sent_at"]!, until) : null;
}
