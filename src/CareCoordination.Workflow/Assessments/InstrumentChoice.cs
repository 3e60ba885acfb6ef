using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Assessments;

/// <summary>Which instrument a response is of.</summary>
public static class InstrumentChoice
{
    public const string Canonicals = OwnCanonical.Base + "/Questionnaire/";

    /// <summary>
    /// By the canonical of the Questionnaire: ours, or one whose last part is the code of the panel, as <c>http://loinc.org/q/44249-1</c>;
    /// by the code of the Questionnaire where it is here; or else by the questions that are answered: the instrument that has the most of
    /// them, and of several the shortest. Null where no instrument has any.
    /// </summary>
    public static Instrument? Of(QuestionnaireResponseView response, QuestionnaireView questionnaire)
    {
        if (response.Questionnaire is { } canonical && ByCanonical(canonical.Split('|')[0]) is { } named)
            return named;
        foreach (var coding in questionnaire.Code)
        {
            if (Instruments.All.FirstOrDefault(i => i.Panel == coding.Code) is { } coded)
                return coded;
        }

        var answered = ResponseAnswers.Of(response).Questions.ToHashSet(StringComparer.Ordinal);
        return Instruments
            .All.Select(i => (Instrument: i, Count: i.Questions.Count(q => answered.Contains(q.LinkId))))
            .Where(i => i.Count > 0)
            .OrderByDescending(i => i.Count)
            .ThenBy(i => i.Instrument.Questions.Length)
            .Select(i => i.Instrument)
            .FirstOrDefault();
    }

    private static Instrument? ByCanonical(string url)
    {
        var last = OwnCanonical.IdOf(url);
        return Instruments.All.FirstOrDefault(i =>
            i.Panel == last || (url.StartsWith(Canonicals, StringComparison.Ordinal) && i.Code == last)
        );
    }
}
