using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Analytics.Measures;

/// <summary>
/// Gaps in care as a document: a Composition whose sections are measures, and a MeasureReport of each. The codes are those of
/// http://hl7.org/fhir/us/davinci-deqm/gaps-in-care-reporting.html
/// </summary>
internal static class GapReports
{
    private const string States = "http://hl7.org/fhir/us/davinci-deqm/CodeSystem/gaps-status";
    private const string Loinc = "http://loinc.org";

    /// <summary>Gaps in care report.</summary>
    private const string Report = "96315-7";

    public static BundleEditor Of(PatientGaps gaps, GapQuery query, DateTimeOffset now, string baseUrl)
    {
        var composition = new CompositionEditor
        {
            Id = FhirId.New(now),
            Status = "final",
            Type = MeasureResources.Code(Loinc, Report),
            Subject = new() { Reference = $"{ResourceTypes.Patient}/{gaps.Patient}" },
            Date = now,
            Title = "Gaps in care",
        };
        composition.Author.Add(new() { Display = "CareCoordination" });
        var bundle = new BundleEditor
        {
            Id = FhirId.New(now),
            Type = BundleTypeCodes.Document,
            Timestamp = now,
            Identifier = new() { System = "urn:ietf:rfc:3986", Value = $"{baseUrl}/Composition/{composition.Id}" },
        };
        var reports = new List<MeasureReportEditor>();
        foreach (var state in gaps.States)
        {
            var report = MeasureReports.Of(
                new MeasureQuery(state.Measure, query.Start, query.End) { Patient = gaps.Patient },
                "individual",
                [state.Counts],
                null,
                now,
                MeasureResources.UrlOf(state.Measure, baseUrl),
                // It is of whoever the caller sees.
                smallest: 0
            );
            report.Id = FhirId.New(now);
            reports.Add(report);
            composition.Section.Add(Section(state, report.Id));
        }

        if (reports.Count == 0)
            composition.Section.Add(
                new()
                {
                    Title = "No gaps",
                    EmptyReason = MeasureResources.Code(
                        "http://terminology.hl7.org/CodeSystem/list-empty-reason",
                        "nilknown"
                    ),
                }
            );
        Add(bundle, composition, $"{baseUrl}/Composition/{composition.Id}");
        foreach (var report in reports)
            Add(bundle, report, $"{baseUrl}/MeasureReport/{report.Id}");
        return bundle;
    }

    /// <summary>A page of documents.</summary>
    public static BundleEditor Page(IEnumerable<BundleEditor> documents, DateTimeOffset now, string self, string? next)
    {
        var page = new BundleEditor
        {
            Id = FhirId.New(now),
            Type = BundleTypeCodes.Collection,
            Timestamp = now,
        };
        page.Link.Add(new() { Relation = "self", Url = self });
        if (next is not null)
            page.Link.Add(new() { Relation = "next", Url = next });
        foreach (var document in documents)
            page.Entry.Add(new() { Resource = document });
        return page;
    }

    private static CompositionSectionEditor Section(GapState state, string report) =>
        new()
        {
            Title = state.Measure.Title,
            Code = MeasureResources.Code(States, state.IsOpen ? "open-gap" : "closed-gap"),
            Entry = { new ReferenceEditor { Reference = $"{ResourceTypes.MeasureReport}/{report}" } },
        };

    private static void Add(BundleEditor bundle, ResourceEditor resource, string url) =>
        bundle.Entry.Add(new() { FullUrl = url, Resource = resource });
}
