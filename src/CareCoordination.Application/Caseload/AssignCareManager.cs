using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Caseload;

/// <summary>Gives a patient one accountable care manager.</summary>
/// <param name="PractitionerRole">Null: chosen by continuity, language, specialty and load.</param>
/// <param name="Program">The code or text of the episode's type; null where the patient has one episode.</param>
public sealed record AssignCareManager(
    CommandCall Call,
    string? PractitionerRole,
    string? Program,
    string? Specialty,
    bool OverrideCap
) : Command(Call)
{
    public override bool IsDecidedInTurn => true;

    public static readonly Operation Operation = new(
        ResourceTypes.Patient,
        "assign-care-manager",
        "Gives the patient one accountable care manager, named or chosen: in the episode of care and the care team, and as owner of open tasks that nobody owns.",
        input =>
            input.Command(call => new AssignCareManager(
                call,
                input.Reference("practitionerRole"),
                input.Reason("program") is { } program ? program.Code ?? program.Text : null,
                input.Reason("specialty") is { } specialty ? specialty.Code ?? specialty.Text : null,
                input.Flag("overrideCap") ?? false
            ))
    )
    {
        Answer = ResourceTypes.EpisodeOfCare,
        Parameters =
        [
            new(
                "practitionerRole",
                ["Reference"],
                "The care manager. Where it is left out one is chosen: who knows the patient, then who speaks the language, then who has the specialty, then who has most room; never one who is away, without a valid licence or at a cap."
            )
            {
                Names = Naming.Resource,
            },
            new(
                "program",
                ["CodeableConcept", "string", "code"],
                "The code of EpisodeOfCare.type, where the patient has several episodes."
            ),
            new("specialty", ["CodeableConcept", "string", "code"], "A code of PractitionerRole.specialty to prefer."),
            new("overrideCap", ["boolean"], "True: a lead assigns beyond the cap."),
            Take.Reason,
            Take.Practitioner,
        ],
    };
}

internal sealed class AssignCareManagerHandler(CommandRunner runner, CareReads reads, CareManagers managers)
    : IRequestHandler<AssignCareManager, FhirResponse>
{
    public Task<FhirResponse> Handle(AssignCareManager command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (patient, now, policy) => DecideAsync(command, patient, now, policy, cancellationToken),
            cancellationToken
        );

    private async Task<Result<Decision>> DecideAsync(
        AssignCareManager command,
        Snapshot patient,
        DateTimeOffset now,
        CarePolicy policy,
        CancellationToken cancellationToken
    )
    {
        var subject = $"patient={Uri.EscapeDataString(patient.Key.ToString())}";
        var episodes = await reads.SearchAsync(
            ResourceTypes.EpisodeOfCare,
            $"{subject}&status=active,planned,waitlist",
            cancellationToken
        );
        if (!CareManagerAssignment.EpisodeOf(episodes, command.Program).TryGet(out var episode, out var failure))
            return failure;
        if (
            !(await ChooseAsync(command, patient, episode, now, policy, cancellationToken)).TryGet(
                out var chosen,
                out failure
            )
        )
            return failure;
        var scope = new AssignmentScope(
            episode,
            await reads.CareTeamOfAsync(episode, cancellationToken),
            await reads.SearchAsync(
                ResourceTypes.Task,
                $"{subject}&owner:missing=true&status={OpenWork.StatusSearch}",
                cancellationToken
            ),
            [.. episodes.Where(e => e.Key != episode.Key && IsActive(e))]
        );
        return CareManagerAssignment.Assign(chosen, scope, now, policy.Today(now), runner.NewId());
    }

    private async Task<Result<RankedCandidate>> ChooseAsync(
        AssignCareManager command,
        Snapshot patient,
        Snapshot episode,
        DateTimeOffset now,
        CarePolicy policy,
        CancellationToken cancellationToken
    )
    {
        var (today, rules) = (policy.Today(now), policy.RulesAt(now));
        var day = new PolicyDay(policy, now);
        var by = command.Call.By;
        var need = await managers.NeedAsync(patient, cancellationToken) with
        {
            Specialty = command.Specialty,
            OverrideCap = command.OverrideCap && (by.IsUnchecked || by.IsLead),
        };
        if (command.PractitionerRole is not { } named)
        {
            var organization = EpisodeOfCareView
                .From(ResourceDocument.Parse(episode.Utf8Json).Value)
                .ManagingOrganization.Reference;
            var all = await managers.AllAsync(organization, patient, day, cancellationToken);
            return CareManagerChoice.Best(CareManagerChoice.Rank(need, all, today, rules));
        }

        return await managers.FindAsync(named, patient, day, cancellationToken) is { } candidate
            ? CareManagerChoice.Judge(need, candidate, today, rules)
            : Failure.Unprocessable(
                IssueCode.NotFound,
                "The care manager that 'practitionerRole' refers to is not here.",
                "Parameters.parameter"
            );
    }

    private static bool IsActive(Snapshot episode) =>
        EpisodeOfCareView.From(ResourceDocument.Parse(episode.Utf8Json).Value).Status
        == EpisodeOfCareStatusCodes.Active;
}
