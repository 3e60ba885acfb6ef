using System.Collections.Immutable;
using CareCoordination.Workflow.Assessments;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Assessments;

public sealed class AssessmentTests
{
    [Theory]
    [InlineData(0, "minimal", false)]
    [InlineData(4, "minimal", false)]
    [InlineData(5, "mild", false)]
    [InlineData(9, "mild", false)]
    [InlineData(10, "moderate", true)]
    [InlineData(14, "moderate", true)]
    [InlineData(15, "moderately-severe", true)]
    [InlineData(19, "moderately-severe", true)]
    [InlineData(20, "severe", true)]
    [InlineData(27, "severe", true)]
    public void Phq9_bands(int total, string band, bool isPositive) =>
        AssertSum(Instruments.Phq9, Spread(total, 9), total, band, isPositive);

    [Theory]
    [InlineData(0, "negative", false)]
    [InlineData(2, "negative", false)]
    [InlineData(3, "positive", true)]
    [InlineData(6, "positive", true)]
    public void Phq2_bands(int total, string band, bool isPositive) =>
        AssertSum(Instruments.Phq2, Spread(total, 2), total, band, isPositive);

    [Theory]
    [InlineData(0, "minimal", false)]
    [InlineData(4, "minimal", false)]
    [InlineData(5, "mild", false)]
    [InlineData(9, "mild", false)]
    [InlineData(10, "moderate", true)]
    [InlineData(14, "moderate", true)]
    [InlineData(15, "severe", true)]
    [InlineData(21, "severe", true)]
    public void Gad7_bands(int total, string band, bool isPositive) =>
        AssertSum(Instruments.Gad7, Spread(total, 7), total, band, isPositive);

    [Theory]
    [InlineData(new[] { 0, 0, 0, 0, 0, 0 }, 0, "low")]
    [InlineData(new[] { 0, 0, 0, 20, 0, 0 }, 20, "low")]
    [InlineData(new[] { 25, 0, 0, 0, 0, 0 }, 25, "moderate")]
    [InlineData(new[] { 25, 0, 0, 20, 0, 0 }, 45, "moderate")]
    [InlineData(new[] { 25, 15, 0, 0, 10, 0 }, 50, "high")]
    [InlineData(new[] { 25, 15, 30, 20, 20, 15 }, 125, "high")]
    public void Morse_bands(int[] points, int total, string band) =>
        AssertSum(Instruments.Morse, points, total, band, band == "high");

    [Fact]
    public void No_points_of_Morse_are_between_its_bands()
    {
        var totals = new HashSet<int> { 0 };
        foreach (var question in Instruments.Morse.Questions)
            totals = [.. totals.SelectMany(t => question.Choices.Select(c => t + c.Points!.Value))];

        Assert.DoesNotContain(totals, t => t is > 45 and < 50);
        Assert.Equal(125, totals.Max());
    }

    [Fact]
    public void Sites_set_bounds_of_their_own()
    {
        var rules = new AssessmentRules
        {
            Bands = ImmutableDictionary<string, int>.Empty.Add("morse/high", 45),
            PositiveFrom = ImmutableDictionary<string, int>.Empty.Add("phq-2", 2),
        };

        Assert.Equal(
            "high",
            Form.Assess(Instruments.Morse, Form.OfPoints(Instruments.Morse, 25, 0, 0, 20, 0, 0), rules).Sums[0].Band
        );
        Assert.True(Form.Assess(Instruments.Phq2, Form.OfPoints(Instruments.Phq2, 2, 0), rules).Sums[0].IsPositive);
        Assert.False(Form.Assess(Instruments.Phq2, Form.OfPoints(Instruments.Phq2, 1, 0), rules).Sums[0].IsPositive);
    }

    public static TheoryData<string> Summed => [.. Instruments.All.Where(i => !i.Sums.IsEmpty).Select(i => i.Code)];

