using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Counts stays and emergency visits, and what came after them: m-01 to m-05 and m-08 of docs/measures.md.</summary>
internal sealed class NaiveStays(NaiveChart chart, NaivePeriod period)
{
    private const string Loinc = "http://loinc.org";

    private static readonly string[] Acute = ["IMP", "ACUTE", "OBSENC"];
    private static readonly string[] Any = [.. Acute, "NONAC"];

    private static readonly string[] Sections =
    [
        "section-treatment",
        "section-diagnoses",
        "section-medications",
        "section-results",
        "section-instructions",
    ];

    private readonly List<Notice> _notices = [.. ReadNotices(chart)];

    public IEnumerable<NaiveMeasure> All() =>
        [
            new("m-01", Readmissions()),
            new("m-02", Discharges(WasToldOf)),
            new("m-03", Discharges(WasReported)),
            new("m-04", Discharges(WasEngaged)),
            new("m-05", Discharges(WasReconciled)),
            new("m-08", Emergencies()),
        ];

    private bool WasInHospice(string person) => chart.Decline.IsInHospice(person, period.First, period.Last);

    /// <summary>Discharges of the period but for its last thirty days.</summary>
    private bool IsIndexed(DateOnly? day) => day >= period.First && day <= period.Last.AddDays(-30);

    private static NaiveRow Row(NaiveStay stay, bool isLeftOut, bool isCounted) =>
        new(stay.Person, isLeftOut, isCounted) { Practitioner = stay.Practitioner, Organization = stay.Organization };

    private IEnumerable<NaiveRow> Readmissions()
    {
        foreach (var person in chart.People)
        {
            var chains = chart.ChainsOf(person, 1, Acute);
            foreach (var chain in chains)
            {
                if (chain.Discharged is not { } end || !IsIndexed(end) || !(chart.AgeOf(person, end) >= 18))
                    continue;
                var final = chain.Final;
                yield return Row(
                    final,
                    chain.First.Admitted == end
                        || final.IsOfBirth
                        || NaiveCodes.Has("died-disposition", final.Disposition)
                        || NaiveCodes.Has("hospice-disposition", final.Disposition)
                        || chart.DeathOf(person) <= end
                        || WasInHospice(person),
                    chains.Exists(next =>
                        next.First.Admitted > end
                        && next.First.Admitted <= end.AddDays(30)
                        && next.First is { IsPlanned: false, IsOfBirth: false }
                    )
                );
            }
        }
    }

    /// <summary>Discharges of adults; who comes back within thirty days has one, the last.</summary>
    private IEnumerable<NaiveRow> Discharges(Func<NaiveChain, DateOnly, bool> isCounted) =>
        from person in chart.People
        where chart.AgeOf(person, period.Last) >= 18
        from chain in chart.ChainsOf(person, 30, Any)
        let discharged = chain.Discharged
        where IsIndexed(discharged)
        select Row(
            chain.Final,
            NaiveCodes.Has("hospice-disposition", chain.Final.Disposition) || WasInHospice(person),
            isCounted(chain, discharged.Value)
        );

    /// <summary>That this server was told something of an encounter.</summary>
    private sealed record Notice(string? Encounter, string? Event, DateOnly? Received, string? Bundle);

    private static IEnumerable<Notice> ReadNotices(NaiveChart chart) =>
        from task in chart.Tasks
        where task.Text("status") == "completed"
        where task.Items("code", "coding").Any(c => c.Text("code") == "submit-transition")
        select new Notice(
            task.At("focus").Key("Encounter"),
            Input(task, "event").Text("valueCode"),
            chart.Days.Of(task.Text("authoredOn")),
            Input(task, "received as").At("valueReference").Key("Bundle")
        );

    private static JsonElement Input(JsonElement task, string name) =>
        task.Items("input").FirstOrDefault(i => i.Text("type", "text") == name);

    private bool WasToldOf(NaiveChain chain, DateOnly discharged) =>
        _notices.Exists(n =>
            n.Encounter == chain.First.Id
            && n.Event is not null
            && !n.Event.StartsWith("cancel-", StringComparison.Ordinal)
            && n.Received <= chain.First.Admitted.AddDays(2)
        );

    private bool WasReported(NaiveChain chain, DateOnly discharged) =>
        _notices.Exists(n =>
            n.Encounter == chain.Final.Id
            && n.Received >= discharged
            && n.Received <= discharged.AddDays(2)
            && chart.Record.Of("Bundle").Any(b => b.Text("id") == n.Bundle && IsWhole(b))
        );

