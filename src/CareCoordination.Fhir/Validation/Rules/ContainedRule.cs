using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>
/// dom-2 to dom-5: contained resources have an id of their own, are referred to, and hold neither resources nor versions
/// nor security labels. https://hl7.org/fhir/R4/references.html#contained
/// </summary>
internal sealed class ContainedRule : Rule
{
    public override void Check(RuleContext context, JsonValue value)
    {
        if (!value.TryGetProperty("contained"u8, out var contained) || contained.Kind != JsonValueKind.Array)
            return;
        if (context.IsContained)
        {
            context.Report(
                contained,
                IssueCode.Invariant,
                "dom-2: a contained resource cannot contain others; move them up."
            );
            return;
        }

        foreach (var resource in contained)
        {
            if (resource.Kind != JsonValueKind.Object)
                continue;
            CheckId(context, resource);
            CheckMeta(context, resource);
        }
    }

    public override string ToString() => "dom-2, dom-3, dom-4, dom-5: contained resources";

    private static void CheckId(RuleContext context, JsonValue resource)
    {
        if (!resource.TryGetProperty("id"u8, out var idValue) || idValue.Kind != JsonValueKind.String)
        {
            if (!ContainedResources.RefersToContainer(resource))
                context.Report(
                    resource,
                    IssueCode.Invariant,
                    "dom-3: a contained resource needs an id by which it is referred to."
                );
            return;
        }

        var id = idValue.GetString();
        if (!context.Contained.IsFirst(id, resource))
            context.Report(idValue, IssueCode.Duplicate, "Another contained resource has this id; give each its own.");
        else if (!context.Contained.IsReferenced(id) && !ContainedResources.RefersToContainer(resource))
            context.Report(
                resource,
                IssueCode.Invariant,
                "dom-3: nothing refers to this contained resource; refer to it by '#' and its id, or remove it."
            );
    }

    private static void CheckMeta(RuleContext context, JsonValue resource)
    {
        if (!resource.TryGetProperty("meta"u8, out var meta))
            return;
        if (meta.TryGetProperty("versionId"u8, out _) || meta.TryGetProperty("lastUpdated"u8, out _))
            context.Report(
                meta,
                IssueCode.Invariant,
                "dom-4: a contained resource has no version of its own; remove versionId and lastUpdated."
            );
        if (meta.TryGetProperty("security"u8, out _))
            context.Report(
                meta,
                IssueCode.Invariant,
                "dom-5: a contained resource has no security labels of its own; label the container."
            );
    }
}
