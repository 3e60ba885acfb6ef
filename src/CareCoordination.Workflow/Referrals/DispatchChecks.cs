using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Referrals;

/// <summary>What has to be so before a request goes to a partner. All that is wrong is said at once.</summary>
internal static class DispatchChecks
{
    public static IEnumerable<Issue> Find(
        ServiceRequestDraft request,
        DispatchOrder order,
        DispatchReads reads,
        string? owner,
        ReferralContext context
    ) =>
        [
            .. OfRequest(request, order, owner),
            .. OfPatient(request, order, reads.Patient),
            .. OfEndpoint(order.Endpoint, context),
            .. OfInsurance(request, order, reads, context),
        ];

    private static IEnumerable<Issue> OfRequest(ServiceRequestDraft request, DispatchOrder order, string? owner)
    {
        if (request.Status != RequestStatusCodes.Active || request.CancelRequested() is not null)
            yield return RuleFailure.Issue(
                "request-not-active",
                $"{request.Reference} is {(request.CancelRequested() is null ? request.Status : "being called off")}: only an active request goes to a partner.",
                "ServiceRequest.status"
            );
        if (request.Edit.Intent != RequestIntentCodes.Order)
            yield return RuleFailure.Issue(
                "request-intent",
                $"The intent is {request.Edit.Intent}: only an order goes to a partner. Make one that is based on it.",
                "ServiceRequest.intent"
            );
        if (request.Edit.DoNotPerform is true)
            yield return RuleFailure.Issue(
                "request-intent",
                "The request asks that something is not done: it goes to no partner.",
                "ServiceRequest.doNotPerform"
            );
        if (order.Profile.NeedsOwner && owner is null)
            yield return RuleFailure.Issue(
                "performer-required",
                "The partner's profile needs to know who is asked: name it with 'performer', or in ServiceRequest.performer.",
                "ServiceRequest.performer"
            );
    }

    private static IEnumerable<Issue> OfPatient(ServiceRequestDraft request, DispatchOrder order, Snapshot? snapshot)
    {
        if (snapshot is not { } patient || patient.Key.ToString() != request.Edit.Subject.Target())
        {
            yield return RuleFailure.Issue(
                "patient-missing",
                "The subject of the request is no Patient of this server.",
                "ServiceRequest.subject"
            );
            yield break;
        }

        var root = ResourceDocument.Parse(patient.Utf8Json).Value.Root;
        foreach (var element in order.Profile.NeededOfPatient)
        {
            if (!root.TryGetProperty(System.Text.Encoding.UTF8.GetBytes(element), out _))
                yield return RuleFailure.Issue(
                    "demographics-missing",
                    $"The partner's profile needs Patient.{element}; add it to {patient.Key}.",
                    $"Patient.{element}"
                );
        }
    }

    private static IEnumerable<Issue> OfEndpoint(Snapshot snapshot, ReferralContext context)
    {
        var endpoint = EndpointView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value);
        if (endpoint.Status is not ("active" or "test"))
            yield return RuleFailure.Issue(
                "endpoint-not-active",
                $"{snapshot.Key} is {endpoint.Status}: nothing goes there.",
                "Endpoint.status"
            );
        else if (endpoint.Period.Exists && !endpoint.Period.IncludesInstant(context.Now, context.Calendar.Zone))
            yield return RuleFailure.Issue(
                "endpoint-not-active",
                $"{snapshot.Key} is not in its period: nothing goes there.",
                "Endpoint.period"
            );
        if (string.IsNullOrWhiteSpace(endpoint.Address))
            yield return RuleFailure.Issue(
                "endpoint-not-active",
                $"{snapshot.Key} has no address.",
                "Endpoint.address"
            );
    }

    private static IEnumerable<Issue> OfInsurance(
        ServiceRequestDraft request,
        DispatchOrder order,
        DispatchReads reads,
        ReferralContext context
    )
    {
        if (
            order.NeedsCoverage
            && !reads.Insurance.Any(i =>
                i.Key.Type == ResourceTypes.Coverage
                && CoverageView.From(ResourceDocument.Parse(i.Utf8Json).Value).Status == "active"
            )
        )
            yield return RuleFailure.Issue(
                "coverage-missing",
                "The partner works for those with a coverage: name an active one in ServiceRequest.insurance.",
                "ServiceRequest.insurance"
            );
        var needsAuthorization = request.Edit.Category.Any(c =>
            c.Coding.Any(k => context.Numbers.AuthorizationCategories.Contains(k.Code ?? ""))
        );
        if (needsAuthorization && !reads.Insurance.Any(IsApproval))
            yield return RuleFailure.Issue(
                "authorization-missing",
                "Requests of this category need an approved prior authorization: name its ClaimResponse in ServiceRequest.insurance.",
                "ServiceRequest.insurance"
            );
    }

    /// <summary>https://hl7.org/fhir/R4/claimresponse.html</summary>
    private static bool IsApproval(Snapshot snapshot)
    {
        if (snapshot.Key.Type != ResourceTypes.ClaimResponse)
            return false;
        var root = ResourceDocument.Parse(snapshot.Utf8Json).Value.Root;
        return Is(root, "status"u8, "active"u8)
            && Is(root, "use"u8, "preauthorization"u8)
            && Is(root, "outcome"u8, "complete"u8);
    }

    private static bool Is(JsonValue root, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        root.TryGetProperty(name, out var found) && found.StringEquals(value);
}
