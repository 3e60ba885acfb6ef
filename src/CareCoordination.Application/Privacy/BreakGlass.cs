using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Privacy;

/// <summary>Somebody takes access to a patient to whom they have no relation, because it cannot wait.</summary>
public sealed record BreakGlass(CommandCall Call) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Patient,
        "break-glass",
        "Lets the person who has signed in read the record of a patient to whom they have no relation, whatever labels and consents say, for an hour. It is recorded, and a Task asks the privacy officer to look at it.",
        input => input.Command(call => new BreakGlass(call))
    )
    {
        Answer = ResourceTypes.Task,
        MakesAnswer = true,
        Parameters = [Take.NeededReason],
    };
}

/// <summary>The task for the privacy officer is what says it: whoever reads it knows who broke the glass, for whom, when and why.</summary>
internal sealed class BreakGlassHandler(CareSession session, ReadGate gate, CommandRunner runner, AccessOptions access)
    : IRequestHandler<BreakGlass, FhirResponse>
{
    public async Task<FhirResponse> Handle(BreakGlass command, CancellationToken cancellationToken)
    {
        if (session.Caller.Person is not { } person || session.Rights.IsUnlimited)
            return Failure.Unprocessable(
                IssueCode.BusinessRule,
                "There is no glass to break: it takes a person who has signed in, and only those see less than everything."
            );
        if (command.Call.Refusal is { } refusal)
            return refusal;
        var result = await session.WriteAsync(token => DecideAsync(command, person, token), cancellationToken);
        return result.Then(written => FhirResponse.Written(201, written.Changes[0].Resource, []));
    }

    private async ValueTask<WriteDecision> DecideAsync(
        BreakGlass command,
        ResourceKey person,
        CancellationToken cancellationToken
    )
    {
        // Whose record it is is known from elsewhere: a bracelet, a caller. Whether it is here has to be told.
        var patient = command.Call.Key;
        if (await gate.ReadAsync(patient, cancellationToken) is not { IsDeleted: false })
            return Failure.NotFound($"There is no {patient}.");
        var now = runner.Now();
        var decided = BrokenGlass.Break(
            patient,
            person,
            command.Call.Reason,
            now,
            now + access.BreakGlass,
            runner.NewId()
        );
        if (!decided.TryGet(out var decision, out var refusal))
            return refusal;
        return WriteSet.Of(
            new RecordedDecision(decision, "operation", command.Call.By, command.Call.Reason) { NeedsNoRelation = true }
        );
    }
}
