using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using MediatR;

namespace CareCoordination.Application.Caseload;

/// <summary>Offers many patients of a care manager to another one, or each to whoever fits best.</summary>
/// <param name="Patients">Empty: all of the care manager, or of the group.</param>
public sealed record TransferCaseload(
    CommandCall Call,
    HandoverRequest Request,
    ImmutableArray<string> Patients,
    string? Group
) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.PractitionerRole,
        "transfer-caseload",
        "Offers the patients of this care manager to another, each as a task to approve. Answered at once with 202 and a Content-Location where the progress, and in the end what became of each patient, is found.",
        input => Read(input)
    )
    {
        Answer = ResourceTypes.OperationOutcome,
        AnswersLater = true,
        Parameters =
        [
            new("patient", ["Reference"], "Only these patients.") { IsRepeatable = true },
            new("group", ["Reference"], "Only members of this Group."),
            .. TransferPatient.Shared,
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        if (!TransferPatient.Read(input).TryGet(out var request, out var failure))
            return failure;
        if (input.Has("patient") && input.Has("group"))
            return Failure.Invalid(IssueCode.Value, "Send 'patient' or 'group', not both.", "Parameters.parameter");
        var patients = input.All("patient").Select(p => input.ReferenceOf(p)!).Distinct(StringComparer.Ordinal);
        return input.Command(call => new TransferCaseload(
            call,
            request with
            {
                From = call.Key.ToString(),
                OverrideCap = request.OverrideCap && (call.By.IsUnchecked || call.By.IsLead),
            },
            [.. patients],
            input.Reference("group")
        ));
    }
}

internal sealed class TransferCaseloadHandler(
    CommandRunner runner,
    CareReads reads,
    CareWorkers workers,
    JobSignal signal
) : IRequestHandler<TransferCaseload, FhirResponse>
{
    public async Task<FhirResponse> Handle(TransferCaseload command, CancellationToken cancellationToken)
    {
        var started = await runner.RunAsync(
            command,
            (role, now, policy) => StartAsync(command, role, now, policy, cancellationToken),
            cancellationToken
        );
        if (!started.IsSuccess)
            return started;
        signal.Set();
        return AsyncStatus.Accepted(started.Version!.Value.Key);
    }

    private async Task<Result<Decision>> StartAsync(
        TransferCaseload command,
        Snapshot role,
        DateTimeOffset now,
        CarePolicy policy,
        CancellationToken cancellationToken
    )
    {
        var request = command.Request;
        if (string.IsNullOrWhiteSpace(request.Note))
            return Failure.Unprocessable(
                IssueCode.BusinessRule,
                "A handover needs a note for the one who takes over; send 'handoffNote'.",
                "Parameters.parameter"
            );
        if (request.To is { } to && await reads.ReadAsync(to, cancellationToken) is null)
            return Failure.Unprocessable(
                IssueCode.NotFound,
                "The care manager that 'to' refers to is not here.",
                "Parameters.parameter"
            );
        var patients = command.Patients;
        // The steps are made by this server, which asks nobody whom they see.
        if (await reads.FirstUnseenAsync(patients, cancellationToken) is { } unseen)
            return WorkerRule.Unresolved("patient", unseen);
        if (patients.IsEmpty)
            patients = await OwnAsync(role, cancellationToken);
        if (command.Group is { } group)
        {
            if (await MembersAsync(group, cancellationToken) is not { } members)
                return Failure.Unprocessable(
                    IssueCode.NotFound,
                    "The Group that 'group' refers to is not here.",
                    "Parameters.parameter"
                );
            patients = [.. patients.Where(members.Contains)];
        }

        var job = new TransferJob(role.Key.ToString(), request.To, patients, request.Note, command.Call.By)
        {
            Effective = request.Effective is { } date ? policy.Calendar.StartOf(date) : null,
            OpenTasksOnly = request.OpenTasksOnly,
            OverrideCap = request.OverrideCap,
        };
        return job.Start(ServerAgent.Unknown.Reference, now, runner.NewId());
    }

    /// <summary>The patients whose active episode the care manager has, as far as the caller sees them.</summary>
    private async Task<ImmutableArray<string>> OwnAsync(Snapshot role, CancellationToken cancellationToken)
    {
        var names = await workers.NamesOfAsync(role.Key.ToString(), cancellationToken);
        var episodes = await reads.SearchAsync(
            ResourceTypes.EpisodeOfCare,
            $"status=active&manager={string.Join(',', names.Select(Uri.EscapeDataString))}&_sort=_id",
            cancellationToken
        );
        var own = episodes
            .Select(e => EpisodeOfCareView.From(ResourceDocument.Parse(e.Utf8Json).Value).Patient.Reference)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);
        var seen = ImmutableArray.CreateBuilder<string>();
        foreach (var patient in own)
        {
            if (await reads.FirstUnseenAsync([patient], cancellationToken) is null)
                seen.Add(patient);
        }

        return seen.ToImmutable();
    }

    private async Task<HashSet<string>?> MembersAsync(string group, CancellationToken cancellationToken)
    {
        if (
            !group.StartsWith("Group/", StringComparison.Ordinal)
            || await reads.NamedAsync(group, cancellationToken) is not { } found
        )
            return null;
        return GroupView
            .From(ResourceDocument.Parse(found.Utf8Json).Value)
            .Member.Where(m => m.Inactive != true)
            .Select(m => m.Entity.Reference)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
    }
}
