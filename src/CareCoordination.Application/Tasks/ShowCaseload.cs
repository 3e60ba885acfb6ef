using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>The patients of a care manager, weighed against the caps.</summary>
/// <param name="AsOf">Null: now.</param>
public sealed record ShowCaseload(ResourceKey Key, CareDate? AsOf) : FhirInteraction("$caseload", Key.Type, Key.Id)
{
    public override bool IsQuestion => true;

    public static readonly Operation Operation = new(
        ResourceTypes.PractitionerRole,
        "caseload",
        "Patients by risk tier, weighted load, overdue tasks and the capacity that is left below the caps.",
        input => new ShowCaseload(input.Key, input.Date("asOf"))
    )
    {
        AffectsState = false,
        Answer = "Parameters",
        Parameters =
        [
            new(
                "asOf",
                Take.Time,
                "The instant, or the day at whose end, it is told what is overdue; now where it is left out."
            ),
        ],
    };
}

internal sealed class ShowCaseloadHandler(
    CareReads reads,
    CareSession session,
    FhirDefinitions definitions,
    CarePolicies policies,
    TimeProvider time
) : IRequestHandler<ShowCaseload, FhirResponse>
{
    private static readonly ImmutableArray<short> CanBeLate = [.. OpenWork.Current.Select(Projector.NumberOf)];

    public async Task<FhirResponse> Handle(ShowCaseload show, CancellationToken cancellationToken)
    {
        if (await reads.ReadAsync(show.Key.ToString(), cancellationToken) is not { } role)
            return Failure.NotFound($"There is no {show.Key}.");
        // Episodes and tasks may name the person or any of their roles.
        var names = await new CareWorkers(reads).NamesOfAsync(show.Key.ToString(), cancellationToken);
        var policy = await policies.OfAsync(role, cancellationToken);
        var asOf = policy.Calendar.EndOf(show.AsOf ?? time.GetUtcNow());
        var load = await session.Reads.CaseloadAsync(
            new CaseloadQuery([.. names.Select(definitions.PartyOf)], CanBeLate, asOf),
            cancellationToken
        );
        var count = CaseloadCount.Of(
            load.Patients.SelectMany(p => Enumerable.Repeat(new CaseloadPatient(p.Tier, p.InTransition), p.Patients)),
            load.Overdue,
            policy.RulesAt(asOf)
        );
        return FhirResponse.Of(new BytesContent(count.ToParameters(show.Key.ToString()).ToUtf8Json()));
    }
}
