using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Assessments;

namespace CareCoordination.Workflow.Tests.Assessments;

public sealed class ResponseCheckTests
{
    private const string Choice =
        "{'linkId':'c','type':'choice','answerOption':[{'valueCoding':{'system':'http://a.example','code':'x'}},{'valueCoding':{'system':'http://a.example','code':'y'}}]}";

    /// <summary>A question by its type, a fitting answer, and the property that is asked for otherwise.</summary>
    public static TheoryData<string, string, string> Types =>
        new()
        {
            { "boolean", "'valueBoolean':true", "valueBoolean" },
            { "decimal", "'valueDecimal':1.5", "valueDecimal" },
            { "integer", "'valueInteger':1", "valueInteger" },
            { "date", "'valueDate':'2026-11-29'", "valueDate" },
            { "dateTime", "'valueDateTime':'2026-11-29T10:00:00Z'", "valueDateTime" },
            { "time", "'valueTime':'10:00:00'", "valueTime" },
            { "string", "'valueString':'x'", "valueString" },
            { "text", "'valueString':'x'", "valueString" },
            { "url", "'valueUri':'http://a.example'", "valueUri" },
            { "choice", "'valueCoding':{'code':'x'}", "valueCoding" },
            { "open-choice", "'valueString':'x'", "valueCoding or valueString" },
            { "attachment", "'valueAttachment':{'title':'x'}", "valueAttachment" },
            { "reference", "'valueReference':{'reference':'Patient/1'}", "valueReference" },
            { "quantity", "'valueQuantity':{'value':1}", "valueQuantity" },
        };

    [Theory, MemberData(nameof(Types))]
    public void An_answer_has_the_type_of_its_question(string type, string fits, string wanted)
    {
        var question = $"{{'linkId':'q','type':'{type}'}}";
        var wrong = type == "boolean" ? "'valueInteger':1" : "'valueBoolean':true";

        Assert.Empty(Find(question, Answer("q", fits)));
        Assert.Empty(Find(question, Answer("/q", fits)));
        Assert.Equal(
            [$"QuestionnaireResponse.item[0].answer[0]: Item 'q' takes {wanted}."],
            Find(question, Answer("q", wrong))
        );
    }

    [Theory]
    [InlineData("'valueCoding':{'system':'http://a.example','code':'x'}", true)]
    [InlineData("'valueCoding':{'code':'y'}", true)]
    [InlineData("'valueCoding':{'system':'http://a.example','code':'z'}", false)]
    [InlineData("'valueCoding':{'system':'http://b.example','code':'x'}", false)]
    [InlineData("'valueCoding':{'display':'x'}", false)]
    public void A_choice_is_one_that_is_offered(string answer, bool fits) =>
        Assert.Equal(
            fits ? [] : ["QuestionnaireResponse.item[0].answer[0]: Item 'c' has an answer that is not offered."],
            Find(Choice, Answer("c", answer))
        );

    [Theory]
    [InlineData("'valueInteger':2", "'valueInteger':2", true)]
    [InlineData("'valueInteger':2", "'valueInteger':3", false)]
    [InlineData("'valueString':'red'", "'valueString':'red'", true)]
    [InlineData("'valueString':'red'", "'valueString':'blue'", false)]
    [InlineData("'valueDate':'2026-01-01'", "'valueDate':'2026-01-01'", true)]
    [InlineData("'valueReference':{'reference':'Patient/1'}", "'valueReference':{'reference':'Patient/1'}", true)]
    [InlineData("'valueReference':{'reference':'Patient/1'}", "'valueReference':{'reference':'Patient/2'}", false)]
    public void Options_may_be_of_other_types(string option, string answer, bool fits) =>
        Assert.Equal(
            fits,
            Find($"{{'linkId':'q','type':'choice','answerOption':[{{{option}}}]}}", Answer("q", answer)).Length == 0
        );

    [Fact]
    public void An_open_choice_takes_a_text_and_no_code_that_is_not_offered()
    {
        var open = Choice.Replace("'choice'", "'open-choice'", StringComparison.Ordinal);

        Assert.Empty(Find(open, Answer("c", "'valueString':'Something else'")));
        Assert.Single(Find(open, Answer("c", "'valueCoding':{'code':'z'}")));
    }

