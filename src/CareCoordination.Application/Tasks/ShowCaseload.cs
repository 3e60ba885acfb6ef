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
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>The patients of a care manager, weighed against the caps.</summary>
/// <param name="AsOf">Null: now.</param>
public sealed record ShowCaseload(ResourceKey Key, CareDate? AsOf) : FhirInteraction("$caseload", Key.Type, Key.Id)
{
    /// <summary>With how the month of each patient stands who is in a programme.</summary>
    public bool Programs { get; init; }

    public override bool IsQuestion => true;

    public static readonly Operation Operation = new(
        ResourceTypes.PractitionerRole,
        "caseload",
        "Patients by risk tier, weighted load, overdue tasks and the capacity that is left below the caps.",
        input => new ShowCaseload(input.Key, input.Date("asOf")) { Programs = input.Flag("programs") is true }
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
            new(
                "programs",
                ["boolean"],
                "True: with the minutes of this month of each patient who is in a programme, who is nearest to the next threshold first."
            ),
        ],
    };
}

internal sealed class ShowCaseloadHandler(
    CareReads reads,
    CareSession session,
    FhirDefinitions definitions,
    CarePolicies policies,
    ProgramMonths months,
    TimeProvider time
) : IRequestHandler<ShowCaseload, FhirResponse>
{
    /// <summary>More than any care manager has: the cap of a caseload is below it.</summary>
    private const int MostEpisodes = 1000;

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
        var answer = count.ToParameters(show.Key.ToString());
        if (show.Programs)
        {
            foreach (var (month, program) in await MonthsAsync(names, asOf, cancellationToken))
                answer.Parameter.Add(BillingReport.Short(month, program));
        }

        return FhirResponse.Of(new BytesContent(answer.ToUtf8Json()));
    }

    /// <summary>Of the patients whom the care manager has, who is nearest to the next threshold first.</summary>
    private async Task<IEnumerable<(PatientMonth Month, ProgramMonth Program)>> MonthsAsync(
        IEnumerable<string> names,
        DateTimeOffset asOf,
        CancellationToken cancellationToken
    )
    {
        var managers = string.Join(',', names.Select(Uri.EscapeDataString));
        var episodes = await reads.FirstAsync(
            ResourceTypes.EpisodeOfCare,
            $"manager={managers}&status=active,onhold&type={Uri.EscapeDataString(CarePrograms.System)}|",
            MostEpisodes,
            cancellationToken
        );
        var patients = episodes
            .Select(e => EpisodeOfCareView.From(ResourceDocument.Parse(e.Utf8Json).Value).Patient.Reference)
            .OfType<string>();
        return (await months.OfAsync(patients, null, asOf, cancellationToken))
            .SelectMany(m => m.Programs, (m, p) => (Month: m, Program: p))
            .OrderBy(m => m.Program.Billing.Next?.Minutes ?? int.MaxValue)
            .ThenBy(m => m.Month.Patient, StringComparer.Ordinal);
    }
}
