using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Counts how chronic illness was treated, patient by patient: m-19 and m-20 of docs/measures.md.</summary>
internal sealed class NaiveChronic(NaiveChart chart, NaivePeriod period)
{
    private static readonly string[] Inside = ["EMER", "IMP", "ACUTE", "NONAC", "PRENC", "SS"];

    private static readonly string[] Others =
    [
        "bipolar",
        "personality-disorder",
        "schizophrenia",
        "developmental-disorder",
    ];

    private readonly List<JsonElement> _observations = [.. chart.Record.Of("Observation").Where(IsTaken)];

    /// <summary>True of an Observation that counts.</summary>
    public static bool IsTaken(JsonElement observation) =>
        observation.Text("status") is "final" or "amended" or "corrected";

    public IEnumerable<NaiveMeasure> All() =>
        [
            new("m-19a", People(Pressure)),
            new("m-19b", People(Sugar)),
            new("m-19c", People(Depression)),
            new("m-20a", People(p => Adherence(p, "rasa", "sacubitril-valsartan"))),
            new("m-20b", People(p => Adherence(p, "statin"))),
            new("m-20c", People(p => Adherence(p, "diabetes-medicine", "insulin"))),
        ];

    private sealed record Found(bool IsLeftOut, bool IsCounted, double? Value = null);

    private IEnumerable<NaiveRow> People(Func<string, Found?> find) =>
        from person in chart.People
        let found = find(person)
        where found is not null
        let patient = chart.PatientOf(person)
        select new NaiveRow(person, found.IsLeftOut, found.IsCounted)
        {
            Value = found.Value,
            Practitioner = NaiveStrata.Worker(patient.Items("generalPractitioner").FirstOrDefault()),
            Organization = patient.At("managingOrganization").Key("Organization"),
        };

    private bool IsLeftOut(string person) =>
        chart.Decline.IsInHospice(person, period.First, period.Last, orPalliative: true) || IsTooFrail(person);

    /// <summary>From 66 on: lives in a nursing home, or is frail and seriously ill; from 81 on frail is enough.</summary>
    private bool IsTooFrail(string person)
    {
        if (chart.AgeOf(person, period.Last) is not (>= 66 and var age))
            return false;
        var home = Taken(person, "housing-status")
            .Where(o => o.Until <= period.Last)
            .OrderBy(o => o.Until)
            .ThenBy(o => o.At)
            .ThenBy(o => o.Observation.Text("id"), StringComparer.Ordinal)
            .LastOrDefault()
            .Observation;
        return NaiveCodes.Has("nursing-home", home.At("valueCodeableConcept").Text("coding", "code"))
            || chart.Decline.IsFrail(person, period.First, period.Last) && (age >= 81 || IsSeriouslyIll(person));
    }

    /// <summary>An advanced illness began in the period or the year before, or something against dementia was prescribed for then.</summary>
    private bool IsSeriouslyIll(string person) =>
        chart.Illnesses.Any(i =>
            i.Person == person
            && i.Sets.Contains("advanced-illness")
            && i.From >= period.First.AddYears(-1)
            && i.From <= period.Last
        )
        || chart.Decline.Prescriptions.Any(p =>
            p.Person == person
            && p.Sets.Contains("dementia-medicine")
            && p.From <= period.Last
            && p.To >= period.First.AddYears(-1)
        );

    /// <summary>Observations, by their first code.</summary>
    private IEnumerable<(DateOnly? Day, DateOnly Until, DateTimeOffset At, JsonElement Observation)> Taken(
        string person,
        string set
    ) =>
        from observation in _observations
        where NaiveCodes.IsFirstIn(set, observation.At("code"))
        where chart.PersonOf(observation.At("subject")) == person
        let until = UntilOf(observation)
        where until is not null
        let effective = EffectiveOf(observation)
        select (
            chart.Days.Of(effective),
            until.Value,
            chart.Days.StartOf(effective) ?? DateTimeOffset.MinValue,
            observation
        );

    private static string? EffectiveOf(JsonElement observation) =>
        observation.Text("effectiveDateTime")
        ?? observation.Text("effectiveInstant")
        ?? observation.Text("effectivePeriod", "start");