    [Theory]
    [InlineData("", "'valueString':'12345'", true)]
    [InlineData(",'maxLength':5", "'valueString':'12345'", true)]
    [InlineData(",'maxLength':4", "'valueString':'12345'", false)]
    public void A_text_is_as_long_as_it_may_be(string more, string answer, bool fits) =>
        Assert.Equal(fits, Find($"{{'linkId':'q','type':'string'{more}}}", Answer("q", answer)).Length == 0);

    [Fact]
    public void Several_answers_are_for_what_repeats()
    {
        const string Two = "{'linkId':'q','answer':[{'valueInteger':1},{'valueInteger':2}]}";

        Assert.Empty(Find("{'linkId':'q','type':'integer','repeats':true}", Two));
        Assert.Equal(
            ["QuestionnaireResponse.item[0].answer[1]: Item 'q' has several answers, and takes one."],
            Find("{'linkId':'q','type':'integer'}", Two)
        );
        Assert.Equal(
            ["QuestionnaireResponse.item[1]: Item 'q' is there several times: send all answers in one."],
            Find(
                "{'linkId':'q','type':'integer','repeats':true}",
                $"{Answer("q", "'valueInteger':1")},{Answer("/q", "'valueInteger':2")}"
            )
        );
    }

    [Fact]
    public void A_group_repeats_where_it_may_and_is_not_answered()
    {
        const string Group = "{'linkId':'g','type':'group','item':[{'linkId':'q','type':'integer'}]}";
        var one = $"{{'linkId':'g','item':[{Answer("q", "'valueInteger':1")}]}}";

        Assert.Empty(Find(Group, one));
        Assert.Empty(
            Find(Group.Replace("'group'", "'group','repeats':true", StringComparison.Ordinal), $"{one},{one}")
        );
        Assert.Equal(
            ["QuestionnaireResponse.item[1]: Group 'g' is there several times, and does not repeat."],
            Find(Group, $"{one},{one}")
        );
        Assert.Equal(
            ["QuestionnaireResponse.item[0]: Group 'g' has an answer: only its items have."],
            Find(Group, Answer("g", "'valueInteger':1"))
        );
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("{'linkId':'q'}", true)]
    [InlineData("{'linkId':'q','answer':[{'valueInteger':1}]}", false)]
    [InlineData("{'linkId':'/q','answer':[{'valueInteger':1}]}", false)]
    public void What_is_required_is_answered(string items, bool isMissing) =>
        Assert.Equal(
            isMissing ? ["QuestionnaireResponse.item: Item 'q' is required, and has no answer."] : [],
            Find("{'linkId':'q','type':'integer','required':true},{'linkId':'p','type':'integer'}", items)
        );

    [Fact]
    public void What_is_required_within_an_answer_or_a_group_is_asked_for_where_that_is()
    {
        const string Inner = "'item':[{'linkId':'q','type':'integer','required':true}]";

        Assert.Empty(Find($"{{'linkId':'p','type':'boolean',{Inner}}}", ""));
        Assert.Equal(
            ["QuestionnaireResponse.item[0].answer[0]: Item 'q' is required, and has no answer."],
            Find($"{{'linkId':'p','type':'boolean',{Inner}}}", Answer("p", "'valueBoolean':true"))
        );
        Assert.Equal(
            ["QuestionnaireResponse.item: Item 'g' is required, and has no answer."],
            Find($"{{'linkId':'g','type':'group','required':true,{Inner}}}", "")
        );
    }

    [Fact]
    public void What_is_not_in_the_Questionnaire_or_stands_elsewhere_is_named()
    {
        const string Group =
            "{'linkId':'g','type':'group','item':[{'linkId':'q','type':'integer'}]},{'linkId':'d','type':'display'}";

        Assert.Equal(
            [
                "QuestionnaireResponse.item[0]: Item 'nowhere' is not in the Questionnaire.",
                "QuestionnaireResponse.item[1]: Item '/q' stands elsewhere in the Questionnaire: put it there, inside of the same groups.",
            ],
            Find(Group, $"{Answer("nowhere", "'valueInteger':1")},{Answer("/q", "'valueInteger':1")}")
        );
        Assert.Equal(
            ["QuestionnaireResponse.item[0]: Item 'd' is only shown, and has an answer."],
            Find(Group, Answer("d", "'valueString':'x'"))
        );
        Assert.Equal(
            [
                "QuestionnaireResponse.item[0].item[0]: Item 'r' is a part of the answer to 'p': put it into answer.item.",
            ],
            Find(
                "{'linkId':'p','type':'boolean','item':[{'linkId':'r','type':'integer'}]}",
                $"{{'linkId':'p','answer':[{{'valueBoolean':true}}],'item':[{Answer("r", "'valueInteger':1")}]}}"
            )
        );
    }

