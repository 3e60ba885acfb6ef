using CareCoordination.Fhir.Primitives;
using FsCheck;
using FsCheck.Fluent;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>Whatever text a client sends as a value, it is a criterion or a 400 that says what to send; and whatever a resource holds can be indexed.</summary>
public sealed class HostileSearchTests
{
    /// <summary>A parameter of each type, and those that shape the result.</summary>
    private static readonly (string Type, string Code)[] Parameters =
    [
        ("RiskAssessment", "probability"),
        ("ChargeItem", "factor-override"),
        ("Observation", "value-quantity"),
        ("Observation", "code-value-quantity"),
        ("Observation", "code-value-date"),
        ("Observation", "component-code-value-quantity"),
        ("Observation", "date"),
        ("Observation", "_lastUpdated"),
        ("Patient", "birthdate"),
        ("Patient", "name"),
        ("Patient", "name:exact"),
        ("Patient", "name:contains"),
        ("Patient", "identifier"),
        ("Patient", "identifier:of-type"),
        ("Patient", "gender"),
        ("Patient", "gender:not"),
        ("Patient", "active"),
        ("Patient", "general-practitioner"),
        ("Patient", "general-practitioner:identifier"),
        ("Patient", "general-practitioner.name"),
        ("Patient", "_has:Observation:patient:code"),
        ("Patient", "_has:Observation:patient:_has:AuditEvent:entity:agent-name"),
        ("Patient", "_has:Observation:patient:value-quantity"),
        ("Encounter", "patient._has:Group:member:characteristic"),
        ("Encounter", "patient.organization.name:contains"),
        ("Patient", "_id"),
        ("Patient", "_count"),
        ("Patient", "_sort"),
        ("Patient", "_elements"),
        ("Patient", "_include"),
        ("Patient", "_revinclude"),
        ("Patient", "_summary"),
        ("Patient", "_total"),
        ("Patient", "active:missing"),
        ("ValueSet", "url"),
        ("ValueSet", "url:below"),
        ("ValueSet", "url:above"),
        ("PlanDefinition", "context-type-quantity"),
        ("PlanDefinition", "context-quantity"),
        ("MolecularSequence", "chromosome-variant-coordinate"),
    ];

    private static readonly string[] Numbers =
    [
        "1e-99999999999",
        "1e99999999999",
        "1e2147483648",
        "1e-2147483648",
        "1e-2147483647",
        "1e",
        "1e+",
        "e5",
        "1e28",
        "9e-28",
        "79228162514264337593543950335",
        "79228162514264337593543950336",
        "-79228162514264337593543950335",
        "0.0000000000000000000000000000000000001",
        "00000000000000000000000000000000000000",
        "100000000000000000000000000000000000000000",
        ".",
        "-",
        "+",
        "-.5",
        ".5",
        "5.",
        "1,2",
        "1 2",
        "0x10",
        "NaN",
        "Infinity",
        "-Infinity",
        "１２３",
        "1e1e1",
        "1||",
        "|||",
        "1e-99999999999|http://unitsofmeasure.org|mg",
        "2147483648",
        "-1",
        "99999999999999999999",
    ];

    private static readonly string[] Dates =
    [
        "0000",
        "0001",
        "9999",
        "9999-12-31",
        "9999-12-31T23:59:59.9999999999Z",
        "9999-12-31T23:59:59-14:00",
        "9999-12-31T23:59:60+14:00",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00-14:00",
        "2024-02-30",
        "2023-02-29",
        "2024-13-01",
        "2024-00",
        "2024-1",
        "2024-01-01T24:00:00Z",
        "2024-01-01T10",
        "2024-01-01T10:00+99:99",
        "2024-01-01T10:00:00.",
        "99999",
        "-2024",
        "2024-01-01T10:00:00.000000000000000000000000000000000000000001Z",
        "20240101",
        "２０２４",
        "٢٠٢٤",
    ];

    private static readonly string[] Texts =
    [
        "",
        " ",
        ",",
        ",,",
        "\\",
        "\\,",
        "|",
        "||",
        "$",
        "$$$",
        "a$b$c$d",
        "\0",
        "a\0b",
        "\ud800",
        "\udc00\ud800",
        "\u0301",
        "e\u0301\u0301\u0301",
        "ﬁ",
        "İ",
        "😀",
        new string('a', 10_000),
        string.Concat(Enumerable.Repeat("😀", 100)),
        "Patient/",
        "/1",
        "Patient/1/_history/",
        "http://",
        "http://x/Patient/1/_history/99999999999999",
        "urn:",
        "#",
        "?",
        "%",
        "true",
        "-",
        "--",
        "-birthdate",
        "*",
        "Patient:*",
        "Observation:",
        ":",
        "::::",
    ];

    private static readonly string[] Prefixes = ["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap", "xx", "AP"];

