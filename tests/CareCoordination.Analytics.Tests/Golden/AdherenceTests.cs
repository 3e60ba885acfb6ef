using System.Collections.Immutable;
using CareCoordination.Workflow.Adherence;

namespace CareCoordination.Analytics.Tests.Golden;

/// <summary>The adherence of the measures is that of the rules by which the program tells it elsewhere, day by day.</summary>
public sealed class AdherenceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Sql_and_counting_day_by_day_come_to_the_same(int seed)
    {
        var random = new Random(seed);
        using var outcomes = new Outcomes();
        var (first, last) = (new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31));
        var expected = new List<string>();
        for (var p = 0; p < 30; p++)
        {
            outcomes.Put(Care.Patient($"p{p:00}"));
            var fills = Enumerable
                .Range(0, random.Next(1, 12))
                .Select(_ =>
                    (
                        Day: first.AddDays(random.Next(-40, 380)),
                        Supply: random.Next(1, 100),
                        Code: random.Next(3) == 0 ? "52175" : "29046"
                    )
                )
                .ToImmutableArray();
            foreach (var (fill, i) in fills.Select((fill, i) => (fill, i)))
                outcomes.Put(
                    Care.Fill($"f{p}-{i}", $"p{p:00}", $"{fill.Day:yyyy-MM-dd}", fill.Supply, code: fill.Code)
                );
            if (
                DaysCovered.Of(
                    fills.Select(fill => new MedicationFill(fill.Day, fill.Supply, [fill.Code])),
                    new AdherencePeriod(first, last),
                    new AdherenceRules()
                ) is
                { } covered
            )
                expected.Add($"p{p:00}|{covered.First:yyyy-MM-dd}|{covered.Covered}");
        }

        Assert.NotEmpty(expected);
        Assert.Equal(
            expected,
            outcomes.MeasureRows(
                "m-20a",
                "2026-01-01",
                "2026-12-31",
                "patient_id, day, round(value * (DATE '2026-12-31' - day + 1))::INTEGER"
            )
        );
    }

    /// <summary>A supply is a SimpleQuantity of any unit, and a begun day is no day of medicine.</summary>
    [Theory]
    [InlineData("\"value\":14", "14")]
    [InlineData("\"value\":14,\"unit\":\"days\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"d\"", "14")]
    [InlineData("\"value\":2,\"unit\":\"Weeks\"", "14")]
    [InlineData("\"value\":2,\"system\":\"http://unitsofmeasure.org\",\"code\":\"wk\"", "14")]
    [InlineData("\"value\":3,\"unit\":\"month\",\"code\":\"mo\"", "90")]
    [InlineData("\"value\":1,\"code\":\"a\"", "365")]
    [InlineData("\"value\":720,\"code\":\"h\"", "30")]
    [InlineData("\"value\":29.5", "29")]
    [InlineData("\"value\":29.9", "29")]
    [InlineData("\"value\":0.9", "")]
    [InlineData("\"value\":1000000000000", "36525")]
    [InlineData("\"value\":99999999999999999,\"code\":\"a\"", "36525")]
    [InlineData("\"value\":-1000000000000", "")]
    [InlineData("\"value\":1e30,\"code\":\"mo\"", "36525")]
    [InlineData("\"value\":12,\"code\":\"h\"", "")]
    public void A_supply_lasts_for_whole_days_of_its_unit(string supply, string days)
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("p"),
            Care.Fill("f", "p", "2026-03-01", 7).Replace("\"value\":7", supply, StringComparison.Ordinal)
        );

        Assert.Equal(
            days.Length == 0 ? [] : [days],
            outcomes.Rows("SELECT supply FROM fill_in_set WHERE set_name = 'rasa'")
        );
    }

    /// <summary>FHIR bounds neither the amount nor the repeats; an order that nobody can mean makes no measure fail.</summary>
    [Theory]
    [InlineData("\"expectedSupplyDuration\":{\"value\":1000000000000}")]
    [InlineData("\"expectedSupplyDuration\":{\"value\":30},\"numberOfRepeatsAllowed\":2147483647")]
    [InlineData("\"numberOfRepeatsAllowed\":2147483647")]
    [InlineData("\"expectedSupplyDuration\":{\"value\":-1e30,\"code\":\"a\"}")]
    public void An_order_without_bounds_lasts_for_a_hundred_years_at_most(string dispensed)
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("p"),
            $$"""{"resourceType":"MedicationRequest","id":"m","status":"active","intent":"order","subject":{"reference":"Patient/p"},"authoredOn":"2026-03-01","medicationCodeableConcept":{"coding":[{"system":"http://www.whocc.no/atc","code":"N06DA02"}]},"dispenseRequest":{ {{dispensed}} } }"""
        );

        Assert.Equal(
            ["true"],
            outcomes.Rows("SELECT to_day BETWEEN DATE '2026-03-01' AND DATE '2126-03-01' FROM medicine_order_in_set")
        );
    }
}
