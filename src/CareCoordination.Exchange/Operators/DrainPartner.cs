using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Exchange.Operators;

/// <summary>Nothing new is sent to a partner; what is under way ends.</summary>
public sealed record DrainPartner(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Endpoint,
        "drain",
        "Pauses the partner on all nodes: what is under way ends, what is queued waits for $resume. Answers as $health.",
        input => input.Command(call => new DrainPartner(call))
    )
    {
        Answer = "Parameters",
        Parameters = [Take.Reason, Take.Practitioner],
    };
}

internal sealed class DrainPartnerHandler(OperatorCommands operators) : IRequestHandler<DrainPartner, FhirResponse>
{
    public Task<FhirResponse> Handle(DrainPartner command, CancellationToken cancellationToken) =>
        operators.RunAsync(
            command.Call,
            _ => [new ChangePartnerStatus(command.Call.Key.Id, status => status with { IsPaused = true })],
            cancellationToken
        );
}
