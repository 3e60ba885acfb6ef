using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Counts months of enrolled people: m-21 of docs/measures.md.</summary>
internal sealed class NaiveMonths(ToldRecord record, NaiveDays days, DateOnly first, DateOnly last)
{
    private const string Programs = "https://carecoordination.example/fhir/CodeSystem/care-program";
    private const string Spent = "https://carecoordination.example/fhir/StructureDefinition/time-spent";

    public IEnumerable<(string Id, string Counted)> All() => [("m-21", Billable())];

    /// <summary>Of what is to come nothing can be told.</summary>
    private IEnumerable<(DateOnly Start, DateOnly End)> Months()
    {
        var known = days.Of(record.Versions[^1].At);
        for (
            var start = new DateOnly(first.Year, first.Month, 1);
            start <= last && start <= known;
            start = start.AddMonths(1)
        )
            yield return (start, start.AddMonths(1).AddDays(-1) is var end && end < last ? end : last);
    }

    private string Billable()
    {
        var minutes = Minutes().Distinct().ToList();
        var there = record.Of("Patient").Select(p => p.Text("id")).ToHashSet(StringComparer.Ordinal);
        return NaiveMeasures.Counted(
            from month in Months()
            from person in Enrolled(month.Start, month.End)
            select (
                false,
                minutes.Where(m => m.Person == person && m.Day >= month.Start && m.Day <= month.End).Sum(m => m.Minutes)
                    >= 20
                    && record
                        .Of("Consent")
                        .Any(c =>
                            there.Contains(c.At("patient").Key("Patient"))
                            && record.PersonOf(c.At("patient").Key("Patient")) == person
                            && Agrees(c, month.Start, month.End)
                        )
                    && IsPlanned(person, month.Start, month.End)
            )
        );
    }

    private HashSet<string> Enrolled(DateOnly start, DateOnly end) =>
        (
            from episode in record.Of("EpisodeOfCare")
            where episode.Text("status") is "active" or "onhold" or "finished"
            let begun = days.Of(episode.Text("period", "start"))
            where begun <= end
            let ended = days.Of(episode.Text("period", "end"))
                ?? (episode.Text("status") == "finished" ? days.Of(episode.Text("meta", "lastUpdated")) : null)
            where ended is null || ended >= start
            select record.PersonOf(episode.At("patient").Key("Patient"))
        ).ToHashSet(StringComparer.Ordinal);

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
        from source in record.Of("Task").Concat(record.Of("Encounter"))
        where source.Text("status") != "entered-in-error"
        from entry in source.Extensions(Spent)
        let period = entry.Extensions("period").FirstOrDefault().At("valuePeriod")
        let day = days.Of(period.Text("start"))
        let minutes = entry.Extensions("minutes").FirstOrDefault().Number("valueDecimal")
        where day is not null && minutes > 0
        select new Entry(
            record.PersonOf(source.At(source.Text("resourceType") == "Task" ? "for" : "subject").Key("Patient")),
            day.Value,
            days.StartOf(period.Text("start")),
            days.StartOf(period.Text("end")),
            entry.Extensions("performer").FirstOrDefault().At("valueReference").Key(),
            entry.Extensions("program").FirstOrDefault().Text("valueCode"),
            minutes.Value
        );

    private bool Agrees(JsonElement consent, DateOnly from, DateOnly to) =>
        consent.Text("status") == "active"
        && consent.Text("provision", "type") != "deny"
        && (days.Of(consent.Text("dateTime")) ?? days.Of(consent.Text("provision", "period", "start")) ?? from) <= to
        && consent
            .Items("category")
            .SelectMany(c => c.Items("coding"))
            .Any(c =>
                c.Text("system") == Programs || c.Text("system") == "http://loinc.org" && c.Text("code") == "59284-0"
            );

    /// <summary>A plan of theirs was active, by its versions; one that was stored later than it began since it began.</summary>
    private bool IsPlanned(string person, DateOnly from, DateOnly to)
    {
        foreach (var history in record.Histories("CarePlan"))
        {
            if (history.Exists(v => v.Body?.Text("status") == "entered-in-error"))
                continue;
            var changes = history
                .Where((v, i) => i == 0 || v.Body?.Text("status") != history[i - 1].Body?.Text("status"))
                .ToList();
            for (var i = 0; i < changes.Count; i++)
            {
                var since = days.Of(changes[i].At);
                if (i == 0 && history[^1].Body is { } plan && Began(plan) is { } began && began < since)
                    since = began;
                var until = i + 1 < changes.Count ? days.Of(changes[i + 1].At) : DateOnly.MaxValue;
                if (
                    changes[i].Body is { } then
                    && then.Text("status") == "active"
                    && record.PersonOf(then.At("subject").Key("Patient")) == person
                    && since <= to
                    && until >= from
                )
                    return true;
            }
        }

        return false;
    }

    private DateOnly? Began(JsonElement plan) => days.Of(plan.Text("period", "start")) ?? days.Of(plan.Text("created"));
}
