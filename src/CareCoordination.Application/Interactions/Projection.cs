using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// Which part of each resource is wanted: <c>_summary</c> and <c>_elements</c>. https://hl7.org/fhir/R4/search.html#summary
/// </summary>
public sealed record Projection(SummaryMode Summary, ImmutableArray<string> Elements)
{
    public static readonly Projection Whole = new(SummaryMode.False, []);

    public bool IsWhole => Summary == SummaryMode.False && Elements.IsEmpty;

    public static Result<Projection> Parse(QueryParameters query)
    {
        if (query.Count == 0)
            return Whole;
        SummaryMode? summary = query.First("_summary") switch
        {
            null or "false" => SummaryMode.False,
            "true" => SummaryMode.True,
            "text" => SummaryMode.Text,
            "data" => SummaryMode.Data,
            _ => null,
        };
        if (summary is not { } mode)
            return Failure.Invalid(
                IssueCode.Value,
                "_summary of a single resource is one of true, text, data and false."
            );
        var elements = query.First("_elements") is { Length: > 0 } list
            ? list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToImmutableArray()
            : [];
        return mode == SummaryMode.False && elements.IsEmpty ? Whole : new Projection(mode, elements);
    }

    public FhirResponse Apply(StoredResource version, FhirDefinitions definitions) =>
        IsWhole
            ? FhirResponse.Of(version)
            : new()
            {
                Status = 200,
                Version = version,
                Content = new BytesContent(Apply(version.Utf8Json, definitions)),
            };

    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> stored, FhirDefinitions definitions)
    {
        if (IsWhole || stored.IsEmpty)
            return stored;
        var document = ResourceDocument.Parse(stored).Value;
        return Summary switch
        {
            SummaryMode.True => ResourceProjection.Summary(document, definitions.Schema),
            SummaryMode.Text => ResourceProjection.Text(document, definitions.Schema),
            SummaryMode.Data => ResourceProjection.Data(document, definitions.Schema),
            _ => ResourceProjection.Elements(document, definitions.Schema, Elements),
        };
    }
}
