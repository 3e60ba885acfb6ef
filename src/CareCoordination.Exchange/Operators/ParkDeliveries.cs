using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Exchange.Operators;

/// <summary>A message that waits is held back until it is replayed.</summary>
public sealed record ParkDeliveries(CommandCall Call, string Delivery) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Endpoint,
        "park",
        "Holds a message back that waits to be sent, until $replay. Later messages about the same Task wait with it. Answers the delivery.",
        input => input.Command(call => new ParkDeliveries(call, input.Text("delivery")!))
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

internal sealed class ParkDeliveriesHandler(OperatorCommands operators) : IRequestHandler<ParkDeliveries, FhirResponse>
{
    public Task<FhirResponse> Handle(ParkDeliveries command, CancellationToken cancellationToken) =>
        operators.RunAsync(
            command.Call,
            command.Delivery,
            all: null,
            id => new ParkMessage(id, "An operator holds it back."),
            cancellationToken
        );
}
