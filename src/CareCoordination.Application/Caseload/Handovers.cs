using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Application.Caseload;

/// <summary>What somebody asks of a handover.</summary>
/// <param name="From">Null: whoever is the care manager.</param>
/// <param name="To">Null: chosen as an assignment chooses.</param>
public sealed record HandoverRequest(string? From, string? To, string? Note)
{
    public CareDate? Effective { get; init; }

    public bool OpenTasksOnly { get; init; }

    public bool OverrideCap { get; init; }

    /// <summary>The Task of the bulk transfer that it is part of.</summary>
    public string? PartOf { get; init; }
}

/// <summary>Reads what a handover has to know, and decides its offer and its acceptance.</summary>
public sealed class Handovers(CareReads reads, CareManagers managers, CareWorkers workers)
{
    public async Task<Result<Decision>> OfferAsync(
        Snapshot patient,
        HandoverRequest request,
        DateTimeOffset now,
        CarePolicy policy,
        Func<string> newId,
        CancellationToken cancellationToken
    )
    {
        var episodes = await EpisodesAsync(patient.Key.ToString(), cancellationToken);
        if (episodes is [])
            return Failure.Unprocessable(
                IssueCode.NotFound,
                $"{patient.Key} has no active episode of care; enrol the patient first.",
                "Parameters.parameter"
            );
        var from = request.From is null ? [] : await workers.NamesOfAsync(request.From, cancellationToken);
        // One accountable care manager has all the episodes: the offer is about the first, its acceptance moves all.
        var episode = episodes.Where(e => from.Contains(ManagerOf(e) ?? "")).Append(episodes[0]).First();
        if (
            !(await ChooseAsync(patient, episode, request, now, policy, cancellationToken)).TryGet(
                out var to,
                out var failure
            )
        )
            return failure;
        var rules = policy.RulesAt(now);
        var start =
            request.Effective is { } date && policy.Calendar.StartOf(date) is var effective && effective > now
                ? effective
                : now;
        var terms = new HandoverTerms(
            request.Note,
            policy.Calendar.DueInBusinessDays(start, rules.HandoverBusinessDays)
        )
        {
            From = start > now ? start : null,
            OpenTasksOnly = request.OpenTasksOnly,
            PartOf = request.PartOf,
        };
        var isPending =
            Handover.LastOffer(episode) is { } last
            && await reads.ReadAsync(last, cancellationToken) is { } offer
            && !new Workflow.Resources.TaskDraft(offer).IsTerminal;
        return PatientTransfer.Offer(episode, from, to, terms, isPending, now, newId());
    }

    /// <summary>Carries out what an offer offers.</summary>
    public async Task<Result<Decision>> AcceptAsync(
        Snapshot offer,
        Agent by,
        DateTimeOffset now,
        CarePolicy policy,
        Func<string> newId,
        CancellationToken cancellationToken
    )
    {
        var task = TaskView.From(ResourceDocument.Parse(offer.Utf8Json).Value);
        if (
            task.Focus.Reference is not { } focus
            || !focus.StartsWith("EpisodeOfCare/", StringComparison.Ordinal)
            || await reads.ReadAsync(focus, cancellationToken) is not { } episode
        )
            return Failure.Unprocessable(
                IssueCode.NotFound,
                "The episode of care that the handover is about is not here any more.",
                "Task.focus"
            );
        var patient = EpisodeOfCareView.From(ResourceDocument.Parse(episode.Utf8Json).Value).Patient.Reference ?? "";
        var subject = Uri.EscapeDataString(patient);
        var scope = new TransferScope(
            episode,
            await reads.CareTeamOfAsync(episode, cancellationToken),
            await reads.SearchAsync(
                ResourceTypes.CarePlan,
                $"subject={subject}&status=draft,active,on-hold",
                cancellationToken
            ),
            await reads.SearchAsync(
                ResourceTypes.Task,
                $"patient={subject}&status={OpenWork.StatusSearch}",
                cancellationToken
            )
        )
        {
            OtherEpisodes = [.. (await EpisodesAsync(patient, cancellationToken)).Where(e => e.Key != episode.Key)],
            AlsoFrom = task.Requester.Reference is { } from ? await workers.NamesOfAsync(from, cancellationToken) : [],
        };
        return PatientTransfer.Accept(offer, scope, by, now, policy.Calendar, newId);
    }

    private async Task<Result<RankedCandidate>> ChooseAsync(
        Snapshot patient,
        Snapshot episode,
        HandoverRequest request,
        DateTimeOffset now,
        CarePolicy policy,
        CancellationToken cancellationToken
    )
    {
        var (today, rules) = (policy.Today(now), policy.RulesAt(now));
        var day = new PolicyDay(policy, now);
        var need = await managers.NeedAsync(patient, cancellationToken) with { OverrideCap = request.OverrideCap };
        if (request.To is { } named)
            return await managers.FindAsync(named, patient, day, cancellationToken) is { } candidate
                ? CareManagerChoice.Judge(need, candidate, today, rules)
                : Failure.Unprocessable(
                    IssueCode.NotFound,
                    "The care manager that 'to' refers to is not here.",
                    "Parameters.parameter"
                );
        var view = EpisodeOfCareView.From(ResourceDocument.Parse(episode.Utf8Json).Value);
        var all = await managers.AllAsync(view.ManagingOrganization.Reference, patient, day, cancellationToken);
        var others = all.Where(c => !c.Is(view.CareManager.Reference));
        return CareManagerChoice.Best(CareManagerChoice.Rank(need, others, today, rules));
    }

    private Task<ImmutableArray<Snapshot>> EpisodesAsync(string patient, CancellationToken cancellationToken) =>
        reads.SearchAsync(
            ResourceTypes.EpisodeOfCare,
            $"patient={Uri.EscapeDataString(patient)}&status=active&_sort=_id",
            cancellationToken
        );

    private static string? ManagerOf(Snapshot episode) =>
        EpisodeOfCareView.From(ResourceDocument.Parse(episode.Utf8Json).Value).CareManager.Reference;
}
