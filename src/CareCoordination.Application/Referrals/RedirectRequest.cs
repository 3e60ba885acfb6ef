using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Referrals;
using MediatR;

namespace CareCoordination.Application.Referrals;

/// <summary>Asks another partner for the same.</summary>
public sealed record RedirectRequest(CommandCall Call, Destination To) : Command(Call)
{
    public override bool IsDecidedInTurn => true;

    public static readonly Operation Operation = new(
        ResourceTypes.ServiceRequest,
        "redirect",
        "Asks another partner for the same: calls off what is under way, and answers the Task of the next attempt, in the same group.",
        input => input.Command(call => new RedirectRequest(call, Destination.Of(input)))
    )
    {
        Answer = ResourceTypes.Task,
        MakesAnswer = true,
        Parameters =
        [
            .. Destination.Parameters,
            Take.Reason with
            {
                Documentation = "Why what is under way is called off; needed where something is.",
            },
            Take.Practitioner,
        ],
    };
}

internal sealed class RedirectRequestHandler(
    CommandRunner runner,
    ReferralReads reads,
    Destinations destinations,
    PartnerKnowledge knowledge
) : IRequestHandler<RedirectRequest, FhirResponse>
{
    public Task<FhirResponse> Handle(RedirectRequest command, CancellationToken cancellationToken) =>
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
                return RedirectReferral.Redirect(
                    request,
                    order,
                    around,
                    await knowledge.OfAsync(around.Attempts.Select(a => a.Key), cancellationToken),
                    await reads.WorkAsync(request.Key, cancellationToken),
                    command.Call.Reason,
                    context
                );
            },
            cancellationToken
        );
}
