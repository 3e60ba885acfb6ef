using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>Whether the patient agreed to the care that a plan is about. https://hl7.org/fhir/R4/consent.html</summary>
internal static class PlanConsent
{
    private static readonly ImmutableHashSet<string> Scopes = ["treatment", "patient-privacy"];

    /// <summary>
    /// Consents that are about something else: advance directives and research.
    /// https://hl7.org/fhir/R4/valueset-consent-category.html
    /// </summary>
    private static readonly ImmutableHashSet<string> OtherMatters =
    [
        "acd",
        "dnr",
        "emrgonly",
        "hcd",
        "polst",
        "research",
        "rsdid",
        "rsreid",
    ];

    public static bool IsNeeded(CarePlanDraft plan, CareRules rules) =>
        plan.Edit.Category.Any(c => c.Coding.Any(k => k.Code is { } code && rules.ConsentCategories.Contains(code)));

    /// <summary>
    /// True where one of the patient's Consents permits it and none denies it: active, signed by now, of a category that counts, its
    /// provision in force and about this plan's categories and people.
    /// </summary>
    public static bool Covers(
        CarePlanDraft plan,
        IEnumerable<Snapshot> consents,
        CareRules rules,
        CommandContext command
    )
    {
        var people = plan
            .Edit.Contributor.Targets()
            .Concat(plan.Edit.CareTeam.Targets())
            .Append(plan.Edit.Author.Target())
            .Append(command.By.Reference);
        var question = new ConsentQuestion(
            people.OfType<string>().ToHashSet(StringComparer.Ordinal),
            plan.Edit.Category.SelectMany(c => c.Coding).Select(c => $"{c.System}|{c.Code}").ToHashSet(),
            ResourceTypes.CarePlan,
            plan.Reference,
            ImmutableHashSet<string>.Empty,
            command.Zone
        );
        var answers = consents
            .Select(c => ConsentView.From(ResourceDocument.Parse(c.Utf8Json).Value))
            .Where(c => c.Patient.Target() == plan.Subject && IsSigned(c, command) && Counts(c, rules))
            .Select(c => ConsentRule.Answer(c, question, command.Now, Scopes))
            .ToArray();
        return answers.Contains(ConsentAnswer.Permit) && !answers.Contains(ConsentAnswer.Deny);
    }

    private static bool IsSigned(ConsentView consent, CommandContext command) =>
        !(CareDate.Of(consent.DateTime)?.StartIn(command.Zone) > command.Now);

    private static bool Counts(ConsentView consent, CareRules rules)
    {
        var codes = consent.Category.SelectMany(c => c.Coding).Select(c => c.Code ?? "").ToArray();
        return rules.ConsentKinds.IsEmpty
            ? codes.Length == 0 || !codes.All(OtherMatters.Contains)
            : codes.Any(c => rules.ConsentKinds.Contains(c));
    }
}
