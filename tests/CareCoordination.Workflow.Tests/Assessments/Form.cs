using System.Globalization;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Assessments;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Assessments;

/// <summary>Responses in a short form: <c>44250-9=LA6570-1 63512-8=#4</c>, a number with <c>#</c>.</summary>
internal static class Form
{
    public static Snapshot Response(string answers, string elements = "'status':'completed'") =>
        Given.Resource("QuestionnaireResponse", "r", $"{elements},'item':[{string.Join(',', Items(answers))}]");

    public static QuestionnaireResponseView View(this Snapshot response) =>
        QuestionnaireResponseView.From(ResourceDocument.Parse(response.Utf8Json).Value);

    public static Assessment Assess(Instrument instrument, string answers, AssessmentRules? rules = null) =>
        Assessment.Of(
            instrument,
            ResponseAnswers.Of(Response(answers.Length == 0 ? "x=y" : answers).View()),
            rules ?? new AssessmentRules()
        );

    /// <summary>Answers of an instrument's first sum, by their points.</summary>
    public static string OfPoints(Instrument instrument, params int[] points)
    {
        var items = instrument.Sums[0].Items;
        return string.Join(
            ' ',
            points.Select((p, i) => $"{items[i]}={instrument.Find(items[i])!.Choices.First(c => c.Points == p).Code}")
        );
    }

    private static IEnumerable<string> Items(string answers) =>
        answers
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(a => a.Split('='))
            .GroupBy(a => a[0], a => a[1], StringComparer.Ordinal)
            .Select(g => $"{{'linkId':'{g.Key}','answer':[{string.Join(',', g.Select(Answer))}]}}");

    private static string Answer(string value) =>
        value.StartsWith('#')
            ? $"{{'valueDecimal':{decimal.Parse(value[1..], CultureInfo.InvariantCulture)}}}"
            : $"{{'valueCoding':{{'system':'http://loinc.org','code':'{value}'}}}}";
}
