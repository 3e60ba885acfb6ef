using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Monitoring;

/// <summary>A goal with thresholds, and the readings of it that are being written.</summary>
/// <param name="Known">Of the readings that are stored those that the goal needs.</param>
/// <param name="Policy">Of the organisation that works on it.</param>
public sealed record WatchedGoal(
    Snapshot Goal,
    KnownReadings Known,
    ImmutableArray<WatchedReading> Written,
    CarePolicy Policy,
    DateTimeOffset Now
)
{
    private ReadingFindings? _findings;

    internal ReadingFindings Findings => _findings ??= ReadingFindings.Of(Goal, Known, Written, Policy, Now);

    /// <summary>True for most readings: nothing has to be read then, and nothing follows.</summary>
    public bool IsQuiet => Findings.IsEmpty;

    /// <summary>True where a reading asks for a review, and not only less than before.</summary>
    public bool HasFindings => !Findings.Found.IsEmpty;

    /// <summary>True where no Task can be about the readings: all that is asked is that nobody writes others at this moment.</summary>
    public bool OnlyWaits => Findings is { Found.IsEmpty: true, Gone.IsEmpty: true };

    /// <summary>True where another reading, written at this moment, would have made one of them more pressing.</summary>
    public bool RestsOnOthers => Findings.MayBeRun;
}

/// <summary>What there is of a goal whose readings are beyond its thresholds.</summary>
/// <param name="Open">The Tasks that ask for a review of its readings and are not over.</param>
public sealed record ReviewSurroundings(ImmutableArray<Snapshot> Open)
{
    /// <summary>Who manages the care of the patient; null where nobody does.</summary>
    public string? Manager { get; init; }

    /// <summary>The active plans of which the goal is one, as references.</summary>
    public ImmutableArray<string> Plans { get; init; } = [];
}

/// <summary>
/// Readings beyond a threshold of a goal become a Task of the care manager: one at a time for a goal, to which further readings come. It is raised
/// by what is more pressing, and is never lowered or closed by readings that are better again: somebody has to have looked. Only where readings
/// were corrected or taken back, and nobody has begun, it ends.
/// </summary>
public static class ReadingReview
{
    /// <summary>A Task does not grow with every reading: the first and the latest ones are kept.</summary>
    public const int MostInputs = 20;

    /// <param name="newId">For a Task.</param>
    public static ImmutableArray<ResourceWrite> Decide(
        WatchedGoal goal,
        ReviewSurroundings around,
        Agent by,
        Func<string> newId
    )
    {
        var reviews = around.Open.Select(t => new Review(new TaskDraft(t), goal, by)).ToList();
        foreach (var review in reviews)
            review.Withdraw();
        foreach (var finding in goal.Findings.Found)
        {
            if (reviews.Exists(r => r.Has(finding)))
                continue;
            if (reviews.Find(r => r.Takes) is not { } open)
            {
                open = Review.New(newId(), goal, around, by);
                reviews.Add(open);
            }

            open.Add(finding);
        }

        return [.. reviews.Where(r => r.IsChanged).Select(r => r.Write())];
    }

    private sealed class Review(TaskDraft task, WatchedGoal goal, Agent by)
    {
        public bool IsChanged { get; private set; }

        /// <summary>What rests was looked at: a further reading is for somebody who is awake.</summary>
        public bool Takes => task.Status != TaskStatusCodes.OnHold && !task.IsTerminal;

        public static Review New(string id, WatchedGoal goal, ReviewSurroundings around, Agent by)
        {
            var view = GoalView.From(Fhir.Json.ResourceDocument.Parse(goal.Goal.Utf8Json).Value);
            var code = MonitoringWork.Of(MonitoringWork.Review);
            var task = new TaskDraft(id)
            {
                Edit =
                {
                    Intent = TaskIntentCodes.Order,
                    Code = TaskWords.Code(MonitoringWork.System, code.Code, code.Display),
                    Focus = References.To(goal.Goal.Key.ToString()),
                    For = References.To(view.Subject.Target()!),
                    AuthoredOn = goal.Now,
                    Requester = References.To(by.Reference),
                },
            };
            foreach (var plan in around.Plans)
                task.Edit.BasedOn.Add(References.To(plan));
            if (around.Manager is { } manager)
                task.GiveTo(manager, by);
            else
                task.Edit.PerformerType.Add(
                    TaskWords.Code(PlanCategories.Snomed, CareManagerRoles.Codes[0], "care manager")
                );
            task.Status = task.Owner is null ? TaskStatusCodes.Requested : TaskStatusCodes.Ready;
            return new Review(task, goal, by);
        }

