using System.Globalization;
using System.Text.Json;
using CareCoordination.Storage;

namespace CareCoordination.Analytics.Tests;

/// <summary>
/// Counts some measures from the stored versions, one resource after the other and without SQL: slowly, and in the words of the published
/// rules. Its days are those of UTC.
/// </summary>
internal sealed class NaiveRecord
{
    private static readonly DateOnly Ever = new(1900, 1, 1);

    private readonly IReadOnlyList<StoredResource> _versions;
    private readonly Dictionary<string, List<JsonElement>> _current;
    private readonly Dictionary<string, string> _merged = new(StringComparer.Ordinal);

    public NaiveRecord(IReadOnlyList<StoredResource> versions)
    {
        _versions = versions;
        _current = versions
            .GroupBy(version => version.Key)
            .Select(of => of.Last())
            .Where(version => !version.IsDeleted)
            .Select(version => JsonDocument.Parse(version.Utf8Json).RootElement)
            .GroupBy(resource => Text(resource, "resourceType")!, StringComparer.Ordinal)
            .ToDictionary(of => of.Key, of => of.ToList(), StringComparer.Ordinal);
        foreach (var patient in All("Patient"))
        {
            if (patient.TryGetProperty("link", out var link))
                _merged[Text(patient, "id")!] = Id(link[0].GetProperty("other"))!;
        }
    }

    /// <summary>What each measure comes to, as <c>denominator/excluded/numerator</c>.</summary>
    public IEnumerable<(string Id, string Counted)> Measures(string start, string end)
    {
        var (first, last) = (Day(start)!.Value, Day(end)!.Value);
        yield return ("m-01", Readmissions(first, last));
        yield return ("m-09", Loops(first, last, firstOnly: true));
        yield return ("m-09b", Loops(first, last, firstOnly: false));
        yield return ("m-14", Goals(first, last));
        yield return ("m-16", Tasks(first, last));
        yield return ("m-19a", Pressure(first, last));
        yield return ("m-19b", Sugar(first, last));
        yield return ("m-20a", Adherence(first, last));
    }

    private string Readmissions(DateOnly first, DateOnly last)
    {
        var rows = new List<(bool Excluded, bool Numerator)>();
        foreach (var person in Stays().GroupBy(stay => stay.Person, StringComparer.Ordinal))
        {
            if (Patient(person.Key) is not { } patient)
                continue;
            var chains = new List<List<Stay>>();
            foreach (
                var stay in person
                    .OrderBy(s => s.Admitted)
                    .ThenBy(s => s.AdmittedAt)
                    .ThenBy(s => s.Id, StringComparer.Ordinal)
            )
            {
                if (chains.Count > 0 && stay.Admitted.DayNumber <= chains[^1].Max(s => s.Ended.DayNumber) + 1)
                    chains[^1].Add(stay);
                else
                    chains.Add([stay]);
            }

            foreach (var chain in chains.Where(c => c.TrueForAll(s => s.IsDischarged)))
            {
                var end = chain.Max(s => s.Ended);
                if (end < first || end > last.AddDays(-30) || Age(patient, end) is not >= 18)
                    continue;
                var final = chain
                    .OrderBy(s => s.Ended)
                    .ThenBy(s => s.AdmittedAt)
                    .ThenBy(s => s.Id, StringComparer.Ordinal)
                    .Last();
                var died = Day(Text(patient, "deceasedDateTime"));
                rows.Add(
                    (
                        chain.Min(s => s.Admitted) == end
                            || final.Disposition is "exp" or "hosp"
                            || died <= end
                            || InHospice(person.Key, first, last),
                        chains.Exists(next => next[0].Admitted > end && next[0].Admitted <= end.AddDays(30))
                    )
                );
            }
        }

        return Counted(rows);
    }

    private sealed record Stay(
        string Id,
        string Person,
        DateOnly Admitted,
        DateTimeOffset AdmittedAt,
        DateOnly Ended,
        bool IsDischarged,
        string? Disposition
    );

