using System.Collections.Immutable;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>
/// Teaching that ends with the patient saying in their own words what was taught: what came of that is an output of the Task, and without it
/// nobody knows whether it was understood. https://www.ahrq.gov/health-literacy/improve/precautions/tool5.html
/// </summary>
public static class TeachBack
{
    public const string WorkSystem = OwnCanonical.CodeSystems + "education-work";

    /// <summary>The code of the Task, and the type of its output.</summary>
    public const string Teach = "teach";

    public const string Output = "teach-back";

    public const string OutcomeSystem = OwnCanonical.CodeSystems + "teach-back-outcome";

    public const string Understood = "understood";
    public const string NeedsReinforcement = "needs-reinforcement";
    public const string NotUnderstood = "not-understood";

    public static readonly ImmutableArray<OwnCode> Work =
    [
        new(
            Teach,
            "Teach, and have it said back",
            "Explain, ask the patient to say it in their own words, and record what came of it."
        ),
        new(Output, "Teach-back", "What came of it: the type of an output, with a code of teach-back-outcome."),
    ];

    public static readonly ImmutableArray<OwnCode> Outcomes =
    [
        new(NeedsReinforcement, "The patient said most of it; it is to be gone through again."),
        new(NotUnderstood, "The patient could not say it; it is to be taught again, in another way."),
        new(Understood, "The patient said it in their own words."),
    ];

    private const string Rule = "teach-back-missing";

    private const string Sentence =
        $"Teaching is completed with what the patient could say back: give an output of the type {WorkSystem}|{Output} whose valueCodeableConcept is {Understood}, {NeedsReinforcement} or {NotUnderstood} of {OutcomeSystem}; $complete takes it as 'outcome' too. Where it did not take place, fail or cancel the Task.";

    public static bool Is(TaskView task) => task.Code.Has(WorkSystem, Teach);

    internal static bool Is(TaskDraft task) => task.Edit.Code.Has(WorkSystem, Teach);

    /// <summary>What came of it; null where nothing that is known is said.</summary>
    internal static string? OutcomeOf(TaskDraft task) =>
        task
            .Edit.Output.Where(o => o.Type.Has(WorkSystem, Output))
            .SelectMany(o => o.ValueCodeableConcept.Coding)
            .Where(c => c.System == OutcomeSystem)
            .Select(c => c.Code)
            .FirstOrDefault(c => c is not null && IsOutcome(c));

    internal static bool IsOutcome(string code) => Outcomes.Any(o => o.Code == code);

    internal static TaskOutputEditor OutputOf(string outcome) =>
        new()
        {
            Type = CodeableConceptEditor.Of(WorkSystem, Output),
            ValueCodeableConcept = CodeableConceptEditor.Of(OutcomeSystem, outcome),
        };

    /// <summary>Takes the outcome of a command as what was said back.</summary>
    internal static void Take(TaskDraft task, Reason? outcome)
    {
        if (
            Is(task)
            && outcome is { System: OutcomeSystem, Code: { } code }
            && IsOutcome(code)
            && OutcomeOf(task) is null
        )
            task.Edit.Output.Add(OutputOf(code));
    }

    /// <summary>422 <c>teach-back-missing</c></summary>
    internal static Failure? Check(TaskDraft completed) =>
        Is(completed) && OutcomeOf(completed) is null ? RuleFailure.Of(Rule, Sentence, "Task.output") : null;

    /// <summary>A plain write that completes it. 422 <c>teach-back-missing</c>; null for all others.</summary>
    public static Failure? Check(ResourceDocument? before, ResourceDocument after) =>
        TaskView.From(after) is { Status: TaskStatusCodes.Completed } task
        && Is(task)
        && (before is null || TaskView.From(before).Status != TaskStatusCodes.Completed)
        && !HasOutcome(task)
            ? RuleFailure.Of(Rule, Sentence, "Task.output")
            : null;

    private static bool HasOutcome(TaskView task)
    {
        foreach (var output in task.Output)
        {
            if (!output.Type.Has(WorkSystem, Output))
                continue;
            foreach (var coding in output.ValueCodeableConcept.Coding)
            {
                if (coding is { System: OutcomeSystem, Code: { } code } && IsOutcome(code))
                    return true;
            }
        }

        return false;
    }
}
