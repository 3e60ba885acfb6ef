using CareCoordination.Analytics.Measures;

namespace CareCoordination.Analytics.Tests.Golden;

/// <summary>
/// Blood pressure, blood sugar, depression and adherence: M-19, M-20. The numbers are those of CMS165, CMS122, CMS159 and of the
/// proportion of days covered of PQA.
/// </summary>
public sealed class ChronicMeasureTests
{
    private const string Start = "2026-01-01";
    private const string End = "2026-12-31";

    private static Outcomes Of(params string[] resources) => new Outcomes().Put([Care.Patient("p"), .. resources]);

    [Theory]
    // CMS165: below 140 and below 90.
    [InlineData(139, 89, "1/0/1")]
    [InlineData(140, 89, "1/0/0")]
    [InlineData(139, 90, "1/0/0")]
    [InlineData(140, 90, "1/0/0")]
    [InlineData(120, 80, "1/0/1")]
    public void Blood_pressure_is_controlled_below_140_and_90(int systolic, int diastolic, string counts)
    {
        using var outcomes = Of(
            Care.Condition("h", "p", "I10", "2020-01-01"),
            Care.Pressure("b", "p", "2026-05-01", systolic, diastolic)
        );

        Assert.Equal(counts, outcomes.Measure("m-19a", Start, End));
    }

    [Fact]
    public void The_lowest_of_the_last_day_with_both_pressures_counts()
    {
        using var outcomes = Of(
            Care.Condition("h", "p", "I10", "2020-01-01"),
            Care.Pressure("a", "p", "2026-05-01T08:00:00Z", 150, 88),
            Care.Pressure("b", "p", "2026-05-01T09:00:00Z", 138, 95)
        );
        // CMS165: the lowest systolic and the lowest diastolic of the day, of whichever reading.
        Assert.Equal("1/0/1", outcomes.Measure("m-19a", Start, End));
        outcomes.Put(Care.Observation("only", "p", "8480-6", "2026-06-01", 180));
        Assert.Equal("1/0/1", outcomes.Measure("m-19a", Start, End));
        outcomes.Put(Care.Observation("other", "p", "8462-4", "2026-06-01", 80));
        Assert.Equal("1/0/0", outcomes.Measure("m-19a", Start, End));
        // What is preliminary does not count, what was corrected does.
        outcomes.Put(Care.Pressure("c", "p", "2026-07-01", 120, 70, status: "preliminary"));
        Assert.Equal("1/0/0", outcomes.Measure("m-19a", Start, End));
        outcomes.Put(Care.Pressure("c", "p", "2026-07-01", 120, 70, status: "corrected"));
        Assert.Equal("1/0/1", outcomes.Measure("m-19a", Start, End));
        outcomes.Put(Care.Pressure("c", "p", "2026-07-01", 120, 70, status: "entered-in-error"));
        Assert.Equal("1/0/0", outcomes.Measure("m-19a", Start, End));
    }

    [Theory]
    [InlineData("EMER", "1/0/0")]
    [InlineData("IMP", "1/0/0")]
    [InlineData("SS", "1/0/0")]
    [InlineData("AMB", "1/0/1")]
    [InlineData("VR", "1/0/1")]
    public void Readings_in_hospital_do_not_count(string @class, string counts)
    {
        using var outcomes = Of(
            Care.Condition("h", "p", "I10", "2020-01-01"),
            Care.Stay("e", "p", @class, "2026-06-01", "2026-06-01"),
            Care.Pressure("a", "p", "2026-05-01", 150, 95),
            Care.Pressure("b", "p", "2026-06-01", 120, 70, more: ",\"encounter\":{\"reference\":\"Encounter/e\"}")
        );

        Assert.Equal(counts, outcomes.Measure("m-19a", Start, End));
    }