    /// <summary>What took some time is of its last day.</summary>
    private DateOnly? UntilOf(JsonElement observation) =>
        chart.Days.Of(observation.Text("effectivePeriod", "end") ?? EffectiveOf(observation));

    private Found? Pressure(string person)
    {
        if (
            chart.AgeOf(person, period.Last) is not (>= 18 and <= 85)
            || !chart.Has(person, period.First, period.First.AddMonths(6).AddDays(-1), "hypertension")
        )
            return null;
        var read = Readings(person)
            .GroupBy(r => r.Day)
            .OrderByDescending(of => of.Key)
            .FirstOrDefault(of => of.Any(r => r.IsSystolic) && of.Any(r => !r.IsSystolic));
        return new Found(
            IsLeftOut(person)
                || chart.Has(person, period.First, period.Last, "esrd", "pregnancy")
                || HadDialysis(person),
            read is not null
                && read.Where(r => r.IsSystolic).Min(r => r.Value) < 140
                && read.Where(r => !r.IsSystolic).Min(r => r.Value) < 90
        );
    }

    /// <summary>Dialysis or a transplant that is done, or a visit for it that began, by the end of the period.</summary>
    private bool HadDialysis(string person) =>
        chart.Decline.Procedures.Any(p =>
            p.Person == person && p.Status == "completed" && p.Sets.Contains("esrd") && p.To <= period.Last
        )
        || chart.Encounters.Any(e =>
            chart.PersonOf(e.At("subject")) == person
            && NaiveStay.HasBegun(e.Text("status"))
            && chart.Days.Of(e.Text("period", "start")) <= period.Last
            && e.Items("type").SelectMany(t => NaiveCodes.SetsOf(t)).Contains("esrd-visit")
        );

    /// <summary>Pressures that were not measured in emergency or inpatient care, as a component or alone.</summary>
    private IEnumerable<(DateOnly Day, bool IsSystolic, decimal Value)> Readings(string person) =>
        from observation in _observations
        where chart.PersonOf(observation.At("subject")) == person
        let day = UntilOf(observation)
        where period.Has(day)
        let encounter = chart.Encounters.FirstOrDefault(e =>
            e.Text("id") == observation.At("encounter").Key("Encounter")
        )
        where !Inside.Contains(encounter.Text("class", "code"))
        from part in observation.Items("component").Prepend(observation)
        let isSystolic = NaiveCodes.IsFirstIn("systolic", part.At("code"))
        where isSystolic || NaiveCodes.IsFirstIn("diastolic", part.At("code"))
        let value = part.Number("valueQuantity", "value")
        where value is not null
        select (day.Value, isSystolic, value.Value);

    private Found? Sugar(string person)
    {
        if (
            chart.AgeOf(person, period.Last) is not (>= 18 and <= 75)
            || !chart.Has(person, period.First, period.Last, "diabetes")
        )
            return null;
        var last =
            Taken(person, "glycemic")
                .Where(o => period.Has(o.Until))
                .GroupBy(o => o.Until)
                .MaxBy(of => of.Key)
                ?.ToList()
            ?? [];
        var lowest = last.Min(o => o.Observation.Number("valueQuantity", "value"));
        return new Found(
            IsLeftOut(person),
            lowest is { } known ? known > 9 : !last.Exists(o => HasResult(o.Observation))
        );
    }

    private static bool HasResult(JsonElement observation) =>
        observation.EnumerateObject().Any(p => p.Name.StartsWith("value", StringComparison.Ordinal));

