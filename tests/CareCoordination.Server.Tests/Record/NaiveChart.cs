using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>What is known of people: how old they are, what they have, where they were, who spoke with them. docs/measures.md</summary>
internal sealed class NaiveChart
{
    /// <summary>Before all that is known.</summary>
    public static readonly DateOnly Ever = new(1900, 1, 1);

    private readonly Dictionary<string, JsonElement> _patients;

    public NaiveChart(ToldRecord record, NaiveDays days)
    {
        (Record, Days) = (record, days);
        _patients = record.Of("Patient").ToDictionary(p => p.Text("id")!, StringComparer.Ordinal);
        Encounters = [.. record.Of("Encounter").Where(e => e.Text("status") != "entered-in-error")];
        Tasks = [.. record.Of("Task").Where(t => t.Text("status") != "entered-in-error")];
        Illnesses = [.. ReadIllnesses()];
        Stays = [.. Encounters.Select(ReadStay).OfType<NaiveStay>()];
        Contacts = [.. ReadContacts()];
        Decline = new NaiveDecline(this);
    }

    public ToldRecord Record { get; }

    public NaiveDays Days { get; }

    /// <summary>Those that were not entered in error, as all further ones.</summary>
    public IReadOnlyList<JsonElement> Encounters { get; }

    public IReadOnlyList<JsonElement> Tasks { get; }

    public IReadOnlyList<Illness> Illnesses { get; }

    /// <summary>Encounters that began, of all classes, one by one.</summary>
    public IReadOnlyList<NaiveStay> Stays { get; }

    public IReadOnlyList<Contact> Contacts { get; }

    /// <summary>Those whose record is left.</summary>
    public IEnumerable<string> People => _patients.Keys;

    /// <summary>Nothing where there is no such record.</summary>
    public JsonElement PatientOf(string? person) =>
        person is not null && _patients.TryGetValue(person, out var patient) ? patient : default;

    public bool IsThere(string? person) => person is not null && _patients.ContainsKey(person);

    public string? PersonOf(JsonElement reference) => Record.PersonOf(reference.Key("Patient"));

    /// <summary>Full years; whoever was born on 29 February is a year older on 1 March. Null where nobody knows.</summary>
    public int? AgeOf(string? person, DateOnly on)
    {
        if (Days.Of(PatientOf(person).Text("birthDate")) is not { } born)
            return null;
        var isBefore = (on.Month, on.Day).CompareTo((born.Month, born.Day)) < 0;
        return on.Year - born.Year - (isBefore ? 1 : 0);
    }

    /// <summary>The day of the death that is told with its day.</summary>
    public DateOnly? DeathOf(string? person) => Days.Of(PatientOf(person).Text("deceasedDateTime"));

    public bool IsDead(string? person) =>
        PatientOf(person) is var patient
        && (
            patient.Text("deceasedDateTime") is not null
            || patient.At("deceasedBoolean").ValueKind == JsonValueKind.True
        );

    public DateOnly? Stored(JsonElement resource) => Days.Of(resource.Text("meta", "lastUpdated"));

    /// <summary>The definition that a plan was made from; null where it is not there.</summary>
    public string? TemplateOf(string? plan) => PlanOf(plan).Text("instantiatesCanonical");

    public JsonElement PlanOf(string? id) =>
        id is null
            ? default
            : Record.Of("CarePlan").FirstOrDefault(p => p.Text("id") == id && p.Text("status") != "entered-in-error");

    /// <summary>The plan that is named first among what a task or a request is based on.</summary>
    public static string? FirstPlan(JsonElement resource) =>
        resource.Items("basedOn").Select(b => b.Key("CarePlan")).FirstOrDefault(k => k is not null);

    /// <summary>A condition of somebody. Without a first day it has always been there, without a last one it goes on.</summary>
    internal sealed record Illness(
        JsonElement Condition,
        string Id,
        string? Person,
        HashSet<string> Sets,
        DateOnly? From,
        DateOnly? To,
        DateOnly? Told
    )
    {
        public bool Meets(DateOnly first, DateOnly last) =>
            (From ?? Ever) <= last && (To ?? DateOnly.MaxValue) >= first;

        /// <summary>Where nobody said anything else it is confirmed.</summary>
        public string Verification => Condition.Code("verificationStatus") ?? "confirmed";
    }