    [Theory]
    // 18 to 85 at the end of the period.
    [InlineData("2008-12-31", "2020-01-01", null, "1/0/0")]
    [InlineData("2009-01-01", "2020-01-01", null, "0/0/0")]
    [InlineData("1941-01-01", "2020-01-01", null, "1/0/0")]
    [InlineData("1940-12-31", "2020-01-01", null, "0/0/0")]
    // Within the first six months.
    [InlineData("1970-01-01", "2026-06-30", null, "1/0/0")]
    [InlineData("1970-01-01", "2026-07-01", null, "0/0/0")]
    [InlineData("1970-01-01", "2020-01-01", "2025-12-31", "0/0/0")]
    [InlineData("1970-01-01", "2020-01-01", "2026-01-01", "1/0/0")]
    public void Hypertension_counts_in_the_first_half_of_the_period_and_from_18_to_85(
        string born,
        string onset,
        string? end,
        string counts
    )
    {
        using var outcomes = Of(
            Care.Patient("p", born: born),
            Care.Condition("h", "p", "I10", onset, end is null ? "" : $",\"abatementDateTime\":\"{end}\"")
        );

        Assert.Equal(counts, outcomes.Measure("m-19a", Start, End));
    }

    public static TheoryData<string, string> LeftOut =>
        new()
        {
            { Care.Condition("x", "p", "N18.6", "2026-03-01"), "esrd" },
            { Care.Condition("x", "p", "O09.9", "2026-03-01"), "pregnancy" },
            { Care.Condition("x", "p", "Z51.5", "2026-03-01"), "palliative" },
            { Care.Condition("x", "p", "385763009", "2026-03-01", system: Care.Sct), "hospice" },
            { Care.Stay("x", "p", "IMP", "2026-03-01", "2026-03-04", more: Care.Disposition("hosp")), "hospice" },
            {
                Care.Stay("x", "p", "AMB", "2026-03-01", "2026-03-01", more: Care.Kind(Care.Sct, "305336008")),
                "hospice"
            },
            {
                Care.Referral(
                        "x",
                        "p",
                        "2026-03-01",
                        more: ",\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"385763009\"}]}"
                    )
                    .Replace(",\"code\":{\"text\":\"see\"}", "", StringComparison.Ordinal),
                "hospice"
            },
        };

    [Theory]
    [MemberData(nameof(LeftOut))]
    public void Who_is_in_hospice_or_too_ill_is_left_out(string resource, string why)
    {
        using var outcomes = Of(Care.Condition("h", "p", "I10", "2020-01-01"), resource);

        Assert.Equal($"0/1/0 {why}", $"{outcomes.Measure("m-19a", Start, End)} {why}");
    }

    [Theory]
    // CMS165 and CMS122: from 66 on with frailty and an advanced illness of the year or the one before, from 81 on with frailty.
    [InlineData("1960-06-15", 1, 1, "0/1/0")]
    [InlineData("1960-06-15", 1, 0, "1/0/0")]
    [InlineData("1960-06-15", 0, 1, "1/0/0")]
    [InlineData("1961-06-15", 1, 1, "1/0/0")]
    [InlineData("1945-06-15", 1, 0, "0/1/0")]
    [InlineData("1945-06-15", 0, 1, "1/0/0")]
    [InlineData("1946-06-15", 1, 0, "1/0/0")]
    public void Who_is_frail_is_left_out(string born, int frailty, int illness, string counts)
    {
        using var outcomes = Of(Care.Patient("p", born: born), Care.Condition("h", "p", "I10", "2020-01-01"));
        for (var i = 0; i < frailty; i++)
            outcomes.Put(Care.Condition($"f{i}", "p", "R54", $"2026-0{i + 2}-01"));
        for (var i = 0; i < illness; i++)
            outcomes.Put(Care.Condition($"i{i}", "p", "I50.9", $"2025-0{i + 2}-01"));

        Assert.Equal(counts, outcomes.Measure("m-19a", Start, End));
    }