    [Theory, MemberData(nameof(Summed))]
    public void Every_question_that_is_missing_takes_the_total_away(string code)
    {
        var instrument = Instruments.Find(code)!;
        var sum = instrument.Sums[0];
        foreach (var missing in sum.Items)
        {
            var answers = string.Join(
                ' ',
                sum.Items.Where(i => i != missing).Select(i => $"{i}={Highest(instrument, i)}")
            );

            var assessed = Form.Assess(instrument, answers).Sums[0];

            Assert.Equal((null, null, null), (assessed.Total, assessed.Band, assessed.IsPositive));
            Assert.Equal([missing], assessed.Missing);
        }
    }

    [Fact]
    public void A_total_in_proportion_where_the_rules_allow_it()
    {
        var rules = new AssessmentRules { MostMissing = ImmutableDictionary<string, int>.Empty.Add("phq-9", 2) };
        int? Total(params int[] points) =>
            Form.Assess(Instruments.Phq9, Form.OfPoints(Instruments.Phq9, points), rules).Sums[0].Total;

        Assert.Equal(9, Total(1, 1, 1, 1, 1, 1, 1));
        // 10 * 9 / 7 is 12.86.
        Assert.Equal(13, Total(2, 2, 2, 1, 1, 1, 1));
        Assert.Equal(10, Total(2, 2, 1, 1, 1, 1, 1, 0));
        Assert.Null(Total(3, 3, 3, 3, 3, 3));
        Assert.True(
            Form.Assess(Instruments.Phq9, Form.OfPoints(Instruments.Phq9, 1, 1, 1, 1, 1, 1, 1), rules)
                .Sums[0]
                .IsProrated
        );
    }

    [Fact]
    public void Thoughts_of_death_are_urgent_whatever_the_total()
    {
        var four = Form.Assess(Instruments.Phq9, Form.OfPoints(Instruments.Phq9, 1, 1, 1, 0, 0, 0, 0, 0, 1));
        var none = Form.Assess(Instruments.Phq9, Form.OfPoints(Instruments.Phq9, 3, 3, 3, 3, 3, 3, 3, 3, 0));
        var alone = Form.Assess(Instruments.Phq9, "44260-8=LA6571-9");
        var number = Form.Assess(Instruments.Phq9, "/44249-1/44260-8=#2");

        Assert.Equal((4, "minimal"), (four.Sums[0].Total, four.Sums[0].Band));
        Assert.Equal([("self-harm-check", "44260-8 LA6569-3")], four.Urgent);
        Assert.Equal((24, 0), (none.Sums[0].Total, none.Urgent.Length));
        Assert.Equal([("self-harm-check", "44260-8 LA6571-9")], alone.Urgent);
        Assert.Null(alone.Sums[0].Total);
        Assert.Equal([("self-harm-check", "44260-8 LA6570-1")], number.Urgent);
    }

    [Theory]
    [InlineData("LA6270-8 LA6270-8 LA6270-8 LA6270-8", 4, false)]
    [InlineData("LA10066-1 LA10066-1 LA10082-8 LA10082-8", 10, false)]
    [InlineData("LA10066-1 LA10082-8 LA10082-8 LA10082-8", 11, true)]
    [InlineData("LA6482-9 LA6482-9 LA6482-9 LA6482-9", 20, true)]
    public void Eleven_of_the_safety_questions_are_positive_and_urgent(string answers, int total, bool isPositive)
    {
        var codes = answers.Split(' ');
        var items = Instruments.Find("ahc-hrsn")!.Sums[0].Items;

        var assessment = Form.Assess(
            Instruments.Find("ahc-hrsn")!,
            string.Join(' ', items.Select((item, i) => $"{item}={codes[i]}"))
        );

        Assert.Equal((total, isPositive), (assessment.Sums[0].Total, assessment.Sums[0].IsPositive));
        Assert.Equal(isPositive ? ["violence-check"] : [], assessment.Urgent.Select(u => u.Work));
        Assert.Equal(isPositive ? ["intimate-partner-violence"] : [], assessment.Needs.Select(n => n.Domain));
    }

