using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Counts measures of care in a period, patient by patient: m-01, m-19a, m-19b and m-20a of docs/measures.md.</summary>
internal sealed class NaiveCare(ToldRecord record, NaiveDays days, DateOnly first, DateOnly last)
{
    private static readonly DateOnly Ever = new(1900, 1, 1);

    private readonly Dictionary<string, JsonElement> _patients = record
        .Of("Patient")
        .ToDictionary(p => p.Text("id")!, StringComparer.Ordinal);

    private readonly List<JsonElement> _conditions =
    [
        .. record.Of("Condition").Where(c => c.Code("verificationStatus") is not ("refuted" or "entered-in-error")),
    ];

    private readonly List<JsonElement> _encounters =
    [
        .. record.Of("Encounter").Where(e => e.Text("status") != "entered-in-error"),
    ];

    public IEnumerable<(string Id, string Counted)> All() =>
        [("m-01", Readmissions()), ("m-19a", Pressure()), ("m-19b", Sugar()), ("m-20a", Adherence())];

    private bool IsWithin(DateOnly? day) => day >= first && day <= last;

    private sealed record Stay(
        string Id,
        DateOnly Admitted,
        DateTimeOffset AdmittedAt,
        DateOnly Ended,
        bool IsOver,
        string? Disposition,
        bool IsPlanned,
        bool IsOfBirth
    );

    private string Readmissions()
    {
        var rows = new List<(bool, bool)>();
        foreach (var of in Stays())
        {
            var chains = new List<List<Stay>>();
            foreach (
                var stay in of.OrderBy(s => s.Admitted)
                    .ThenBy(s => s.AdmittedAt)
                    .ThenBy(s => s.Id, StringComparer.Ordinal)
            )
            {
                if (chains.Count > 0 && stay.Admitted.DayNumber <= chains[^1].Max(s => s.Ended.DayNumber) + 1)
                    chains[^1].Add(stay);
                else
                    chains.Add([stay]);
            }

            foreach (var chain in chains.Where(c => c.TrueForAll(s => s.IsOver)))
            {
                var end = chain.Max(s => s.Ended);
                if (end < first || end > last.AddDays(-30) || !(AgeOf(of.Key, end) >= 18))
                    continue;
                var final = chain
                    .OrderBy(s => s.Ended)
                    .ThenBy(s => s.AdmittedAt)
                    .ThenBy(s => s.Id, StringComparer.Ordinal)
                    .Last();
                rows.Add(
                    (
                        chain[0].Admitted == end
                            || final.IsOfBirth
                            || final.Disposition is "exp" or "hosp"
                            || days.Of(_patients[of.Key].Text("deceasedDateTime")) <= end
                            || IsInHospice(of.Key),
                        chains.Exists(next =>
                            next[0].Admitted > end
                            && next[0].Admitted <= end.AddDays(30)
                            && next[0] is { IsPlanned: false, IsOfBirth: false }
                        )
                    )
                );
            }
        }

        return NaiveMeasures.Counted(rows);
    }

    private IEnumerable<IGrouping<string, Stay>> Stays() =>
        from stay in _encounters
        where stay.Text("class", "code") is "IMP" or "ACUTE" or "OBSENC"
        where stay.Text("status") is "arrived" or "triaged" or "in-progress" or "onleave" or "finished"
        let person = record.PersonOf(stay.At("subject").Key("Patient"))
        where person is not null && _patients.ContainsKey(person)
        let start = stay.Text("period", "start")
        where start is not null
        let isFinished = stay.Text("status") == "finished"
        let admitted = days.Of(start)!.Value
        let left = days.Of(stay.Text("period", "end"))
        let ended = isFinished ? left ?? admitted : DateOnly.MaxValue.AddDays(-60)
        group new Stay(
            stay.Text("id")!,
            admitted,
            days.StartOf(start)!.Value,
            ended > admitted ? ended : admitted,
            isFinished && left is not null,
            stay.At("hospitalization").Code("dischargeDisposition"),
            IsKind(stay, "183807002"),
            IsOfBirth(stay)
        ) by person;

    private static bool IsKind(JsonElement stay, string code) =>
        stay.Items("type").Any(t => t.Items("coding").Any(c => c.Text("code") == code));

    /// <summary>By its principal diagnosis: that of rank 1, or else the first one.</summary>
    private bool IsOfBirth(JsonElement stay)
    {
        var principal = stay.Items("diagnosis")
            .Select(
                (d, i) => (Condition: d.At("condition").Key("Condition"), Rank: d.Number("rank") ?? 1_000_000, Place: i)
            )
            .OrderBy(d => d.Rank)
            .ThenBy(d => d.Place)
            .FirstOrDefault()
            .Condition;
        return _conditions.Exists(c => c.Text("id") == principal && CodeOf(c) == "O80");
    }

    private static string? CodeOf(JsonElement condition) => condition.Code("code");

    /// <summary>Discharged to it in the period.</summary>
    private bool IsInHospice(string person) =>
        _encounters.Exists(e =>
            e.Text("status") == "finished"
            && e.At("hospitalization").Code("dischargeDisposition") == "hosp"
            && record.PersonOf(e.At("subject").Key("Patient")) == person
            && IsWithin(days.Of(e.Text("period", "end")))
        );

    /// <summary>Conditions that have not ended, by the day since when they are known.</summary>
    private IEnumerable<DateOnly> Since(string person, params string[] codes) =>
        _conditions
            .Where(c => codes.Contains(CodeOf(c)) && record.PersonOf(c.At("subject").Key("Patient")) == person)
            .Select(c => days.Of(c.Text("onsetDateTime")) ?? days.Of(c.Text("recordedDate")) ?? Ever);

