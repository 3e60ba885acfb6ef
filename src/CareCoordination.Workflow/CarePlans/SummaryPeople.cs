using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.CarePlans;

/// <summary>Whom the lines of a summary name: to be read, so that they are called by their names.</summary>
public static class SummaryPeople
{
    public static IEnumerable<string> Of(Snapshot resource)
    {
        var document = ResourceDocument.Parse(resource.Utf8Json).Value;
        string?[] named = resource.Key.Type switch
        {
            ResourceTypes.Task => [TaskView.From(document).Owner.Reference],
            ResourceTypes.EpisodeOfCare => [EpisodeOfCareView.From(document).CareManager.Reference],
            ResourceTypes.ServiceRequest => [.. ServiceRequestView.From(document).Performer.Select(p => p.Reference)],
            ResourceTypes.CareTeam =>
            [
                .. CareTeamView
                    .From(document)
                    .Participant.Where(p => p.Period.End is null)
                    .Select(p => p.Member.Reference),
            ],
            _ => [],
        };
        return named.OfType<string>();
    }
}
