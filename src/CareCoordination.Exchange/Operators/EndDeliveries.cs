using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Exchange.Partners;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Referrals;
using MediatR;

namespace CareCoordination.Exchange.Operators;

/// <summary>A message is given up.</summary>
public sealed record EndDeliveries(CommandCall Call, string Delivery) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Endpoint,
        "end",
        "Gives up a message that waits or is parked, as where the partner was told by telephone: it is not sent any more, later ones about the same Task go on, and what people were asked to do about it is done. Answers the delivery.",
        input => input.Command(call => new EndDeliveries(call, input.Text("delivery")!))
    )
    {
        Answer = "Parameters",
        Parameters =
        [
            new("delivery", ["id", "string"], "The message, by its id in $deliveries.") { IsRequired = true },
            Take.Reason,
            Take.Practitioner,
        ],
    };
}

internal sealed class EndDeliveriesHandler(
    OperatorCommands operators,
    CareReads reads,
    ReferralReads referrals,
    DecisionInputs inputs
) : IRequestHandler<EndDeliveries, FhirResponse>
{
    public Task<FhirResponse> Handle(EndDeliveries command, CancellationToken cancellationToken) =>
        operators.RunAsync(
            command.Call,
            command.Delivery,
            all: null,
            id => new EndMessage(id, "An operator gave it up."),
            cancellationToken,
            WorkIsDoneAsync
        );

    /// <summary>What people were asked to do about the message is done with it.</summary>
    private async Task<Decision?> WorkIsDoneAsync(OutboxMessage message, CancellationToken cancellationToken) =>
        await reads.ReadAsync(message.Subject.ToString(), cancellationToken) is { } task
            ? ReferralDelivery.Ended(
                task,
                await referrals.WorkAsync(message.About!.Value, cancellationToken),
                await inputs.OfAsync(task, cancellationToken)
            )
            : null;
}
