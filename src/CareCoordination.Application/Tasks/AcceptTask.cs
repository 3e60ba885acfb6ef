using CareCoordination.Application.Answers;
using CareCoordination.Application.Caseload;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>Agrees to do a task.</summary>
public sealed record AcceptTask(CommandCall Call, WorkReport Work) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "accept",
        "Agrees to do the task. A task without an owner is then owned by whoever accepts it. A task that offers a handover is done by it, and the patient handed over.",
        input => input.Command(call => new AcceptTask(call, input.Work()))
    )
    {
        Parameters = Take.Told,
    };
}

internal sealed class AcceptTaskHandler(CommandRunner runner, Handovers handovers)
    : IRequestHandler<AcceptTask, FhirResponse>
{
    public Task<FhirResponse> Handle(AcceptTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (task, now, policy) =>
                Handover.IsOffer(task)
                    ? await handovers.AcceptAsync(task, command.Call.By, now, policy, runner.NewId, cancellationToken)
                    : TaskSteps.Accept(task, command.Call.By, now, command.Call.Reason, command.Work),
            cancellationToken
        );
}
