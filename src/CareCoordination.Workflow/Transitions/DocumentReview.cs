using System.Collections.Immutable;
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

    /// <summary>
    /// The Task for whoever reads it, due with the papers of a discharge; where it is there already, with what was read of what is written
    /// now.
    /// </summary>
    /// <param name="manager">Who manages the patient's care; null where nobody does.</param>
    public static ResourceWrite Make(
        ResourceKey reference,
        string patient,
        Snapshot? before,
        string? manager,
        DocumentFindings findings,
        CommandContext command,
        CarePolicy policy
    )
    {
        var task = before is { } known ? new TaskDraft(known) : Begin(reference, patient, manager, command, policy);
        if (!findings.Sentences.IsEmpty)
            task.AddNote(string.Join('\n', findings.Sentences), command.By, command.Now);
        foreach (var (what, made) in findings.Read)
        {
            if (!task.Edit.Input.Any(i => i.ValueReference.Reference == made))
                task.Edit.Input.Add(new() { Type = { Text = what }, ValueReference = References.To(made) });
        }

        task.Touch(command.Now);
        return new(task.Key, before?.Version ?? 0, task.ToUtf8Json());
    }

    private static TaskDraft Begin(
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
        return task;
    }

    /// <summary>Whom a current document is about that is a summary, or may be one that is read; null for others.</summary>
    public static string? PatientOf(ResourceDocument reference)
    {
        var view = DocumentReferenceView.From(reference);
        return
            view.Status == "current"
            && view.Subject.Target() is { } subject
            && subject.StartsWith("Patient/", StringComparison.Ordinal)
            && (IsSummary(view) || ClinicalDocuments.Of(view).Any())
            ? subject
            : null;
    }

    /// <summary>True where it says so itself: somebody reads it, whatever its content is.</summary>
    public static bool IsSummary(DocumentReferenceView reference) =>
        reference.Type.Coding.Any(c => NoticeReader.IsSummary(c.System, c.Code));

    /// <summary>What a record of an intake says that was made, and the record itself.</summary>
    public static ImmutableArray<(string What, string Reference)> MadeBy(Decision taken)
    {
        var record = taken.Writes.First(w => w.Key == taken.Answer);
        var view = TaskView.From(ResourceDocument.Parse(record.Utf8Json).Value);
        return
        [
            ("taken in as", taken.Answer.ToString()),
            .. view
                .Output.Where(o => o.ValueReference.Reference is not null)
                .Select(o => (o.Type.Text ?? "resource", o.ValueReference.Reference!)),
        ];
    }
}

/// <summary>What was read of a document, and what was not.</summary>
/// <param name="Sentences">For whoever reviews it.</param>
/// <param name="Read">What was made of it, and what it is.</param>
public sealed record DocumentFindings(
    ImmutableArray<string> Sentences,
    ImmutableArray<(string What, string Reference)> Read
)
{
    public static readonly DocumentFindings None = new([], []);
}
