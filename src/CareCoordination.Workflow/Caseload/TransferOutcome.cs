using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Caseload;

/// <summary>
/// What became of one patient of a <see cref="TransferJob"/>, kept as a Basic resource under an id made of the job and the place of the
/// patient: there can be one, so that each patient is offered once, whoever works on the job and however often it is begun again.
/// </summary>
/// <param name="Offer">The Task that was made; null where it was refused.</param>
/// <param name="Refusal">Empty where it was offered.</param>
public sealed record TransferOutcome(string Patient, string? Offer, ImmutableArray<Issue> Refusal)
{
    public const string Code = "transfer-outcome";

    private const string Name = "https://carecoordination.example/fhir/StructureDefinition/transfer-outcome";
    private const string OutcomeId = "outcome";

    /// <summary>Where it is kept.</summary>
    public static ResourceKey KeyOf(ResourceKey job, int place) =>
        new(ResourceTypes.Basic, string.Create(CultureInfo.InvariantCulture, $"transfer-{job.Id}-{place}"));

    public ResourceWrite ToRecord(ResourceKey job, int place, DateTimeOffset now)
    {
        var key = KeyOf(job, place);
        var extension = new ExtensionEditor
        {
            Url = Name,
            Extension =
            {
                new() { Url = "place", ValueInteger = place },
                new() { Url = "patient", ValueReference = References.To(Patient) },
            },
        };
        var record = new BasicEditor
        {
            Id = key.Id,
            Code = CodeableConceptEditor.Of(CareExtensions.CommandSystem, Code),
            Subject = References.To(job.ToString()),
            Created = DateOnly.FromDateTime(now.UtcDateTime),
        };
        if (Offer is not null)
            extension.Extension.Add(new() { Url = "offer", ValueReference = References.To(Offer) });
        if (!Refusal.IsEmpty)
        {
            var outcome = new ResourceEditor(ResourceDocument.Parse(OperationOutcome.ToUtf8Json(Refusal)).Value);
            outcome.SetJson("id", "\"outcome\""u8.ToArray());
            record.Contained.Add(outcome);
            extension.Extension.Add(new() { Url = OutcomeId, ValueReference = References.To($"#{OutcomeId}") });
        }

        record.Extension.Add(extension);
        return new ResourceWrite(key, 0, record.ToUtf8Json());
    }

    /// <summary>How far the job is, and what became of each patient, in their order. https://hl7.org/fhir/R4/async.html</summary>
    public static ParametersEditor Report(ResourceKey job, IEnumerable<Snapshot> records)
    {
        var entries = records
            .Select(r => BasicView.From(ResourceDocument.Parse(r.Utf8Json).Value))
            .Select(r => (Record: r, Said: ExtensionView.Find(r.Extension, Name).Extension))
            .OrderBy(r => ExtensionView.Find(r.Said, "place").ValueInteger)
            .Select(r => Entry(r.Record, r.Said))
            .ToArray();
        var refused = entries.Count(e => e.Part.Any(p => p.Name == OutcomeId));
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
            report.Parameter.Add(entry);
        return report;
    }

    private static ParametersParameterEditor Entry(BasicView record, ElementViews<ExtensionView> said)
    {
        var entry = new ParametersParameterEditor
        {
            Name = "result",
            Part =
            {
                new() { Name = "patient", ValueReference = new(ExtensionView.Find(said, "patient").ValueReference) },
            },
        };
        if (ExtensionView.Find(said, "offer") is { Exists: true } offer)
            entry.Part.Add(new() { Name = "task", ValueReference = new(offer.ValueReference) });
        foreach (var outcome in record.Contained)
            entry.Part.Add(new() { Name = OutcomeId, Resource = new ResourceEditor(Detached(outcome.Element.Value)) });
        return entry;
    }

    private static ResourceDocument Detached(JsonValue value) => value.Document.Detach(value);
}
