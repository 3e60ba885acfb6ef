using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Exchange.Operators;

/// <summary>Messages are sent again.</summary>
/// <param name="Delivery">Null: all that are parked.</param>
public sealed record ReplayDeliveries(CommandCall Call, string? Delivery) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Endpoint,
        "replay",
        "Sends a message again, or all parked ones of the partner where none is named. Each is the same message as before, so that the partner recognises what it has. Answers the deliveries.",
        input => input.Command(call => new ReplayDeliveries(call, input.Text("delivery")))
    )
    {
        Answer = "Parameters",
        Parameters =
        [
            new(
                "delivery",
                ["id", "string"],
                "The message, by its id in $deliveries; all that are parked where it is left out."
            ),
            Take.Reason,
            Take.Practitioner,
        ],
    };
}

internal sealed class ReplayDeliveriesHandler(OperatorCommands operators)
    : IRequestHandler<ReplayDeliveries, FhirResponse>
{
    public Task<FhirResponse> Handle(ReplayDeliveries command, CancellationToken cancellationToken) =>
        operators.RunAsync(
            command.Call,
            command.Delivery,
            MessageState.Parked,
            id => new ReplayMessage(id),
            cancellationToken
        );
}
