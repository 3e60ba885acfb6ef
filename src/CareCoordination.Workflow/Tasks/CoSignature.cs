using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Tasks;

/// <summary>
/// An assistant works under supervision: what they plan stays a draft, and a plan or an assessment of theirs waits for a co-sign task, which a
/// care manager completes. One task for each resource while it is open, so that a draft may be worked on.
/// </summary>
public static class CoSignature
{
    /// <summary>The code of the task.</summary>
    public const string Code = "co-sign";

    /// <summary>Of what an assistant writes, this waits for somebody else.</summary>
    public static bool IsNeededFor(string resourceType) =>
        resourceType is ResourceTypes.CarePlan or ResourceTypes.QuestionnaireResponse;

    /// <summary>403 where an assistant writes a plan that is no draft; null where they may.</summary>
    public static Failure? Refuses(ResourceKey key, ResourceDocument document) =>
        key.Type == ResourceTypes.CarePlan && CarePlanView.From(document).Status is not ("draft" or "entered-in-error")
            ? RuleFailure.Forbidden(
                "A plan of an assistant is a draft: a care manager co-signs it, and CarePlan/[id]/$activate begins it.",
                "CarePlan.status"
            )
            : null;

    /// <summary>The task for what was written.</summary>
    /// <param name="assistant">Who wrote it.</param>
    public static ResourceWrite Ask(
        ResourceKey written,
        ResourceKey? patient,
        ResourceKey? assistant,
        DateTimeOffset now,
        string newId
    )
    {
        var task = new TaskEditor
        {
            Id = newId,
            Status = TaskStatusCodes.Requested,
            Intent = RequestIntentCodes.Order,
            Code = Coded(CareExtensions.CommandSystem, Code),
            Description = "Read what an assistant has written, and co-sign it.",
            Focus = ReferenceEditor.To(written),
            AuthoredOn = now,
            LastModified = now,
        };
        if (patient is { } about)
            task.For = ReferenceEditor.To(about);
        if (assistant is { } person)
            task.Requester = ReferenceEditor.To(person);
        task.PerformerType.Add(Coded(CareExtensions.RoleSystem, CareExtensions.LeadRole));
        return new ResourceWrite(new(ResourceTypes.Task, newId), 0, task.ToUtf8Json());
    }

    private static CodeableConceptEditor Coded(string system, string code)
    {
        var concept = new CodeableConceptEditor();
        concept.Coding.Add(new() { System = system, Code = code });
        return concept;
    }
}
