using System.Collections.Frozen;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Transitions;

/// <summary>
/// What a sender plans, asks for and suspects is kept as theirs: it is known here, and nothing here goes by it until somebody takes it up.
/// A plan that is under way there is a proposal here. What is over, or was a mistake, is told as it is.
/// </summary>
public static class SendersOwn
{
    private const string Intent = "intent";
    private const string Proposal = "proposal";

    /// <param name="Element">The status.</param>
    /// <param name="Here">What it is here while it is open.</param>
    /// <param name="Closed">What it is there when it is over, and then here.</param>
    private sealed record Rule(string Element, string Here, params string[] Closed)
    {
        public bool HasIntent { get; init; }
    }

    private static readonly string[] OverRequests =
    [
        RequestStatusCodes.Completed,
        RequestStatusCodes.Revoked,
        RequestStatusCodes.EnteredInError,
    ];

    private static readonly FrozenDictionary<string, Rule> Rules = new Dictionary<string, Rule>
    {
        [ResourceTypes.CarePlan] = new("status", RequestStatusCodes.Draft, OverRequests) { HasIntent = true },
        [ResourceTypes.ServiceRequest] = new("status", RequestStatusCodes.Draft, OverRequests) { HasIntent = true },
        [ResourceTypes.DeviceRequest] = new("status", RequestStatusCodes.Draft, OverRequests) { HasIntent = true },
        [ResourceTypes.NutritionOrder] = new("status", RequestStatusCodes.Draft, OverRequests) { HasIntent = true },
        [ResourceTypes.Goal] = new(
            "lifecycleStatus",
            GoalStatusCodes.Proposed,
            GoalStatusCodes.Completed,
            GoalStatusCodes.Cancelled,
            GoalStatusCodes.Rejected,
            GoalStatusCodes.EnteredInError
        ),
        [ResourceTypes.CareTeam] = new("status", "proposed", "inactive", "entered-in-error"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>As it is kept, changed in its place.</summary>
    public static void Adopt(JsonObject resource)
    {
        if (RuleOf(resource) is not { } rule)
            return;
        if (!rule.Closed.Contains((string?)resource[rule.Element]))
            resource[rule.Element] = rule.Here;
        if (rule.HasIntent)
            resource[Intent] = Proposal;
    }

    /// <summary>
    /// False for what somebody here has taken up, confirmed or refuted since: then it is theirs, and what the sender says later is
    /// in the message.
    /// </summary>
    /// <param name="stored">As it is.</param>
    /// <param name="told">As the sender would have it.</param>
    public static bool IsStill(JsonObject stored, JsonObject told) =>
        RuleOf(stored) is { } rule
            ? (string?)stored[rule.Element] is var status
                && (status == rule.Here || rule.Closed.Contains(status))
                && (!rule.HasIntent || (string?)stored[Intent] == Proposal)
            : VerificationOf(stored) is not ("confirmed" or "refuted" or "entered-in-error")
                || VerificationOf(told) is not ("unconfirmed" or "provisional" or "differential");

    private static Rule? RuleOf(JsonObject resource) =>
        (string?)resource["resourceType"] is { } type ? Rules.GetValueOrDefault(type) : null;

    /// <summary>Of a Condition or an AllergyIntolerance.</summary>
    private static string? VerificationOf(JsonObject resource) =>
        resource["verificationStatus"] is JsonObject status
        && status["coding"] is JsonArray { Count: > 0 } codings
        && codings[0] is JsonObject coding
            ? (string?)coding["code"]
            : null;
}