    public static TheoryData<string, string, string, string> Needs =>
        new()
        {
            { "ahc-hrsn", "71802-3", "LA31994-9", "housing-instability" },
            { "ahc-hrsn", "71802-3", "LA31995-6", "homelessness" },
            { "ahc-hrsn", "71802-3", "LA31993-1", "" },
            { "ahc-hrsn", "96778-6", "LA28580-1", "inadequate-housing" },
            { "ahc-hrsn", "96778-6", "LA9-3", "" },
            { "ahc-hrsn", "88122-7", "LA6729-3", "food-insecurity" },
            { "ahc-hrsn", "88123-5", "LA28397-0", "food-insecurity" },
            { "ahc-hrsn", "88123-5", "LA28398-8", "" },
            { "ahc-hrsn", "93030-5", "LA33-6", "transportation-insecurity" },
            { "ahc-hrsn", "93030-5", "LA32-8", "" },
            { "ahc-hrsn", "96779-4", "LA32002-0", "utility-insecurity" },
            { "ahc-hrsn", "96779-4", "LA32-8", "" },
            { "ahc-hrsn-supplement", "76513-1", "LA15832-1", "financial-insecurity" },
            { "ahc-hrsn-supplement", "76513-1", "LA22683-9", "financial-insecurity" },
            { "ahc-hrsn-supplement", "76513-1", "LA31980-8", "" },
            { "ahc-hrsn-supplement", "96780-2", "LA31981-6", "employment-status" },
            { "ahc-hrsn-supplement", "96780-2", "LA31982-4", "employment-status" },
            { "ahc-hrsn-supplement", "96780-2", "LA31983-2", "" },
            { "ahc-hrsn-supplement", "96781-0", "LA31976-6", "" },
            { "ahc-hrsn-supplement", "96781-0", "LA31977-4", "" },
            { "ahc-hrsn-supplement", "96781-0", "LA31978-2", "sdoh-category-unspecified" },
            { "ahc-hrsn-supplement", "96781-0", "LA31979-0", "sdoh-category-unspecified" },
            { "ahc-hrsn-supplement", "93159-2", "LA10082-8", "" },
            { "ahc-hrsn-supplement", "93159-2", "LA10044-8", "social-connection" },
            { "ahc-hrsn-supplement", "93159-2", "LA9933-8", "social-connection" },
            { "ahc-hrsn-supplement", "96782-8", "LA33-6", "educational-attainment" },
            { "ahc-hrsn-supplement", "96782-8", "LA32-8", "" },
            { "ahc-hrsn-supplement", "97027-7", "LA33-6", "language-access" },
            { "ahc-hrsn-supplement", "68517-2", "LA6270-8", "" },
            { "ahc-hrsn-supplement", "68517-2", "LA26460-8", "sdoh-category-unspecified" },
            { "ahc-hrsn-supplement", "96842-0", "LA18934-2", "sdoh-category-unspecified" },
            { "ahc-hrsn-supplement", "95530-2", "LA18876-5", "sdoh-category-unspecified" },
            { "ahc-hrsn-supplement", "68524-8", "LA18891-4", "sdoh-category-unspecified" },
            { "ahc-hrsn-supplement", "93038-8", "LA13902-4", "stress" },
            { "ahc-hrsn-supplement", "93038-8", "LA13909-9", "" },
            // Asked, and for a person to judge: how much exercise is enough goes by age.
            { "ahc-hrsn-supplement", "69858-9", "LA33-6", "" },
            { "prapare", "71802-3", "LA30190-5", "homelessness" },
            { "prapare", "71802-3", "LA30189-7", "" },
            { "prapare", "93033-9", "LA33-6", "housing-instability" },
            { "prapare", "82589-3", "LA30191-3", "educational-attainment" },
            { "prapare", "67875-5", "LA17956-6", "employment-status" },
            { "prapare", "67875-5", "LA30137-6", "" },
            { "prapare", "76437-3", "LA30194-7", "health-insurance-coverage-status" },
            { "prapare", "93031-3", "LA30125-1", "food-insecurity" },
            { "prapare", "93031-3", "LA30128-5", "medical-cost-burden" },
            { "prapare", "93031-3", "LA30124-4", "utility-insecurity" },
            { "prapare", "93030-5", "LA30133-5", "transportation-insecurity" },
            { "prapare", "93030-5", "LA30134-3", "transportation-insecurity" },
            { "prapare", "93029-7", "LA30130-1", "social-connection" },
            { "prapare", "93029-7", "LA30131-9", "" },
            { "prapare", "93038-8", "LA13902-4", "stress" },
            { "prapare", "93038-8", "LA13909-9", "" },
            // The same answer is a point of PHQ-9 and no stress at all here.
            { "prapare", "93038-8", "LA6568-5", "" },
            { "prapare", "93028-9", "LA33-6", "incarceration-status" },
            { "prapare", "93034-7", "LA33-6", "veteran-status" },
            { "prapare", "76501-6", "LA33-6", "intimate-partner-violence" },
            // Asked the other way round: no is the need, yes is none.
            { "prapare", "93026-3", "LA32-8", "sdoh-category-unspecified" },
            { "prapare", "93026-3", "LA33-6", "" },
            { "prapare", "93026-3", "LA14072-5", "" },
            // The answer of one list in a response of the other instrument counts as well.
            { "ahc-hrsn", "71802-3", "LA30190-5", "homelessness" },
            { "prapare", "93030-5", "LA33-6", "transportation-insecurity" },
        };

