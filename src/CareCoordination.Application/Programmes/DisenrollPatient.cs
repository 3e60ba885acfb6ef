using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using MediatR;

namespace CareCoordination.Application.Programmes;

/// <summary>A patient leaves a programme at the end of the month.</summary>
public sealed record DisenrollPatient(CommandCall Call, string Program) : Command(Call)
{
    public override bool IsDecidedInTurn => true;

    public static readonly Operation Operation = new(
        ResourceTypes.Patient,
        "disenroll",
        "Takes the patient out of a programme. It takes effect at the end of the calendar month: until then the episode goes on, and then it is finished by itself. An enrolment that has not begun is cancelled at once.",
        Read
    )
    {
        Answer = ResourceTypes.EpisodeOfCare,
        Parameters =
        [
            new("program", ["code", "string"], "The programme: ccm, pcm, apcm, tcm, rpm, bhi, cocm, chi or pin.")
            {
                IsRequired = true,
            },
            Take.NeededReason,
            Take.Practitioner,
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var program = input.Text("program") ?? "";
        return CarePrograms.Is(program)
            ? input.Command(call => new DisenrollPatient(call, program))
            : Programs.Unknown(program);
    }
}

internal sealed class DisenrollPatientHandler(CommandRunner runner, CareReads reads, BillingReads billing)
    : IRequestHandler<DisenrollPatient, FhirResponse>
{
    public Task<FhirResponse> Handle(DisenrollPatient command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (patient, now, policy) => DecideAsync(command, patient, now, policy, cancellationToken),
            cancellationToken
        );

    private async Task<Result<Decision>> DecideAsync(
        DisenrollPatient command,
        Snapshot patient,
        DateTimeOffset now,
        CarePolicy policy,
        CancellationToken cancellationToken
    )
    {
        var of = patient.Key.ToString();
        var code = $"{Uri.EscapeDataString(CarePrograms.System)}|{command.Program}";
        var groups = await reads.SearchAsync(
            ResourceTypes.Group,
            $"member={Uri.EscapeDataString(of)}&code={code}",
            cancellationToken
        );
        return ProgramDisenrollment.Decide(
            command.Program,
            await billing.EpisodesAsync(of, cancellationToken),
            groups,
            command.Call.At(now, policy)
        );
    }
}