    private static List<(string Frailty, string Counts)> Frail =>
        [
            // Frailty may have begun long ago.
            (Care.Condition("f", "p", "R54", "2015-02-01"), "0/1/0"),
            (Care.Condition("f", "p", "R54", "2015-02-01", ",\"abatementDateTime\":\"2025-12-31\""), "1/0/0"),
            (Care.Condition("f", "p", "R54", "2027-01-01"), "1/0/0"),
            (Care.Observation("f", "p", "98181-1", "2026-03-01", null, more: Coded("58938008")), "0/1/0"),
            (Care.Observation("f", "p", "98181-1", "2026-03-01", null, more: Coded("1")), "1/0/0"),
            (Care.Observation("f", "p", "98181-1", "2025-12-31", null, more: Coded("58938008")), "1/0/0"),
            (Chair("2026-03-01", "completed", "order"), "0/1/0"),
            (Chair("2026-03-01", "draft", "order"), "1/0/0"),
            (Chair("2026-03-01", "active", "proposal"), "1/0/0"),
            (Chair("2025-03-01", "active", "order"), "1/0/0"),
            (
                Chair(
                    "2026-03-01",
                    "active",
                    "order",
                    ",\"modifierExtension\":[{\"url\":\"http://hl7.org/fhir/5.0/StructureDefinition/extension-DeviceRequest.doNotPerform\",\"valueBoolean\":true}]"
                ),
                "1/0/0"
            ),
        ];

    private static string Coded(string code) =>
        $$""","valueCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"{{code}}"}]}""";

    private static string Chair(string authored, string status, string intent, string more = "") =>
        $$"""{"resourceType":"DeviceRequest","id":"f","status":"{{status}}","intent":"{{intent}}","subject":{"reference":"Patient/p"},"codeCodeableConcept":{"coding":[{"system":"http://snomed.info/sct","code":"58938008"}]},"authoredOn":"{{authored}}"{{more}}}""";

    [Fact]
    public void Frailty_is_a_diagnosis_or_a_device_of_the_period()
    {
        using var outcomes = Of(
            Care.Patient("p", born: "1960-06-15"),
            Care.Condition("h", "p", "I10", "2020-01-01"),
            Care.Condition("i", "p", "I50.9", "2025-01-01")
        );
        foreach (var (frailty, counts) in Frail)
        {
            outcomes.Put(frailty);
            Assert.Equal($"{counts} {frailty}", $"{outcomes.Measure("m-19a", Start, End)} {frailty}");
            foreach (var type in (string[])["Condition", "Observation", "DeviceRequest"])
                if (outcomes.StoredKeys.Any(key => key.Type == type && key.Id == "f"))
                    outcomes.Delete(type, "f");
        }

        outcomes.Put(Chair("2026-03-01", "active", "order"), Care.Condition("i", "p", "I50.9", "2024-12-31"));
        Assert.Equal("1/0/0", outcomes.Measure("m-19a", Start, End));
    }

    [Fact]
    public void A_medicine_for_dementia_is_an_advanced_illness()
    {
        const string Coded =
            "\"medicationCodeableConcept\":{\"coding\":[{\"system\":\"http://www.whocc.no/atc\",\"code\":\"N06DA02\"}]}";
        using var outcomes = Of(
            Care.Patient("p", born: "1960-06-15"),
            Care.Condition("h", "p", "I10", "2020-01-01"),
            Care.Condition("f", "p", "R54", "2026-03-01"),
            """{"resourceType":"Medication","id":"drug","code":{"coding":[{"system":"http://www.whocc.no/atc","code":"N06DA02"}]}}"""
        );
        // It is taken in the period or the year before.
        foreach (
            var (status, intent, authored, medicine, counts) in ((string, string, string, string, string)[])
                [
                    ("active", "order", "2024-10-04", Coded, "0/1/0"),
                    ("active", "order", "2024-10-03", Coded, "1/0/0"),
                    ("active", "order", "2026-12-31", Coded, "0/1/0"),
                    ("active", "order", "2027-01-01", Coded, "1/0/0"),
                    ("active", "plan", "2026-03-01", Coded, "1/0/0"),
                    ("cancelled", "order", "2026-03-01", Coded, "1/0/0"),
                    (
                        "active",
                        "order",
                        "2026-03-01",
                        "\"medicationReference\":{\"reference\":\"Medication/drug\"}",
                        "0/1/0"
                    ),
                ]
        )
        {
            outcomes.Put(
                $$"""{"resourceType":"MedicationRequest","id":"m","status":"{{status}}","intent":"{{intent}}","subject":{"reference":"Patient/p"},{{medicine}},"authoredOn":"{{authored}}","dispenseRequest":{"expectedSupplyDuration":{"value":90} } }"""
            );
            Assert.Equal(
                $"{authored} {status} {counts}",
                $"{authored} {status} {outcomes.Measure("m-19a", Start, End)}"
            );
        }
    }

