using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using MediatR;

namespace CareCoordination.Analytics.Measures;

/// <summary>
/// Counts a measure and stores the report. There is one for each question: asked again it is a new version where it has come to something
/// else, and the same one where it has not.
/// </summary>
internal sealed record StoreReport(CommandCall Call, MeasureQuery Query, string BaseUrl) : Command(Call)
{
    /// <summary>Which resource it is: of a measure, of a period and of whom.</summary>
    public ResourceKey ReportKey =>
        new(
            ResourceTypes.MeasureReport,
            DerivedId.Of(
                new ResourceKey(ResourceTypes.Measure, Query.Measure.Id),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"report {Query.Start:yyyy-MM-dd} {Query.End:yyyy-MM-dd} {Query.Patient ?? "-"} {Query.Practitioner ?? "-"} {Query.Organization ?? "-"} {Query.Programme ?? "-"}"
                )
            )
        );
}

internal sealed class StoreReportHandler(MeasureEvaluation evaluation, CommandRunner runner, ReadGate gate)
    : IRequestHandler<StoreReport, FhirResponse>
{
    public async Task<FhirResponse> Handle(StoreReport command, CancellationToken cancellationToken)
    {
        var type = command.Query.Patient is null ? "population" : "subject";
        var evaluated = await evaluation.OfAsync(command.Query, type, command.BaseUrl, cancellationToken);
        if (!evaluated.TryGet(out var report, out var failure))
            return failure;
        report.Id = command.ReportKey.Id;
        return await runner.RunOnTypeAsync(
            command,
            async _ =>
                Decide(
                    command.ReportKey,
                    report.ToUtf8Json(),
                    await gate.ReadAsync(command.ReportKey, cancellationToken)
                ),
            cancellationToken
        );
    }

    private static Result<Decision> Decide(ResourceKey key, byte[] report, StoredResource? before)
    {
        if (before is { IsDeleted: false } stored && JsonNode.DeepEquals(Said(stored.Utf8Json.Span), Said(report)))
            return new Decision(key, [])
            {
                Activity = EvaluateMeasure.Operation.Name,
                ReliedOn = [new(key, stored.Version)],
            };
        return new Decision(key, [new ResourceWrite(key, before?.Version ?? 0, report)])
        {
            Activity = EvaluateMeasure.Operation.Name,
        };
    }

    /// <summary>What a report says, without when it was said and from how much.</summary>
    private static JsonObject Said(ReadOnlySpan<byte> utf8Json)
    {
        var report = JsonNode.Parse(utf8Json)!.AsObject();
        foreach (var name in (string[])["id", "meta", "date", "extension"])
            report.Remove(name);
        return report;
    }
}
