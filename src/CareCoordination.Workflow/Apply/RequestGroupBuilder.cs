using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Apply;

/// <summary>
/// The one RequestGroup of a plan that is not flattened: the actions with their behaviours and relations, each with the resource it
/// made as an option. https://hl7.org/fhir/R4/requestgroup.html
/// </summary>
internal static class RequestGroupBuilder
{
    public static (ResourceKey Key, byte[] Json) Build(
        PlanDefinitionView definition,
        List<ActionNode> roots,
        ApplyRequest request,
        string id,
        string plan,
        Func<ResourceKey, string> reference
    )
    {
        var group = new RequestGroupEditor
        {
            Id = id,
            InstantiatesCanonical = { ActivityBuilder.Canonical(ActionTree.UrlOf(definition), definition.Version)! },
            BasedOn = { References.To(plan) },
            Status = RequestStatusCodes.Draft,
            Intent = RequestIntentCodes.Plan,
            Subject = References.To(request.Subject.ToString()),
            Encounter = { Reference = request.Encounter },
            AuthoredOn = request.Now,
            Author = References.To(request.Practitioner ?? request.CareManager ?? request.By.Reference),
        };
        foreach (var root in roots.Where(HasResource))
            group.Action.Add(Action(root, reference));
        return (new(ResourceTypes.RequestGroup, id), group.ToUtf8Json());
    }

    private static RequestGroupActionEditor Action(ActionNode node, Func<ResourceKey, string> reference)
    {
        var definition = node.Action;
        var action = new RequestGroupActionEditor
        {
            Id = definition.Id,
            Prefix = definition.Prefix,
            Title = definition.Title,
            Description = definition.Description,
            TextEquivalent = definition.TextEquivalent,
            Priority = definition.Priority,
            GroupingBehavior = definition.GroupingBehavior,
            SelectionBehavior = definition.SelectionBehavior,
            RequiredBehavior = definition.RequiredBehavior,
            PrecheckBehavior = definition.PrecheckBehavior,
            CardinalityBehavior = definition.CardinalityBehavior,
        };
        foreach (var code in definition.Code)
            action.Code.Add(new(code));
        foreach (var relation in definition.RelatedAction)
        {
            var related = new RequestGroupActionRelatedActionEditor
            {
                ActionId = relation.ActionId,
                Relationship = relation.Relationship,
            };
            if (relation.OffsetDuration.Exists)
                related.OffsetDuration = new(relation.OffsetDuration);
            else if (relation.OffsetRange.Exists)
                related.OffsetRange = new(relation.OffsetRange);
            action.RelatedAction.Add(related);
        }

        if (node.Occasion is { Due: { } due } occasion)
            action.TimingPeriod = new() { Start = occasion.Start, End = due };
        // rqg-1: an action has a resource or actions, never both.
        if (!node.Children.Exists(HasResource))
        {
            action.Resource = References.To(reference(node.Key));
            return action;
        }

        if (node.MakesResource)
            action.Action.Add(new() { Title = definition.Title, Resource = References.To(reference(node.Key)) });
        foreach (var child in node.Children.Where(HasResource))
            action.Action.Add(Action(child, reference));
        return action;
    }

    private static bool HasResource(ActionNode node) => node.WithDescendants().Any(n => n.MakesResource);
}