    [Theory, MemberData(nameof(Needs))]
    public void Question_and_answer_together_are_a_need(string instrument, string item, string answer, string domain) =>
        Assert.Equal(
            domain.Length == 0 ? [] : [domain],
            Form.Assess(Instruments.Find(instrument)!, $"{item}={answer}").Needs.Select(n => n.Domain)
        );

    [Theory]
    [InlineData("44250-9=LA6570-1 44255-8=LA6568-5", 2, false)]
    [InlineData("44250-9=LA6570-1 44255-8=LA6569-3", 3, true)]
    [InlineData("44250-9=LA6571-9", null, null)]
    public void The_questions_about_mood_of_the_supplement_are_a_phq2(string answers, int? total, bool? isPositive)
    {
        var assessment = Form.Assess(Instruments.Find("ahc-hrsn-supplement")!, answers + " 76513-1=LA31980-8");

        var sum = Assert.Single(assessment.Sums);
        Assert.Equal((total, isPositive, "phq-9"), (sum.Total, sum.IsPositive, sum.Sum.FollowedBy));
    }

    [Fact]
    public void Who_would_rather_not_answer_has_no_need_and_is_not_without_one()
    {
        var prapare = Instruments.Find("prapare")!;
        foreach (var question in prapare.Questions.Where(q => q.Choices.Any(c => c.Code == Instruments.Declined)))
        {
            var assessment = Form.Assess(prapare, $"{question.LinkId}={Instruments.Declined}");

            Assert.Empty(assessment.Needs);
            Assert.Empty(assessment.Urgent);
            Assert.Equal([question.LinkId], assessment.Declined);
        }
    }

    [Theory]
    [InlineData("93026-3=LA32-8", "violence-check")]
    [InlineData("93026-3=LA14072-5", "safety-review")]
    [InlineData("93026-3=LA33-6", "")]
    [InlineData("76501-6=LA33-6", "violence-check")]
    [InlineData("76501-6=LA32-8", "")]
    public void Answers_about_safety_are_urgent(string answers, string work) =>
        Assert.Equal(
            work.Length == 0 ? [] : [work],
            Form.Assess(Instruments.Find("prapare")!, answers).Urgent.Select(u => u.Work)
        );

    [Theory]
    [InlineData("63586-2=#15649 63512-8=#1", true)]
    [InlineData("63586-2=#15650 63512-8=#1", false)]
    [InlineData("63586-2=#32149 63512-8=#4", true)]
    [InlineData("63586-2=#32150 63512-8=#4", false)]
    [InlineData("63586-2=#79228162514264337593543950335 63512-8=#1000", false)]
    [InlineData("63586-2=#1", false)]
    [InlineData("63586-2=#1 63512-8=#0", false)]
    public void Income_below_the_line_for_the_household_is_a_need(string answers, bool isNeed) =>
        Assert.Equal(
            isNeed ? ["financial-insecurity"] : [],
            Form.Assess(Instruments.Find("prapare")!, answers).Needs.Select(n => n.Domain)
        );