    private IEnumerable<Stay> Stays()
    {
        foreach (var stay in All("Encounter"))
        {
            if (
                stay.GetProperty("class").GetProperty("code").GetString() is not ("IMP" or "ACUTE" or "OBSENC")
                || Text(stay, "status") is not ("finished" or "in-progress")
            )
                continue;
            var period = stay.GetProperty("period");
            var (admitted, discharged) = (Day(Text(period, "start"))!.Value, Day(Text(period, "end")));
            var isFinished = Text(stay, "status") == "finished";
            var ended = isFinished ? discharged ?? admitted : DateOnly.MaxValue.AddDays(-60);
            yield return new Stay(
                Text(stay, "id")!,
                Person(Id(stay.GetProperty("subject"))!),
                admitted,
                At(Text(period, "start")!),
                ended > admitted ? ended : admitted,
                isFinished && discharged is not null,
                Disposition(stay)
            );
        }
    }

    private static string? Disposition(JsonElement stay) =>
        stay.TryGetProperty("hospitalization", out var of)
            ? of.GetProperty("dischargeDisposition").GetProperty("coding")[0].GetProperty("code").GetString()
            : null;

    /// <summary>In hospice: who was discharged to it in the period.</summary>
    private bool InHospice(string person, DateOnly first, DateOnly last) =>
        All("Encounter")
            .Any(stay =>
                Person(Id(stay.GetProperty("subject"))!) == person
                && Text(stay, "status") == "finished"
                && Disposition(stay) == "hosp"
                && Day(Text(stay.GetProperty("period"), "end")) is { } day
                && day >= first
                && day <= last
            );

    private string Loops(DateOnly first, DateOnly last, bool firstOnly)
    {
        var latest = firstOnly ? new DateOnly(first.Year, 10, 31) : last;
        var referrals = All("ServiceRequest")
            .Where(r =>
                Text(r, "status") is "active" or "completed"
                && Day(Text(r, "authoredOn")) is { } day
                && day >= first
                && day <= latest
            )
            .ToList();
        if (firstOnly)
            referrals =
            [
                .. referrals
                    .GroupBy(r => Person(Id(r.GetProperty("subject"))!), StringComparer.Ordinal)
                    .Select(of =>
                        of.OrderBy(r => At(Text(r, "authoredOn")!))
                            .ThenBy(r => Text(r, "id"), StringComparer.Ordinal)
                            .First()
                    ),
            ];
        return Counted(
            referrals.Select(r =>
                (
                    false,
                    All("Task")
                        .Any(t =>
                            Text(t, "status") == "completed"
                            && t.TryGetProperty("output", out _)
                            && t.TryGetProperty("focus", out var focus)
                            && Id(focus) == Text(r, "id")
                            && Text(t.GetProperty("executionPeriod"), "end") is { } end
                            && Day(end) >= first
                            && Day(end) <= last
                            && At(end) > At(Text(r, "authoredOn")!)
                        )
                )
            )
        );
    }

    private string Goals(DateOnly first, DateOnly last) =>
        Counted(
            All("Goal")
                .Where(g => Text(g, "lifecycleStatus") is "active" or "completed")
                .Select(g => (Goal: g, Due: Day(Text(g.GetProperty("target")[0], "dueDate"))!.Value))
                .Where(g => g.Due >= first && g.Due <= last)
                .Select(g =>
                    (
                        false,
                        g.Goal.TryGetProperty("achievementStatus", out var status)
                            && status.GetProperty("coding")[0].GetProperty("code").GetString()
                                is "achieved"
                                    or "sustaining"
                            && (Day(Text(g.Goal, "statusDate")) is { } day ? day <= g.Due : AchievedBy(g.Goal, g.Due))
                    )
                )
        );

    /// <summary>Without a date of its own it was achieved when a version first said so.</summary>
    private bool AchievedBy(JsonElement goal, DateOnly due) =>
        _versions
            .Where(v => v.Key.Type == "Goal" && v.Key.Id == Text(goal, "id") && !v.IsDeleted)
            .Where(v => DateOnly.FromDateTime(v.LastUpdated.UtcDateTime) <= due)
            .Select(v => JsonDocument.Parse(v.Utf8Json).RootElement)
            .Any(v =>
                v.TryGetProperty("achievementStatus", out var status)
                && status.GetProperty("coding")[0].GetProperty("code").GetString() is "achieved" or "sustaining"
            );

