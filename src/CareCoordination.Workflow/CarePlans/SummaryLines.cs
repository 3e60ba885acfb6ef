using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Goals;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>A resource as a line of a summary: what it is and where it stands, in words that a patient reads too.</summary>
/// <param name="zone">Whose days the dates are.</param>
/// <param name="names">Of people and organisations, by reference.</param>
/// <param name="readings">The latest of what goals measure.</param>
internal sealed class SummaryLines(
    TimeZoneInfo zone,
    ImmutableDictionary<string, string> names,
    ImmutableArray<Reading> readings
)
{
    public string Of(Snapshot resource)
    {
        var document = ResourceDocument.Parse(resource.Utf8Json).Value;
        return resource.Key.Type switch
        {
            ResourceTypes.CarePlan => Line(document, Plan(CarePlanView.From(document))),
            ResourceTypes.Goal => Goal(document, GoalView.From(document)),
            ResourceTypes.Task => Line(document, Task(TaskView.From(document))),
            ResourceTypes.ServiceRequest => Line(
                document,
                [For("for", ServiceRequestView.From(document).Performer.Select(Name))]
            ),
            ResourceTypes.Appointment => Line(
                document,
                [On("on", AppointmentView.From(document).Start, withTime: true)]
            ),
            ResourceTypes.CareTeam => Line(document, [Members(CareTeamView.From(document))]),
            ResourceTypes.EpisodeOfCare => Manager(EpisodeOfCareView.From(document)),
            _ => Line(document, []),
        };
    }

    /// <summary>Who it is, how to reach them and in which language.</summary>
    public IEnumerable<string> OfPatient(Snapshot patient, string? risk)
    {
        var view = PatientView.From(ResourceDocument.Parse(patient.Utf8Json).Value);
        string?[] lines =
        [
            Joined(PartyNames.Of(patient) ?? "A patient without a name", [On("born", view.BirthDate)]),
            For("Reached by", view.Telecom.Where(IsCurrent).Select(t => t.Value)),
            For("Speaks", view.Communication.OrderBy(c => c.Preferred is not true).Select(c => Words(c.Language))),
            .. view.Contact.Select(Contact),
            risk is null ? null : $"Risk: {risk}",
        ];
        return lines.OfType<string>();
    }

    private string? Contact(PatientContactView contact) =>
        For(
            $"Contact {PartyNames.Of(contact.Name) ?? "without a name"}",
            contact.Relationship.Select(Words).Concat(contact.Telecom.Where(IsCurrent).Select(t => t.Value))
        );

    private IEnumerable<string?> Plan(CarePlanView plan) =>
        [
            On("from", plan.Period.Start),
            On("until", plan.Period.End, isEnd: true),
            On("next review", ExtensionView.Find(plan.Extension, CareExtensions.NextReview).ValueDate),
        ];

    private string Goal(ResourceDocument document, GoalView goal)
    {
        var status = Words(goal.AchievementStatus) is { } achieved
            ? $"{achieved} ({goal.LifecycleStatus})"
            : goal.LifecycleStatus;
        var due = goal.Target.Select(t => t.DueDate).OfType<FhirDateTime>().Select(d => On("due", d, isEnd: true));
        return Joined($"{NameOf(document)}: {status}", [due.LastOrDefault(), .. goal.Target.Select(Latest).Distinct()]);
    }

    private string? Latest(GoalTargetView target)
    {
        var said = readings
            .Where(r => r.Counts)
            .OrderByDescending(r => r.At)
            .Select(r => (Value: r.Of(target.Measure), r.When))
            .FirstOrDefault(r => r.Value is not null);
        return said.Value is { } value && Words(value) is { } words
            ? $"last {words} on {Day(said.When.LastDayIn(zone))}"
            : null;
    }

    private IEnumerable<string?> Task(TaskView task)
    {
        yield return On("due", task.Restriction.Period.End, isEnd: true);
        if (task.Owner.Exists && Name(task.Owner) is { } owner)
            yield return $"by {owner}";
        var attempt = task.Extension.LastOrDefault(e => e.Url == CareExtensions.ContactAttempt);
        if (!attempt.Exists)
            yield break;
        var date = ExtensionView.Find(attempt.Extension, CareExtensions.ContactAttemptDate).ValueDateTime;
        var outcome = ExtensionView.Find(attempt.Extension, CareExtensions.ContactAttemptOutcome).ValueCodeableConcept;
        yield return Joined(On("last attempt", date) ?? "last attempt", [Words(outcome)]);
    }

    private string Manager(EpisodeOfCareView episode) =>
        Joined(
            episode.CareManager.Exists
                ? $"Care manager {Name(episode.CareManager) ?? "without a name"}"
                : "No care manager",
            [On("enrolled", episode.Period.Start)]
        );

    private string? Members(CareTeamView team) =>
        For("with", team.Participant.Where(p => p.Period.End is null).Select(p => Name(p.Member)));

    /// <summary>The name that was read, or what the reference says itself.</summary>
    private string? Name(ReferenceView reference) =>
        reference.Reference is { } key && names.GetValueOrDefault(key) is { } name ? name : reference.Display;

    private static string Line(ResourceDocument document, IEnumerable<string?> more)
    {
        var status = First(Root(document), "status", "clinicalStatus");
        return Joined(status is null ? NameOf(document) : $"{NameOf(document)}: {status}", more);
    }

    private static string NameOf(ResourceDocument document) =>
        First(Root(document), "title", "description", "name", "code", "medication", "serviceType", "category")
        ?? Root(document).Type.Name;

    private static Element Root(ResourceDocument document) => Element.Root(document, R4Definitions.Schema);

    private string? On(string word, FhirDateTime? date, bool withTime = false, bool isEnd = false)
    {
        if (CareDate.Of(date) is not { } day)
            return null;
        var text = Day(isEnd ? day.LastDayIn(zone) : day.DayIn(zone));
        return withTime && day.IsInstant
            ? $"{word} {text} at {TimeZoneInfo.ConvertTime(day.Given.Instant, zone).ToString("HH:mm", CultureInfo.InvariantCulture)}"
            : $"{word} {text}";
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? For(string word, IEnumerable<string?> said) =>
        string.Join(", ", said.OfType<string>().Distinct()) is { Length: > 0 } text ? $"{word} {text}" : null;

    private static string Joined(string first, IEnumerable<string?> more) =>
        string.Join("; ", more.OfType<string>().Prepend(first));

    private static bool IsCurrent(ContactPointView contact) => contact.Use != ContactPointUseCodes.Old;

    private static string? Words(MeasuredValue value) =>
        value.Quantity is { Value: { } number } quantity
            ? $"{number.ToString(CultureInfo.InvariantCulture)} {quantity.Unit ?? quantity.Code}".TrimEnd()
        : value.Concept.Exists ? Words(value.Concept)
        : value.Integer?.ToString(CultureInfo.InvariantCulture)
            ?? (value.Boolean is { } flag ? (flag ? "yes" : "no") : null);

    private static string? Words(CodeableConceptView concept) =>
        concept.Text ?? concept.Coding.Select(c => c.Display ?? c.Code).FirstOrDefault(t => t is not null);

    /// <summary>The first of these elements that says something: as text, or as a concept.</summary>
    private static string? First(Element root, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (root.Child(name) is not { Exists: true } element)
                continue;
            if (element.Text is { Length: > 0 } text)
                return text;
            if (element.Type.Name == "CodeableConcept" && Words(new CodeableConceptView(element)) is { } said)
                return said;
        }

        return null;
    }
}