    /// <summary>The first score over nine of the year that ends two months before the period, and the last one a year later.</summary>
    private Found? Depression(string person)
    {
        var scores = Taken(person, "phq-9")
            .Where(o => o.Day is not null)
            .Select(o =>
                (Day: o.Day!.Value, o.At, o.Observation, Score: o.Observation.Number("valueQuantity", "value"))
            )
            .ToList();
        var index = scores.Where(o => o.Score > 9 && IsIndex(person, o.Day)).Select(o => (DateOnly?)o.Day).Min();
        if (index is not { } day || !(chart.AgeOf(person, day) >= 12))
            return null;
        var (from, to) = (day.AddMonths(12).AddDays(-60), day.AddMonths(12).AddDays(60));
        var last = scores
            .Where(o => o.Day >= from && o.Day <= to)
            .OrderBy(o => o.At)
            .ThenBy(o => o.Observation.Text("id"), StringComparer.Ordinal)
            .LastOrDefault();
        return new Found(
            chart.Illnesses.Any(i =>
                i.Person == person
                && i.Verification == "confirmed"
                && i.Sets.Overlaps(Others)
                && (i.From is null || i.From <= to)
            )
                || chart.Decline.IsInHospice(person, period.First.AddMonths(-14), to, orPalliative: true)
                || chart.IsDead(person) && (chart.DeathOf(person) ?? day) <= to,
            last.Score < 5
        );
    }

    /// <summary>Depression was known on the day, or at a visit that it was the day of, or up to seven days before.</summary>
    private bool IsIndex(string person, DateOnly day) =>
        IsEarly(day) && IsDepressed(person, day, day)
        || chart.Encounters.Any(e =>
            e.Text("status") == "finished"
            && e.Text("class", "code") is not ("EMER" or "IMP" or "ACUTE" or "NONAC")
            && chart.PersonOf(e.At("subject")) == person
            && chart.Days.Of(e.Text("period", "start")) is { } start
            && chart.Days.Of(e.Text("period", "end")) is { } end
            && IsEarly(end)
            && day >= start.AddDays(-7)
            && day <= end
            && IsDepressed(person, start, end)
        );

    private bool IsEarly(DateOnly day) => day >= period.First.AddMonths(-14) && day < period.First.AddMonths(-2);

    private bool IsDepressed(string person, DateOnly first, DateOnly last) =>
        chart.Illnesses.Any(i =>
            i.Person == person && i.Verification == "confirmed" && i.Sets.Contains("depression") && i.Meets(first, last)
        );

    private sealed record Fill(string Id, DateOnly Day, string Medicine, int Supply);

    /// <summary>Fills of a class in the period, by the code that says which medicine it is.</summary>
    private IEnumerable<Fill> Fills(string person, string set) =>
        from fill in chart.Record.Of("MedicationDispense")
        where fill.Text("status") == "completed" && chart.PersonOf(fill.At("subject")) == person
        let day = chart.Days.Of(fill.Text("whenHandedOver") ?? fill.Text("whenPrepared"))
        where period.Has(day)
        let supply = (int?)NaiveDecline.DaysOf(fill.At("daysSupply"))
        where supply >= 1
        let medicine = chart
            .Decline.Codings(fill)
            .Where(c => NaiveCodes.SetsOf(c.Text("system"), c.Text("code")).Contains(set))
            .Select(c => $"{c.Text("system")}|{c.Text("code")}")
            .Min(StringComparer.Ordinal)
        where medicine is not null
        select new Fill(fill.Text("id")!, day.Value, medicine, supply.Value);

    private Found? Adherence(string person, string set, params string[] leftOut)
    {
        var fills = Fills(person, set).ToList();
        if (fills.Select(f => f.Day).Distinct().Count() < 2 || !(chart.AgeOf(person, period.First) >= 18))
            return null;
        var from = fills.Min(f => f.Day);
        var to = chart.DeathOf(person) is { } died && died < period.Last ? died : period.Last;
        var length = to.DayNumber - from.DayNumber + 1;
        if (length < 91)
            return null;
        var covered = fills
            .GroupBy(f => f.Medicine, StringComparer.Ordinal)
            .SelectMany(Covered)
            .Where(day => day >= from && day <= to)
            .Distinct()
            .Count();
        return new Found(
            chart.Decline.IsInHospice(person, period.First, period.Last)
                || chart.Has(person, period.First, period.Last, "esrd")
                || Array.Exists(leftOut, other => Fills(person, other).Any()),
            covered >= 0.8m * length,
            (double)covered / length
        );
    }

    /// <summary>A fill of the same medicine that comes early begins when the one before ends.</summary>
    private static IEnumerable<DateOnly> Covered(IEnumerable<Fill> fills)
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
