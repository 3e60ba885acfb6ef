using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Referrals;

/// <summary>Who is to get a referral.</summary>
/// <param name="References">The owner of the Task, the Endpoint, the organisation that manages it.</param>
/// <param name="NeedsConsent">True where the patient has to agree first, as for a community organisation without a contract.</param>
public sealed record Recipient(ImmutableHashSet<string> References, bool NeedsConsent)
{
    public static Recipient Of(Snapshot task, Snapshot endpoint, bool needsConsent) =>
        Of(new TaskDraft(task).Owner, endpoint, needsConsent);

    internal static Recipient Of(string? owner, Snapshot endpoint, bool needsConsent)
    {
        var organization = EndpointView
            .From(ResourceDocument.Parse(endpoint.Utf8Json).Value)
            .ManagingOrganization.Target();
        return new([.. new[] { owner, endpoint.Key.ToString(), organization }.OfType<string>()], needsConsent);
    }
}

/// <summary>Whether something may go, and why not.</summary>
/// <param name="Withheld">
/// <c>consent-missing</c>, <c>consent-denies</c>, <c>security-label</c> or <c>other-patient</c>; null where it may go.
/// </param>
/// <param name="RestsOn">The Consent that permits it, where there is one.</param>
public readonly record struct DisclosureVerdict(string? Withheld, string? RestsOn)
{
    public bool MayGo => Withheld is null;
}

/// <summary>
/// May this go to that partner? Asked at dispatch and again whenever something leaves, so that a consent that was withdrawn
/// meanwhile holds it back. A denial stands above every permission.
/// </summary>
public static class Disclosure
{
    /// <summary>The referral as such: the ServiceRequest and its Task.</summary>
    /// <param name="consents">All of the patient, of any status.</param>
    public static DisclosureVerdict OfReferral(
        Snapshot request,
        Recipient to,
        IEnumerable<Snapshot> consents,
        CareRules rules,
        DateTimeOffset now,
        TimeZoneInfo zone
    ) => Of(request, request, to, consents, rules, now, zone);

    /// <summary>One resource that goes along.</summary>
    /// <param name="request">The ServiceRequest it goes with: the category and code that consents may be limited to.</param>
    public static DisclosureVerdict Of(
        Snapshot resource,
        Snapshot request,
        Recipient to,
        IEnumerable<Snapshot> consents,
        CareRules rules,
        DateTimeOffset now,
        TimeZoneInfo zone
    )
    {
        var document = ResourceDocument.Parse(resource.Utf8Json).Value;
        var asked = ServiceRequestView.From(ResourceDocument.Parse(request.Utf8Json).Value);
        var patient = asked.Subject.Target();
        if (RecordPatient.Of(document) is { } other && other != patient)
            return new("other-patient", null);
        var question = new ConsentQuestion(
            to.References,
            Codes(asked),
            resource.Key.Type,
            resource.Key.ToString(),
            SensitiveLabels(document, rules.Referrals),
            zone
        );
        string? permittedBy = null;
        foreach (var snapshot in consents)
        {
            var consent = ConsentView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value);
            if (consent.Patient.Target() != patient)
                continue;
            switch (ConsentRule.Answer(consent, question, now))
            {
                case ConsentAnswer.Deny:
                    return new("consent-denies", null);
                case ConsentAnswer.Permit:
                    permittedBy ??= snapshot.Key.ToString();
                    break;
            }
        }

        if (permittedBy is not null)
            return new(null, permittedBy);
        return question.Labels.Count > 0 ? new("security-label", null)
            : to.NeedsConsent ? new("consent-missing", null)
            : new(null, null);
    }

    private static HashSet<string> Codes(ServiceRequestView request)
    {
        var codes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var category in request.Category)
        {
            foreach (var coding in category.Coding)
                codes.Add($"{coding.System}|{coding.Code}");
        }

        foreach (var coding in request.Code.Coding)
            codes.Add($"{coding.System}|{coding.Code}");
        return codes;
    }

    private static HashSet<string> SensitiveLabels(ResourceDocument document, ReferralRules rules)
    {
        var labels = new HashSet<string>(StringComparer.Ordinal);
        foreach (var coding in new MetaView(Element.Root(document, R4Definitions.Schema).Child("meta")).Security)
        {
            if ($"{coding.System}|{coding.Code}" is var label && rules.SensitiveLabels.Contains(label))
                labels.Add(label);
        }

        return labels;
    }
}
