using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Connectors.Partners;
using CareCoordination.Exchange.Inbox;
using CareCoordination.Exchange.Partners;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage.Stores;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;
using MediatR;

namespace CareCoordination.Exchange.Operators;

/// <summary>How a referral stands at its partners is read there now.</summary>
public sealed record RefreshReferral(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.ServiceRequest,
        "refresh",
        "Reads the partners' copies of the Tasks that fulfil the request, by their ids, and takes what they say as a poll would. Answers for each what became of it: applied, echo, stale or unapplied; known where it has not changed, gone where the partner has deleted it, unread where it could not be read.",
        input => input.Command(call => new RefreshReferral(call))
    )
    {
        Answer = "Parameters",
        Parameters = [Take.Practitioner],
    };
}

/// <summary>A request that comes again under its Idempotency-Key asks no partner, and is answered with how things stand.</summary>
internal sealed class RefreshReferralHandler(
    ReferralReads referrals,
    OutboxStore outbox,
    PartnerDirectory directory,
    CopyRefresh refresh,
    OperatorCommands operators
) : IRequestHandler<RefreshReferral, FhirResponse>
{
    public async Task<FhirResponse> Handle(RefreshReferral command, CancellationToken cancellationToken)
    {
        var asked = await operators.AcceptAsync(command.Call, cancellationToken);
        if (asked.Refusal is { } refusal)
            return refusal;
        var key = command.Call.Key;
        if (
            !asked.IsRepeat
            && !(await operators.WriteAsync(command.Call, asked.Target, [], cancellationToken)).TryGet(
                out _,
                out var answer
            )
        )
            return answer;
        var readings = new Dictionary<ResourceKey, CopyReading>();
        foreach (var attempt in await referrals.AttemptsAsync(key, cancellationToken))
        {
            if (new TaskDraft(attempt).Partner() is { } partner)
                readings[attempt.Key] = asked.IsRepeat
                    ? new CopyReading(CopyReading.Known)
                    : await ReadAsync(partner, attempt.Key, cancellationToken);
        }

        // As they are now that the copies are applied.
        return OperatorAnswers.Answer(
            (await referrals.AttemptsAsync(key, cancellationToken))
                .Where(attempt => readings.ContainsKey(attempt.Key))
                .Select(attempt => Of(new TaskDraft(attempt), readings[attempt.Key]))
                .ToList()
        );
    }

    private async Task<CopyReading> ReadAsync(string partner, ResourceKey task, CancellationToken cancellationToken)
    {
        var entry = await directory.FindAsync(partner, cancellationToken);
        if (entry.Partner is not { } found)
            return Unread(entry.Problem!);
        return await outbox.CopyAsync(partner, task, cancellationToken) is { Reference: not null } copy
            ? await refresh.ReadAsync(found, copy, cancellationToken)
            : Unread("Where the partner keeps its copy is not known, or it has none yet.");
    }

    private static CopyReading Unread(string problem) => new(CopyReading.Unread, Problem: problem);

    private static ParametersParameterEditor Of(TaskDraft task, CopyReading reading)
    {
        var parameter = new ParametersParameterEditor
        {
            Name = "copy",
            Part =
            {
                new() { Name = "task", ValueReference = ReferenceEditor.To(task.Key) },
                new()
                {
                    Name = "partner",
                    ValueReference = new() { Reference = $"{ResourceTypes.Endpoint}/{task.Partner()}" },
                },
                new() { Name = "result", ValueCode = reading.Code },
                new() { Name = "status", ValueCode = task.Status },
            },
        };
        if ((reading.Problem ?? reading.Update?.Reason) is { } problem)
            parameter.Part.Add(new() { Name = "problem", ValueString = problem });
        return parameter;
    }
}
