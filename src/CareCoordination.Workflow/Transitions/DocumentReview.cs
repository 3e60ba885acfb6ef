using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Transitions;

/// <summary>
/// A discharge or transfer summary that comes as a document, as a C-CDA or a PDF: it is stored, and somebody reads it.
/// https://hl7.org/fhir/R4/documentreference.html
/// </summary>
public static class DocumentReview
{
    public static ResourceKey TaskOf(ResourceKey reference) =>
        new(ResourceTypes.Task, DerivedId.Of(reference, "review"));

    /// <summary>The Task for whoever reads it, due with the papers of a discharge.</summary>
    public static ResourceWrite Make(
        ResourceKey reference,
        string patient,
        string? manager,
        CommandContext command,
        CarePolicy policy
    )
    {
        var task = new TaskDraft(TaskOf(reference).Id)
        {
            Edit =
            {
                Intent = TaskIntentCodes.Order,
                Code = TaskWords.Code(
                    TransitionWork.System,
                    TransitionWork.Document,
                    TransitionWork.Words(TransitionWork.Document)
                ),
                For = References.To(patient),
                Focus = References.To(reference.ToString()),
                AuthoredOn = command.Now,
                Requester = new()
                {
                    Reference = command.By.Reference,
                    Display = command.By.NameOf(command.By.Reference),
                },
            },
        };
        if (
            policy.Calendar.DueInBusinessDays(
                command.Now,
                policy.RulesAt(command.Now).Transitions.ReviewBusinessDays
            ) is
            { } due
        )
            task.Due = due;
        if (manager is not null)
            task.GiveTo(manager, command.By);
        else
            task.Edit.PerformerType.Add(
                TaskWords.Code(PlanCategories.Snomed, CareManagerRoles.Codes[0], "care manager")
            );
        task.Status = task.Owner is null ? TaskStatusCodes.Requested : TaskStatusCodes.Ready;
        task.Touch(command.Now);
        return new(task.Key, 0, task.ToUtf8Json());
    }

    /// <summary>Whom a current document of such a type is about; null for others.</summary>
    public static string? PatientOf(ResourceDocument reference)
    {
        var view = DocumentReferenceView.From(reference);
        var isSummary = view.Type.Coding.Any(c => NoticeReader.IsSummary(c.System, c.Code));
        return
            isSummary
            && view.Status == "current"
            && view.Subject.Target() is { } subject
            && subject.StartsWith("Patient/", StringComparison.Ordinal)
            ? subject
            : null;
    }
}
