using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>Gives a task to another owner, or back to all.</summary>
/// <param name="Owner">Null: back to all.</param>
public sealed record ReassignTask(CommandCall Call, string? Owner, WorkReport Work) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "reassign",
        "Gives the task to another owner, or back to all. What was received is requested of the next one; work in progress stops.",
        Read
    )
    {
        Parameters =
        [
            Take.Owner,
            new("release", ["boolean"], "True, instead of an owner: anyone may claim it."),
            .. Take.Worked,
            .. Take.Told,
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var owner = input.Reference("owner");
        if (owner is null == input.Flag("release") is not true)
            return Failure.Invalid(
                IssueCode.Required,
                "$reassign needs the parameter 'owner', sent as valueReference, or 'release' as true.",
                "Parameters.parameter"
            );
        return input.Command(call => new ReassignTask(call, owner, input.Work()));
    }
}

internal sealed class ReassignTaskHandler(CommandRunner runner) : IRequestHandler<ReassignTask, FhirResponse>
{
    public Task<FhirResponse> Handle(ReassignTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (task, now, policy) =>
                TaskSteps.Reassign(
                    task,
                    command.Owner,
                    command.Call.Reason,
                    command.Call.By,
                    now,
                    command.Work.In(policy)
                ),
            cancellationToken
        );
}
