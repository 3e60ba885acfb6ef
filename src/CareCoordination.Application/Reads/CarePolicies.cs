using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Reads;

/// <summary>Finds the calendar and the rules by which a resource is worked on: those of the organisation that works on it.</summary>
public sealed class CarePolicies(CareReads reads, CareOptions options)
{
    /// <summary>An organisation within an organisation, and so on: more is a mistake in the data.</summary>
    private const int MostSteps = 6;

    private const int MostEpisodes = 5;

    public CarePolicy Default => options.Default;

    /// <summary>The policy for a resource that was read.</summary>
    public async Task<CarePolicy> OfAsync(Snapshot resource, CancellationToken cancellationToken) =>
        options.Organizations.Count == 0
            ? options.Default
            : await OfAsync(resource, MostSteps, cancellationToken) ?? options.Default;

    /// <summary>The policy of the first of these that leads to an organisation with one; null ones are passed over.</summary>
    public async Task<CarePolicy> OfAsync(CancellationToken cancellationToken, params string?[] references) =>
        options.Organizations.Count == 0
            ? options.Default
            : await FollowAsync(references, MostSteps, cancellationToken) ?? options.Default;

    private async Task<CarePolicy?> OfAsync(Snapshot resource, int steps, CancellationToken cancellationToken) =>
        await FollowAsync(LeadsOf(resource), steps, cancellationToken)
        ?? (
            resource.Key.Type == ResourceTypes.Patient
                ? await FollowAsync(await EnrolledByAsync(resource, cancellationToken), steps, cancellationToken)
                : null
        );

    /// <summary>Who cares for a patient whose own organisation says nothing: those who enrolled them, and their care managers.</summary>
    private async Task<string?[]> EnrolledByAsync(Snapshot patient, CancellationToken cancellationToken)
    {
        var episodes = await reads.FirstAsync(
            ResourceTypes.EpisodeOfCare,
            $"patient={Uri.EscapeDataString(patient.Key.ToString())}&status=active",
            MostEpisodes,
            cancellationToken
        );
        var views = episodes.Select(e => EpisodeOfCareView.From(ResourceDocument.Parse(e.Utf8Json).Value)).ToArray();
        return [.. views.Select(e => e.ManagingOrganization.Reference), .. views.Select(e => e.CareManager.Reference)];
    }

    private async Task<CarePolicy?> FollowAsync(string?[] references, int steps, CancellationToken cancellationToken)
    {
        foreach (var reference in references.OfType<string>())
        {
            const string Organization = ResourceTypes.Organization + "/";
            if (
                reference.StartsWith(Organization, StringComparison.Ordinal)
                && options.Organizations.TryGetValue(reference[Organization.Length..], out var policy)
            )
                return policy;
            if (
                steps > 0
                && await reads.ReadAsync(reference, cancellationToken) is { } next
                && await OfAsync(next, steps - 1, cancellationToken) is { } found
            )
                return found;
        }

        return null;
    }

    /// <summary>
    /// Who may say whose work a resource is, the nearest first: for a task its owner, then who asks for it, then the patient; for a request who asks for it, then the patient; for a plan
    /// or goal its author, then the patient.
    /// </summary>
    private static string?[] LeadsOf(Snapshot snapshot)
    {
        var resource = ResourceDocument.Parse(snapshot.Utf8Json).Value;
        switch (snapshot.Key.Type)
        {
            case ResourceTypes.Task:
                var task = TaskView.From(resource);
                return [task.Owner.Reference, task.Requester.Reference, task.For.Reference];
            case ResourceTypes.ServiceRequest:
                var request = ServiceRequestView.From(resource);
                return [request.Requester.Reference, request.Subject.Reference];
            case ResourceTypes.CarePlan:
                var plan = CarePlanView.From(resource);
                return [plan.Author.Reference, plan.Subject.Reference];
            case ResourceTypes.Goal:
                var goal = GoalView.From(resource);
                return [goal.ExpressedBy.Reference, goal.Subject.Reference];
            case ResourceTypes.EpisodeOfCare:
                var episode = EpisodeOfCareView.From(resource);
                return
                [
                    episode.ManagingOrganization.Reference,
                    episode.CareManager.Reference,
                    episode.Patient.Reference,
                ];
            case ResourceTypes.PractitionerRole:
                return [PractitionerRoleView.From(resource).Organization.Reference];
            case ResourceTypes.CareTeam:
                return [.. CareTeamView.From(resource).ManagingOrganization.Select(o => o.Reference)];
            case ResourceTypes.Patient:
                return [PatientView.From(resource).ManagingOrganization.Reference];
            case ResourceTypes.Organization:
                return [OrganizationView.From(resource).PartOf.Reference];
            default:
                return [];
        }
    }
}
