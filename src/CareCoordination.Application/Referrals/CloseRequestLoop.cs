using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Referrals;
using MediatR;

namespace CareCoordination.Application.Referrals;

/// <summary>What was requested has been done, and there is evidence.</summary>
public sealed record CloseRequestLoop(CommandCall Call, LoopClosing Closing) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.ServiceRequest,
        "close-loop",
        "Completes the request on evidence: an output of the Task or a report. Makes the task that later asks the patient whether it helped.",
        input =>
            input.Command(call => new CloseRequestLoop(
                call,
                new LoopClosing([.. input.All("report").Select(input.ReferenceOf).OfType<string>()])
                {
                    Outcome = input.Reason("outcome"),
                    Note = input.Text("note"),
                    WaivesReport = input.Flag("waive") ?? false,
                }
            ))
    )
    {
        Parameters =
        [
            new(
                "report",
                ["Reference"],
                "What came of it: a DocumentReference, a Composition, a Procedure, an Observation."
            )
            {
                IsRepeatable = true,
            },
            new("outcome", ["CodeableConcept", "string"], "How it went, in a word."),
            new("note", ["string", "markdown"], "What the next reader should know."),
            new("waive", ["boolean"], "True: closed although no report was received; 'reason' says why."),
            Take.Reason,
            Take.Practitioner,
        ],
    };
}

internal sealed class CloseRequestLoopHandler(CommandRunner runner, ReferralReads reads)
    : IRequestHandler<CloseRequestLoop, FhirResponse>
{
    public Task<FhirResponse> Handle(CloseRequestLoop command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            async (request, now, policy) =>
                CloseLoop.Close(
                    request,
                    await reads.AttemptsAsync(request.Key, cancellationToken),
                    await reads.WorkAsync(request.Key, cancellationToken),
                    command.Closing,
                    command.Call.Reason,
                    await reads.ContextAsync(
                        ServiceRequestView.From(ResourceDocument.Parse(request.Utf8Json).Value).Subject.Reference,
                        command.Call.By,
                        now,
                        policy,
                        cancellationToken
                    )
                ),
            cancellationToken
        );
}
