using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Privacy;

/// <summary>Somebody takes access to a patient to whom they have no relation, because it cannot wait.</summary>
public sealed record BreakGlass(CommandCall Call) : Command(Call)
{
    public override bool NeedsNoRelation => true;

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

/// <summary>
/// Whose record it is is known from elsewhere, a bracelet or a call: whether it is here has to be told. The task for the privacy officer says
/// who broke the glass, for whom, when and why.
/// </summary>
internal sealed class BreakGlassHandler(CareSession session, CommandRunner runner, AccessOptions access)
    : IRequestHandler<BreakGlass, FhirResponse>
{
    public Task<FhirResponse> Handle(BreakGlass command, CancellationToken cancellationToken) =>
        runner.RunAsync(command, (patient, now, _) => Decide(command, patient, now), cancellationToken);

    private Result<Decision> Decide(BreakGlass command, Snapshot patient, DateTimeOffset now) =>
        session.Caller.Person is { } person && !session.Rights.IsUnlimited
            ? BrokenGlass.Break(patient.Key, person, command.Call.Reason, now, now + access.BreakGlass, runner.NewId())
            : Failure.Unprocessable(
                IssueCode.BusinessRule,
                "There is no glass to break: it takes a person who has signed in, and only those see less than everything."
            );
}
