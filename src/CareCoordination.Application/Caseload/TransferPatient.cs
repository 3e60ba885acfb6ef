using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using MediatR;

namespace CareCoordination.Application.Caseload;

/// <summary>Offers a patient to another care manager.</summary>
public sealed record TransferPatient(CommandCall Call, HandoverRequest Request) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.Patient,
        "transfer",
        "Offers the patient to another care manager, as a task to approve. Handed over when that task is accepted; until then nothing moves.",
        input =>
            Read(input).TryGet(out var request, out var failure)
                ? input.Command(call => new TransferPatient(
                    call,
                    request with
                    {
                        OverrideCap = request.OverrideCap && (call.By.IsUnchecked || call.By.IsLead),
                    }
                ))
                : failure
    )
    {
        Answer = ResourceTypes.Task,
        Parameters =
        [
            new("from", ["Reference"], "Who hands over. Refused where this is not the care manager.")
            {
                Names = Naming.Resource,
            },
            .. Shared,
        ],
    };

    /// <summary>The parameters of a transfer of one patient and of many.</summary>
    internal static OperationParameter[] Shared =>
        [
            new(
                "to",
                ["Reference"],
                "The PractitionerRole that takes over; chosen by continuity, language and load where it is left out."
            )
            {
                Names = Naming.Resource,
            },
            new("handoffNote", ["string", "markdown"], "What the one who takes over should know.")
            {
                IsNeededByRule = true,
            },
            new("effective", Take.Time, "From when it may be accepted; at once where it is left out."),
            new(
                "tasks",
                ["code", "string"],
                "all (what is left out too): everything that is not over; open-only: drafts and what is on hold stay with their owner."
            ),
            new("overrideCap", ["boolean"], "True: a lead goes beyond the cap."),
            Take.Reason,
            Take.Practitioner,
        ];

    internal static Result<HandoverRequest> Read(OperationInput input) =>
        input.Text("tasks") is not (null or "all" or "open-only")
            ? Failure.Invalid(IssueCode.Value, "'tasks' is all or open-only.", "Parameters.parameter")
            : new HandoverRequest(input.Reference("from"), input.Reference("to"), input.Text("handoffNote"))
            {
                Effective = input.Date("effective"),
                OpenTasksOnly = input.Text("tasks") == "open-only",
                OverrideCap = input.Flag("overrideCap") ?? false,
            };
}

internal sealed class TransferPatientHandler(CommandRunner runner, Handovers handovers)
    : IRequestHandler<TransferPatient, FhirResponse>
{
    public Task<FhirResponse> Handle(TransferPatient command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (patient, now, policy) =>
                handovers.OfferAsync(patient, command.Request, now, policy, runner.NewId, cancellationToken),
            cancellationToken
        );
}
