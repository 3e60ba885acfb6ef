using System.Collections.Immutable;
using CareCoordination.Workflow.Risk;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Risk;

public sealed class LaceScoreTests
{
    private static readonly DateOnly Discharged = new(2026, 11, 20);

    /// <summary>Everything is known, and nothing gives a point.</summary>
    private static readonly RiskInputs Nothing = new()
    {
        Admitted = Discharged,
        Discharged = Discharged,
        IsUnplanned = false,
        Diseases = [],
        EmergencyVisits = 0,
    };

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(6, 4)]
    [InlineData(7, 5)]
    [InlineData(13, 5)]
    [InlineData(14, 7)]
    [InlineData(365, 7)]
    public void Gives_points_for_the_days_of_the_stay(int days, int points) =>
        Assert.Equal(points, Total(Nothing with { Admitted = Discharged.AddDays(-days) }));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 4)]
    [InlineData(6, 5)]
    [InlineData(12, 5)]
    [InlineData(13, 7)]
    public void Both_days_count_where_the_rules_say_so(int nights, int points) =>
        Assert.Equal(
            points,
            Total(
                Nothing with
                {
                    Admitted = Discharged.AddDays(-nights),
                },
                new RiskRules { StayIncludesBothDays = true }
            )
        );

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 0)]
    public void Gives_three_points_for_an_unplanned_admission(bool isUnplanned, int points) =>
        Assert.Equal(points, Total(Nothing with { IsUnplanned = isUnplanned }));

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "myocardial-infarction")]
    [InlineData(1, "diabetes")]
    [InlineData(2, "heart-failure")]
    [InlineData(2, "diabetes diabetes-with-organ-damage")]
    [InlineData(2, "diabetes cerebrovascular-disease")]
    [InlineData(3, "dementia")]
    [InlineData(3, "heart-failure diabetes")]
    // Four Charlson points and more are five.
    [InlineData(5, "aids")]
    [InlineData(5, "heart-failure chronic-pulmonary-disease")]
    [InlineData(5, "mild-liver-or-renal-disease severe-liver-or-renal-disease")]
    [InlineData(5, "cancer metastatic-cancer")]
    [InlineData(5, "metastatic-cancer aids dementia")]
    public void Gives_points_for_diseases(int points, string diseases) =>
        Assert.Equal(points, Total(Nothing with { Diseases = Set(diseases) }));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    [InlineData(5, 4)]
    [InlineData(40, 4)]
    public void Gives_points_for_visits_of_the_emergency_department(int visits, int points) =>
        Assert.Equal(points, Total(Nothing with { EmergencyVisits = visits }));

    [Theory]
    [InlineData(0, 0, "low")]
    [InlineData(3, 1, "low")]
    [InlineData(4, 1, "moderate")]
    [InlineData(7, 4, "moderate")]
    [InlineData(14, 3, "high")]
    [InlineData(14, 2, "moderate")]
    public void The_tier_begins_at_its_least_score(int days, int visits, string tier)
    {
        var score = Score(Nothing with { Admitted = Discharged.AddDays(-days), EmergencyVisits = visits });

        Assert.Equal((tier, true), (score.Tier, score.IsTierCertain));
    }

    /// <summary>
    /// As the index's authors explain it: a stay of five days, unplanned, with heart failure and diabetes, after two visits of the emergency
    /// department, is 4 + 3 + 3 + 2.
    /// </summary>
    [Fact]
    public void Worked_examples_give_their_scores()
    {
        var score = Score(
            Nothing with
            {
                Admitted = Discharged.AddDays(-5),
                IsUnplanned = true,
                Diseases = Set("heart-failure diabetes"),
                EmergencyVisits = 2,
            }
        );
        var most = Score(
            Nothing with
            {
                Admitted = Discharged.AddDays(-30),
                IsUnplanned = true,
                Diseases = Set("aids dementia"),
                EmergencyVisits = 9,
            }
        );

        Assert.Equal((12, "high", "L 4, A 3, C 3, E 2"), (score.Total, score.Tier, score.Rationale));
        Assert.Equal((19, "high"), (most.Total, most.Tier));
        Assert.Equal(("lace-index", "lace-2010"), (most.Instrument, most.Version));
    }

    public static TheoryData<string, RiskInputs> Missing =>
        new()
        {
            { "Length of stay", Nothing with { Admitted = null } },
            { "Length of stay", Nothing with { Discharged = null } },
            { "Length of stay", Nothing with { Admitted = Discharged.AddDays(1) } },
            { "Acuity of the admission", Nothing with { IsUnplanned = null } },
            { "Comorbidity", Nothing with { Diseases = null } },
            { "Emergency department visits before", Nothing with { EmergencyVisits = null } },
        };

    [Theory, MemberData(nameof(Missing))]
    public void What_is_missing_is_named_and_is_not_zero(string name, RiskInputs inputs)
    {
        var score = Score(inputs);

        Assert.Null(score.Total);
        Assert.Equal([name], score.Missing.Select(m => m.Name));
        Assert.Equal(0, score.Least);
        Assert.Equal(score.Missing.Single().MostPoints, score.Most);
        Assert.Contains("missing", score.Rationale, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tier_is_certain_where_what_is_missing_cannot_change_it()
    {
        var high = Score(
            Nothing with
            {
                Admitted = Discharged.AddDays(-14),
                IsUnplanned = true,
                EmergencyVisits = null,
            }
        );
        var open = Score(Nothing with { Admitted = Discharged.AddDays(-7), IsUnplanned = true, Diseases = null });

        Assert.Equal((null, 10, 14, "high", true), (high.Total, high.Least, high.Most, high.Tier, high.IsTierCertain));
        Assert.Equal((8, 13, "moderate", false), (open.Least, open.Most, open.Tier, open.IsTierCertain));
    }

    [Fact]
    public void Weights_and_tiers_of_the_rules_count()
    {
        var rules = new RiskRules
        {
            CharlsonPoints = ImmutableDictionary<string, int>.Empty.Add("diabetes", 3),
            LaceTiers = ImmutableDictionary<string, int>.Empty.Add("high", 3),
        };

        var score = LaceScore.Of(Nothing with { Diseases = Set("diabetes") }, rules);

        Assert.Equal((3, "high"), (score.Total, score.Tier));
    }

    private static int? Total(RiskInputs inputs, RiskRules? rules = null) => Score(inputs, rules).Total;

    private static RiskScore Score(RiskInputs inputs, RiskRules? rules = null) =>
        LaceScore.Of(inputs, rules ?? new RiskRules());

    private static ImmutableHashSet<string> Set(string words) =>
        [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
