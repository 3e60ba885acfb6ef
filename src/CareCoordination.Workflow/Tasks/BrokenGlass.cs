using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Tasks;

/// <summary>
/// <c>$break-glass</c>: the task that asks the privacy officer to look at it is what says who broke the glass, for whom, when and why.
/// </summary>
public static class BrokenGlass
{
    /// <summary>422 <c>reason-required</c>.</summary>
    /// <param name="until">When the glass is whole again.</param>
    public static Result<Decision> Break(
        ResourceKey patient,
        ResourceKey person,
        Reason? reason,
        DateTimeOffset now,
        DateTimeOffset until,
        string newId
    )
    {
        if (reason is null || reason.AsText.Trim().Length == 0)
            return RuleFailure.Of(
                "reason-required",
                "A glass is broken for a reason, which the privacy officer reads: send 'reason'.",
                "Parameters.parameter"
            );
        var task = new TaskEditor
        {
            Id = newId,
            Status = TaskStatusCodes.Requested,
            Intent = RequestIntentCodes.Order,
            Priority = RequestPriorityCodes.Urgent,
            Code = Coded(CareExtensions.CommandSystem, CareExtensions.BreakGlass),
            Description = $"Review why the glass was broken, and what was read until {until:O}.",
            For = ReferenceEditor.To(patient),
            Requester = ReferenceEditor.To(person),
            ReasonCode = reason.ToCodeableConcept(),
            AuthoredOn = now,
            LastModified = now,
        };
        task.PerformerType.Add(Coded(CareExtensions.RoleSystem, CareExtensions.PrivacyRole));
        var key = new ResourceKey(ResourceTypes.Task, newId);
        return new Decision(key, [new ResourceWrite(key, 0, task.ToUtf8Json())])
        {
            Activity = CareExtensions.BreakGlass,
        };
    }

    private static CodeableConceptEditor Coded(string system, string code)
    {
        var concept = new CodeableConceptEditor();
        concept.Coding.Add(new() { System = system, Code = code });
        return concept;
    }
}