    private bool IsLeftOut(string person) => IsInHospice(person) || Since(person, "Z51.5").Any(d => d <= last);

    /// <summary>Full years; whoever was born on 29 February is a year older on 1 March.</summary>
    private int? AgeOf(string person, DateOnly on)
    {
        if (days.Of(_patients[person].Text("birthDate")) is not { } born)
            return null;
        var isBefore = (on.Month, on.Day).CompareTo((born.Month, born.Day)) < 0;
        return on.Year - born.Year - (isBefore ? 1 : 0);
    }

    private IEnumerable<(DateOnly Day, JsonElement Observation)> Taken(string person, params string[] codes) =>
        from observation in record.Of("Observation")
        where observation.Text("status") is "final" or "amended" or "corrected"
        where
            codes.Contains(observation.Code("code"))
            && record.PersonOf(observation.At("subject").Key("Patient")) == person
        let day = days.Of(
            observation.Text("effectiveDateTime")
                ?? observation.Text("effectivePeriod", "end")
                ?? observation.Text("effectivePeriod", "start")
        )
        where IsWithin(day)
        select (day.Value, observation);

    private string Pressure()
    {
        var rows = new List<(bool, bool)>();
        foreach (var person in _patients.Keys)
        {
            if (AgeOf(person, last) is not (>= 18 and <= 85) || !Since(person, "I10").Any(d => d < first.AddMonths(6)))
                continue;
            var read = Taken(person, "85354-9")
                .Where(o => !IsInHospital(o.Observation))
                .GroupBy(o => o.Day)
                .MaxBy(of => of.Key)
                ?.SelectMany(o => o.Observation.Items("component"))
                .ToLookup(c => c.Code("code"), c => c.Number("valueQuantity", "value"), StringComparer.Ordinal);
            rows.Add(
                (
                    IsLeftOut(person) || Since(person, "N18.6", "O80").Any(d => d <= last),
                    read is not null && read["8480-6"].Min() < 140 && read["8462-4"].Min() < 90
                )
            );
        }

        return NaiveMeasures.Counted(rows);
    }

    private bool IsInHospital(JsonElement observation) =>
        observation.At("encounter").Key("Encounter") is { } id
        && _encounters.Exists(e =>
            e.Text("id") == id && e.Text("class", "code") is "EMER" or "IMP" or "ACUTE" or "NONAC"
        );

    private string Sugar()
    {
        var rows = new List<(bool, bool)>();
        foreach (var person in _patients.Keys)
        {
            if (AgeOf(person, last) is not (>= 18 and <= 75) || !Since(person, "E11.9").Any(d => d <= last))
                continue;
            var tests = Taken(person, "4548-4", "97506-0").GroupBy(o => o.Day).MaxBy(of => of.Key)?.ToList() ?? [];
            var lowest = tests.Min(o => o.Observation.Number("valueQuantity", "value"));
            rows.Add(
                (IsLeftOut(person), lowest is { } known ? known > 9 : !tests.Exists(o => HasValue(o.Observation)))
            );
        }

        return NaiveMeasures.Counted(rows);
    }

    private static bool HasValue(JsonElement observation) =>
        observation.EnumerateObject().Any(p => p.Name.StartsWith("value", StringComparison.Ordinal));

    private string Adherence()
    {
        var rows = new List<(bool, bool)>();
        var fills =
            from fill in record.Of("MedicationDispense")
            where fill.Text("status") == "completed"
            let code = fill.Code("medicationCodeableConcept")
            let day = days.Of(fill.Text("whenHandedOver"))
            where code is "29046" or "52175" && IsWithin(day)
            select (
                Id: fill.Text("id")!,
                Person: record.PersonOf(fill.At("subject").Key("Patient"))!,
                Day: day.Value,
                Code: code,
                Supply: (int)fill.Number("daysSupply", "value")!
            );
        foreach (var of in fills.GroupBy(f => f.Person, StringComparer.Ordinal))
        {
            if (!_patients.TryGetValue(of.Key, out var patient) || !(AgeOf(of.Key, first) >= 18))
                continue;
            var from = of.Min(f => f.Day);
            var to = days.Of(patient.Text("deceasedDateTime")) is { } died && died < last ? died : last;
            var length = to.DayNumber - from.DayNumber + 1;
            if (of.Select(f => f.Day).Distinct().Count() < 2 || length < 91)
                continue;
            var covered = of.GroupBy(f => f.Code, StringComparer.Ordinal)
                .SelectMany(medicine => Covered(medicine.Select(f => (f.Id, f.Day, f.Supply))))
                .Where(day => day >= from && day <= to)
                .Distinct()
                .Count();
            rows.Add((IsInHospice(of.Key) || Since(of.Key, "N18.6").Any(d => d <= last), covered >= 0.8m * length));
        }

        return NaiveMeasures.Counted(rows);
    }

    /// <summary>A fill of the same medicine that comes early begins when the one before ends.</summary>
    private static IEnumerable<DateOnly> Covered(IEnumerable<(string Id, DateOnly Day, int Supply)> fills)
    {
        var next = DateOnly.MinValue;
        foreach (var fill in fills.OrderBy(f => f.Day).ThenBy(f => f.Id, StringComparer.Ordinal))
        {
            var begin = fill.Day > next ? fill.Day : next;
            for (var i = 0; i < fill.Supply; i++)
                yield return begin.AddDays(i);
            next = begin.AddDays(fill.Supply);
        }
    }
}
