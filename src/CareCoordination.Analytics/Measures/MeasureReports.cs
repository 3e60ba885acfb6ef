using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Analytics.Measures;

/// <summary>Counts as a MeasureReport. https://hl7.org/fhir/R4/measurereport.html</summary>
internal static class MeasureReports
{
    private const string AbsentReason = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

    /// <param name="type"><c>individual</c>, <c>subject-list</c> or <c>summary</c>.</param>
    /// <param name="patients">For a list of subjects; null: there is none.</param>
    /// <param name="smallest">Counts below it are not shown.</param>
    /// <param name="place">Up to which change it was counted; null where that is not told.</param>
    public static MeasureReportEditor Of(
        MeasureQuery query,
        string type,
        IReadOnlyList<MeasureCounts> counts,
        IReadOnlyList<MeasuredPatient>? patients,
        DateTimeOffset now,
        string measureUrl,
        int smallest,
        DataPlace? place = null
    )
    {
        var report = new MeasureReportEditor
        {
            Status = "complete",
            Type = type,
            Measure = $"{measureUrl}|{query.Measure.Version}",
            Date = now,
            Period = new() { Start = query.Start, End = query.End },
            ImprovementNotation = MeasureResources.Improvement(query.Measure),
        };
        if (place is { } counted)
            report.Extension.Add(Basis(counted));
        foreach (var scope in Scope(query))
            report.Extension.Add(scope);
        if (query.Patient is { } patient)
            report.Subject = new() { Reference = $"{ResourceTypes.Patient}/{patient}" };
        var group = new MeasureReportGroupEditor();
        var all = counts[0];
        foreach (var population in MeasureResources.PopulationsOf(query.Measure))
        {
            var shown = new MeasureReportGroupPopulationEditor
            {
                Code = MeasureResources.Code(MeasureResources.Populations, population),
            };
            if (!SmallCells.IsSmall(CountOf(all, population), smallest))
                shown.Count = CountOf(all, population);
            else
                shown.Extension.Add(Masked());
            if (patients is not null)
                shown.SubjectResults = new() { Reference = "#" + AddList(report, population, patients) };
            group.Population.Add(shown);
        }

        // From a score and what is told beside it follows what is not.
        if (
            all.Score(query.Measure) is { } score
            && group.Population.All(population => population.Count is not null)
            && !SmallCells.IsSmall(all.Denominator, smallest)
        )
            group.MeasureScore = Score(query.Measure, score);
        foreach (var stratifier in counts.Skip(1).GroupBy(count => count.Stratifier!, StringComparer.Ordinal))
            group.Stratifier.Add(Stratifier(query.Measure, stratifier.Key, [.. stratifier], smallest));
        report.Group.Add(group);
        return report;
    }

    private static ExtensionEditor Basis(DataPlace place)
    {
        var basis = new ExtensionEditor
        {
            Url = CareExtensions.ReportBasis,
            Extension =
            {
                new() { Url = CareExtensions.ReportBasisChange, ValueDecimal = place.Sequence },
            },
        };
        if (place.Recorded is { } recorded)
            basis.Extension.Add(new() { Url = CareExtensions.ReportBasisRecorded, ValueInstant = recorded });
        return basis;
    }

    /// <summary>Of what alone it was counted, as far as R4 has no element for it.</summary>
    private static IEnumerable<ExtensionEditor> Scope(MeasureQuery query) =>
        from narrowed in new[]
        {
            (By: "practitioner", Value: query.Practitioner),
            (By: "organization", Value: query.Organization),
            (By: "programme", Value: query.Programme),
        }
        where narrowed.Value is not null
        select new ExtensionEditor
        {
            Url = CareExtensions.ReportScope,
            Extension =
            {
                new() { Url = CareExtensions.ReportScopeBy, ValueCode = narrowed.By },
                new() { Url = CareExtensions.ReportScopeValue, ValueString = narrowed.Value },
            },
        };

    private static MeasureReportGroupStratifierEditor Stratifier(
        MeasureDefinition measure,
        string code,
        IReadOnlyList<MeasureCounts> strata,
        int smallest
    )
    {
        var stratifier = new MeasureReportGroupStratifierEditor
        {
            Code = { new CodeableConceptEditor { Text = code } },
        };
        var populations = MeasureResources.PopulationsOf(measure).ToList();
        var told = populations
            .Select(population => SmallCells.Told([.. strata.Select(counts => CountOf(counts, population))], smallest))
            .ToList();
        if (told.Contains(null))
        {
            stratifier.Extension.Add(Masked());
            return stratifier;
        }

        for (var i = 0; i < strata.Count; i++)
        {
            var counts = strata[i];
            var stratum = new MeasureReportGroupStratifierStratumEditor { Value = new() { Text = counts.Stratum } };
            for (var j = 0; j < populations.Count; j++)
            {
                var shown = new MeasureReportGroupStratifierStratumPopulationEditor
                {
                    Code = MeasureResources.Code(MeasureResources.Populations, populations[j]),
                };
                if (told[j]!.Value[i])
                    shown.Count = CountOf(counts, populations[j]);
                else
                    shown.Extension.Add(Masked());
                stratum.Population.Add(shown);
            }

            if (
                counts.Score(measure) is { } score
                && stratum.Population.All(population => population.Count is not null)
                && !SmallCells.IsSmall(counts.Denominator, smallest)
            )
                stratum.MeasureScore = Score(measure, score);
            stratifier.Stratum.Add(stratum);
        }

        return stratifier;
    }

    /// <summary>http://hl7.org/fhir/R4/valueset-data-absent-reason.html</summary>
    private static ExtensionEditor Masked() => new() { Url = AbsentReason, ValueCode = "masked" };

    private static int CountOf(MeasureCounts counts, string population) =>
        population switch
        {
            "initial-population" => counts.Initial,
            "denominator-exclusion" or "measure-population-exclusion" => counts.Excluded,
            "numerator" => counts.Numerator,
            // Exclusions are told beside it, as R4 has it.
            _ => counts.Initial,
        };

    private static QuantityEditor Score(MeasureDefinition measure, double score)
    {
        var quantity = new QuantityEditor { Value = Math.Round((decimal)score, 6) };
        if (measure.Unit is { } unit)
            (quantity.Unit, quantity.System, quantity.Code) = (unit, "http://unitsofmeasure.org", unit);
        return quantity;
    }

    private static string AddList(
        MeasureReportEditor report,
        string population,
        IReadOnlyList<MeasuredPatient> patients
    )
    {
        var list = new ListEditor
        {
            Id = population,
            Status = "current",
            Mode = "snapshot",
        };
        foreach (
            var patient in patients.Where(patient =>
                population switch
                {
                    "denominator-exclusion" or "measure-population-exclusion" => patient.IsExcluded,
                    "numerator" => patient.IsInNumerator,
                    _ => true,
                }
            )
        )
            list.Entry.Add(new() { Item = new() { Reference = $"{ResourceTypes.Patient}/{patient.Id}" } });
        report.Contained.Add(list);
        return population;
    }
}