    [Fact]
    public void Every_parameter_answers_for_every_value()
    {
        foreach (var (type, code) in Parameters)
        {
            foreach (var prefix in Prefixes)
            {
                foreach (var value in (IEnumerable<string>)[.. Numbers, .. Dates, .. Texts])
                    AssertAnswered(type, code, prefix + value);
            }
        }
    }

    [Fact]
    public void Every_parameter_answers_for_any_text() =>
        Prop.ForAll(
                Gen.Elements(Parameters).ToArbitrary(),
                ArbMap.Default.ArbFor<string?>(),
                Gen.Elements<string>([.. Numbers, .. Dates, .. Texts]).ToArbitrary(),
                (parameter, any, hostile) => AssertAnswered(parameter.Type, parameter.Code, any + hostile)
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("RiskAssessment", "probability", "1e-99999999999")]
    [InlineData("RiskAssessment", "probability", "1e-2147483648")]
    [InlineData("RiskAssessment", "probability", "1e99999999999")]
    [InlineData("RiskAssessment", "probability", "1e500")]
    [InlineData("RiskAssessment", "probability", "1e-500")]
    [InlineData("Observation", "value-quantity", "1e-99999999999")]
    [InlineData("Observation", "value-quantity", "1e-99999999999||mg")]
    [InlineData("Observation", "code-value-quantity", "a$1e-99999999999")]
    public void A_number_beyond_all_that_are_stored_is_refused(string type, string code, string value) =>
        Assert.Contains(
            "is not a number; use digits such as 5.4, -3 or 1e2",
            Assert.Single(Refusal(type, $"{code}={value}")),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("9999", "9999-12-31T23:59:59.9999999Z")]
    [InlineData("9999-12-31", "9999-12-31T23:59:59Z")]
    [InlineData("9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59-14:00")]
    [InlineData("0001", "0001-01-01")]
    [InlineData("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00")]
    [InlineData("ap9999", "9999-06")]
    [InlineData("ap0001", "0001-06")]
    [InlineData("ge0001", "9999-12-31")]
    [InlineData("le9999-12-31", "0001-01-01")]
    public void Dates_at_the_ends_of_the_calendar_are_found(string query, string date) =>
        Assert.True(
            Finds("Observation", $$""" "status":"final","code":{},"effectiveDateTime":"{{date}}" """, $"date={query}")
        );

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("1e-99999999999")]
    [InlineData("1e99999999999")]
    [InlineData("0.00000000000000000000000000000000000000000000000000000000000001")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890.5")]
    public void Numbers_of_any_size_are_indexed_or_left_out(string number)
    {
        string[] resources =
        [
            """{"resourceType":"Observation","id":"1","valueQuantity":{"value":N,"unit":"mg"},"component":[{"code":{"coding":[{"code":"c"}]},"valueQuantity":{"value":N}}]}""",
            """{"resourceType":"Observation","id":"1","valueSampledData":{"origin":{"value":N},"factor":N,"data":"1e308 -1e308 NaN Infinity E U L 1e400"}}""",
            """{"resourceType":"ChargeItem","id":"1","factorOverride":N,"priceOverride":{"value":N,"currency":"EUR"}}""",
            """{"resourceType":"RiskAssessment","id":"1","prediction":[{"probabilityDecimal":N},{"probabilityRange":{"low":{"value":N},"high":{"value":N}}}]}""",
        ];
        foreach (var resource in resources)
        {
            var document = Document(resource.Replace(":N", ":" + number, StringComparison.Ordinal));
            var entries = Extractor.Extract(new ResourceKey("Observation", "1"), document).Value;

            Assert.All(entries.Numbers, n => Assert.True(double.IsFinite(n.Low) && double.IsFinite(n.High)));
            Assert.All(
                entries.Quantities,
                q => Assert.True(double.IsFinite(q.Low) && double.IsFinite(q.High) && q.Low <= q.High)
            );
            Assert.All(entries.Composites, c => Assert.True(double.IsFinite(c.Low) && double.IsFinite(c.High)));
        }
    }

    private static bool AssertAnswered(string type, string code, string value)
    {
        var result = Parse(type, $"{code}={value.Replace("&", "", StringComparison.Ordinal)}");
        if (!result.TryGet(out var parsed, out var failure))
        {
            Assert.Equal(400, failure.Status);
            Assert.All(failure.Issues, i => Assert.NotEmpty(i.Diagnostics));
            return true;
        }

        // What was understood prints as a query that says the same.
        var printed = parsed.Query.ToString();
        var again = Parse(type, Uri.UnescapeDataString(printed));
        Assert.Equal(
            printed,
            again.TryGet(out var second, out var refusal) ? second.Query.ToString() : refusal.Issues[0].Diagnostics
        );
        return true;
    }
}