    /// <summary>A condition on the question before, its answer, and whether the second question is enabled by it.</summary>
    public static TheoryData<string, string, string, bool> Conditions =>
        new()
        {
            { "boolean", "'operator':'=','answerBoolean':true", "'valueBoolean':true", true },
            { "boolean", "'operator':'=','answerBoolean':true", "'valueBoolean':false", false },
            { "boolean", "'operator':'=','answerBoolean':true", "", false },
            { "boolean", "'operator':'exists','answerBoolean':true", "'valueBoolean':false", true },
            { "boolean", "'operator':'exists','answerBoolean':true", "", false },
            { "boolean", "'operator':'exists','answerBoolean':false", "", true },
            { "boolean", "'operator':'exists','answerBoolean':false", "'valueBoolean':true", false },
            { "integer", "'operator':'>','answerInteger':3", "'valueInteger':4", true },
            { "integer", "'operator':'>','answerInteger':3", "'valueInteger':3", false },
            { "integer", "'operator':'>=','answerInteger':3", "'valueInteger':3", true },
            { "integer", "'operator':'<','answerInteger':3", "'valueInteger':2", true },
            { "integer", "'operator':'<','answerInteger':3", "'valueInteger':3", false },
            { "integer", "'operator':'<=','answerInteger':3", "'valueInteger':3", true },
            { "integer", "'operator':'!=','answerInteger':3", "'valueInteger':4", true },
            { "integer", "'operator':'!=','answerInteger':3", "'valueInteger':3", false },
            { "decimal", "'operator':'=','answerDecimal':1.50", "'valueDecimal':1.5", true },
            { "date", "'operator':'>','answerDate':'2026-01-01'", "'valueDate':'2026-01-02'", true },
            { "date", "'operator':'>','answerDate':'2026-01-01'", "'valueDate':'2025-12-31'", false },
            {
                "dateTime",
                "'operator':'<','answerDateTime':'2026-01-01T10:00:00Z'",
                "'valueDateTime':'2026-01-01T10:00:00+02:00'",
                true
            },
            { "time", "'operator':'>','answerTime':'10:00:00'", "'valueTime':'10:00:01'", true },
            { "string", "'operator':'=','answerString':'x'", "'valueString':'x'", true },
            { "string", "'operator':'=','answerString':'x'", "'valueString':'X'", false },
            {
                "choice",
                "'operator':'=','answerCoding':{'system':'http://a.example','code':'x'}",
                "'valueCoding':{'system':'http://a.example','code':'x'}",
                true
            },
            {
                "choice",
                "'operator':'=','answerCoding':{'system':'http://a.example','code':'x'}",
                "'valueCoding':{'system':'http://b.example','code':'x'}",
                false
            },
            { "choice", "'operator':'!=','answerCoding':{'code':'x'}", "'valueCoding':{'code':'y'}", true },
            {
                "quantity",
                "'operator':'>','answerQuantity':{'value':5,'code':'kg'}",
                "'valueQuantity':{'value':6,'code':'kg'}",
                true
            },
            {
                "quantity",
                "'operator':'>','answerQuantity':{'value':5,'code':'kg'}",
                "'valueQuantity':{'value':6000,'code':'g'}",
                false
            },
            {
                "reference",
                "'operator':'=','answerReference':{'reference':'Patient/1'}",
                "'valueReference':{'reference':'Patient/1'}",
                true
            },
        };

