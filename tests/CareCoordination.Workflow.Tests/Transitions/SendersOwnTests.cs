using System.Text.Json.Nodes;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Workflow.Tests.Transitions;

/// <summary>What a hospital plans is a proposal here, whatever it is there; and what somebody here has taken up is theirs.</summary>
public sealed class SendersOwnTests
{
    private static readonly string[] RequestStatuses =
    [
        "draft",
        "active",
        "on-hold",
        "revoked",
        "completed",
        "entered-in-error",
        "unknown",
    ];

    private static readonly string[] Over = ["revoked", "completed", "entered-in-error"];

    private static readonly string[] GoalStatuses =
    [
        "proposed",
        "planned",
        "accepted",
        "active",
        "on-hold",
        "completed",
        "cancelled",
        "entered-in-error",
        "rejected",
    ];

    public static TheoryData<string, string, string, string> Requests()
    {
        var data = new TheoryData<string, string, string, string>();
        foreach (var type in (string[])["CarePlan", "ServiceRequest", "DeviceRequest", "NutritionOrder"])
        {
            foreach (var status in RequestStatuses)
            {
                foreach (var intent in (string[])["plan", "order", "proposal", "directive"])
                    data.Add(type, status, intent, Over.Contains(status) ? status : "draft");
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void An_open_request_is_a_draft_of_a_proposal_and_one_that_is_over_is_told_as_it_is(
        string type,
        string status,
        string intent,
        string expected
    )
    {
        var resource = new JsonObject
        {
            ["resourceType"] = type,
            ["status"] = status,
            ["intent"] = intent,
            ["title"] = "kept",
        };

        SendersOwn.Adopt(resource);

        Assert.Equal(
            $$"""{"resourceType":"{{type}}","status":"{{expected}}","intent":"proposal","title":"kept"}""",
            resource.ToJsonString()
        );
    }

    public static TheoryData<string, string> Goals =>
        [
            .. GoalStatuses.Select(s =>
                (s, s is "completed" or "cancelled" or "entered-in-error" or "rejected" ? s : "proposed")
            ),
        ];

    [Theory]
    [MemberData(nameof(Goals))]
    public void An_open_goal_is_proposed(string status, string expected)
    {
        var goal = new JsonObject { ["resourceType"] = "Goal", ["lifecycleStatus"] = status };

        SendersOwn.Adopt(goal);

        Assert.Equal(expected, (string?)goal["lifecycleStatus"]);
    }

    [Theory]
    [InlineData("proposed", "proposed")]
    [InlineData("active", "proposed")]
    [InlineData("suspended", "proposed")]
    [InlineData("inactive", "inactive")]
    [InlineData("entered-in-error", "entered-in-error")]
    [InlineData(null, "proposed")]
    public void A_team_of_there_is_proposed(string? status, string expected)
    {
        var team = new JsonObject { ["resourceType"] = "CareTeam", ["status"] = status };

        SendersOwn.Adopt(team);

        Assert.Equal(expected, (string?)team["status"]);
    }

    [Theory]
    [InlineData("Observation")]
    [InlineData("Procedure")]
    [InlineData("List")]
    [InlineData("MedicationRequest")]
    [InlineData("Condition")]
    public void A_fact_stays_as_it_is_told(string type)
    {
        var fact = new JsonObject
        {
            ["resourceType"] = type,
            ["status"] = "active",
            ["intent"] = "order",
        };

        SendersOwn.Adopt(fact);

        Assert.Equal($$"""{"resourceType":"{{type}}","status":"active","intent":"order"}""", fact.ToJsonString());
    }

    [Theory]
    [InlineData("""{"resourceType":"CarePlan","status":"draft","intent":"proposal"}""", true)]
    [InlineData("""{"resourceType":"CarePlan","status":"completed","intent":"proposal"}""", true)]
    [InlineData("""{"resourceType":"CarePlan","status":"active","intent":"proposal"}""", false)]
    [InlineData("""{"resourceType":"CarePlan","status":"on-hold","intent":"proposal"}""", false)]
    [InlineData("""{"resourceType":"CarePlan","status":"draft","intent":"plan"}""", false)]
    [InlineData("""{"resourceType":"Goal","lifecycleStatus":"proposed"}""", true)]
    [InlineData("""{"resourceType":"Goal","lifecycleStatus":"accepted"}""", false)]
    [InlineData("""{"resourceType":"Goal","lifecycleStatus":"active"}""", false)]
    [InlineData("""{"resourceType":"CareTeam","status":"active"}""", false)]
    [InlineData("""{"resourceType":"Observation","status":"final"}""", true)]
    [InlineData("""{"resourceType":"Condition","verificationStatus":{"coding":[{"code":"unconfirmed"}]}}""", true)]
    [InlineData("""{"resourceType":"Condition","verificationStatus":{"coding":[{"code":"confirmed"}]}}""", false)]
    [InlineData("""{"resourceType":"Condition","verificationStatus":{"coding":[{"code":"refuted"}]}}""", false)]
    [InlineData("""{"resourceType":"Condition","verificationStatus":{"text":"who knows"}}""", true)]
    [InlineData("""{"resourceType":"Condition"}""", true)]
    public void What_somebody_here_has_taken_up_is_theirs(string stored, bool isStill) =>
        Assert.Equal(
            isStill,
            SendersOwn.IsStill(
                JsonNode.Parse(stored)!.AsObject(),
                JsonNode.Parse("""{"verificationStatus":{"coding":[{"code":"unconfirmed"}]}}""")!.AsObject()
            )
        );
}
