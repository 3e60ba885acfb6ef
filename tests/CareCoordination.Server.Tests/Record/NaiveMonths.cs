using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Counts months of enrolled people: m-21 of docs/measures.md.</summary>
internal sealed class NaiveMonths(NaiveChart chart, NaiveEnrolments enrolments, NaivePeriod period)
{
    private const string Programs = "https://carecoordination.example/fhir/CodeSystem/care-program";
    private const string Spent = "https://carecoordination.example/fhir/StructureDefinition/time-spent";

    public IEnumerable<NaiveMeasure> All()
    {
        var minutes = Minutes().Distinct().ToList();
        var months = (
            from month in enrolments.Months(period)
            from of in enrolments.All.Where(e => e.Meets(month.Start, month.End)).GroupBy(e => e.Person)
            let worked = minutes
                .Where(m => m.Person == of.Key && m.Day >= month.Start && m.Day <= month.End)
                .Sum(m => m.Minutes)
            select (
                Row: NaiveEnrolments.Last(of).Row(false, false) with
                {
                    Value = (double)worked,
                },
                IsWorked: worked >= 20,
                MayBill: HasAgreed(of.Key, month.Start, month.End) && IsPlanned(of.Key, month.Start, month.End)
            )
        ).ToList();
        return
        [
            new("m-21", months.Select(m => m.Row with { IsCounted = m is { IsWorked: true, MayBill: true } })),
            new("m-21b", months.Select(m => m.Row with { IsCounted = m is { IsWorked: true, MayBill: false } })),
        ];
    }

    private sealed record Entry(
        string? Person,
        DateOnly Day,
        DateTimeOffset? From,
        DateTimeOffset? Until,
        string? Performer,
        string? Program,
        decimal Minutes
    );

    private IEnumerable<Entry> Minutes() =>
        from source in chart.Tasks.Concat(chart.Encounters)
        from entry in source.Extensions(Spent)
        let time = entry.Extensions("period").FirstOrDefault().At("valuePeriod")
        let day = chart.Days.Of(time.Text("start"))
        let minutes = entry.Extensions("minutes").FirstOrDefault().Number("valueDecimal")
        where day is not null && minutes > 0
        select new Entry(
            chart.PersonOf(source.At(source.Text("resourceType") == "Task" ? "for" : "subject")),
            day.Value,
            chart.Days.StartOf(time.Text("start")),
            chart.Days.StartOf(time.Text("end")),
            entry.Extensions("performer").FirstOrDefault().At("valueReference").Key(),
            entry.Extensions("program").FirstOrDefault().Text("valueCode"),
            minutes.Value
        );

    private bool HasAgreed(string? person, DateOnly from, DateOnly to) =>
        chart
            .Record.Of("Consent")
            .Any(c =>
                chart.IsThere(c.At("patient").Key("Patient"))
                && chart.PersonOf(c.At("patient")) == person
                && Agrees(c, from, to)
            );

    private bool Agrees(JsonElement consent, DateOnly from, DateOnly to) =>
        consent.Text("status") == "active"
        && consent.Text("provision", "type") != "deny"
        && (
            chart.Days.Of(consent.Text("dateTime"))
            ?? chart.Days.Of(consent.Text("provision", "period", "start"))
            ?? from
        ) <= to
        && consent
            .Items("category")
            .SelectMany(c => c.Items("coding"))
            .Any(c =>
                c.Text("system") == Programs || c.Text("system") == "http://loinc.org" && c.Text("code") == "59284-0"
            );

    /// <summary>A plan of theirs was active, by its versions; one that was stored later than it began since it began.</summary>
    private bool IsPlanned(string? person, DateOnly from, DateOnly to)
    {
        foreach (var history in chart.Record.Histories("CarePlan"))
        {
            if (history.Exists(v => v.Body?.Text("status") == "entered-in-error"))
                continue;
            var changes = history
                .Where((v, i) => i == 0 || v.Body?.Text("status") != history[i - 1].Body?.Text("status"))
                .ToList();
            for (var i = 0; i < changes.Count; i++)
            {
                var since = chart.Days.Of(changes[i].At);
                if (i == 0 && history[^1].Body is { } plan && Began(plan) is { } began && began < since)
                    since = began;
                var until = i + 1 < changes.Count ? chart.Days.Of(changes[i + 1].At) : DateOnly.MaxValue;
                if (
                    changes[i].Body is { } then
                    && then.Text("status") == "active"
                    && chart.PersonOf((history[^1].Body ?? then).At("subject")) == person
                    && since <= to
                    && until >= from
                )
                    return true;
            }
        }

        return false;
    }

    private DateOnly? Began(JsonElement plan) =>
        chart.Days.Of(plan.Text("period", "start")) ?? chart.Days.Of(plan.Text("created"));
}
