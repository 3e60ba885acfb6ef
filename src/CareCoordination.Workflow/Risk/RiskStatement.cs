using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Risk;

/// <summary>
/// A score as a RiskAssessment, of which there is one for each stay and instrument. While what is missing could change the tier it is
/// preliminary, so that nobody's tier rests on what is not known. https://hl7.org/fhir/R4/riskassessment.html
/// </summary>
public static class RiskStatement
{
    private const string Probabilities = "http://terminology.hl7.org/CodeSystem/risk-probability";

    /// <summary>Which resource it is.</summary>
    public static ResourceKey KeyOf(ResourceKey encounter, string instrument) =>
        new(ResourceTypes.RiskAssessment, DerivedId.Of(encounter, instrument));

    /// <param name="basis">The resources that the inputs were found in.</param>
    /// <param name="before">What there is already; null where it is the first.</param>
    public static Decision Of(
        RiskScore score,
        string patient,
        Snapshot encounter,
        ImmutableArray<ResourceKey> basis,
        Snapshot? before,
        DateTimeOffset now
    )
    {
        var key = KeyOf(encounter.Key, score.Instrument);
        var statement = Write(key, score, patient, encounter, basis);
        if (before is { } stored)
        {
            var was = RiskAssessmentView.From(Fhir.Json.ResourceDocument.Parse(stored.Utf8Json).Value);
            statement.OccurrenceDateTime = was.OccurrenceDateTime ?? (FhirDateTime)now;
            if (Says(was) == Says(RiskAssessmentView.From(statement.ToDocument())))
                return new Decision(key, []) { Activity = "risk", ReliedOn = [new(key, stored.Version)] };
        }

        statement.OccurrenceDateTime = now;
        return new Decision(key, [new ResourceWrite(key, before?.Version ?? 0, statement.ToUtf8Json())])
        {
            Activity = "risk",
            ReliedOn = [new(encounter.Key, encounter.Version)],
        };
    }

    private static RiskAssessmentEditor Write(
        ResourceKey key,
        RiskScore score,
        string patient,
        Snapshot encounter,
        ImmutableArray<ResourceKey> basis
    )
    {
        var statement = new RiskAssessmentEditor
        {
            Id = key.Id,
            Status = score.IsTierCertain ? ObservationStatusCodes.Final : ObservationStatusCodes.Preliminary,
            Method = Code(score.Version),
            Code = Code(score.Instrument),
            Subject = References.To(patient),
            Encounter = ReferenceEditor.To(encounter.Key),
            Prediction =
            {
                new()
                {
                    Outcome = new() { Text = "Readmission within 30 days" },
                    QualitativeRisk = CodeableConceptEditor.Of(Probabilities, score.Tier, Displays[score.Tier]),
                    Rationale = score.Rationale,
                },
            },
            Extension = { Points(score) },
        };
        foreach (var source in basis)
            statement.Basis.Add(ReferenceEditor.To(source));
        foreach (var note in Notes(score))
            statement.Note.Add(new() { Text = note });
        return statement;
    }

    private static readonly ImmutableDictionary<string, string> Displays = ImmutableDictionary<string, string>
        .Empty.Add("low", "Low likelihood")
        .Add("moderate", "Moderate likelihood")
        .Add("high", "High likelihood");

    private static IEnumerable<string> Notes(RiskScore score)
    {
        if (score.Missing.Any())
            yield return $"Missing: {string.Join("; ", score.Missing.Select(m => m.Name))}. With them the score is between {score.Least} and {score.Most}.";
        yield return "Visits, admissions and procedures are counted as this record has them.";
    }

    private static ExtensionEditor Points(RiskScore score) =>
        new()
        {
            Url = CareExtensions.RiskScore,
            Extension =
            {
                new() { Url = CareExtensions.RiskScorePoints, ValueInteger = score.Least },
                new() { Url = CareExtensions.RiskScoreMost, ValueInteger = score.Most },
            },
        };

    private static CodeableConceptEditor Code(string code) =>
        CodeableConceptEditor.Of(
            CareExtensions.RiskSystem,
            code,
            RiskInstruments.All.First(i => i.Code == code).Display
        );

    /// <summary>All that it says of the risk, without when it was said and what the store adds.</summary>
    private static string Says(RiskAssessmentView statement)
    {
        var prediction = statement.Prediction.FirstOrDefault();
        return string.Join(
            '\n',
            statement.Status,
            statement.Method.Coding.FirstOrDefault().Code,
            prediction.QualitativeRisk.Coding.FirstOrDefault().Code,
            prediction.Rationale,
            statement.Subject.Target(),
            string.Join(' ', statement.Basis.Targets()),
            string.Join(' ', statement.Note.Select(n => n.Text))
        );
    }
}
