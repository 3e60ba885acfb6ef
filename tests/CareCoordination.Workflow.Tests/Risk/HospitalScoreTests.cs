using CareCoordination.Workflow.Risk;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Risk;

public sealed class HospitalScoreTests
{
    private static readonly DateOnly Discharged = new(2026, 11, 20);

    private static readonly RiskInputs Nothing = new()
    {
        Admitted = Discharged.AddDays(-4),
        Discharged = Discharged,
        IsUnplanned = false,
        Admissions = 0,
        Haemoglobin = 12,
        Sodium = 135,
        IsOncology = false,
        HasProcedure = false,
    };

    public static TheoryData<string, RiskInputs, int> Points =>
        new()
        {
            { "nothing", Nothing, 0 },
            { "H below", Nothing with { Haemoglobin = 11.9m }, 1 },
            { "H at", Nothing with { Haemoglobin = 12.0m }, 0 },
            { "O", Nothing with { IsOncology = true }, 2 },
            { "S below", Nothing with { Sodium = 134.9m }, 1 },
            { "S at", Nothing with { Sodium = 135 }, 0 },
            { "P", Nothing with { HasProcedure = true }, 1 },
            { "IT", Nothing with { IsUnplanned = true }, 1 },
            { "L of 4", Nothing with { Admitted = Discharged.AddDays(-4) }, 0 },
            { "L of 5", Nothing with { Admitted = Discharged.AddDays(-5) }, 2 },
        };

    [Theory, MemberData(nameof(Points))]
    public void Each_input_gives_its_points(string what, RiskInputs inputs, int points) =>
        Assert.Equal((what, (int?)points), (what, HospitalScore.Of(inputs, new RiskRules()).Total));

    [Theory]
    [InlineData("2013", 0, 0)]
    [InlineData("2013", 1, 2)]
    [InlineData("2013", 5, 2)]
    [InlineData("2013", 6, 5)]
    [InlineData("2016", 0, 0)]
    [InlineData("2016", 1, 0)]
    [InlineData("2016", 2, 2)]
    [InlineData("2016", 5, 2)]
    [InlineData("2016", 6, 5)]
    [InlineData("2016", 30, 5)]
    public void Admissions_before_count_by_the_version(string version, int admissions, int points)
    {
        var score = HospitalScore.Of(
            Nothing with
            {
                Admissions = admissions,
            },
            new RiskRules { HospitalVersion = version }
        );

        Assert.Equal((points, $"hospital-{version}"), (score.Total, score.Version));
    }

    [Theory]
    [InlineData(0, "low")]
    [InlineData(4, "low")]
    [InlineData(5, "moderate")]
    [InlineData(6, "moderate")]
    [InlineData(7, "high")]
    [InlineData(13, "high")]
    public void The_tier_begins_at_its_least_score(int total, string tier)
    {
        // 5 for admissions, 2 for oncology, 2 for the stay, 1 each for the others.
        var rest = total;
        bool Take(int points) => rest >= points && (rest -= points) >= 0;
        var inputs = Nothing with
        {
            Admissions = Take(5) ? 6 : 0,
            IsOncology = Take(2),
            Admitted = Take(2) ? Discharged.AddDays(-9) : Discharged,
            Haemoglobin = Take(1) ? 9 : 14,
            Sodium = Take(1) ? 120 : 140,
            HasProcedure = Take(1),
            IsUnplanned = Take(1),
        };

        var score = HospitalScore.Of(inputs, new RiskRules());

        Assert.Equal((total, tier), (score.Total, score.Tier));
    }

    /// <summary>A stay of six days by the emergency department, anaemic, with a procedure, after two admissions: 1 + 1 + 1 + 2 + 2.</summary>
    [Fact]
    public void A_worked_example_gives_its_score()
    {
        var score = HospitalScore.Of(
            Nothing with
            {
                Admitted = Discharged.AddDays(-6),
                IsUnplanned = true,
                Haemoglobin = 10.4m,
                HasProcedure = true,
                Admissions = 2,
            },
            new RiskRules()
        );

        Assert.Equal((7, "high", "H 1, O 0, S 0, P 1, IT 1, A 2, L 2"), (score.Total, score.Tier, score.Rationale));
    }

    public static TheoryData<string, RiskInputs> Missing =>
        new()
        {
            { "Haemoglobin at discharge", Nothing with { Haemoglobin = null } },
            { "Discharge from oncology", Nothing with { IsOncology = null } },
            { "Sodium at discharge", Nothing with { Sodium = null } },
            { "Procedure during the stay", Nothing with { HasProcedure = null } },
            { "Type of the admission", Nothing with { IsUnplanned = null } },
            { "Admissions before", Nothing with { Admissions = null } },
            { "Length of stay", Nothing with { Discharged = null } },
        };

    [Theory, MemberData(nameof(Missing))]
    public void What_is_missing_is_named_and_is_not_zero(string name, RiskInputs inputs)
    {
        var score = HospitalScore.Of(inputs, new RiskRules());

        Assert.Equal((null, 0), (score.Total, score.Least));
        Assert.Equal([name], score.Missing.Select(m => m.Name));
        Assert.Equal(score.Missing.Single().MostPoints, score.Most);
    }

    [Fact]
    public void Nothing_known_is_no_low_risk()
    {
        var score = HospitalScore.Of(new RiskInputs(), new RiskRules());

        Assert.Equal((null, 0, 13, false), (score.Total, score.Least, score.Most, score.IsTierCertain));
        Assert.Equal(7, score.Missing.Count());
    }

    [Theory]
    [InlineData("lace", "lace-index")]
    [InlineData("hospital", "hospital-score")]
    [InlineData("composite", null)]
    public void A_method_is_found_by_its_name(string method, string? instrument) =>
        Assert.Equal(instrument, RiskInstruments.Score(method, Nothing, new RiskRules())?.Instrument);
}
