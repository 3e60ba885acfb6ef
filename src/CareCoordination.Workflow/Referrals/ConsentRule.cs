using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Referrals;

/// <summary>What one Consent says to one question.</summary>
public enum ConsentAnswer
{
    /// <summary>It is not about this.</summary>
    Silent,

    Permit,

    Deny,
}

/// <summary>What is to go to whom.</summary>
/// <param name="Recipients">The one that gets it, by every reference it is known by.</param>
/// <param name="Codes">Category and code of the request, as <c>system|code</c>.</param>
/// <param name="ResourceType">Of what is to go.</param>
/// <param name="Reference">Of what is to go.</param>
/// <param name="Labels">Its security labels that need a Consent which names them.</param>
/// <param name="Zone">Whose days the days of the Consent are: of the organisation that asks.</param>
public sealed record ConsentQuestion(
    IReadOnlySet<string> Recipients,
    IReadOnlySet<string> Codes,
    string ResourceType,
    string Reference,
    IReadOnlySet<string> Labels,
    TimeZoneInfo Zone
);

/// <summary>
/// Reads a Consent. https://hl7.org/fhir/R4/consent.html A provision covers what all of its limits let through; nested ones are
/// exceptions. A permission without recipients covers every one, and sensitive data only where it names the label.
/// </summary>
internal static class ConsentRule
{
    private static readonly HashSet<string> Privacy = ["patient-privacy"];

    /// <summary>Roles of actors that are no recipients: who keeps, wrote or told it.</summary>
    private static readonly HashSet<string> OtherRoles = ["CST", "AUT", "INF"];

    /// <param name="scopes">Codes of <c>Consent.scope</c> that the question is about; null: privacy.</param>
    public static ConsentAnswer Answer(
        ConsentView consent,
        ConsentQuestion question,
        DateTimeOffset now,
        IReadOnlySet<string>? scopes = null
    )
    {
        if (consent.Status != "active" || !IsAbout(consent, scopes ?? Privacy))
            return ConsentAnswer.Silent;
        var optsOut = consent.PolicyRule.Coding.Any(c => c.Code is "OPTOUT" or "OPTOUTE");
        var byPolicy = optsOut ? ConsentAnswer.Deny : ConsentAnswer.Permit;
        if (!consent.Provision.Exists)
            return byPolicy == ConsentAnswer.Permit && question.Labels.Count > 0 ? ConsentAnswer.Silent : byPolicy;
        return Answer(consent.Provision, byPolicy, question, now);
    }

    private static ConsentAnswer Answer(
        ConsentProvisionView provision,
        ConsentAnswer byDefault,
        ConsentQuestion question,
        DateTimeOffset now
    )
    {
        var type = provision.Type switch
        {
            "permit" => ConsentAnswer.Permit,
            "deny" => ConsentAnswer.Deny,
            _ => byDefault,
        };
        if (!Covers(provision, type, question, now))
            return ConsentAnswer.Silent;
        var exception = type == ConsentAnswer.Permit ? ConsentAnswer.Deny : ConsentAnswer.Permit;
        foreach (var nested in provision.Provision)
        {
            if (Answer(nested, exception, question, now) is not ConsentAnswer.Silent and var answer)
                return answer;
        }

        return type;
    }

    private static bool Covers(
        ConsentProvisionView provision,
        ConsentAnswer type,
        ConsentQuestion question,
        DateTimeOffset now
    )
    {
        if (provision.Period.Exists && !provision.Period.IncludesInstant(now, question.Zone))
            return false;
        var actors = provision.Actor.Where(a => !a.Role.Coding.Any(c => OtherRoles.Contains(c.Code ?? ""))).ToArray();
        if (actors.Length > 0 && !actors.Any(a => question.Recipients.Contains(a.Reference.Target() ?? "")))
            return false;
        var codes = provision.Code.SelectMany(c => c.Coding).ToArray();
        if (codes.Length > 0 && !codes.Any(c => question.Codes.Contains($"{c.System}|{c.Code}")))
            return false;
        var types = provision.Class.Select(c => c.Code).ToArray();
        if (types.Length > 0 && !types.Contains(question.ResourceType))
            return false;
        var data = provision.Data.Select(d => d.Reference.Target()).ToArray();
        if (data.Length > 0 && !data.Contains(question.Reference))
            return false;
        var labels = provision.SecurityLabel.Select(l => $"{l.System}|{l.Code}").ToHashSet();
        return type == ConsentAnswer.Permit
            ? question.Labels.IsSubsetOf(labels)
            : labels.Count == 0 || question.Labels.Overlaps(labels);
    }

    private static bool IsAbout(ConsentView consent, IReadOnlySet<string> scopes) =>
        !consent.Scope.Exists || consent.Scope.Coding.Any(c => scopes.Contains(c.Code ?? ""));
}
