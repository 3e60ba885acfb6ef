using System.Collections.Immutable;
using CareCoordination.Access.Relations;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Application.Definitions;

/// <summary>
/// Who has to do with whom, read from the resources that say so. Pure. What is over gives no relation; a day is one of the calendar of
/// the server. docs/access.md
/// </summary>
/// <param name="breakGlass">How long a broken glass stays broken.</param>
internal sealed class RelationProjector(BusinessCalendar calendar, TimeSpan breakGlass)
{
    public ImmutableArray<ProjectedRelation> Of(ResourceKey key, ResourceDocument document) =>
        [
            .. (
                key.Type switch
                {
                    ResourceTypes.Patient => OfPatient(key, PatientView.From(document)),
                    ResourceTypes.EpisodeOfCare => OfEpisode(EpisodeOfCareView.From(document)),
                    ResourceTypes.CareTeam => OfTeam(key, CareTeamView.From(document)),
                    ResourceTypes.Task => OfTask(TaskView.From(document)),
                    ResourceTypes.PractitionerRole => OfRole(key, PractitionerRoleView.From(document)),
                    ResourceTypes.RelatedPerson => OfFamily(key, RelatedPersonView.From(document)),
                    ResourceTypes.Person => OfPerson(key, PersonView.From(document)),
                    _ => [],
                }
            ).Distinct(),
        ];

    private static IEnumerable<ProjectedRelation> OfPatient(ResourceKey patient, PatientView record)
    {
        foreach (var practitioner in record.GeneralPractitioner)
        {
            if (practitioner.Key is { } key)
                yield return Always(key, RelationKind.GeneralPractitioner, patient);
        }

        if (record.ManagingOrganization.Key is { } organization)
            yield return Always(organization, RelationKind.RecordOrganization, patient);
    }

    private IEnumerable<ProjectedRelation> OfEpisode(EpisodeOfCareView episode)
    {
        if (
            episode.Status
                is EpisodeOfCareStatusCodes.Finished
                    or EpisodeOfCareStatusCodes.Cancelled
                    or EpisodeOfCareStatusCodes.EnteredInError
            || episode.Patient.Key is not { Type: ResourceTypes.Patient } patient
        )
            yield break;
        if (episode.CareManager.Key is { } manager)
            yield return During(episode.Period, manager, RelationKind.CareManager, patient);
        if (episode.ManagingOrganization.Key is { } organization)
            yield return During(episode.Period, organization, RelationKind.EpisodeOrganization, patient);
        foreach (var team in episode.Team)
        {
            if (team.Key is { } key)
                yield return During(episode.Period, key, RelationKind.CareTeam, patient);
        }
    }

    private IEnumerable<ProjectedRelation> OfTeam(ResourceKey team, CareTeamView view)
    {
        if (
            view.Status
            is CareTeamStatusCodes.Inactive
                or CareTeamStatusCodes.Suspended
                or CareTeamStatusCodes.EnteredInError
        )
            yield break;
        var patient = view.Subject.Key is { Type: ResourceTypes.Patient } subject ? subject : (ResourceKey?)null;
        foreach (var participant in view.Participant)
        {
            if (participant.Member.Key is not { } member || member == patient)
                continue;
            var (start, end) = Both(Range(view.Period), Range(participant.Period));
            if (end <= start)
                continue;
            if (patient is { } of)
                yield return new(member, (short)RelationKind.CareTeam, of, start, end);
            // Tasks are given to teams.
            yield return new(member, (short)RelationKind.ActsAs, team, start, end);
        }
    }

    private IEnumerable<ProjectedRelation> OfTask(TaskView task)
    {
        var patient = task.For.Key is { Type: ResourceTypes.Patient } of ? of : (ResourceKey?)null;
        // That the glass was broken is no work for the patient: it lets in for its hour, and nobody who reviews it.
        var isGlass = task.Code.Has(CareExtensions.CommandSystem, CareExtensions.BreakGlass);
        var isOpen =
            !isGlass
            && task.Status
                is not (
                    TaskStatusCodes.Completed
                    or TaskStatusCodes.Cancelled
                    or TaskStatusCodes.Rejected
                    or TaskStatusCodes.Failed
                    or TaskStatusCodes.EnteredInError
                );
        foreach (
            var (party, kind) in ((ResourceKey?, RelationKind)[])
                [(task.Owner.Key, RelationKind.TaskOwner), (task.Requester.Key, RelationKind.TaskRequester)]
        )
        {
            if (party is not { } key)
                continue;
            yield return Always(key, RelationKind.Named, null);
            if (isOpen && patient is { } about && key.Type != ResourceTypes.Patient)
                yield return Always(key, kind, about);
        }

        if (task.Owner.Key is { Type: ResourceTypes.Organization } partner && IsDisclosed(task))
        {
            foreach (var shown in Disclosed(task).OfType<ResourceKey>())
                yield return Always(partner, RelationKind.Disclosed, shown);
        }

        if (BrokenGlass(task) is { } broken)
            yield return broken;
    }

