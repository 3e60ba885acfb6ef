using System.Collections.Immutable;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Assessments;

/// <summary>One answer that was given.</summary>
public readonly record struct GivenAnswer(QuestionnaireResponseItemAnswerView View)
{
    public string? Code => View.ValueCoding.Code;

    public decimal? Number => View.ValueInteger ?? View.ValueDecimal ?? View.ValueQuantity.Value;

    /// <summary>It says that nothing is said.</summary>
    public bool IsDeclined => Code is { } code && Instruments.NotAnswers.Contains(code);
}

/// <summary>
/// The answers of a QuestionnaireResponse by the code of their question. Forms write the same question as <c>44250-9</c>, <c>/44250-9</c> or
/// <c>/44249-1/44250-9</c>: what stands after the last slash is its code.
/// </summary>
public sealed class ResponseAnswers
{
    private readonly Dictionary<string, List<GivenAnswer>> _byQuestion = new(StringComparer.Ordinal);

    private ResponseAnswers(QuestionnaireResponseView response) => Add(response.Item);

    public static ResponseAnswers Of(QuestionnaireResponseView response) => new(response);

    /// <summary>The code of a question.</summary>
    public static string CodeOf(string linkId) => linkId[(linkId.LastIndexOf('/') + 1)..];

    public IEnumerable<string> Questions => _byQuestion.Keys;

    public IReadOnlyList<GivenAnswer> To(string question) => _byQuestion.GetValueOrDefault(question) ?? [];

    public bool Has(string question, string code) => To(question).Any(a => a.Code == code);

    public decimal? Number(string question) => To(question).Select(a => a.Number).FirstOrDefault(n => n is not null);

    /// <summary>What the answer counts; null where there is none, or none that the question offers.</summary>
    public int? Points(Question question)
    {
        foreach (var answer in To(question.LinkId))
        {
            foreach (var choice in question.Choices)
            {
                if (answer.Code is { } code ? choice.Code == code : choice.Points == answer.Number)
                    return choice.Points;
            }
        }

        return null;
    }

    private void Add(ElementViews<QuestionnaireResponseItemView> items)
    {
        foreach (var item in items)
        {
            if (item.LinkId is { } linkId)
            {
                var code = CodeOf(linkId);
                foreach (var answer in item.Answer)
                {
                    if (!_byQuestion.TryGetValue(code, out var given))
                        _byQuestion.Add(code, given = []);
                    given.Add(new GivenAnswer(answer));
                    Add(answer.Item);
                }
            }

            Add(item.Item);
        }
    }
}
