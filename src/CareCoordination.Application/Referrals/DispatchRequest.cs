using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Referrals;
using MediatR;

namespace CareCoordination.Application.Referrals;

/// <summary>Sends a request to a partner.</summary>
public sealed record DispatchRequest(CommandCall Call, Destination To) : Command(Call)
{
    public override bool IsDecidedInTurn => true;

    public static readonly Operation Operation = new(
        ResourceTypes.ServiceRequest,
        "dispatch",
        "Sends the request to a partner: answers the Task that asks the partner to fulfil it, once that is stored and its message is queued in the same transaction.",
        input => input.Command(call => new DispatchRequest(call, Destination.Of(input)))
    )
    {
        Answer = ResourceTypes.Task,
        MakesAnswer = true,
        Parameters = [.. Destination.Parameters, Take.Reason, Take.Practitioner],
    };
}

internal sealed class DispatchRequestHandler(CommandRunner runner, ReferralReads reads, Destinations destinations)
    : IRequestHandler<DispatchRequest, FhirResponse>
{
    public Task<FhirResponse> Handle(DispatchRequest command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (request, now, policy) =>
            {
                if (
                    !(await destinations.OrderAsync(request, command.To, cancellationToken)).TryGet(
                        out var order,
                        out var failure
                    )
                )
                    return (Result<Decision>)failure;
                var around = await reads.AroundAsync(request, order, cancellationToken);
                var context = await reads.ContextAsync(
                    around.Patient?.Key.ToString(),
                    command.Call.By,
                    now,
                    policy,
                    cancellationToken
                );
                return DispatchReferral.Dispatch(request, order, around, context);
            },
            cancellationToken
        );
}
