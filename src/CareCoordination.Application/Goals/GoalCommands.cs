using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Workflow.Goals;

namespace CareCoordination.Application.Goals;

/// <summary>
/// Runs the commands of a goal: what each decides is written with the note that comes with it, and a goal that is sought from now on is
/// judged by the readings that there are.
/// </summary>
public sealed class GoalCommands(CommandRunner runner, GoalReadings readings)
{
    public Task<FhirResponse> RunAsync(Command command, DecideCommand decide, CancellationToken cancellationToken) =>
        RunAsync(command, (goal, now, policy) => Task.FromResult(decide(goal, now, policy)), cancellationToken);

    public Task<FhirResponse> RunAsync(
        Command command,
        DecideCommandAsync decide,
        CancellationToken cancellationToken
    ) =>
        runner.RunAsync(
            command,
            async (goal, now, policy) =>
            {
                if (!(await decide(goal, now, policy)).TryGet(out var decision, out var failure))
                    return failure;
                var judged = await readings.JudgeSoughtAsync(decision, [goal], policy, now, cancellationToken);
                return judged.WithNote(goal, command.Call.Note, command.Call.By, now);
            },
            cancellationToken
        );
}
