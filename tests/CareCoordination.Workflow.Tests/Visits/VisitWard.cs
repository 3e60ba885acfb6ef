using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Visits;

namespace CareCoordination.Workflow.Tests.Visits;

/// <summary>A patient with one visit to come, and what is written about it, one after the other.</summary>
internal sealed class VisitWard(TimeZoneInfo? zone = null, CareRules? rules = null)
{
    public const string Transitions = "https://carecoordination.example/fhir/CodeSystem/transition-work";
    public const string Visit = "Task/v";
    public const string Medications = "Task/m";

    private readonly Ward _ward = new() { Now = new DateTimeOffset(2026, 11, 23, 15, 0, 0, TimeSpan.Zero) };

    public DateTimeOffset Now
    {
        get => _ward.Now;
        set => _ward.Now = value;
    }

    public CarePolicy Policy { get; } =
        new(
            BusinessCalendar.UnitedStates(zone ?? TimeZoneInfo.Utc),
            rules is null ? [] : [rules with { EffectiveFrom = DateOnly.MinValue }]
        );

    /// <summary>A visit that is due by the end of a day, of a plan of thirty days.</summary>
    public VisitWard Planned(
        string due = "2026-12-04",
        string planStatus = "active",
        string visit = "'status':'ready','owner':{'reference':'Practitioner/1'}"
    )
    {
        _ward.Put(
            Given.Resource(
                "CarePlan",
                "plan",
                $"'status':'{planStatus}','intent':'plan','subject':{{'reference':'Patient/p'}},'period':{{'start':'2026-11-20','end':'2026-12-19'}}"
            )
        );
        _ward.Put(Task("v", "visit", due, visit));
        _ward.Put(Task("m", "medications", "2026-11-27", "'status':'requested'"));
        return this;
    }

    private static Snapshot Task(string id, string code, string due, string more) =>
        Given.Resource(
            "Task",
            id,
            $"'intent':'order','code':{{'coding':[{{'system':'{Transitions}','code':'{code}'}}]}},'for':{{'reference':'Patient/p'}},'basedOn':[{{'reference':'CarePlan/plan'}}],'restriction':{{'period':{{'end':'{due}T23:59:59Z'}}}},{more}"
        );

    /// <summary>An Appointment as it is now, and what follows from it.</summary>
    public void Write(string id, string status, string start = "2026-12-01T15:00:00Z", string more = "")
    {
        var end = DateTimeOffset
            .Parse(start, CultureInfo.InvariantCulture)
            .AddMinutes(30)
            .ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
        var links = more.Length > 0 ? more : $"'supportingInformation':[{{'reference':'{Visit}'}}]";
        Put(
            "Appointment",
            id,
            $"'status':'{status}','start':'{start}','end':'{end}',{links},'participant':[{{'actor':{{'reference':'Patient/p'}},'status':'accepted'}}]"
        );
    }

    public void Put(string type, string id, string elements)
    {
        var written = Given.Resource(type, id, elements);
        var version = _ward.All.Where(s => s.Key == written.Key).Select(s => s.Version).FirstOrDefault();
        _ward.Put(written with { Version = version + 1 });
        Follow();
    }

    /// <summary>What is told from all that there is, until nothing is left to tell.</summary>
    public void Follow()
    {
        if (Decide() is { IsEmpty: false } decision)
            _ward.Do(decision);
        Assert.True(Decide().IsEmpty, "It is told once.");
    }

    public VisitFacts Facts() =>
        new(
            [.. Of("Task").Where(t => t.Key.Id is "v" or "m")],
            [.. Of("Task").Where(t => t.Key.Id is not ("v" or "m"))],
            [.. Of("Appointment")],
            [.. Of("Encounter")],
            [.. Of("CarePlan")],
            new CommandContext(Given.Anyone, _ward.Now, Policy.Today(_ward.Now)) { Zone = Policy.TimeZone },
            Policy
        );

    private Decision Decide()
    {
        var changed = PatientVisits.Decide(Facts());
        return new Decision(
            new(ResourceTypes.Task, "v"),
            [.. changed.Select(t => new ResourceWrite(t.Key, t.Version, t.ToUtf8Json()))]
        )
        {
            Activity = "update",
        };
    }

    private IEnumerable<Snapshot> Of(string type) => _ward.All.Where(s => s.Key.Type == type);

    public JsonObject this[string reference] => (JsonObject)JsonNode.Parse(_ward[reference].Utf8Json.Span)!;

    /// <summary>Status, business status and the appointment that counts of the visit; then what is open beside it.</summary>
    public string State
    {
        get
        {
            var visit = this[Visit];
            var current = visit["output"]
                ?.AsArray()
                .Where(o => o!["type"]!["coding"]![0]!["code"]!.GetValue<string>() == "current-appointment")
                .Select(o => o!["valueReference"]!["reference"]!.GetValue<string>())
                .SingleOrDefault();
            var open = Of("Task")
                .Where(t => t.Key.Id is not ("v" or "m"))
                .Select(t => this[t.Key.ToString()])
                .Where(t => t["status"]!.GetValue<string>() is not ("completed" or "cancelled"))
                .Select(t =>
                    $"{Code(t)} {t["status"]} {t["focus"]!["reference"]!.GetValue<string>().Replace("Appointment/", "", StringComparison.Ordinal)}"
                )
                .Order(StringComparer.Ordinal);
            return string.Join(
                ", ",
                open.Prepend(
                    $"{visit["status"]} {visit["businessStatus"]?["coding"]?[0]?["code"]?.GetValue<string>() ?? "-"} {current?.Replace("Appointment/", "", StringComparison.Ordinal) ?? "-"}"
                )
            );
        }
    }

    public int NoShows =>
        this[Visit]
            ["extension"]
            ?.AsArray()
            .Where(e => e!["url"]!.GetValue<string>().EndsWith("no-shows", StringComparison.Ordinal))
            .Select(e => e!["valuePositiveInt"]!.GetValue<int>())
            .SingleOrDefault()
        ?? 0;

    /// <summary>The open tasks of a code beside the visit, as references.</summary>
    public IEnumerable<string> Open(string code) =>
        Of("Task")
            .Select(t => t.Key.ToString())
            .Where(t =>
                Code(this[t]) == code && this[t]["status"]!.GetValue<string>() is not ("completed" or "cancelled")
            );

    /// <summary>Somebody has done a task.</summary>
    public void Close(string reference)
    {
        var task = this[reference];
        task["status"] = "completed";
        var before = _ward[reference];
        _ward.Put(new(before.Key, before.Version + 1, System.Text.Encoding.UTF8.GetBytes(task.ToJsonString())));
    }

    public int Made => Of("Task").Count() - 2;

    public string? Due(string reference) => this[reference]["restriction"]?["period"]?["end"]?.GetValue<string>();

    private static string Code(JsonObject task) => task["code"]!["coding"]![0]!["code"]!.GetValue<string>();
}
