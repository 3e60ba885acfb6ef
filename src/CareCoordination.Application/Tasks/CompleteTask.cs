using CareCoordination.Application.Answers;
using CareCoordination.Application.Caseload;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>A task is done.</summary>
public sealed record CompleteTask(CommandCall Call, TaskResult Result) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "complete",
        "The task is done: keeps outputs and minutes, tells the plan's activity, and makes the next task of a series.",
        input => input.Command(call => new CompleteTask(call, Read(input)))
    )
    {
        Parameters =
        [
            new("output", ["Reference"], "What came of it: a Reference, or parts that say more.")
            {
                IsRepeatable = true,
                Parts =
                [
                    new("type", ["CodeableConcept", "string"], "What the value is.") { IsRequired = true },
                    new("value", ["*"], "The value.") { IsRequired = true },
                ],
            },
            .. Take.Worked,
            new("outcome", ["CodeableConcept", "string"], "How it went, in a word."),
            .. Take.Told,
        ],
    };

    private static TaskResult Read(OperationInput input) =>
        new([.. input.All("output").Select(OutputOf)]) { Outcome = input.Reason("outcome"), Work = input.Work() };

    /// <summary>https://hl7.org/fhir/R4/task-definitions.html#Task.output</summary>
    private static TaskOutputView OutputOf(ParametersParameterView parameter)
    {
        var output = new TaskOutputEditor();
        if (parameter.ValueReference.Exists)
        {
            output.Type = new() { Text = "Result" };
            output.ValueReference = new(parameter.ValueReference);
        }
        else
        {
            foreach (var part in parameter.Part)
            {
                if (part.Name == "value")
                    CopyValue(part, output);
                else if (part.ValueCodeableConcept.Exists)
                    output.Type = new(part.ValueCodeableConcept);
                else
                    output.Type = new() { Text = OperationInput.TextOf(part) };
            }
        }

        var task = new TaskEditor { Output = { output } };
        return TaskView.From(task.ToDocument()).Output.First();
    }

    private static void CopyValue(ParametersParameterView part, TaskOutputEditor output)
    {
        foreach (var child in part.Element.Value)
        {
            if (child.Name.StartsWith("value", StringComparison.Ordinal))
                output.SetJson(child.Name, child.Document.Utf8.Slice(child.Start, child.RawUtf8.Length));
        }
    }
}

internal sealed class CompleteTaskHandler(CommandRunner runner, CareReads reads, Handovers handovers)
    : IRequestHandler<CompleteTask, FhirResponse>
{
    public Task<FhirResponse> Handle(CompleteTask command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (task, now, policy) =>
                Handover.IsOffer(task)
                    ? await handovers.AcceptAsync(task, command.Call.By, now, policy, runner.NewId, cancellationToken)
                    : FinishTask.Complete(
                        task,
                        await reads.AroundAsync(task, cancellationToken),
                        command.Result with
                        {
                            Work = command.Result.Work.In(policy),
                        },
                        command.Call.By,
                        now,
                        runner.NewId,
                        command.Call.Reason
                    ),
            cancellationToken
        );
}