    /// <summary>What has not been sent is not disclosed yet, and what came to nothing is not any more.</summary>
    private static bool IsDisclosed(TaskView task) =>
        task.Status
            is not (
                null
                or TaskStatusCodes.Draft
                or TaskStatusCodes.Cancelled
                or TaskStatusCodes.Rejected
                or TaskStatusCodes.Failed
                or TaskStatusCodes.EnteredInError
            );

    private static IEnumerable<ResourceKey?> Disclosed(TaskView task)
    {
        yield return task.For.Key;
        yield return task.Focus.Key;
        foreach (var request in task.BasedOn)
            yield return request.Key;
        foreach (var input in task.Input)
            yield return input.ValueReference.Key;
    }

    /// <summary>The task that asks for the review of a broken glass says who broke it, for whom and when.</summary>
    private ProjectedRelation? BrokenGlass(TaskView task)
    {
        if (
            !task.Code.Has(CareExtensions.CommandSystem, CareExtensions.BreakGlass)
            || task.Requester.Key is not { } person
            || task.For.Key is not { Type: ResourceTypes.Patient } patient
            || task.AuthoredOn is not { } authored
        )
            return null;
        var start = authored.Instant;
        // A task may say the end of time, after which there is no hour.
        var end = start < DateTimeOffset.MaxValue - breakGlass ? start + breakGlass : DateTimeOffset.MaxValue;
        return new(person, (short)RelationKind.BreakGlass, patient, start, end);
    }

    private IEnumerable<ProjectedRelation> OfRole(ResourceKey role, PractitionerRoleView view)
    {
        var (start, end) = view.Active == false ? (default, default) : Range(view.Period);
        if (view.Practitioner.Key is { } person && start < end)
        {
            yield return new(person, (short)RelationKind.ActsAs, role, start, end);
            if (view.Organization.Key is { } organization)
                yield return new(person, (short)RelationKind.WorksFor, organization, start, end);
        }

        foreach (var coverage in view.Extension)
        {
            if (coverage.Url != CareExtensions.Coverage)
                continue;
            foreach (var relation in Covers(role, view, coverage))
                yield return relation;
        }
    }

    /// <summary>Who covers does so for the role and for the person in it: work names the one or the other.</summary>
    private IEnumerable<ProjectedRelation> Covers(ResourceKey role, PractitionerRoleView view, ExtensionView coverage)
    {
        var by = ExtensionView.Find(coverage.Extension, CareExtensions.CoverageBy).ValueReference.Key;
        var (start, end) = Range(ExtensionView.Find(coverage.Extension, CareExtensions.CoveragePeriod).ValuePeriod);
        if (by is not { } cover || end <= start)
            yield break;
        yield return new(cover, (short)RelationKind.Covers, role, start, end);
        if (view.Practitioner.Key is { } away)
            yield return new(cover, (short)RelationKind.Covers, away, start, end);
    }

    private IEnumerable<ProjectedRelation> OfFamily(ResourceKey person, RelatedPersonView view)
    {
        if (view.Active != false && view.Patient.Key is { Type: ResourceTypes.Patient } patient)
            yield return During(view.Period, person, RelationKind.Family, patient);
    }

    private static IEnumerable<ProjectedRelation> OfPerson(ResourceKey person, PersonView view)
    {
        if (view.Active == false)
            yield break;
        foreach (var link in view.Link)
        {
            // A link that somebody only suspects lets nobody in. https://hl7.org/fhir/R4/valueset-identity-assuranceLevel.html
            if (link.Assurance is "level3" or "level4" && link.Target.Key is { } target)
                yield return Always(person, RelationKind.ActsAs, target);
        }
    }

    private static ProjectedRelation Always(ResourceKey party, RelationKind kind, ResourceKey? of) =>
        new(party, (short)kind, of, DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    private ProjectedRelation During(PeriodView period, ResourceKey party, RelationKind kind, ResourceKey of)
    {
        var (start, end) = Range(period);
        return new(party, (short)kind, of, start, end);
    }

    private (DateTimeOffset Start, DateTimeOffset End) Range(PeriodView period) =>
        (
            CareDate.Of(period.Start) is { } start ? calendar.StartOf(start) : DateTimeOffset.MinValue,
            CareDate.Of(period.End) is { } end ? calendar.EndOf(end) : DateTimeOffset.MaxValue
        );

    private static (DateTimeOffset Start, DateTimeOffset End) Both(
        (DateTimeOffset Start, DateTimeOffset End) one,
        (DateTimeOffset Start, DateTimeOffset End) other
    ) => (one.Start > other.Start ? one.Start : other.Start, one.End < other.End ? one.End : other.End);
}
