using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Assessments.Scoring;

/// <summary>
/// The answers and sums of a response as Observations: one for each answer, one for each sum. The shape is that of US Core screening
/// assessments. http://hl7.org/fhir/us/core/StructureDefinition-us-core-observation-screening-assessment.html
/// </summary>
internal static class ScoredObservations
{
    private const string Categories = "http://terminology.hl7.org/CodeSystem/observation-category";
    private const string UsCategories = "http://hl7.org/fhir/us/core/CodeSystem/us-core-category";
    private const string Absent = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
    private const string Interpretations = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";

    /// <summary>Whether food will last is asked by two questions, and has a result of its own.</summary>
    private const string FoodResult = "88124-3";

    private static readonly ImmutableArray<string> FoodItems = ["88122-7", "88123-5"];

    public static IEnumerable<ObservationEditor> Of(Assessment assessment, ScoringContext context)
    {
        var items = assessment.Instrument.Questions.SelectMany(q => OfItem(q, assessment, context)).ToImmutableArray();
        foreach (var item in items)
            yield return item;
        foreach (var sum in assessment.Sums)
        {
            foreach (var made in OfSum(sum, items, assessment, context))
                yield return made;
        }

        if (FoodRisk(assessment) is { } atRisk)
        {
            var result = New(FoodResult, "Whether food will last", Purpose(FoodResult), assessment, context);
            result.ValueCodeableConcept = atRisk ? Loinc("LA19952-3", "May run out") : Loinc("LA19983-8", "Will last");
            yield return result;
        }
    }

    /// <summary>Every id that one of them can have, whatever is answered.</summary>
    public static HashSet<ResourceKey> KeysOf(ResourceKey response)
    {
        var purposes = Instruments.All.SelectMany(i =>
            i.Questions.SelectMany(q => q.Choices.Select(c => Purpose(q.LinkId, c.Code)).Append(Purpose(q.LinkId)))
                .Concat(i.Sums.SelectMany(s => new[] { Purpose(s.Total), Purpose(s.Level ?? s.Total) }))
                .Append(Purpose(FoodResult))
        );
        return [.. purposes.Select(p => ScoringContext.KeyOf(response, ResourceTypes.Observation, p))];
    }

    private static IEnumerable<ObservationEditor> OfItem(
        Question question,
        Assessment assessment,
        ScoringContext context
    )
    {
        foreach (var answer in assessment.Answers.To(question.LinkId))
        {
            var purpose = question.Repeats ? Purpose(question.LinkId, answer.Code) : Purpose(question.LinkId);
            var item = New(question.LinkId, question.Text, purpose, assessment, context);
            if (!SetValue(item, question, answer))
                continue;
            yield return item;
            if (!question.Repeats)
                yield break;
        }
    }

    /// <summary>False for an answer that cannot be told as a value.</summary>
    private static bool SetValue(ObservationEditor item, Question question, GivenAnswer answer)
    {
        if (answer.IsDeclined)
            item.DataAbsentReason = CodeableConceptEditor.Of(
                Absent,
                answer.Code == Instruments.Declined ? "asked-declined" : "asked-unknown"
            );
        else if (answer.Code is { } code)
        {
            var choice = question.Choices.FirstOrDefault(c => c.Code == code);
            item.ValueCodeableConcept = CodeableConceptEditor.Of(
                answer.View.ValueCoding.System ?? choice?.System ?? Instruments.Loinc,
                code,
                answer.View.ValueCoding.Display ?? choice?.Text
            );
        }
        else if (answer.View.ValueInteger is { } integer)
            item.ValueInteger = integer;
        else if (answer.View.ValueQuantity.Exists)
            item.ValueQuantity = new(answer.View.ValueQuantity);
        else if (answer.Number is { } number)
            item.ValueQuantity = new() { Value = number };
        else if (answer.View.ValueString is { } text)
            item.ValueString = text;
        else
            return false;
        return true;
    }

    private static IEnumerable<ObservationEditor> OfSum(
        AssessedSum sum,
        ImmutableArray<ObservationEditor> items,
        Assessment assessment,
        ScoringContext context
    )
    {
        if (sum is not { Total: { } total, Band: { } band })
            yield break;
        var observation = New(sum.Sum.Total, sum.Sum.Text, Purpose(sum.Sum.Total), assessment, context);
        observation.ValueInteger = total;
        observation.Interpretation.Add(
            CodeableConceptEditor.Of(CareExtensions.BandSystem, band, AssessmentBands.Of(band).Display)
        );
        if (sum.IsPositive is { } isPositive)
            observation.Interpretation.Add(
                CodeableConceptEditor.Of(
                    Interpretations,
                    isPositive ? "POS" : "NEG",
                    isPositive ? "Positive" : "Negative"
                )
            );
        if (sum.IsProrated)
            observation.Note.Add(
                new() { Text = $"In proportion, without an answer to {string.Join(", ", sum.Missing)}." }
            );
        foreach (var item in items.Where(i => sum.Sum.Items.Contains(i.Code.Coding[0].Code ?? "")))
            observation.HasMember.Add(new() { Reference = $"{ResourceTypes.Observation}/{item.Id}" });
        yield return observation;
        if (
            sum.Sum.Level is not { } level
            || sum.Sum.Bands.FirstOrDefault(b => b.Code == band)?.Level is not { } answer
        )
            yield break;
        var said = New(level, $"{sum.Sum.Text}, level", Purpose(level), assessment, context);
        said.ValueCodeableConcept = Loinc(answer, AssessmentBands.Of(band).Display);
        yield return said;
    }

    private static bool? FoodRisk(Assessment assessment)
    {
        if (!assessment.Instrument.IsSocial || FoodItems.All(i => assessment.Answers.To(i).Count == 0))
            return null;
        if (assessment.Needs.Any(n => n.Items.Intersect(FoodItems).Any()))
            return true;
        return FoodItems.All(i => assessment.Answers.Has(i, "LA28398-8")) ? false : null;
    }

    private static ObservationEditor New(
        string code,
        string text,
        string purpose,
        Assessment assessment,
        ScoringContext context
    )
    {
        var observation = new ObservationEditor
        {
            Id = context.KeyOf(ResourceTypes.Observation, purpose).Id,
            Status = ObservationStatusCodes.Final,
            Category = { CodeableConceptEditor.Of(Categories, "survey", "Survey") },
            Code = Loinc(code, text),
            Subject = References.To(context.Patient),
            EffectiveDateTime = context.View.Authored ?? (FhirDateTime)context.Now,
            DerivedFrom = { context.Link },
        };
        if (context.View.Encounter.Target() is { } encounter)
            observation.Encounter = References.To(encounter);
        if (!assessment.Instrument.IsSocial)
            return observation;
        observation.Category.Add(CodeableConceptEditor.Of(UsCategories, "sdoh", "SDOH"));
        foreach (var need in assessment.Needs.Where(n => n.Items.Contains(code)))
            observation.Category.Add(CodeableConceptEditor.Of(SocialNeeds.Domains, need.Domain));
        return observation;
    }

    private static CodeableConceptEditor Loinc(string code, string text) =>
        CodeableConceptEditor.Of(Instruments.Loinc, code, text);

    private static string Purpose(string code, string? answer = null) =>
        answer is null ? $"observation {code}" : $"observation {code} {answer}";
}
