using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Caseload;

/// <summary>What became of one patient of a <see cref="TransferJob"/>: the result of a step.</summary>
/// <param name="Offer">The Task that was made; null where it was refused.</param>
/// <param name="Refusal">Empty where it was offered.</param>
public sealed record TransferOutcome(string Patient, string? Offer, ImmutableArray<Issue> Refusal)
{
    private const string Outcome = "outcome";

    /// <summary>As the entry of the report that it will be: Parameters with one parameter.</summary>
    public ReadOnlyMemory<byte> ToUtf8Json()
    {
        var entry = new ParametersParameterEditor
        {
            Name = "result",
            Part =
            {
                new() { Name = "patient", ValueReference = References.To(Patient) },
            },
        };
        if (Offer is not null)
            entry.Part.Add(new() { Name = "task", ValueReference = References.To(Offer) });
        if (!Refusal.IsEmpty)
            entry.Part.Add(
                new()
                {
                    Name = Outcome,
                    Resource = new ResourceEditor(ResourceDocument.Parse(OperationOutcome.ToUtf8Json(Refusal)).Value),
                }
            );
        return new ParametersEditor { Parameter = { entry } }.ToUtf8Json();
    }

    /// <summary>What became of each patient, in their order. https://hl7.org/fhir/R4/async.html</summary>
    /// <param name="results">Of the steps, as <see cref="ToUtf8Json"/> made them.</param>
    public static ReadOnlyMemory<byte> Report(ResourceKey job, IEnumerable<ReadOnlyMemory<byte>> results)
    {
        ParametersParameterView[] entries =
        [
            .. results.SelectMany(r => ParametersView.From(ResourceDocument.Parse(r).Value).Parameter),
        ];
        var refused = entries.Count(e => e.Part.Any(p => p.Name == Outcome));
        var report = new ParametersEditor
        {
            Parameter =
            {
                new() { Name = "job", ValueReference = References.To(job.ToString()) },
                new() { Name = "offered", ValueInteger = entries.Length - refused },
                new() { Name = "refused", ValueInteger = refused },
            },
        };
        foreach (var entry in entries)
            report.Parameter.Add(new ParametersParameterEditor(entry));
        return report.ToUtf8Json();
    }
}
