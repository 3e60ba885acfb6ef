using System.Globalization;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Server.Interactions;
using CareCoordination.Server.Operations;
using CareCoordination.Workflow.Caseload;
using MediatR;

namespace CareCoordination.Server.Tasks;

/// <summary>The patients of a care manager, weighed against the caps.</summary>
/// <param name="AsOf">Null: now.</param>
public sealed record ShowCaseload(ResourceKey Key, DateTimeOffset? AsOf)
    : FhirInteraction("$caseload", Key.Type, Key.Id)
{
    public static readonly Operation Operation = new(
        "PractitionerRole",
        "caseload",
        "Patients by risk tier, weighted load, overdue tasks and the capacity that is left below the caps.",
        input => new ShowCaseload(input.Key, input.Time("asOf"))
    )
    {
        AffectsState = false,
        Answer = "Parameters",
        Parameters = [new("asOf", Take.Time, "The instant that decides what is overdue; now where it is left out.")],
    };
}

internal sealed class ShowCaseloadHandler(CareReads reads, PatientRisks risks, CarePolicies policies, TimeProvider time)
    : IRequestHandler<ShowCaseload, FhirResponse>
{
    private const int PatientsPerSearch = 50;

    public async Task<FhirResponse> Handle(ShowCaseload show, CancellationToken cancellationToken)
    {
        if (await reads.ReadAsync(show.Key.ToString(), cancellationToken) is not { } role)
            return Failure.NotFound($"There is no {show.Key}.");
        var practitioner = PractitionerRoleView.From(Parse(role)).Practitioner.Reference;
        // Episodes and tasks may name the role or the person.
        var manager = string.Join(
            ',',
            new[] { show.Key.ToString(), practitioner }.OfType<string>().Select(Uri.EscapeDataString)
        );
        var episodes = await reads.SearchAsync("EpisodeOfCare", $"status=active&manager={manager}", cancellationToken);
        var patients = episodes
            .Select(e => EpisodeOfCareView.From(Parse(e)).Patient.Reference)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ToArray();
        var tiers = await risks.TiersAsync(patients, cancellationToken);
        var inTransition = await InTransitionAsync(patients, cancellationToken);
        var asOf = show.AsOf ?? time.GetUtcNow();
        var overdue = await reads.SearchAsync(
            "Task",
            $"owner={manager}&status=requested,received,accepted,ready,in-progress&due=lt{asOf.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}",
            cancellationToken
        );
        var count = CaseloadCount.Of(
            patients.Select(p => new CaseloadPatient(tiers.GetValueOrDefault(p), inTransition.Contains(p))),
            overdue.Length,
            (await policies.OfAsync(role, cancellationToken)).RulesAt(asOf)
        );
        return FhirResponse.Of(new BytesContent(count.ToParameters(show.Key.ToString()).ToUtf8Json()));
    }

    /// <summary>Those with an active episodic plan: one that is part of a longitudinal plan.</summary>
    private async Task<HashSet<string>> InTransitionAsync(string[] patients, CancellationToken cancellationToken)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var some in patients.Chunk(PatientsPerSearch))
        {
            var subjects = string.Join(',', some.Select(Uri.EscapeDataString));
            foreach (
                var plan in await reads.SearchAsync(
                    "CarePlan",
                    $"subject={subjects}&status=active&part-of:missing=false",
                    cancellationToken
                )
            )
            {
                if (CarePlanView.From(Parse(plan)).Subject.Reference is { } subject)
                    found.Add(subject);
            }
        }

        return found;
    }

    private static ResourceDocument Parse(Workflow.Decisions.Snapshot snapshot) =>
        ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
