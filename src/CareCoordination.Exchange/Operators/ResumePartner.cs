using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Exchange.Operators;

/// <summary>A partner that was paused is sent to again.</summary>
public sealed record ResumePartner(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Endpoint,
        "resume",
        "Ends the pause of $drain: what is queued leaves. Answers as $health.",
        input => input.Command(call => new ResumePartner(call))
    )
    {
        Answer = "Parameters",
        Parameters = [Take.Reason, Take.Practitioner],
    };
}

internal sealed class ResumePartnerHandler(OperatorCommands operators) : IRequestHandler<ResumePartner, FhirResponse>
{
    public Task<FhirResponse> Handle(ResumePartner command, CancellationToken cancellationToken) =>
        operators.RunAsync(
            command.Call,
            _ => [new ChangePartnerStatus(command.Call.Key.Id, status => status with { IsPaused = false })],
            cancellationToken
        );
}
