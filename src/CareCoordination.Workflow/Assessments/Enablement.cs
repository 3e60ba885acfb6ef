using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Assessments;

/// <summary>
/// Whether a question is to be answered, by the answers to others. https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen
/// </summary>
internal sealed class Enablement
{
    private readonly Dictionary<string, List<QuestionnaireResponseItemAnswerView>> _answers = new(
        StringComparer.Ordinal
    );

    public Enablement(QuestionnaireResponseView response) => Collect(response.Item);

    /// <summary>Several conditions without a behaviour are all to hold; R4 wants one to be said (que-12).</summary>
    public bool IsEnabled(QuestionnaireItemView item)
    {
        var conditions = item.EnableWhen.ToImmutableArray();
        if (conditions.IsEmpty)
            return true;
        return item.EnableBehavior == QuestionnaireEnableBehaviorCodes.Any
            ? conditions.Any(Holds)
            : conditions.All(Holds);
    }

    private bool Holds(QuestionnaireItemEnableWhenView condition)
    {
        var given = _answers.GetValueOrDefault(ResponseCheck.Normal(condition.Question)) ?? [];
        return condition.Operator switch
        {
            "exists" => (given.Count > 0) == (condition.AnswerBoolean ?? true),
            "=" => given.Any(a => Compare(a, condition) == 0),
            "!=" => given.Count > 0 && !given.Any(a => Compare(a, condition) == 0),
            ">" => given.Any(a => Compare(a, condition) > 0),
            "<" => given.Any(a => Compare(a, condition) < 0),
            ">=" => given.Any(a => Compare(a, condition) >= 0),
            "<=" => given.Any(a => Compare(a, condition) <= 0),
            _ => true,
        };
    }

    /// <summary>Null where the two are not equal and have no order either, as codes and texts.</summary>
    private static int? Compare(QuestionnaireResponseItemAnswerView answer, QuestionnaireItemEnableWhenView condition)
    {
        if (condition.AnswerCoding.Exists)
            return
                answer.ValueCoding.Code == condition.AnswerCoding.Code
                && (
                    answer.ValueCoding.System is not { } system
                    || condition.AnswerCoding.System is not { } other
                    || system == other
                )
                ? 0
                : null;
        if (condition.AnswerQuantity.Exists)
            return
                (answer.ValueQuantity.Code ?? answer.ValueQuantity.Unit)
                == (condition.AnswerQuantity.Code ?? condition.AnswerQuantity.Unit)
                ? Numbers(answer.ValueQuantity.Value, condition.AnswerQuantity.Value)
                : null;
        if ((condition.AnswerDecimal ?? condition.AnswerInteger) is { } number)
            return Numbers(answer.ValueDecimal ?? answer.ValueInteger, number);
        if ((condition.AnswerDate ?? condition.AnswerDateTime) is { } time)
            return (answer.ValueDate ?? answer.ValueDateTime) is { } given
                ? given.ToRange().Start.CompareTo(time.ToRange().Start)
                : null;
        return TextOf(answer.Element) is { } text && TextOf(condition.Element, "answer") is { } wanted
            ? Texts(text, wanted, condition.AnswerTime is not null)
            : null;
    }

    private static int? Numbers(decimal? given, decimal? wanted) =>
        given is { } left && wanted is { } right ? left.CompareTo(right) : null;

    private static int? Texts(string given, string wanted, bool isOrdered)
    {
        var order = string.CompareOrdinal(given, wanted);
        return order == 0 || isOrdered ? order : null;
    }

    private static string? TextOf(Element element, string name = "value")
    {
        var value = element.Child(name);
        return value.Exists ? value.Text ?? value.Child("reference").Text : null;
    }

    private void Collect(ElementViews<QuestionnaireResponseItemView> items)
    {
        foreach (var item in items)
        {
            var id = ResponseCheck.Normal(item.LinkId);
            foreach (var answer in item.Answer)
            {
                if (answer.Element.Child("value").Exists)
                {
                    if (!_answers.TryGetValue(id, out var given))
                        _answers.Add(id, given = []);
                    given.Add(answer);
                }

                Collect(answer.Item);
            }

            Collect(item.Item);
        }
    }
}
