using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Risk;
using CareCoordination.Workflow.Rules;
using MediatR;

namespace CareCoordination.Application.Assessments;

/// <summary>Computes a score of readmission risk from the record, and keeps it as a RiskAssessment of the stay.</summary>
/// <param name="Method"><c>lace</c> or <c>hospital</c>.</param>
/// <param name="Encounter">The stay; null for the latest one.</param>
public sealed record AssessRisk(CommandCall Call, string Method, string? Encounter) : Command(Call)
{
    private static readonly ImmutableArray<string> Methods = ["lace", "hospital"];

    public static readonly Operation Operation = new(
        ResourceTypes.Patient,
        "risk",
        "Computes the risk of readmission after a stay in hospital from the record, by the LACE index or the HOSPITAL score, and keeps it as the RiskAssessment of that stay. What is missing is named, and is not read as zero.",
        Read
    )
    {
        Answer = ResourceTypes.RiskAssessment,
        Parameters =
        [
            new("method", ["code", "string"], "lace, or hospital.") { IsRequired = true },
            new("encounter", ["Reference", "string"], "The stay; the latest one where it is left out.")
            {
                Names = Naming.Resource,
            },
            Take.Practitioner,
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var method = input.Text("method") ?? "";
        return Methods.Contains(method)
            ? input.Command(call => new AssessRisk(call, method, input.Reference("encounter")))
            : Failure.Invalid(
                IssueCode.Value,
                $"'method' of $risk is one of {string.Join(", ", Methods)}.",
                "Parameters.parameter.where(name = 'method')"
            );
    }
}

internal sealed class AssessRiskHandler(CommandRunner runner, CareReads reads, CarePolicies policies, RiskReads risks)
    : IRequestHandler<AssessRisk, FhirResponse>
{
    public Task<FhirResponse> Handle(AssessRisk command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (patient, now, _) => DecideAsync(command, patient, now, cancellationToken),
            cancellationToken
        );

    private async Task<Result<Decision>> DecideAsync(
        AssessRisk command,
        Snapshot patient,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var of = patient.Key.ToString();
        if (!(await StayAsync(command, of, cancellationToken)).TryGet(out var stay, out var failure))
            return failure;
        var view = EncounterView.From(ResourceDocument.Parse(stay.Utf8Json).Value);
        var policy = await policies.OfAsync(cancellationToken, view.ServiceProvider.Reference, of);
        var rules = policy.RulesAt(now).Risk;
        var record = await risks.RecordAsync(of, stay, rules, policy.TimeZone, cancellationToken);
        var (inputs, basis) = record.Read(rules);
        var score = RiskInstruments.Score(command.Method, inputs, rules)!;
        var before = await reads.ReadAsync(
            RiskStatement.KeyOf(stay.Key, score.Instrument).ToString(),
            cancellationToken
        );
        return RiskStatement.Of(score, of, stay, basis, before, now);
    }

    private async Task<Result<Snapshot>> StayAsync(
        AssessRisk command,
        string patient,
        CancellationToken cancellationToken
    )
    {
        if (command.Encounter is not { } named)
            return await risks.LatestStayAsync(patient, cancellationToken) is { } latest ? latest : StayRule.NoStay();
        return await reads.NamedAsync(named, cancellationToken) is { } stay
            ? StayRule.Check(stay, patient) is { } refusal
                ? refusal
                : stay
            : WorkerRule.Unresolved("encounter", named);
    }
}
