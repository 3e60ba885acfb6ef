using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Timings;

namespace CareCoordination.Workflow.Apply;

/// <summary>Makes the CarePlan of a definition, without its goals and activities.</summary>
internal static class DraftPlan
{
    /// <summary>422 <c>time-range</c> where the plan would end outside of the years that a date can name.</summary>
    public static Result<CarePlanDraft> Of(string id, PlanDefinitionView definition, ApplyRequest request)
    {
        var start = request.Calendar.DayOf(request.Start);
        var author = request.Practitioner ?? request.CareManager ?? request.By.Reference;
        var plan = new CarePlanDraft(id)
        {
            Edit =
            {
                Status = RequestStatusCodes.Draft,
                Intent = CarePlanIntentCodes.Plan,
                Title = definition.Title ?? definition.Name,
                Description = definition.Description,
                Subject = References.To(request.Subject.ToString()),
                Encounter = { Reference = request.Encounter },
                Period = { Start = start },
                Created = request.Now,
                Author = References.To(author),
            },
        };
        plan.Edit.InstantiatesCanonical.Add(
            ActivityBuilder.Canonical(ActionTree.UrlOf(definition), definition.Version)!
        );
        PlanCategories.Ensure(plan);
        foreach (var topic in definition.Topic)
            plan.Edit.Category.Add(new(topic));
        if (request.ParentPlan is { } parent)
            plan.Edit.PartOf.Add(References.To(parent));
        if (request.CareManager is { } manager && manager != author)
            plan.Edit.Contributor.Add(References.To(manager));
        return EndIt(plan, definition, start, request) is { } failure ? failure : plan;
    }

    /// <summary>A plan of thirty days that starts on the first ends on the thirtieth.</summary>
    private static Failure? EndIt(
        CarePlanDraft plan,
        PlanDefinitionView definition,
        DateOnly start,
        ApplyRequest request
    )
    {
        var extension = ExtensionView.Find(definition.Extension, CareExtensions.PlanDuration);
        if (FhirDuration.Parse(extension.ValueDuration) is not { } length)
            return null;
        if (
            length.AddTo(request.Calendar.StartOf(start), request.Calendar.Zone) is not { } next
            || request.Calendar.DayOf(next).PlusDays(-1) is not { } last
        )
            return RuleFailure.OutOfRange("The extension plan-duration", extension.Element.Location);
        plan.Edit.Period.End = last;
        return null;
    }
}
