using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Exchange.Operators;

/// <summary>A message is given up.</summary>
public sealed record EndDeliveries(CommandCall Call, string Delivery) : Command(Call)
{
    public static readonly Operation Operation = new(
        "Endpoint",
        "end",
        "Gives up a message that waits or is parked, as where the partner was told by telephone: it is not sent any more, and later ones about the same Task go on. Answers the delivery.",
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

internal sealed class EndDeliveriesHandler(OperatorCommands operators) : IRequestHandler<EndDeliveries, FhirResponse>
{
    public Task<FhirResponse> Handle(EndDeliveries command, CancellationToken cancellationToken) =>
        operators.RunAsync(
            command.Call,
            command.Delivery,
            all: null,
            id => new EndMessage(id, "An operator gave it up."),
            cancellationToken
        );
}