    private string Tasks(DateOnly first, DateOnly last) =>
        Counted(
            All("Task")
                .Where(t =>
                    Text(t, "status") is not ("draft" or "entered-in-error") && t.TryGetProperty("restriction", out _)
                )
                .Select(t =>
                    (
                        Task: t,
                        Due: Text(t.GetProperty("restriction").GetProperty("period"), "end")!,
                        End: Text(t.GetProperty("executionPeriod"), "end")!
                    )
                )
                .Where(t => Day(t.Due) >= first && Day(t.Due) <= last)
                .Select(t =>
                    (
                        Text(t.Task, "status") is "cancelled" or "rejected",
                        Text(t.Task, "status") == "completed"
                            && (
                                t.Due.Length > 10 && t.End.Length > 10
                                    ? At(t.End) <= At(t.Due)
                                    : Day(t.End) <= Day(t.Due)
                            )
                    )
                )
        );

    private string Pressure(DateOnly first, DateOnly last)
    {
        var rows = new List<(bool, bool)>();
        foreach (var patient in All("Patient"))
        {
            var id = Text(patient, "id")!;
            if (
                Age(patient, last) is not (>= 18 and <= 85)
                || !Conditions(id, "I10").Any(c => c.From < first.AddMonths(6) && c.To >= first)
            )
                continue;
            var readings = All("Observation")
                .Where(o => o.TryGetProperty("component", out _) && Counts(o) && IsOf(o, id) && !InHospital(o))
                .Select(o =>
                    (
                        Day: Day(Text(o, "effectiveDateTime"))!.Value,
                        Values: o.GetProperty("component")
                            .EnumerateArray()
                            .Select(c => c.GetProperty("valueQuantity").GetProperty("value").GetDecimal())
                            .ToArray()
                    )
                )
                .Where(r => r.Day >= first && r.Day <= last)
                .GroupBy(r => r.Day)
                .MaxBy(of => of.Key);
            rows.Add(
                (
                    IsLeftOut(id, first, last)
                        || Conditions(id, "N18.6", "O80").Any(c => c.From <= last && c.To >= first),
                    readings is not null && readings.Min(r => r.Values[0]) < 140 && readings.Min(r => r.Values[1]) < 90
                )
            );
        }

        return Counted(rows);
    }

    private string Sugar(DateOnly first, DateOnly last)
    {
        var rows = new List<(bool, bool)>();
        foreach (var patient in All("Patient"))
        {
            var id = Text(patient, "id")!;
            if (
                Age(patient, last) is not (>= 18 and <= 75)
                || !Conditions(id, "E11.9").Any(c => c.From <= last && c.To >= first)
            )
                continue;
            var test = All("Observation")
                .Where(o =>
                    o.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()
                        is "4548-4"
                            or "97506-0"
                    && Counts(o)
                    && IsOf(o, id)
                )
                .Select(o =>
                    (
                        Day: Day(Text(o, "effectiveDateTime"))!.Value,
                        Value: o.TryGetProperty("valueQuantity", out var value)
                            ? value.GetProperty("value").GetDecimal()
                            : (decimal?)null
                    )
                )
                .Where(o => o.Day >= first && o.Day <= last)
                .GroupBy(o => o.Day)
                .MaxBy(of => of.Key);
            rows.Add((IsLeftOut(id, first, last), test?.Min(o => o.Value) is not <= 9));
        }

        return Counted(rows);
    }