        /// <summary>It names the reading already, and is as pressing.</summary>
        public bool Has(ReadingFinding finding) =>
            Names(finding.Reading.Reference) && Priorities.Rank(task.Priority) >= finding.Rank;

        public void Add(ReadingFinding finding)
        {
            if (!Names(finding.Reading.Reference))
                AddInput(finding.Reading.Reference);
            if (task.Edit.Description is null || finding.Rank > Priorities.Rank(task.Priority))
                Press(finding);
            IsChanged = true;
        }

        /// <summary>Without the readings that ask for nothing any more. Where none is left and nobody has begun there is nothing to do.</summary>
        public void Withdraw()
        {
            var gone = goal.Findings.Gone;
            var count = task.Edit.Input.Count;
            task.Edit.Input.RemoveAll(i => gone.Contains(i.ValueReference.Target() ?? ""));
            if (task.Edit.Input.Count == count)
                return;
            IsChanged = true;
            if (gone.Contains(task.Edit.ReasonReference.Target() ?? ""))
                task.Edit.ReasonReference = task
                    .Edit.Input.Select(i => i.ValueReference.Target())
                    .FirstOrDefault(r => r is not null)
                    is { } other
                    ? References.To(other)
                    : new();
            if (task.Edit.Input.Any(i => i.Type.Has(MonitoringWork.System, MonitoringWork.Reading)))
                return;
            if (task.Status is TaskStatusCodes.InProgress or TaskStatusCodes.OnHold)
                task.AddNote(MonitoringWork.Of(MonitoringWork.Withdrawn).Meaning, by, goal.Now);
            else
            {
                task.Status = TaskStatusCodes.Cancelled;
                var reason = MonitoringWork.Of(MonitoringWork.Withdrawn);
                task.Edit.StatusReason = TaskWords.Code(MonitoringWork.System, reason.Code, reason.Display);
            }
        }

        public ResourceWrite Write()
        {
            task.Touch(goal.Now);
            return new(task.Key, task.Version, task.ToUtf8Json());
        }

        private bool Names(string reading) => task.Edit.Input.Any(i => i.ValueReference.Target() == reading);

        private void AddInput(string reading)
        {
            if (task.Edit.Input.Count >= MostInputs)
                task.Edit.Input.RemoveAt(1);
            task.Edit.Input.Add(
                new()
                {
                    Type = TaskWords.Code(
                        MonitoringWork.System,
                        MonitoringWork.Reading,
                        MonitoringWork.Of(MonitoringWork.Reading).Display
                    ),
                    ValueReference = References.To(reading),
                }
            );
        }

        /// <summary>The reading is the reason now; due is what is due earlier.</summary>
        private void Press(ReadingFinding finding)
        {
            var priority = Priorities.All[finding.Rank];
            task.Edit.Priority = priority;
            task.Edit.Description = finding.Words;
            task.Edit.ReasonReference = References.To(finding.Reading.Reference);
            var days = goal.Policy.RulesAt(goal.Now).Monitoring.ReviewBusinessDays.GetValueOrDefault(priority);
            var calendar = goal.Policy.Calendar;
            // What is due on the same day is due on that day, whatever day it is: a reading of a Sunday does not wait for Monday.
            var due = days == 0 ? calendar.DueInDays(goal.Now, 0) : calendar.DueInBusinessDays(goal.Now, days);
            if (due is { } at && !(task.Due is { } before && calendar.EndOf(before) <= at))
                task.Due = at;
        }
    }
}
