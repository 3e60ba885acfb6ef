using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Referrals;
using MediatR;

namespace CareCoordination.Application.Referrals;

/// <summary>Nobody needs what was requested any more.</summary>
public sealed record CancelRequest(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.ServiceRequest,
        "cancel",
        "Calls the request off: what is under way is cancelled, or its partner asked to, and the request is revoked once that is confirmed or the time for it is over.",
        input => input.Command(call => new CancelRequest(call))
    )
    {
        Parameters = [Take.NeededReason, Take.Practitioner],
    };
}

internal sealed class CancelRequestHandler(CommandRunner runner, ReferralReads reads, PartnerKnowledge knowledge)
    : IRequestHandler<CancelRequest, FhirResponse>
{
    public Task<FhirResponse> Handle(CancelRequest command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (request, now, policy) =>
            {
                var subject = ServiceRequestView.From(ResourceDocument.Parse(request.Utf8Json).Value).Subject.Reference;
                var attempts = await reads.AttemptsAsync(request.Key, cancellationToken);
                return CancelReferral.Cancel(
                    request,
                    attempts,
                    await knowledge.OfAsync(attempts.Select(a => a.Key), cancellationToken),
                    await reads.WorkAsync(request.Key, cancellationToken),
                    command.Call.Reason,
                    await reads.ContextAsync(subject, command.Call.By, now, policy, cancellationToken)
                );
            },
            cancellationToken
        );
}
