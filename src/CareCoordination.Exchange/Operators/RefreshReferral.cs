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
public sealed record RefreshReferral(ResourceKey Key, VersionDemand? Required)
    : FhirInteraction("$refresh", Key.Type, Key.Id)
{
    public static readonly Operation Operation = new(
        "ServiceRequest",
        "refresh",
        "Reads the partners' copies of the Tasks that fulfil the request, by their ids, and takes what they say as a poll would. Answers for each what became of it: applied, echo, stale or unapplied; known where it has not changed, gone where the partner has deleted it, unread where it could not be read.",
        input => input.Call().Then<FhirInteraction>(call => new RefreshReferral(call.Key, call.RequiredVersion))
    )
    {
        Answer = "Parameters",
    };
}

internal sealed class RefreshReferralHandler(
    ReadGate gate,
    ReferralReads referrals,
    OutboxStore outbox,
    PartnerDirectory directory,
    CopyRefresh refresh
) : IRequestHandler<RefreshReferral, FhirResponse>
{
    public async Task<FhirResponse> Handle(RefreshReferral command, CancellationToken cancellationToken)
    {
        switch (await gate.ReadAsync(command.Key, cancellationToken))
        {
            case null:
                return Failure.NotFound($"There is no {command.Key}.");
            case { IsDeleted: true }:
                return Failure.Gone($"{command.Key} was deleted.");
            case { } current when command.Required is { } required && !required.Holds(current):
                return LostUpdate.Explain(command.Key, required, current);
        }

        var copies = new List<ParametersParameterEditor>();
        foreach (var attempt in await referrals.AttemptsAsync(command.Key, cancellationToken))
        {
            if (new TaskDraft(attempt).Partner() is not { } partner)
                continue;
            var reading = await ReadAsync(partner, attempt.Key, cancellationToken);
            var now = await gate.ReadAsync(attempt.Key, cancellationToken) is { IsDeleted: false } task
                ? new Snapshot(task.Key, task.Version, task.Utf8Json)
                : attempt;
            copies.Add(Of(partner, now, reading));
        }

        return OperatorAnswers.Answer(copies);
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

    private static ParametersParameterEditor Of(string partner, Snapshot task, CopyReading reading)
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
                    ValueReference = new() { Reference = $"{ResourceTypes.Endpoint}/{partner}" },
                },
                new() { Name = "result", ValueCode = reading.Code },
                new() { Name = "status", ValueCode = new TaskDraft(task).Status },
            },
        };
        if ((reading.Problem ?? reading.Update?.Reason) is { } problem)
            parameter.Part.Add(new() { Name = "problem", ValueString = problem });
        return parameter;
    }
}
