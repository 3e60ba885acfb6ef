using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>Takes a task that nobody owns; of several at once one gets it, the others 409.</summary>
public sealed record ClaimTask(CommandCall Call, string? Owner, WorkReport Work) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "claim",
        "Takes a task that nobody owns. Of several who claim it at once one gets it; the others are answered with 409.",
        Read
    )
    {
        Parameters = [Take.Owner, .. Take.Told],
    };

    private static Result<FhirInteraction> Read(OperationInput input) =>
        input.Has("owner") || input.Has("practitioner")
            ? input.Command(call => new ClaimTask(call, input.Reference("owner"), input.Work()))
            : Failure.Invalid(
                IssueCode.Required,
                "$claim needs the parameter 'owner' or 'practitioner', sent as valueReference.",
                "Parameters.parameter"
            );
}

internal sealed class ClaimTaskHandler(CommandRunner runner) : IRequestHandler<ClaimTask, FhirResponse>
{
    public Task<FhirResponse> Handle(ClaimTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (task, now, _) =>
                TaskSteps.Claim(task, command.Owner, command.Call.By, now, command.Call.Reason, command.Work),
            cancellationToken
        );
}
