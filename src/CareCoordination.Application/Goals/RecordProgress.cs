using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Goals;
using CareCoordination.Workflow.Rules;
using MediatR;

namespace CareCoordination.Application.Goals;

/// <summary>Evidence for one goal: an Observation that is here, or a value that becomes one.</summary>
/// <param name="Value">Given where <paramref name="Observation"/> is not.</param>
public sealed record RecordProgress(CommandCall Call, string? Observation, decimal? Value, string? Unit, CareDate? At)
    : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Goal,
        "record-progress",
        "Takes an Observation, or a value that becomes one, as evidence: achievementStatus and outcomeReference follow.",
        Read
    )
    {
        Parameters =
        [
            new("observation", ["Reference"], "An Observation of the patient that measures a target."),
            new("value", ["Quantity", "decimal", "integer"], "Instead of an Observation: what was measured."),
            new("date", Take.Time, "When it was true of the patient; now where it is left out."),
            .. Take.Told,
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var observation = input.Reference("observation");
        var sent = input.All("value").ToArray();
        var value = sent.Select(v => v.ValueQuantity.Value ?? OperationInput.NumberOf(v)).FirstOrDefault();
        if (observation is null == value is null)
            return Failure.Invalid(
                IssueCode.Required,
                "$record-progress needs the parameter 'observation', sent as valueReference, or 'value', sent as valueQuantity.",
                "Parameters.parameter"
            );
        var unit = sent.Select(v => v.ValueQuantity.Code ?? v.ValueQuantity.Unit).FirstOrDefault();
        return input.Command(call => new RecordProgress(call, observation, value, unit, input.Date("date")));
    }
}

internal sealed class RecordProgressHandler(
    GoalCommands goals,
    CommandRunner runner,
    CareReads reads,
    GoalReadings readings
) : IRequestHandler<RecordProgress, FhirResponse>
{
    public Task<FhirResponse> Handle(RecordProgress command, CancellationToken cancellationToken) =>
        goals.RunAsync(
            command,
            (goal, now, policy) => DecideAsync(command, goal, now, policy, cancellationToken),
            cancellationToken
        );

    private async Task<Result<Decision>> DecideAsync(
        RecordProgress command,
        Snapshot goal,
        DateTimeOffset now,
        CarePolicy policy,
        CancellationToken cancellationToken
    )
    {
        var rules = policy.RulesAt(now);
        var known = await readings.KnownAsync(goal, policy, now, cancellationToken);
        if (command.Value is { } value)
        {
            var by = command.Call.By;
            return ProgressRecord.FromValue(
                goal,
                new ReportedValue(value, command.Unit, command.At ?? now),
                by.IsUnknown ? GoalPatient.Of(goal) : by.Reference,
                known,
                rules,
                runner.NewId()
            );
        }

        return
            command.Observation is { } reference
            && reference.StartsWith("Observation/", StringComparison.Ordinal)
            && await reads.NamedAsync(reference, cancellationToken) is { } observation
            ? ProgressRecord.FromObservation(goal, observation, known, rules)
            : WorkerRule.Unresolved("observation", command.Observation ?? "");
    }
}
