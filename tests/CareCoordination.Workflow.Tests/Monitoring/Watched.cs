using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Monitoring;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tests.Goals;

namespace CareCoordination.Workflow.Tests.Monitoring;

/// <summary>A patient who measures at home: readings come, and Tasks that review them are kept.</summary>
internal sealed class Watched(string targets, DateTimeOffset now, TimeZoneInfo? zone = null, CareRules? rules = null)
{
    public const string Systolic =
        "'measure':{'text':'Systolic','coding':[{'system':'http://loinc.org','code':'8480-6'}]}";

    private const string Url = "https://carecoordination.example/fhir/StructureDefinition/reading-threshold";

    private readonly Dictionary<string, Reading> _stored = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Snapshot> _tasks = new(StringComparer.Ordinal);
    private readonly Func<string> _ids = Given.Ids("task");

    public CarePolicy Policy { get; } =
        new(BusinessCalendar.UnitedStates(zone ?? TimeZoneInfo.Utc), rules is null ? [] : [rules]);

    public DateTimeOffset Now { get; set; } = now;

    public ReviewSurroundings Around { get; init; } = new([]) { Manager = "Practitioner/m", Plans = ["CarePlan/p"] };

    private Snapshot Goal { get; } =
        Given.Resource(
            "Goal",
            "g",
            $"'lifecycleStatus':'active','startDate':'2026-01-01','subject':{{'reference':'Patient/p'}},'target':[{targets}]"
        );

    public static string Threshold(string when, string? priority = null, int? readings = null) =>
        $"{{'url':'{Url}','extension':[{{'url':'when','valueQuantity':{when}}}"
        + (priority is null ? "" : $",{{'url':'priority','valueCode':'{priority}'}}")
        + (readings is null ? "" : $",{{'url':'readings','valuePositiveInt':{readings}}}")
        + "]}";

    public static string Target(string measure, params string[] thresholds) =>
        $"{{'extension':[{string.Join(',', thresholds)}],{measure}}}";

    public static string Quantity(string value, string comparator, string unit = "mm[Hg]") =>
        $"{{'value':{value},'comparator':'{comparator}','system':'http://unitsofmeasure.org','code':'{unit}'}}";

    public static Reading Reading(string id, string value, string when, string more = "") =>
        Workflow.Goals.Reading.Of(
            Given.Resource(
                "Observation",
                id,
                $"'status':'final','code':{{'coding':[{{'system':'http://loinc.org','code':'8480-6'}}]}},'subject':{{'reference':'Patient/p'}},'effectiveDateTime':'{when}','valueQuantity':{{'value':{value},'unit':'mmHg','code':'mm[Hg]'}}{more}"
            )
        )!;

    /// <summary>Readings of one commit; those whose ids are known are corrections.</summary>
    public void Write(params Reading?[] readings) =>
        Apply([.. readings.Select(r => new WatchedReading(_stored.GetValueOrDefault(r!.Reference), r))]);

    public void Delete(string id) => Apply([new WatchedReading(_stored[$"Observation/{id}"], null)]);

    public void Change(string task, Action<JsonObject> change)
    {
        var json = Json(task);
        change(json);
        var before = _tasks[task];
        _tasks[task] = new(before.Key, before.Version + 1, System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    public IReadOnlyCollection<string> Tasks => _tasks.Keys;

    public JsonObject Json(string task) => (JsonObject)JsonNode.Parse(_tasks[task].Utf8Json.Span)!;

    public string Status(string task) => Json(task)["status"]!.GetValue<string>();

    public string? Priority(string task) => Json(task)["priority"]?.GetValue<string>();

    public string? Due(string task) => Json(task)["restriction"]?["period"]?["end"]?.GetValue<string>();

    public string[] Inputs(string task) =>
        [
            .. (Json(task)["input"] as JsonArray ?? []).Select(i =>
                i!["valueReference"]!["reference"]!.GetValue<string>()
            ),
        ];

    private void Apply(WatchedReading[] written)
    {
        var known = Readings.Known(Goal, _stored.Values, Policy.RulesAt(Now)) with
        {
            Life = GoalLife.Of(Goal, Policy.Calendar, Now),
        };
        var goal = new WatchedGoal(Goal, known, [.. written], Policy, Now);
        if (!goal.IsQuiet)
        {
            var open = _tasks.Values.Where(t =>
                Json(t.Key.Id)["status"]!.GetValue<string>() is not ("completed" or "cancelled" or "failed")
            );
            foreach (var write in ReadingReview.Decide(goal, Around with { Open = [.. open] }, Given.Anyone, _ids))
            {
                Assert.Equal(_tasks.TryGetValue(write.Key.Id, out var was) ? was.Version : 0, write.DecidedFrom);
                Assert.True(ResourceDocument.Parse(write.Utf8Json).TryGet(out _, out _));
                _tasks[write.Key.Id] = new(write.Key, write.DecidedFrom + 1, write.Utf8Json);
            }
        }

        foreach (var one in written)
        {
            if (one.After is { } after)
                _stored[one.Reference] = after;
            else
                _stored.Remove(one.Reference);
        }
    }
}
