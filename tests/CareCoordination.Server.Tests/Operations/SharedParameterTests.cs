using CareCoordination.Application;
using CareCoordination.Application.Operations;

namespace CareCoordination.Server.Tests.Operations;

/// <summary>Parameters are the same across siblings, by one table: who knows one command knows what the others take.</summary>
public sealed class SharedParameterTests
{
    /// <summary>References that the decision itself looks at, with a sentence of its own.</summary>
    private static readonly string[] LookedAtByTheDecision =
    [
        "CarePlan-activate consent",
        "Goal-record-progress observation",
        "PractitionerRole-transfer-caseload group",
        "PractitionerRole-transfer-caseload patient",
        "Task-complete output",
    ];

    public static TheoryData<string> Commands(string type) =>
        [
            .. CareOperations
                .All.Where(o => o.AffectsState && o.ResourceType == type && o.Name != "async-status")
                .Select(o => o.Id),
        ];

    [Theory]
    [MemberData(nameof(Commands), "Task")]
    [MemberData(nameof(Commands), "Goal")]
    public void Every_command_of_a_task_or_a_goal_takes_a_note_a_reason_and_who_acts(string id)
    {
        var names = Find(id).Parameters.Select(p => p.Name).ToArray();

        Assert.Equal(["note", "reason", "practitioner"], names[^3..]);
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("hold")]
    [InlineData("complete")]
    [InlineData("fail")]
    [InlineData("cancel")]
    [InlineData("reassign")]
    [InlineData("snooze")]
    [InlineData("escalate")]
    [InlineData("record-attempt")]
    public void What_follows_work_takes_its_time(string name)
    {
        var operation = Find($"Task-{name}");

        foreach (var worked in Take.Worked)
            Assert.Contains(worked, operation.Parameters);
        var refusals = OperationRefusals.Of(operation).Select(r => r.Code).ToHashSet();
        Assert.Superset(new HashSet<string> { "end-range", "minutes-range", "time-range" }, refusals);
    }

    [Fact]
    public void One_name_has_one_way_of_being_sent()
    {
        string[] shared = ["practitioner", "reason", "note", "minutes", "owner"];
        var ways = CareOperations
            .All.Where(o => o.StandardDefinition is null && o.AffectsState)
            .SelectMany(o => o.Parameters)
            .Where(p => shared.Contains(p.Name))
            .GroupBy(p => p.Name, p => string.Join('|', p.Types))
            .ToDictionary(g => g.Key, g => g.Distinct().ToArray());

        Assert.Equal(shared.Order(StringComparer.Ordinal), ways.Keys.Order(StringComparer.Ordinal));
        Assert.All(ways, way => Assert.Single(way.Value));
    }

    [Fact]
    public void Every_reference_of_a_command_of_care_says_what_it_has_to_lead_to()
    {
        string[] rooms = ["Task", "Goal", "Patient", "PractitionerRole"];
        var silent = CareOperations
            .All.Where(o => o.AffectsState && rooms.Contains(o.ResourceType) && o.Name != "async-status")
            .SelectMany(o => o.Parameters.Where(p => p.Types.Contains("Reference")), (o, p) => (o.Id, Parameter: p))
            .Where(p => p.Parameter.Names == Naming.Anything)
            .Select(p => $"{p.Id} {p.Parameter.Name}");

        Assert.Empty(silent.Except(LookedAtByTheDecision));
    }

    private static Operation Find(string id) => CareOperations.All.Single(o => o.Id == id);
}