    [Fact]
    public void What_was_done_leaves_out()
    {
        using var outcomes = Of(Care.Condition("h", "p", "I10", "2020-01-01"));
        // Dialysis and a transplant count whenever they were, what was done for hospice in the period alone.
        foreach (
            var (code, day, status, counts) in ((string, string, string, string)[])
                [
                    ("108241001", "2019-03-01", "completed", "0/1/0"),
                    ("108241001", "2027-03-01", "completed", "1/0/0"),
                    ("108241001", "2026-03-01", "not-done", "1/0/0"),
                    ("385763009", "2026-03-01", "completed", "0/1/0"),
                    ("385763009", "2026-03-01", "in-progress", "0/1/0"),
                    ("385763009", "2026-03-01", "unknown", "1/0/0"),
                    ("385763009", "2025-12-31", "completed", "1/0/0"),
                    ("395694002", "2026-12-31", "completed", "0/1/0"),
                ]
        )
        {
            outcomes.Put(
                $$"""{"resourceType":"Procedure","id":"x","status":"{{status}}","subject":{"reference":"Patient/p"},"code":{"coding":[{"system":"http://snomed.info/sct","code":"{{code}}"}]},"performedDateTime":"{{day}}"}"""
            );
            Assert.Equal(
                $"{code} {day} {status} {counts}",
                $"{code} {day} {status} {outcomes.Measure("m-19a", Start, End)}"
            );
        }
    }

    [Fact]
    public void Orders_of_hospice_care_count_in_their_period_and_palliative_care_is_no_matter_of_orders()
    {
        using var outcomes = Of(Care.Condition("h", "p", "I10", "2020-01-01"));
        foreach (
            var (code, day, counts) in ((string, string, string)[])
                [
                    ("385763009", "2026-12-31", "0/1/0"),
                    ("385763009", "2025-12-31", "1/0/0"),
                    ("103735009", "2026-03-01", "1/0/0"),
                ]
        )
        {
            outcomes.Put(
                Care.Referral("x", "p", day)
                    .Replace(
                        "\"code\":{\"text\":\"see\"}",
                        $$"""
                        "code":{"coding":[{"system":"http://snomed.info/sct","code":"{{code}}"}]}
                        """,
                        StringComparison.Ordinal
                    )
            );
            Assert.Equal($"{code} {day} {counts}", $"{code} {day} {outcomes.Measure("m-19a", Start, End)}");
        }
    }

    [Theory]
    // CMS122: over nine, without a value, or not taken at all. Less is better.
    [InlineData("9.0", "1/0/0")]
    [InlineData("9.1", "1/0/1")]
    [InlineData("7.2", "1/0/0")]
    [InlineData("none", "1/0/1")]
    [InlineData("without", "1/0/1")]
    public void Blood_sugar_is_poorly_controlled_over_nine_or_unknown(string value, string counts)
    {
        using var outcomes = Of(Care.Patient("p", born: "1970-01-01"), Care.Condition("d", "p", "E11.9", "2020-01-01"));
        if (value != "without")
            outcomes.Put(
                Care.Observation(
                    "o",
                    "p",
                    "4548-4",
                    "2026-05-01",
                    value == "none" ? null : decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)
                )
            );