    [Theory, MemberData(nameof(Conditions))]
    public void A_condition_enables_a_question(string type, string condition, string answer, bool isEnabled)
    {
        var questions =
            $"{{'linkId':'p','type':'{type}'}},{{'linkId':'q','type':'string','required':true,'enableWhen':[{{'question':'p',{condition}}}]}}";
        var given = answer.Length == 0 ? "" : Answer("/p", answer);
        var both = given.Length == 0 ? Answer("q", "'valueString':'x'") : $"{given},{Answer("q", "'valueString':'x'")}";

        Assert.Equal(
            isEnabled ? ["QuestionnaireResponse.item: Item 'q' is required, and has no answer."] : [],
            Find(questions, given)
        );
        Assert.Equal(isEnabled, Find(questions, both).Length == 0);
        if (!isEnabled)
            Assert.EndsWith(
                "Item 'q' is not enabled by the other answers, and has one.",
                Find(questions, both).Single(),
                StringComparison.Ordinal
            );
    }

    [Theory]
    [InlineData("any", "'valueBoolean':true", "'valueBoolean':false", true)]
    [InlineData("any", "'valueBoolean':false", "'valueBoolean':false", false)]
    [InlineData("all", "'valueBoolean':true", "'valueBoolean':false", false)]
    [InlineData("all", "'valueBoolean':true", "'valueBoolean':true", true)]
    public void Several_conditions_hold_together_or_one_by_one(string behaviour, string a, string b, bool isEnabled)
    {
        const string When = "{'question':'Q','operator':'=','answerBoolean':true}";
        var questions =
            "{'linkId':'a','type':'boolean'},{'linkId':'b','type':'boolean'},"
            + $"{{'linkId':'g','type':'group','enableBehavior':'{behaviour}','enableWhen':[{When.Replace("Q", "a", StringComparison.Ordinal)},{When.Replace("Q", "b", StringComparison.Ordinal)}],'item':[{{'linkId':'q','type':'integer','required':true}}]}}";
        var given = $"{Answer("a", a)},{Answer("b", b)},{{'linkId':'g','item':[{Answer("q", "'valueInteger':1")}]}}";

        Assert.Equal(isEnabled, Find(questions, given).Length == 0);
    }

    [Theory]
    [InlineData("completed", true)]
    [InlineData("amended", true)]
    [InlineData("in-progress", false)]
    [InlineData("stopped", false)]
    [InlineData("entered-in-error", false)]
    public void Only_what_is_complete_has_to_fit(string status, bool applies) =>
        Assert.Equal(
            applies,
            ResponseCheck.AppliesTo(
                QuestionnaireResponseView.From(
                    ResourceDocument
                        .Parse(Given.Resource("QuestionnaireResponse", "r", $"'status':'{status}'").Utf8Json)
                        .Value
                )
            )
        );

    [Fact]
    public void A_response_that_fits_nowhere_is_answered_with_fifty_places()
    {
        var items = string.Join(',', Enumerable.Range(0, 200).Select(i => Answer($"x{i}", "'valueInteger':1")));

        Assert.Equal(50, Find("{'linkId':'q','type':'integer'}", items).Length);
        Assert.Contains(
            $"'{new string('y', 100)}...'",
            Find("{'linkId':'q','type':'integer'}", Answer(new string('y', 5000), "'valueInteger':1")).Single(),
            StringComparison.Ordinal
        );
    }

    private static string Answer(string linkId, string value) => $"{{'linkId':'{linkId}','answer':[{{{value}}}]}}";

    private static string[] Find(string questions, string items)
    {
        var questionnaire = Given.Resource("Questionnaire", "q", $"'status':'active','item':[{questions}]");
        var response = Given.Resource(
            "QuestionnaireResponse",
            "r",
            $"'status':'completed'{(items.Length == 0 ? "" : $",'item':[{items}]")}"
        );
        var failure = ResponseCheck.Find(
            QuestionnaireView.From(ResourceDocument.Parse(questionnaire.Utf8Json).Value),
            QuestionnaireResponseView.From(ResourceDocument.Parse(response.Utf8Json).Value)
        );
        if (failure is null)
            return [];
        Assert.Equal(422, failure.Status);
        Assert.All(failure.Issues, i => Assert.Equal("response-unfit", i.Details));
        return [.. failure.Issues.Select(i => $"{i.Expression}: {i.Diagnostics}")];
    }
}