    /// <summary>A discharge summary with an author, and of each kind a section with something in it.</summary>
    private static bool IsWhole(JsonElement bundle)
    {
        var summary = bundle.Items("entry").FirstOrDefault().At("resource");
        if (
            bundle.Text("type") != "document"
            || summary.Text("resourceType") != "Composition"
            || !NaiveCodes.Has("discharge-summary", LoincOf(summary.At("type")))
            || summary.Count("author") == 0
        )
            return false;
        var filled = summary
            .Items("section")
            .Where(s =>
                s.Count("entry") > 0 || s.Count("section") > 0 || s.At("text").ValueKind == JsonValueKind.Object
            )
            .Select(s => LoincOf(s.At("code")))
            .ToList();
        return Array.TrueForAll(Sections, kind => filled.Exists(code => NaiveCodes.Has(kind, code)));
    }

    private static string? LoincOf(JsonElement concept) =>
        concept.Items("coding").FirstOrDefault(c => c.Text("system") == Loinc).Text("code");

    private bool WasEngaged(NaiveChain chain, DateOnly discharged) =>
        chart.Contacts.Any(c =>
            c.Person == chain.First.Person && c.Day > discharged && c.Day <= discharged.AddDays(30)
        );

    private bool WasReconciled(NaiveChain chain, DateOnly discharged) =>
        chart.Tasks.Any(task =>
            NaiveChart.IsWork(task, "reconciliation-task")
            && task.Text("status") == "completed"
            && chart.PersonOf(task.At("for")) == chain.First.Person
            && chart.Days.Of(task.Text("executionPeriod", "end")) is { } day
            && day >= discharged
            && day <= discharged.AddDays(30)
            && (task.At("focus").Key("List") is not null || task.Count("output") > 0)
            && MayReconcile(task.At("owner"))
        );

    /// <summary>A prescriber, a pharmacist or a nurse: a role, or somebody who has such a role.</summary>
    private bool MayReconcile(JsonElement owner) =>
        chart
            .Record.Of("PractitionerRole")
            .Where(r => r.Items("code").Any(c => NaiveCodes.SetsOf(c).Contains("reconciler")))
            .Any(r =>
                owner.Key("PractitionerRole") is { } role && role == r.Text("id")
                || owner.Key("Practitioner") is { } who && who == r.At("practitioner").Key("Practitioner")
            );

    /// <summary>Emergency visits of people with two groups of conditions; of those within eight days the first.</summary>
    private IEnumerable<NaiveRow> Emergencies()
    {
        foreach (var person in chart.People)
        {
            DateOnly? counted = null;
            foreach (
                var visit in chart
                    .Stays.Where(s => s.Person == person && s is { Class: "EMER", IsOver: true } && IsRisky(s))
                    .OrderBy(s => s.Left)
                    .ThenBy(s => s.AdmittedAt)
                    .ThenBy(s => s.Id, StringComparer.Ordinal)
            )
            {
                var day = visit.Left!.Value;
                if (day <= counted?.AddDays(7))
                    continue;
                counted = day;
                yield return Row(
                    visit,
                    WasInHospice(person),
                    chart.Contacts.Any(c => c.Person == person && c.Day >= day && c.Day <= day.AddDays(7))
                );
            }
        }
    }

    private bool IsRisky(NaiveStay visit)
    {
        if (
            visit.Left is not { } day
            || day < period.First
            || day > period.Last.AddDays(-7)
            || !(chart.AgeOf(visit.Person, day) >= 18)
        )
            return false;
        var groups = chart
            .Illnesses.Where(i => i.Person == visit.Person && (i.From is null || i.From < visit.Admitted))
            .SelectMany(i => i.Sets)
            .Where(s => s.StartsWith("fmc-", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal);
        return groups.Count() >= 2 && !WasAdmitted(visit, day);
    }

    /// <summary>In hospital from a day of the visit on, or one of the seven after it.</summary>
    private bool WasAdmitted(NaiveStay visit, DateOnly day) =>
        chart.Stays.Any(s =>
            s.Person == visit.Person
            && Any.Contains(s.Class)
            && s.Admitted >= visit.Admitted
            && s.Admitted <= day.AddDays(7)
        );
}