        Assert.Equal(counts, outcomes.Measure("m-19b", Start, End));
        Assert.False(MeasureLibrary.Find("m-19b")!.MoreIsBetter);
    }

    [Fact]
    public void A_result_that_is_no_number_is_neither_missing_nor_over_nine()
    {
        using var outcomes = Of(
            Care.Patient("p", born: "1970-01-01"),
            Care.Condition("d", "p", "E11.9", "2020-01-01"),
            Care.Observation("o", "p", "4548-4", "2026-05-01", null, more: ",\"valueString\":\"good\"")
        );

        Assert.Equal("1/0/0", outcomes.Measure("m-19b", Start, End));
        outcomes.Put(
            Care.Observation("l", "p", "4548-4", "2026-05-02", 9.5m)
                .Replace(
                    "\"effectiveDateTime\":\"2026-05-02\"",
                    "\"effectivePeriod\":{\"start\":\"2026-04-01\",\"end\":\"2026-05-02\"}",
                    StringComparison.Ordinal
                )
        );
        Assert.Equal("1/0/1", outcomes.Measure("m-19b", Start, End));
    }

    [Fact]
    public void The_lowest_of_the_last_day_of_the_period_counts_whichever_test_it_is()
    {
        using var outcomes = Of(
            Care.Patient("p", born: "1970-01-01"),
            Care.Condition("d", "p", "E11.9", "2020-01-01"),
            Care.Observation("a", "p", "4548-4", "2026-05-01", 7),
            Care.Observation("b", "p", "4548-4", "2026-06-01T08:00:00Z", 9.5m),
            Care.Observation("next", "p", "4548-4", "2027-01-01", 7)
        );
        Assert.Equal("1/0/1", outcomes.Measure("m-19b", Start, End));
        // The glucose management indicator of the same day.
        outcomes.Put(Care.Observation("c", "p", "97506-0", "2026-06-01", 8.9m));
        Assert.Equal("1/0/0", outcomes.Measure("m-19b", Start, End));
        outcomes.Put(Care.Patient("q", born: "1950-12-31"), Care.Condition("e", "q", "E10.1", "2026-12-31"));
        Assert.Equal("1/0/0", outcomes.Measure("m-19b", Start, End));
        outcomes.Put(Care.Patient("q", born: "1951-01-01"));
        Assert.Equal("2/0/1", outcomes.Measure("m-19b", Start, End));
        outcomes.Put(
            Care.Condition(
                "d",
                "p",
                "E11.9",
                "2020-01-01",
                ",\"verificationStatus\":{\"coding\":[{\"code\":\"refuted\"}]}"
            )
        );
        Assert.Equal("1/0/1", outcomes.Measure("m-19b", Start, End));
    }

    [Theory]
    // CMS159: the index is over nine; twelve months later, give or take sixty days, below five.
    [InlineData(10, "2025-03-01", 4, "2026-03-01", "1/0/1")]
    [InlineData(10, "2025-03-01", 5, "2026-03-01", "1/0/0")]
    [InlineData(9, "2025-03-01", 4, "2026-03-01", "0/0/0")]
    [InlineData(10, "2025-03-01", 4, "2025-12-31", "1/0/1")]
    [InlineData(10, "2025-03-01", 4, "2025-12-30", "1/0/0")]
    [InlineData(10, "2025-03-01", 4, "2026-04-30", "1/0/1")]
    [InlineData(10, "2025-03-01", 4, "2026-05-01", "1/0/0")]
    // From fourteen to two months before the period.
    [InlineData(10, "2024-11-01", 4, "2025-11-01", "1/0/1")]
    [InlineData(10, "2024-10-31", 4, "2025-10-31", "0/0/0")]
    [InlineData(10, "2025-10-31", 4, "2026-10-31", "1/0/1")]
    [InlineData(10, "2025-11-01", 4, "2026-11-01", "0/0/0")]
    public void Depression_is_in_remission_after_twelve_months(
        int first,
        string indexed,
        int last,
        string later,
        string counts
    )
    {
        using var outcomes = Of(
            Care.Condition("d", "p", "F33.1", "2020-01-01"),
            Care.Observation("a", "p", "44261-6", indexed, first),
            Care.Observation("b", "p", "44261-6", later, last)
        );

        Assert.Equal(counts, outcomes.Measure("m-19c", Start, End));
    }

    [Fact]
    public void The_first_index_and_the_last_score_count_and_other_disorders_are_left_out()
    {
        using var outcomes = Of(
            Care.Condition("d", "p", "F34.1", "2020-01-01"),
            Care.Observation("a", "p", "44261-6", "2025-01-10", 12),
            Care.Observation("b", "p", "44261-6", "2025-06-10", 20),
            Care.Observation("c", "p", "44261-6", "2026-01-10", 3),
            Care.Observation("e", "p", "44261-6", "2026-02-10", 6)
        );
        Assert.Equal("1/0/0", outcomes.Measure("m-19c", Start, End));
        outcomes.Put(Care.Observation("e", "p", "44261-6", "2026-02-10", 4, status: "amended"));
        Assert.Equal("1/0/1", outcomes.Measure("m-19c", Start, End));
        // What is only suspected leaves nobody out, and makes nobody ill.
        const string Suspected = ",\"verificationStatus\":{\"coding\":[{\"code\":\"provisional\"}]}";
        outcomes.Put(Care.Condition("x", "p", "F31.9", "2026-02-01", Suspected));
        Assert.Equal("1/0/1", outcomes.Measure("m-19c", Start, End));
        outcomes.Put(Care.Condition("x", "p", "F31.9", "2026-02-01"));
        Assert.Equal("0/1/0", outcomes.Measure("m-19c", Start, End));
        outcomes.Put(Care.Condition("d", "p", "F34.1", "2020-01-01", Suspected));
        Assert.Equal("0/0/0", outcomes.Measure("m-19c", Start, End));
    }

    [Fact]
    public void A_score_is_a_number_of_either_kind_and_the_last_one_counts_even_where_it_says_nothing()
    {
        using var outcomes = Of(
            Care.Condition("d", "p", "F33.1", "2020-01-01"),
            Care.Observation("a", "p", "44261-6", "2025-03-01", null, more: ",\"valueInteger\":10"),
            Care.Observation("b", "p", "44261-6", "2026-02-20", null, more: ",\"valueInteger\":4")
        );
        foreach (
            var (last, counts) in ((string, string)[])
                [
                    ("\"valueInteger\":3", "1/0/1"),
                    ("\"valueInteger\":5", "1/0/0"),
                    ("\"valueQuantity\":{\"value\":3}", "1/0/1"),
                    ("\"dataAbsentReason\":{\"text\":\"refused\"}", "1/0/0"),
                ]
        )
        {
            outcomes.Put(Care.Observation("c", "p", "44261-6", "2026-03-01", null, more: "," + last));
            Assert.Equal($"{last} {counts}", $"{last} {outcomes.Measure("m-19c", Start, End)}");
        }
    }

    [Fact]
    public void An_index_may_be_a_week_older_than_its_visit()
    {
        using var outcomes = Of();
        // CMS159: of the months that are looked at is the visit, at which there is a diagnosis.
        foreach (
            var (taken, visit, @class, counts) in ((string, string, string, string)[])
                [
                    ("2025-03-01", "2025-03-08", "AMB", "1/0/0"),
                    ("2025-03-01", "2025-03-09", "AMB", "0/0/0"),
                    ("2025-03-01", "2025-03-08", "IMP", "0/0/0"),
                    ("2024-10-31", "2024-11-01", "AMB", "1/0/0"),
                    ("2024-10-30", "2024-10-31", "AMB", "0/0/0"),
                ]
        )
        {
            outcomes.Put(
                Care.Condition("d", "p", "F33.1", visit),
                Care.Stay("v", "p", @class, visit, visit),
                Care.Observation("a", "p", "44261-6", taken, 12)
            );
            Assert.Equal(
                $"{taken} {visit} {@class} {counts}",
                $"{taken} {visit} {@class} {outcomes.Measure("m-19c", Start, End)}"
            );
        }
    }

    [Theory]
    // PQA: the share of days with medicine from the first fill to the end of the year; 80 % and more is adherent.
    // From 1 January there are 365 days: 292 are 80 %.
    [InlineData(292, "1/0/1")]
    [InlineData(291, "1/0/0")]
    public void Adherent_is_who_has_medicine_on_four_of_five_days(int days, string counts)
    {
        using var outcomes = Of(Care.Fill("a", "p", "2026-01-01", 90), Care.Fill("b", "p", "2026-04-01", days - 90));

        Assert.Equal(counts, outcomes.Measure("m-20a", Start, End));
        Assert.Equal(days / 365.0, outcomes.Count("m-20a", Start, End, false)[0].Median!.Value, 6);
    }

    [Fact]
    public void An_early_fill_of_the_same_medicine_begins_when_the_one_before_ends()
    {
        // PQA: an overlap of the same ingredient moves the start of the next fill; days that two different ones cover count once.
        using var outcomes = Of(Care.Fill("a", "p", "2026-09-01", 30), Care.Fill("b", "p", "2026-09-16", 30));
        double Covered() => outcomes.Count("m-20a", Start, End, false)[0].Median!.Value * 122;
        Assert.Equal(60, Covered(), 6);

        // Another medicine of the class on the same days adds none.
        outcomes.Put(Care.Fill("b", "p", "2026-09-16", 30, code: "52175"));
        Assert.Equal(45, Covered(), 6);

        outcomes.Put(Care.Fill("c", "p", "2026-12-20", 90));
        Assert.Equal(45 + 12, Covered(), 6);
        // What was not handed out, and what is of another class, covers nothing.
        outcomes.Put(
            Care.Fill("d", "p", "2026-11-01", 30, status: "cancelled"),
            Care.Fill("e", "p", "2026-11-01", 30, code: "83367")
        );
        Assert.Equal(45 + 12, Covered(), 6);
    }

    [Theory]
    // At least 91 days of treatment, and fills on two days.
    [InlineData("2026-10-02", "2026-11-01", "1/0/0")]
    [InlineData("2026-10-03", "2026-11-02", "0/0/0")]
    [InlineData("2026-03-01", "2026-03-01", "0/0/0")]
    [InlineData("2025-12-31", "2026-01-31", "0/0/0")]
    public void Adherence_needs_two_fills_and_ninety_one_days(string first, string second, string counts)
    {
        using var outcomes = Of(Care.Fill("a", "p", first, 10), Care.Fill("b", "p", second, 10));

        Assert.Equal(counts, outcomes.Measure("m-20a", Start, End));
    }

    [Theory]
    [InlineData("m-20a", "29046", "1656339")]
    [InlineData("m-20c", "6809", "274783")]
    public void Insulin_and_sacubitril_are_left_out(string measure, string medicine, string other)
    {
        using var outcomes = Of(
            Care.Fill("a", "p", "2026-01-01", 200, code: medicine),
            Care.Fill("b", "p", "2026-07-01", 200, code: medicine)
        );
        Assert.Equal("1/0/1", outcomes.Measure(measure, Start, End));
        outcomes.Put(Care.Fill("c", "p", "2026-12-31", 30, code: other));
        Assert.Equal("0/1/0", outcomes.Measure(measure, Start, End));
    }

    [Fact]
    public void Fills_are_known_by_atc_and_by_the_medication_they_refer_to_and_end_with_a_life()
    {
        using var outcomes = Of(
            Care.Patient("p", more: ",\"deceasedDateTime\":\"2026-06-30\""),
            Care.Fill("a", "p", "2026-03-01", 60, code: "C10AA05", system: "http://www.whocc.no/atc"),
            """{"resourceType":"Medication","id":"m","code":{"coding":[{"system":"http://www.whocc.no/atc","code":"C10AA05"}]}}""",
            """{"resourceType":"MedicationDispense","id":"b","status":"completed","subject":{"reference":"Patient/p"},"medicationReference":{"reference":"Medication/m"},"whenPrepared":"2026-05-01","daysSupply":{"value":90}}"""
        );

        // 122 days from March to June: 60 and 61 of them.
        Assert.Equal("1/0/1", outcomes.Measure("m-20b", Start, End));
        Assert.Equal(121 / 122.0, outcomes.Count("m-20b", Start, End, false)[0].Median!.Value, 6);
    }
}