    private string Adherence(DateOnly first, DateOnly last)
    {
        var rows = new List<(bool, bool)>();
        foreach (
            var person in All("MedicationDispense")
                .Where(f => Text(f, "status") == "completed")
                .Select(f =>
                    (
                        Id: Text(f, "id")!,
                        Person: Person(Id(f.GetProperty("subject"))!),
                        Day: Day(Text(f, "whenHandedOver"))!.Value,
                        Code: f.GetProperty("medicationCodeableConcept")
                            .GetProperty("coding")[0]
                            .GetProperty("code")
                            .GetString()!,
                        Supply: f.GetProperty("daysSupply").GetProperty("value").GetInt32()
                    )
                )
                .Where(f => f.Code is "29046" or "52175" && f.Day >= first && f.Day <= last)
                .GroupBy(f => f.Person, StringComparer.Ordinal)
        )
        {
            if (Patient(person.Key) is not { } patient || Age(patient, first) is not >= 18)
                continue;
            var from = person.Min(f => f.Day);
            var died = Day(Text(patient, "deceasedDateTime"));
            var to = died < last ? died.Value : last;
            if (person.Select(f => f.Day).Distinct().Count() < 2 || to.DayNumber - from.DayNumber + 1 < 91)
                continue;
            var covered = new HashSet<DateOnly>();
            foreach (var medicine in person.GroupBy(f => f.Code, StringComparer.Ordinal))
            {
                var next = DateOnly.MinValue;
                foreach (var fill in medicine.OrderBy(f => f.Day).ThenBy(f => f.Id, StringComparer.Ordinal))
                {
                    var begin = fill.Day > next ? fill.Day : next;
                    for (var i = 0; i < fill.Supply; i++)
                        covered.Add(begin.AddDays(i));
                    next = begin.AddDays(fill.Supply);
                }
            }

            var days = to.DayNumber - from.DayNumber + 1;
            rows.Add(
                (
                    Conditions(person.Key, "N18.6").Any(c => c.From <= last && c.To >= first)
                        || InHospice(person.Key, first, last),
                    covered.Count(day => day >= from && day <= to) >= 0.8m * days
                )
            );
        }

        return Counted(rows);
    }

    private bool IsLeftOut(string person, DateOnly first, DateOnly last) =>
        InHospice(person, first, last) || Conditions(person, "Z51.5").Any(c => c.From <= last && c.To >= first);

    private IEnumerable<(DateOnly From, DateOnly To)> Conditions(string person, params string[] codes) =>
        All("Condition")
            .Where(c =>
                codes.Contains(c.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString())
                && !c.TryGetProperty("verificationStatus", out _)
                && IsOf(c, person)
            )
            .Select(c =>
                (Day(Text(c, "onsetDateTime")) ?? Ever, Day(Text(c, "abatementDateTime")) ?? DateOnly.MaxValue)
            );

    private bool InHospital(JsonElement observation) =>
        observation.TryGetProperty("encounter", out var encounter)
        && All("Encounter")
            .Any(e =>
                Text(e, "id") == Id(encounter)
                && e.GetProperty("class").GetProperty("code").GetString() is "EMER" or "IMP" or "ACUTE" or "NONAC"
            );

    private static bool Counts(JsonElement observation) =>
        Text(observation, "status") is "final" or "amended" or "corrected";

    private bool IsOf(JsonElement resource, string person) => Person(Id(resource.GetProperty("subject"))!) == person;

    private JsonElement? Patient(string id) =>
        All("Patient").Where(p => Text(p, "id") == id).Select(p => (JsonElement?)p).FirstOrDefault();

    private string Person(string patient)
    {
        for (var i = 0; i < 9 && _merged.TryGetValue(patient, out var next); i++)
            patient = next;
        return patient;
    }

    private List<JsonElement> All(string type) => _current.GetValueOrDefault(type) ?? [];

    private static int? Age(JsonElement patient, DateOnly on)
    {
        if (Day(Text(patient, "birthDate")) is not { } born)
            return null;
        var age = on.Year - born.Year;
        return on < born.AddYears(age) ? age - 1 : age;
    }

    private static string Counted(IEnumerable<(bool Excluded, bool Numerator)> rows)
    {
        var all = rows.ToList();
        return $"{all.Count(row => !row.Excluded)}/{all.Count(row => row.Excluded)}/{all.Count(row => row is { Excluded: false, Numerator: true })}";
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string? Id(JsonElement reference) => reference.GetProperty("reference").GetString()?.Split('/')[^1];

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
        );

    private static DateOnly? Day(string? text) => text is null ? null : DateOnly.FromDateTime(At(text).UtcDateTime);
}