    [Fact]
    public void Needs_of_one_domain_are_one_and_rules_take_answers_out()
    {
        var prapare = Instruments.Find("prapare")!;
        var several = Form.Assess(prapare, "93031-3=LA30126-9 93031-3=LA30127-7 93031-3=LA30125-1").Needs;

        Assert.Equal(["food-insecurity", "material-hardship"], several.Select(n => n.Domain));
        Assert.Empty(Form.Assess(prapare, "93034-7=LA33-6", new AssessmentRules { NoNeed = ["93034-7/LA33-6"] }).Needs);
        Assert.Empty(Form.Assess(Instruments.Phq9, "93034-7=LA33-6").Needs);
    }

    [Theory]
    [InlineData(
        "'questionnaire':'https://carecoordination.example/fhir/Questionnaire/gad-7|1'",
        "44250-9=LA6568-5",
        "gad-7"
    )]
    [InlineData("'questionnaire':'http://loinc.org/q/44249-1'", "44250-9=LA6568-5", "phq-9")]
    [InlineData("'language':'en'", "44250-9=LA6568-5 44255-8=LA6568-5", "phq-2")]
    [InlineData("'language':'en'", "/44250-9=LA6568-5 /44260-8=LA6568-5", "phq-9")]
    [InlineData("'language':'en'", "71802-3=LA31993-1 96779-4=LA32-8", "ahc-hrsn")]
    [InlineData("'language':'en'", "/93025-5/93042-0/71802-3=LA30189-7 /93025-5/93033-9=LA32-8", "prapare")]
    [InlineData("'language':'en'", "/59454-9=LA33-6", "morse")]
    [InlineData("'questionnaire':'http://a.example/Questionnaire/phq-9'", "q1=LA33-6", null)]
    public void The_instrument_is_found_by_canonical_or_by_the_questions(
        string elements,
        string answers,
        string? code
    ) =>
        Assert.Equal(
            code,
            InstrumentChoice.Of(Form.Response(answers, $"'status':'completed',{elements}").View(), default)?.Code
        );

    [Fact]
    public void Tables_hold_together()
    {
        foreach (var instrument in Instruments.All)
        {
            Assert.Equal(
                instrument.Questions.Select(q => q.LinkId).Distinct(),
                instrument.Questions.Select(q => q.LinkId)
            );
            Assert.All(
                instrument.Sums.SelectMany(s => s.Items),
                item => Assert.All(instrument.Find(item)!.Choices, c => Assert.NotNull(c.Points))
            );
            Assert.All(
                instrument.Sums.SelectMany(s => s.Bands),
                band => Assert.NotEmpty(AssessmentBands.Of(band.Code).Meaning)
            );
            Assert.All(instrument.Urgent, urgent => Assert.NotEmpty(AssessmentWork.Of(urgent.Work).Meaning));
        }

        Assert.All(
            SocialNeeds.Answers,
            need => Assert.True(SocialNeeds.Findings.ContainsKey(need.Domain), need.Domain)
        );
        Assert.All(
            SocialNeeds.Answers,
            need =>
                Assert.Contains(
                    Instruments.All,
                    i => i.IsSocial && i.Find(need.Item)?.Choices.Any(c => c.Code == need.Answer) is true
                )
        );
    }

    private static void AssertSum(Instrument instrument, int[] points, int total, string band, bool isPositive)
    {
        var assessed = Form.Assess(instrument, Form.OfPoints(instrument, points)).Sums[0];

        Assert.Equal((total, band, isPositive), (assessed.Total, assessed.Band, assessed.IsPositive));
        Assert.Empty(assessed.Missing);
    }

    private static int[] Spread(int total, int items) =>
        [.. Enumerable.Range(0, items).Select(i => Math.Clamp(total - (3 * i), 0, 3))];

    private static string Highest(Instrument instrument, string item) =>
        instrument.Find(item)!.Choices.MaxBy(c => c.Points)!.Code;
}
