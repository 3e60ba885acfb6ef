using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.CarePlans;

public enum PlanConflictKind
{
    /// <summary>Two goals with the same measure and the same target, or the same description.</summary>
    DuplicateGoal,

    /// <summary>Two goals with the same measure that want different values: below 130 and below 140.</summary>
    ConflictingTarget,

    /// <summary>Two open tasks of one code at the same time.</summary>
    DuplicateTask,

    /// <summary>Two open requests for the same thing; messages, devices and diets among them.</summary>
    DuplicateRequest,

    /// <summary>One asks for what the other forbids.</summary>
    ContradictoryRequest,
}

/// <summary>Two members, one of each plan, that cannot stand side by side.</summary>
public sealed record PlanConflict(PlanConflictKind Kind, string One, string Other)
{
    /// <summary>The code in an answer: <c>duplicate-goal</c>.</summary>
    public string Code =>
        Kind switch
        {
            PlanConflictKind.DuplicateGoal => "duplicate-goal",
            PlanConflictKind.ConflictingTarget => "conflicting-target",
            PlanConflictKind.DuplicateTask => "duplicate-task",
            PlanConflictKind.DuplicateRequest => "duplicate-request",
            _ => "contradictory-request",
        };

    /// <summary>What stands between two sets of members. What is over conflicts with nothing.</summary>
    public static ImmutableArray<PlanConflict> Between(PlanMembers one, PlanMembers other)
    {
        var conflicts = ImmutableArray.CreateBuilder<PlanConflict>();
        Compare(one.Goals.Where(g => !g.IsTerminal), other.Goals.Where(g => !g.IsTerminal), Goals, conflicts);
        Compare(one.Tasks.Where(t => !t.IsTerminal), other.Tasks.Where(t => !t.IsTerminal), Tasks, conflicts);
        Compare(one.Requests.Where(r => r.IsOpen), other.Requests.Where(r => r.IsOpen), Requests, conflicts);
        Compare(one.Following.Where(r => r.IsOpen), other.Following.Where(r => r.IsOpen), Following, conflicts);
        return conflicts.ToImmutable();
    }

    private static void Compare<T>(
        IEnumerable<T> ones,
        IEnumerable<T> others,
        Func<T, T, PlanConflictKind?> conflict,
        ImmutableArray<PlanConflict>.Builder conflicts
    )
        where T : ResourceDraft
    {
        var right = others.ToArray();
        foreach (var one in ones)
        {
            foreach (var other in right)
            {
                if (one.Key != other.Key && conflict(one, other) is { } kind)
                    conflicts.Add(new PlanConflict(kind, one.Reference, other.Reference));
            }
        }
    }

    private static PlanConflictKind? Goals(GoalDraft one, GoalDraft other)
    {
        foreach (var target in Targets(one))
        {
            foreach (var theirs in Targets(other))
            {
                if (Shares(target.Measure, theirs.Measure))
                    return Wants(target) == Wants(theirs)
                        ? PlanConflictKind.DuplicateGoal
                        : PlanConflictKind.ConflictingTarget;
            }
        }

        return
            SharesCode(one.Edit.Description, other.Edit.Description)
            || SameText(one.Edit.Description.Text, other.Edit.Description.Text)
            ? PlanConflictKind.DuplicateGoal
            : null;
    }

    private static PlanConflictKind? Tasks(TaskDraft one, TaskDraft other) =>
        (
            one.Edit.InstantiatesCanonical is { } definition && definition == other.Edit.InstantiatesCanonical
            || IsSame(one.Edit.Code, other.Edit.Code)
            || (
                IsUncoded(one.Edit.Code)
                && IsUncoded(other.Edit.Code)
                && SameText(one.Edit.Description, other.Edit.Description)
            )
        )
        && !(other.Due is { } theirEnd && one.RestrictionStart is { } start && theirEnd.IsBefore(start))
        && !(one.Due is { } end && other.RestrictionStart is { } theirStart && end.IsBefore(theirStart))
            ? PlanConflictKind.DuplicateTask
            : null;

    private static PlanConflictKind? Requests(ServiceRequestDraft one, ServiceRequestDraft other)
    {
        if (
            !IsSame(one.Edit.Code, other.Edit.Code)
            && !one.Edit.InstantiatesCanonical.Any(c => other.Edit.InstantiatesCanonical.Contains(c))
        )
            return null;
        return (one.Edit.DoNotPerform ?? false) == (other.Edit.DoNotPerform ?? false)
            ? PlanConflictKind.DuplicateRequest
            : PlanConflictKind.ContradictoryRequest;
    }

    /// <summary>The same but for what identifies it and when it was written.</summary>
    private static PlanConflictKind? Following(FollowingRequestDraft one, FollowingRequestDraft other) =>
        one.Key.Type == other.Key.Type && Asked(one) == Asked(other) ? PlanConflictKind.DuplicateRequest : null;

    private static string Asked(FollowingRequestDraft request)
    {
        var asked = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var child in request.Original!.Root)
        {
            if (!Identifying.Contains(child.Name))
                asked[child.Name] = Encoding.UTF8.GetString(child.RawUtf8);
        }

        return string.Join('\n', asked.Select(a => $"{a.Key}:{a.Value}"));
    }

    private static readonly FrozenSet<string> Identifying = FrozenSet.Create(
        StringComparer.Ordinal,
        "id",
        "meta",
        "text",
        "identifier",
        "groupIdentifier",
        "basedOn",
        "authoredOn",
        "dateTime",
        "status",
        "extension",
        "action"
    );

    /// <summary>The same code, or the same words.</summary>
    internal static bool IsSame(CodeableConceptView one, CodeableConceptView other) =>
        Shares(one, other) || SameText(one.Text, other.Text);

    private static bool IsSame(CodeableConceptEditor one, CodeableConceptEditor other) =>
        SharesCode(one, other) || SameText(one.Text, other.Text);

    private static bool IsUncoded(CodeableConceptEditor concept) => concept.Coding.Count == 0 && concept.Text is null;

    private static IEnumerable<GoalTargetView> Targets(GoalDraft goal)
    {
        foreach (var target in GoalView.From(goal.Original!).Target)
            yield return target;
    }

    /// <summary>What a target wants, in one comparable value.</summary>
    private static (decimal?, string?, decimal?, decimal?, string?) Wants(GoalTargetView target) =>
        (
            target.DetailQuantity.Value ?? target.DetailInteger,
            target.DetailQuantity.Comparator,
            target.DetailRange.Low.Value,
            target.DetailRange.High.Value,
            target.DetailCodeableConcept.Coding.Select(c => c.Code).FirstOrDefault() ?? target.DetailBoolean?.ToString()
        );

    private static bool Shares(CodeableConceptView one, CodeableConceptView other)
    {
        foreach (var coding in one.Coding)
        {
            if (coding is { System: { } system, Code: { } code } && other.Has(system, code))
                return true;
        }

        return false;
    }

    private static bool SharesCode(CodeableConceptEditor one, CodeableConceptEditor other) =>
        one.Coding.Any(c => c is { System: { } system, Code: { } code } && other.Has(system, code));

    internal static bool SameText(string? one, string? other) =>
        one is not null
        && other is not null
        && string.Equals(one.Trim(), other.Trim(), StringComparison.OrdinalIgnoreCase);
}
