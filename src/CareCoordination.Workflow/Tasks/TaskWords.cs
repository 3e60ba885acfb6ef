using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Tasks;

/// <summary>
/// What a task says to somebody who sees its row and nothing else. Of the patient it says what the task itself holds.
/// </summary>
internal static class TaskWords
{
    /// <summary>What there is to do: the description, or else its code in words.</summary>
    public static string About(TaskDraft task) =>
        task.Edit.Description
        ?? task.Edit.Code.Text
        ?? task.Edit.Code.Coding.Select(c => c.Display ?? c.Code).FirstOrDefault(words => words is not null)
        ?? $"Task {task.Key.Id}";

    /// <summary>A reference to the task that can be read.</summary>
    public static ReferenceEditor Link(TaskDraft task) => new() { Reference = task.Reference, Display = About(task) };

    /// <summary>A code of this server with its words.</summary>
    public static CodeableConceptEditor Code(string system, string code, string words)
    {
        var concept = CodeableConceptEditor.Of(system, code, words);
        concept.Text = words;
        return concept;
    }

    /// <summary>A reference as another resource has it, by the name that stands there; none to what is contained there.</summary>
    public static ReferenceEditor Copy(ReferenceEditor reference) =>
        References.Outside(reference.Target()) is { } target
            ? new() { Reference = target, Display = reference.Display }
            : new();
}