    private IEnumerable<Illness> ReadIllnesses()
    {
        foreach (var condition in Record.Of("Condition"))
        {
            if (
                condition.Items("verificationStatus", "coding").Any(c => c.Text("code") == "entered-in-error")
                || condition.Code("verificationStatus") == "refuted"
            )
                continue;
            var onset = Days.Of(condition.Text("onsetDateTime") ?? condition.Text("onsetPeriod", "start"));
            var recorded = Days.Of(condition.Text("recordedDate"));
            var ended = Days.Of(condition.Text("abatementDateTime") ?? condition.Text("abatementPeriod", "start"));
            yield return new Illness(
                condition,
                condition.Text("id")!,
                PersonOf(condition.At("subject")),
                NaiveCodes.SetsOf(condition.At("code")),
                onset ?? recorded,
                ended ?? (IsOver(condition) ? onset ?? recorded ?? Ever : null),
                recorded ?? onset
            );
        }
    }

    public static bool IsOver(JsonElement condition) =>
        condition.EnumerateObject().Any(p => p.Name.StartsWith("abatement", StringComparison.Ordinal))
        || condition.Code("clinicalStatus") is "inactive" or "remission" or "resolved";

    /// <summary>True where somebody has a condition of one of the sets on a day of the period.</summary>
    public bool Has(string person, DateOnly first, DateOnly last, params string[] sets) =>
        Illnesses.Any(i => i.Person == person && i.Sets.Overlaps(sets) && i.Meets(first, last));

    /// <summary>Somebody spoke with a patient: in person, at home, from afar, or in a call that is done.</summary>
    internal sealed record Contact(string? Person, DateOnly Day, string Kind, string? Plan = null);

    private IEnumerable<Contact> ReadContacts()
    {
        foreach (var visit in Encounters)
        {
            if (
                visit.Text("class", "code") is "AMB" or "HH" or "VR"
                && visit.Text("status") == "finished"
                && Days.Of(visit.Text("period", "start")) is { } day
            )
                yield return new Contact(PersonOf(visit.At("subject")), day, visit.Text("class", "code")!);
        }

        foreach (var task in Tasks.Where(t => t.Text("status") == "completed" && IsWork(t, "contact-task")))
        {
            if ((Days.Of(task.Text("executionPeriod", "end")) ?? Days.Of(task.Text("lastModified"))) is { } day)
                yield return new Contact(PersonOf(task.At("for")), day, "task", FirstPlan(task));
        }
    }

    /// <summary>True where the task is work of a set.</summary>
    public static bool IsWork(JsonElement task, string set) => NaiveCodes.IsFirstIn(set, task.At("code"));

    /// <summary>What they need, and who cares for them at the end.</summary>
    public NaiveDecline Decline { get; }

    private NaiveStay? ReadStay(JsonElement encounter)
    {
        var start = encounter.Text("period", "start");
        var end = encounter.Text("period", "end");
        return start is null || !NaiveStay.HasBegun(encounter.Text("status"))
            ? null
            : new NaiveStay(
                encounter.Text("id")!,
                PersonOf(encounter.At("subject")),
                encounter.Text("class", "code"),
                encounter.Text("status") == "finished",
                Days.Of(start)!.Value,
                Days.StartOf(start)!.Value,
                Days.Of(end),
                encounter,
                KindsOf(encounter)
            );
    }

    /// <summary>The sets of what the encounter is, and of its principal diagnosis: that of rank 1, or else the first one.</summary>
    private HashSet<string> KindsOf(JsonElement encounter)
    {
        var principal = encounter
            .Items("diagnosis")
            .Select((d, i) => (Condition: d.At("condition").Key("Condition"), Rank: d.Number("rank"), Place: i))
            .OrderBy(d => d.Rank ?? decimal.MaxValue)
            .ThenBy(d => d.Place)
            .FirstOrDefault()
            .Condition;
        return encounter
            .Items("type")
            .SelectMany(t => NaiveCodes.SetsOf(t))
            .Concat(Illnesses.Where(i => i.Id == principal).SelectMany(i => i.Sets))
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>
    /// Stays of somebody in care of some classes: those that begin at most so many days after the end of the one before are one.
    /// </summary>
    public List<NaiveChain> ChainsOf(string? person, int gap, params string[] classes)
    {
        var chains = new List<NaiveChain>();
        foreach (
            var stay in Stays
                .Where(s => s.Person == person && classes.Contains(s.Class))
                .OrderBy(s => s.Admitted)
                .ThenBy(s => s.AdmittedAt)
                .ThenBy(s => s.Id, StringComparer.Ordinal)
        )
        {
            if (chains.Count > 0 && stay.Admitted.DayNumber <= chains[^1].Stays.Max(s => s.End.DayNumber) + gap)
                chains[^1].Stays.Add(stay);
            else
                chains.Add(new NaiveChain([stay]));
        }

        return chains;
    }
}
