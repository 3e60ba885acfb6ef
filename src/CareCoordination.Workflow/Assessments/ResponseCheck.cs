using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Assessments;

/// <summary>
/// Holds a response against its Questionnaire: its questions and their structure, types, answers that are offered, how many there are, and what
/// is enabled and required. A leading slash of a linkId means nothing on either side.
/// https://hl7.org/fhir/R4/questionnaireresponse.html#notes
/// </summary>
public sealed class ResponseCheck
{
    private const int MostIssues = 50;
    private const int LongestLinkId = 100;

    private readonly Enablement _enablement;
    private readonly HashSet<string> _everywhere;
    private readonly ImmutableArray<Issue>.Builder _issues = ImmutableArray.CreateBuilder<Issue>();

    private ResponseCheck(QuestionnaireView questionnaire, QuestionnaireResponseView response)
    {
        _enablement = new Enablement(response);
        _everywhere = new HashSet<string>(StringComparer.Ordinal);
        Collect(questionnaire.Item);
    }

    /// <summary>Only what is said to be complete has to be.</summary>
    public static bool AppliesTo(QuestionnaireResponseView response) =>
        response.Status is QuestionnaireAnswersStatusCodes.Completed or QuestionnaireAnswersStatusCodes.Amended;

    /// <summary>422 <c>response-unfit</c> with every place; null where the response fits.</summary>
    public static Failure? Find(QuestionnaireView questionnaire, QuestionnaireResponseView response)
    {
        var check = new ResponseCheck(questionnaire, response);
        check.Items([.. questionnaire.Item], [.. response.Item], QuestionnaireResponseView.At.Item);
        return check._issues.Count == 0 ? null : new Failure(422, [.. check._issues.Take(MostIssues)]);
    }

    /// <summary>A linkId as both sides write it.</summary>
    internal static string Normal(string? linkId) => (linkId ?? "").TrimStart('/');

    private void Items(
        ImmutableArray<QuestionnaireItemView> defined,
        ImmutableArray<QuestionnaireResponseItemView> given,
        string place
    )
    {
        var byId = given.ToLookup(i => Normal(i.LinkId), StringComparer.Ordinal);
        var known = defined.Select(d => Normal(d.LinkId)).ToHashSet(StringComparer.Ordinal);
        foreach (var item in given)
        {
            if (!known.Contains(Normal(item.LinkId)))
                Add(
                    _everywhere.Contains(Normal(item.LinkId))
                        ? $"Item {Name(item.LinkId)} stands elsewhere in the Questionnaire: put it there, inside of the same groups."
                        : $"Item {Name(item.LinkId)} is not in the Questionnaire.",
                    item.Element.Location
                );
        }

        foreach (var definition in defined)
            Item(definition, [.. byId[Normal(definition.LinkId)]], place);
    }

    private void Item(
        QuestionnaireItemView definition,
        ImmutableArray<QuestionnaireResponseItemView> given,
        string place
    )
    {
        if (!_enablement.IsEnabled(definition))
        {
            foreach (var item in given.Where(HasAnswer))
                Add(
                    $"Item {Name(definition.LinkId)} is not enabled by the other answers, and has one.",
                    item.Element.Location
                );
            return;
        }

        if (definition.Required is true && !given.Any(HasAnswer) && definition.Type != ItemTypeCodes.Display)
            Add($"Item {Name(definition.LinkId)} is required, and has no answer.", place);
        if (given.Length > 1 && !(definition.Type == ItemTypeCodes.Group && definition.Repeats is true))
            Add(
                definition.Type == ItemTypeCodes.Group
                    ? $"Group {Name(definition.LinkId)} is there several times, and does not repeat."
                    : $"Item {Name(definition.LinkId)} is there several times: send all answers in one.",
                given[1].Element.Location
            );
        foreach (var item in given)
            Content(definition, item);
    }

    private void Content(QuestionnaireItemView definition, QuestionnaireResponseItemView item)
    {
        if (definition.Type == ItemTypeCodes.Group)
        {
            if (item.Answer.Any())
                Add($"Group {Name(definition.LinkId)} has an answer: only its items have.", item.Element.Location);
            Items([.. definition.Item], [.. item.Item], item.Element.Location);
            return;
        }

        var answers = item.Answer.ToImmutableArray();
        if (definition.Type == ItemTypeCodes.Display && !answers.IsEmpty)
            Add($"Item {Name(definition.LinkId)} is only shown, and has an answer.", item.Element.Location);
        if (answers.Length > 1 && definition.Repeats is not true)
            Add($"Item {Name(definition.LinkId)} has several answers, and takes one.", answers[1].Element.Location);
        foreach (var answer in answers)
        {
            if (AnswerFit.WhyNot(definition, answer) is { } why)
                Add($"Item {Name(definition.LinkId)} {why}", answer.Element.Location);
            Items([.. definition.Item], [.. answer.Item], answer.Element.Location);
        }

        foreach (var misplaced in item.Item)
            Add(
                $"Item {Name(misplaced.LinkId)} is a part of the answer to {Name(definition.LinkId)}: put it into answer.item.",
                misplaced.Element.Location
            );
    }

    /// <summary>A group has one where one of its items has.</summary>
    private static bool HasAnswer(QuestionnaireResponseItemView item) =>
        item.Answer.Any(a => a.Element.Child("value").Exists) || item.Item.Any(HasAnswer);

    private void Collect(ElementViews<QuestionnaireItemView> items)
    {
        foreach (var item in items)
        {
            _everywhere.Add(Normal(item.LinkId));
            Collect(item.Item);
        }
    }

    private void Add(string sentence, string place)
    {
        if (_issues.Count < MostIssues)
            _issues.Add(RuleFailure.Issue("response-unfit", sentence, place));
    }

    private static string Name(string? linkId) =>
        linkId is { Length: > LongestLinkId } ? $"'{linkId[..LongestLinkId]}...'" : $"'{linkId}'";
}
