using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Assessments.Scoring;

/// <summary>
/// What somebody has to do: at once where an answer is urgent, for a lead and with a Flag that whoever opens the record sees; and the
/// next instrument where a short screen is positive.
/// </summary>
internal static class ScoredWork
{
    private const string FlagCategories = "http://terminology.hl7.org/CodeSystem/flag-category";

    public static IEnumerable<ResourceEditor> Of(Assessment assessment, ScoringContext context) =>
        Urgent(assessment, context)
            .Concat(
                assessment
                    .Sums.Where(s => s.IsPositive is true)
                    .Select(s => s.Sum.FollowedBy)
                    .OfType<string>()
                    .Select(next => Next(next, context))
            );

    /// <summary>What urgent answers raise.</summary>
    public static IEnumerable<ResourceEditor> Urgent(Assessment assessment, ScoringContext context)
    {
        foreach (var (work, because) in assessment.Urgent)
        {
            var isSure = work != AssessmentWork.SafetyReview;
            yield return Urgent(work, because, isSure, context);
            if (isSure)
                yield return Flag(work, because, context);
        }
    }

    /// <summary>The Task that asks for the whole PHQ-9, which is called off where the short screen is positive no more.</summary>
    public static ResourceKey NextKeyOf(ResourceKey response) =>
        ScoringContext.KeyOf(response, ResourceTypes.Task, AssessmentWork.WholePhq9);

    /// <summary>A Task that asked for this response: it is done, and the response is what came of it.</summary>
    public static ResourceWrite Done(Snapshot asked, ScoringContext context)
    {
        var task = new TaskDraft(asked) { Status = TaskStatusCodes.Completed };
        Held.Clear(task);
        task.Owner ??= context.By.AsOwner;
        task.ExecutionStart ??= context.Now;
        task.ExecutionEnd = context.Now;
        task.Edit.Output.Add(
            new()
            {
                Type = new() { Text = "Questionnaire response" },
                ValueReference = context.Link,
            }
        );
        task.Touch(context.Now);
        return new ResourceWrite(asked.Key, asked.Version, task.ToUtf8Json());
    }

    private static TaskEditor Urgent(string work, string because, bool isSure, ScoringContext context)
    {
        var task = New(work, context.KeyOf(ResourceTypes.Task, $"{work} {because}"), context);
        task.Edit.Priority = isSure ? RequestPriorityCodes.Stat : RequestPriorityCodes.Urgent;
        task.Edit.PerformerType.Add(
            TaskWords.Code(CareExtensions.RoleSystem, CareExtensions.LeadRole, "Lead of the care managers")
        );
        task.Due = context.Calendar.EndOf(context.Calendar.DayOf(context.Now));
        return task.Edit;
    }

    private static TaskEditor Next(string instrument, ScoringContext context)
    {
        var task = New(AssessmentWork.WholePhq9, NextKeyOf(context.Response.Key), context);
        task.Edit.InstantiatesCanonical = InstrumentChoice.Canonicals + instrument;
        task.Due = context.Calendar.DueInBusinessDays(context.Now, context.Rules.FollowUpBusinessDays);
        if (context.CareManager is { } manager)
            task.GiveTo(manager, context.By);
        return task.Edit;
    }

    private static TaskDraft New(string work, ResourceKey key, ScoringContext context)
    {
        var code = AssessmentWork.Of(work);
        var task = new TaskDraft(key.Id)
        {
            Edit =
            {
                Status = TaskStatusCodes.Requested,
                Intent = TaskIntentCodes.Order,
                Code = TaskWords.Code(CareExtensions.AssessmentWorkSystem, work, code.Display),
                Description = code.Meaning,
                Focus = context.Link,
                For = References.To(context.Patient),
                AuthoredOn = context.Now,
                Requester = References.To(context.By.Reference),
            },
        };
        if (context.View.Encounter.Target() is { } encounter)
            task.Edit.Encounter = References.To(encounter);
        task.Touch(context.Now);
        return task;
    }

    private static FlagEditor Flag(string work, string because, ScoringContext context)
    {
        var code = AssessmentWork.Of(work);
        var flag = new FlagEditor
        {
            Id = context.KeyOf(ResourceTypes.Flag, $"{work} {because}").Id,
            Status = FlagStatusCodes.Active,
            Category = { CodeableConceptEditor.Of(FlagCategories, "safety", "Safety") },
            Code = TaskWords.Code(CareExtensions.AssessmentWorkSystem, work, code.Display),
            Subject = References.To(context.Patient),
            Period = { Start = context.Now },
        };
        if (context.View.Encounter.Target() is { } encounter)
            flag.Encounter = References.To(encounter);
        return flag;
    }
}
