using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Analytics.Mirror;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using MediatR;

namespace CareCoordination.Analytics.Measures;

/// <summary>What is missing in the care of patients. https://hl7.org/fhir/R4/measure-operation-care-gaps.html</summary>
internal sealed record CareGaps(GapQuery Query, string BaseUrl)
    : FhirInteraction("$care-gaps", ResourceTypes.Measure, null)
{
    /// <summary>A page has a document for each patient.</summary>
    private const int MostPatients = 200;

    public override bool IsQuestion => true;

    public static readonly Operation Operation = new(
        ResourceTypes.Measure,
        "care-gaps",
        "What is missing in the care of a patient, or of those of a practitioner or an organisation, by the measures of docs/measures.md that have gaps: a document for each patient, with a MeasureReport for each measure. Of several patients it is a Bundle of documents, of patients with gaps whom the caller sees, page by page.",
        Read
    )
    {
        AffectsState = false,
        IsOnType = true,
        IsOnInstance = false,
        Answer = "Bundle",
        StandardDefinition = "http://hl7.org/fhir/OperationDefinition/Measure-care-gaps",
        Parameters =
        [
            new("periodStart", ["date"], "The first day.") { IsRequired = true },
            new("periodEnd", ["date"], "The last day.") { IsRequired = true },
            new(
                "subject",
                ["string", "Reference"],
                "One Patient. Without one, practitioner or organization is needed."
            ),
            new("practitioner", ["string", "Reference"], "Patients of this Practitioner or PractitionerRole."),
            new("organization", ["string", "Reference"], "Patients of this Organization."),
            new(
                "topic",
                ["string", "code"],
                "Ids of measures with a comma between them, such as m-04,m-07; all measures that have gaps where it is left out."
            ),
            new("measure", ["string", "canonical", "uri"], "The id or the URL of one measure."),
            new(
                "status",
                ["code", "string"],
                "open-gap, or closed-gap for all that was looked at; open-gap where it is left out."
            ),
            new("_count", ["integer", "string"], "Patients of a page: 50 where it is left out, at most 200."),
            new("after", ["string"], "Where the next page begins: it stands in its link."),
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        if (
            !MeasureInput.Period(input).TryGet(out var period, out var failure)
            || !Measures(input, period.Start, period.End).TryGet(out var measures, out failure)
            || !MeasureInput.IdOf(input, "subject", [ResourceTypes.Patient]).TryGet(out var patient, out failure)
            || !MeasureInput
                .IdOf(input, "practitioner", [ResourceTypes.Practitioner, ResourceTypes.PractitionerRole])
                .TryGet(out var practitioner, out failure)
            || !MeasureInput
                .IdOf(input, "organization", [ResourceTypes.Organization])
                .TryGet(out var organization, out failure)
        )
            return failure;
        if (patient is null && practitioner is null && organization is null)
            return Invalid(
                IssueCode.Required,
                "Say whose gaps: 'subject', such as Patient/4711, or 'practitioner' or 'organization'."
            );
        if (input.Text("status") is { } status and not ("open-gap" or "closed-gap"))
            return Invalid(IssueCode.Value, $"There is no status '{status}': say open-gap or closed-gap.");
        if (!Count(input).TryGet(out var count, out failure))
            return failure;
        var query = new GapQuery(measures, period.Start, period.End)
        {
            Patient = patient,
            Practitioner = practitioner,
            Organization = organization,
            WithClosed = input.Text("status") == "closed-gap",
            After = input.Text("after"),
            Count = count,
        };
        return new CareGaps(query, input.BaseUrl);
    }

    private static Result<ImmutableArray<MeasureDefinition>> Measures(
        OperationInput input,
        DateOnly start,
        DateOnly end
    )
    {
        var named = (input.Text("topic") ?? input.Text("measure"))?.Split(
            ',',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
        );
        var all = MeasureLibrary.All.Where(measure => measure.HasGaps).ToImmutableArray();
        var chosen = ImmutableArray.CreateBuilder<MeasureDefinition>();
        foreach (var name in named ?? [.. all.Select(measure => measure.Id)])
        {
            var id = name.Split('|')[0].Split('/')[^1];
            if (all.FirstOrDefault(measure => measure.Id == id) is not { } measure)
                return Failure.NotFound(
                    $"There is no measure '{id}' that has gaps: there are {string.Join(", ", all.Select(m => m.Id))}."
                );
            if (measure.Counts(start, end))
                chosen.Add(measure);
        }

        return chosen.ToImmutable();
    }

    private static Result<int> Count(OperationInput input)
    {
        var given = input.Text("_count") ?? input.Number("_count")?.ToString(CultureInfo.InvariantCulture);
        if (given is null)
            return new GapQuery([], default, default).Count;
        return int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0
            ? Math.Min(count, MostPatients)
            : Invalid(IssueCode.Value, $"'_count' is a number from 1 to {MostPatients}, and not '{given}'.");
    }

    private static Failure Invalid(IssueCode code, string sentence) =>
        Failure.Invalid(code, sentence, "Parameters.parameter");
}

/// <summary>Of patients whom the caller does not see nothing is told, not even that they have gaps.</summary>
internal sealed class CareGapsHandler(CareSession session, OutcomeTables tables, TimeProvider time)
    : IRequestHandler<CareGaps, FhirResponse>
{
    public async Task<FhirResponse> Handle(CareGaps asked, CancellationToken cancellationToken)
    {
        var query = asked.Query;
        if (query.Patient is { } one && !await SeesAsync(one, cancellationToken))
            return Failure.NotFound($"There is no Patient/{one}.");
        var asking = await tables.AskAsync(query.Page, cancellationToken);
        if (!asking.TryGet(out var page, out var failure))
            return failure;
        var now = time.GetUtcNow();
        if (query.Patient is not null)
            return Of(GapReports.Of(page.Patients[0], query, now, asked.BaseUrl));
        var documents = new List<BundleEditor>();
        foreach (var patient in page.Patients)
        {
            if (await SeesAsync(patient.Patient, cancellationToken))
                documents.Add(GapReports.Of(patient, query, now, asked.BaseUrl));
        }

        return Of(
            GapReports.Page(
                documents,
                now,
                Address(asked, query.After),
                page.Next is { } next ? Address(asked, next) : null
            )
        );
    }

    private static FhirResponse Of(ResourceEditor resource) => FhirResponse.Of(new BytesContent(resource.ToUtf8Json()));

    private static string Address(CareGaps asked, string? after)
    {
        var query = asked.Query;
        var parts = new List<(string Name, string? Value)>
        {
            ("periodStart", query.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("periodEnd", query.End.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("practitioner", query.Practitioner),
            ("organization", query.Organization),
            ("topic", string.Join(',', query.Measures.Select(measure => measure.Id))),
            ("status", query.WithClosed ? "closed-gap" : null),
            ("_count", query.Count.ToString(CultureInfo.InvariantCulture)),
            ("after", after),
        };
        return $"{asked.BaseUrl}/{ResourceTypes.Measure}/$care-gaps?{string.Join('&', parts.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"))}";
    }

    private async Task<bool> SeesAsync(string patient, CancellationToken cancellationToken) =>
        await session.Reads.ReadAsync(new ResourceKey(ResourceTypes.Patient, patient), cancellationToken)
            is { IsDeleted: false };
}
