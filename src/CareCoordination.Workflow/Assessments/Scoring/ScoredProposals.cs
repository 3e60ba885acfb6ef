using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Assessments.Scoring;

/// <summary>
/// What a response makes likely, for somebody to confirm or to order: a problem that is not confirmed, and for a social need a request that is a
/// proposal. https://hl7.org/fhir/us/sdoh-clinicalcare/sdoh_clinical_care_scope.html
/// </summary>
internal static class ScoredProposals
{
    private const string ClinicalStatuses = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    private const string VerificationStatuses = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
    private const string UsConditions = "http://hl7.org/fhir/us/core/CodeSystem/condition-category";
    private const string UsCategories = "http://hl7.org/fhir/us/core/CodeSystem/us-core-category";
    private const string Sct = "http://snomed.info/sct";

    public static IEnumerable<ResourceEditor> Of(Assessment assessment, ScoringContext context)
    {
        foreach (var sum in assessment.Sums)
        {
            if (sum is { IsPositive: true, Sum.Suggests: { } finding })
                yield return Condition($"condition {sum.Sum.Code}", finding, null, context);
        }

        foreach (var need in assessment.Needs)
        {
            var condition = Condition(
                ConditionPurpose(need.Domain),
                SocialNeeds.Findings[need.Domain],
                need.Domain,
                context
            );
            yield return condition;
            yield return Request(need, condition, context);
        }
    }

    /// <summary>Every id that a proposed problem can have, with that of the request for it.</summary>
    public static Dictionary<ResourceKey, ResourceKey?> KeysOf(ResourceKey response)
    {
        var keys = new Dictionary<ResourceKey, ResourceKey?>();
        foreach (var sum in Instruments.All.SelectMany(i => i.Sums))
            keys[ScoringContext.KeyOf(response, ResourceTypes.Condition, $"condition {sum.Code}")] = null;
        foreach (var domain in SocialNeeds.Findings.Keys)
            keys[ScoringContext.KeyOf(response, ResourceTypes.Condition, ConditionPurpose(domain))] =
                ScoringContext.KeyOf(response, ResourceTypes.ServiceRequest, RequestPurpose(domain));
        return keys;
    }

    private static ConditionEditor Condition(string purpose, Finding finding, string? domain, ScoringContext context)
    {
        var condition = new ConditionEditor
        {
            Id = context.KeyOf(ResourceTypes.Condition, purpose).Id,
            ClinicalStatus = CodeableConceptEditor.Of(ClinicalStatuses, "active"),
            VerificationStatus = CodeableConceptEditor.Of(VerificationStatuses, "unconfirmed"),
            Category = { CodeableConceptEditor.Of(UsConditions, "health-concern", "Health Concern") },
            Code = finding is { System: { } system, Code: { } code }
                ? CodeableConceptEditor.Of(system, code)
                : new CodeableConceptEditor(),
            Subject = References.To(context.Patient),
            RecordedDate = context.Now,
            Evidence = { new() { Detail = { context.Link } } },
        };
        condition.Code.Text = finding.Text;
        if (domain is not null)
            condition.Category.Add(CodeableConceptEditor.Of(SocialNeeds.Domains, domain));
        if (context.View.Encounter.Target() is { } encounter)
            condition.Encounter = References.To(encounter);
        return condition;
    }

    private static ServiceRequestEditor Request(SocialNeed need, ConditionEditor condition, ScoringContext context)
    {
        var request = new ServiceRequestEditor
        {
            Id = context.KeyOf(ResourceTypes.ServiceRequest, RequestPurpose(need.Domain)).Id,
            Status = RequestStatusCodes.Draft,
            Intent = RequestIntentCodes.Proposal,
            Category =
            {
                CodeableConceptEditor.Of(SocialNeeds.Domains, need.Domain),
                CodeableConceptEditor.Of(UsCategories, "sdoh", "SDOH"),
            },
            Code = CodeableConceptEditor.Of(Sct, "3457005", "Patient referral"),
            Subject = References.To(context.Patient),
            AuthoredOn = context.Now,
            ReasonReference = { References.To($"{ResourceTypes.Condition}/{condition.Id}") },
            SupportingInfo = { context.Link },
        };
        request.Code.Text = $"Help with: {SocialNeeds.Findings[need.Domain].Text}";
        if (context.View.Encounter.Target() is { } encounter)
            request.Encounter = References.To(encounter);
        return request;
    }

    private static string ConditionPurpose(string domain) => $"condition {domain}";

    private static string RequestPurpose(string domain) => $"request {domain}";
}
