using System.Globalization;
using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>Whatever is stored is found by itself. https://hl7.org/fhir/R4/search.html</summary>
public sealed class StoredValueTests
{
    private static readonly string[] Numbers =
    [
        "0",
        "-0",
        "0.0",
        "1",
        "-1",
        "0.1",
        "5.40",
        "1e2",
        "1E+2",
        "5e-4",
        "123456789012345",
        "1234567890123456",
        "12345678901234567",
        "9007199254740992",
        "9007199254740993",
        "0.1234567890123456",
        "0.12345678901234567",
        "1.00000000000000000000000000000",
        "3.14159265358979323846264338327950288419716939937510",
        "79228162514264337593543950335",
        "79228162514264337593543950336",
        "123456789012345678901234567890123456789012345678901234567890",
        "1e28",
        "1e29",
        "1e300",
        "-1e300",
        "1e-28",
        "9e-29",
        "1e-300",
        "4.9e-324",
        "1.7976931348623157e308",
    ];

    public static TheoryData<string> StoredNumbers
    {
        get
        {
            var random = new Random(17);
            var drawn = Enumerable
                .Range(0, 60)
                .Select(_ =>
                {
                    var digits = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(10)));
                    var whole = digits.TrimStart('0') is { Length: > 0 } text ? text : "0";
                    var point = random.Next(3) == 0 ? "" : $".{random.NextInt64(long.MaxValue)}";
                    var exponent = random.Next(3) == 0 ? $"e{random.Next(-60, 60)}" : "";
                    return (random.Next(2) == 0 ? "-" : "") + whole + point + exponent;
                });
            return [.. Numbers.Except(["1.7976931348623157e308"]), .. drawn];
        }
    }

    [Theory]
    [MemberData(nameof(StoredNumbers))]
    public void A_number_is_found_by_itself(string number)
    {
        foreach (var prefix in new[] { "", "eq", "ge", "le", "ap" })
        {
            Assert.True(
                Finds("ChargeItem", $"\"factorOverride\":{number}", $"factor-override={prefix}{number}"),
                prefix
            );
            Assert.True(
                Finds(
                    "Observation",
                    $"\"valueQuantity\":{{\"value\":{number},\"unit\":\"mg\"}}",
                    $"value-quantity={prefix}{number}||mg"
                ),
                prefix
            );
        }

        foreach (var prefix in new[] { "ne", "gt", "lt", "sa", "eb" })
            Assert.False(
                Finds("ChargeItem", $"\"factorOverride\":{number}", $"factor-override={prefix}{number}"),
                prefix
            );
    }

    /// <summary>To the precision of a double, as stored.</summary>
    [Theory]
    [InlineData("1234567890123456", "1234567890123457")]
    [InlineData("0.1234567890123456", "0.1234567890123458")]
    [InlineData("1e-300", "2e-300")]
    [InlineData("1.5e30", "1.6e30")]
    public void A_number_is_not_found_by_its_neighbour(string stored, string asked) =>
        Assert.False(Finds("ChargeItem", $"\"factorOverride\":{stored}", $"factor-override={asked}"));

    public static TheoryData<string> StoredTexts
    {
        get
        {
            var random = new Random(4711);
            string[] known =
            [
                "O'Brien",
                "O’Brien",
                "İstanbul",
                "ISTANBUL",
                "Iıİi",
                "Carreno Quinones",
                "José Luis",
                "Smith-Jones",
                "ẞß",
                "ǽǣæÆ",
                "ﬁnance oﬃce",
                "Ｔｏｋｙｏ １２３",
                "か\u3099は\u309A",
                "がぱ",
                "Кириллица Ёж Й",
                "Ἀθῆναι ΆΣ ς",
                "***",
                "...",
                "\u0301",
                "a\u0301\u0302",
                "\\ | $ ,",
                "100% & more = ?",
                "中文 한국어 עברית العربية",
                "𐐀𐐨 😀",
                "x",
                new string('y', 300),
                "tab\tand\nline",
            ];
            var drawn = Enumerable
                .Range(0, 200)
                .Select(_ =>
                    string.Concat(
                        Enumerable
                            .Range(0, random.Next(1, 30))
                            .Select(_ =>
                                Rune.TryCreate(random.Next(0x20, 0x3100), out var rune) ? rune.ToString() : "a"
                            )
                    )
                );
            return [.. known, .. drawn];
        }
    }

    [Theory]
    [MemberData(nameof(StoredTexts))]
    public void A_text_is_found_by_itself(string text)
    {
        var json = JsonSerializer.Serialize(text);
        var asked = new SearchParameterText(text);
        if (string.IsNullOrWhiteSpace(text) || asked.IsNoQuery)
            return;

        foreach (var modifier in new[] { "", ":exact", ":contains" })
        {
            if (modifier == ":contains" && StringParameter.FoldWhole(text).Length > StringParameter.MaxPart)
                continue;

            Assert.True(Finds("Organization", $"\"name\":{json}", $"name{modifier}={asked}"), modifier);
            Assert.True(Finds("Patient", $"\"name\":[{{\"family\":{json}}}]", $"family{modifier}={asked}"), modifier);
            Assert.True(Finds("Patient", $"\"name\":[{{\"given\":[{json}]}}]", $"name{modifier}={asked}"), modifier);
            Assert.True(Finds("Patient", $"\"address\":[{{\"city\":{json}}}]", $"address{modifier}={asked}"), modifier);
        }

        Assert.True(Finds("Organization", $"\"name\":{json}", $"name={QueryText.Escape(StringParameter.Fold(text))}"));
    }

    [Theory]
    [InlineData("O'Brien", "obrien", "o'brien", "O’Brien", "O`BRIEN", "oʼbrien", "ob")]
    [InlineData("D’Angelo", "dangelo", "d'angelo")]
    [InlineData("İstanbul", "istanbul", "ISTANBUL", "İSTANBUL")]
    [InlineData("Isparta", "isparta", "İsparta", "ısparta")]
    [InlineData("Smith-Jones", "smith jones", "Smith-Jones", "smith", "SMITH–JONES", "jones")]
    [InlineData("Carreno Quinones", "carreno", "quinones", "carreno quinones", "QUIÑONES")]
    [InlineData("de la Cruz", "de la", "la cruz", "cruz")]
    [InlineData("St. John", "st john", "St. John", "st. j", "john")]
    [InlineData("Weiß", "weiss", "WEISS", "weiß", "WEIẞ")]
    [InlineData("Ǽrø", "aero", "ærø", "ǽrø")]
    [InlineData("ﬁtz", "fitz", "FITZ")]
    [InlineData("Ｓａｔｏ", "sato", "ｓａｔｏ")]
    [InlineData("か\u3099とう", "がとう", "か\u3099")]
    [InlineData("ハ\u309Aパ", "パパ", "ハ\u309Aハ\u309A")]
    [InlineData("Łódź", "lodz", "ŁÓDŹ")]
    [InlineData("Zoe\u0308", "zoë", "ZOE", "zoe")]
    public void A_family_name_is_found_however_it_is_written(string stored, params string[] asked)
    {
        foreach (var text in asked)
            Assert.True(
                Finds("Patient", $"\"name\":[{{\"family\":{JsonSerializer.Serialize(stored)}}}]", $"family={text}"),
                text
            );
    }

    [Theory]
    [InlineData("Carreno Quinones", "family=inones")]
    [InlineData("Carreno Quinones", "family:exact=Quinones")]
    [InlineData("Carreno Quinones", "family=quinones carreno")]
    [InlineData("O'Brien", "family=brien")]
    [InlineData("か", "family=が")]
    public void A_name_is_not_found_by_what_begins_none_of_its_words(string stored, string query) =>
        Assert.False(Finds("Patient", $"\"name\":[{{\"family\":{JsonSerializer.Serialize(stored)}}}]", query));

    [Theory]
    [InlineData("given=luis", true)]
    [InlineData("given=jose", true)]
    [InlineData("given=jose luis", true)]
    [InlineData("name=luis", true)]
    [InlineData("name:exact=Luis", false)]
    [InlineData("given:exact=José Luis", true)]
    public void Each_of_several_given_names_is_found(string query, bool found) =>
        Assert.Equal(found, Finds("Patient", """ "name":[{"given":["José Luis"]}] """, query));

    [Fact]
    public void Every_letter_folds_to_what_folds_to_itself()
    {
        var open = Enumerable
            .Range(0, char.MaxValue + 1)
            .Select(c => (char)c)
            .Where(c => !char.IsSurrogate(c))
            .Where(c => StringParameter.Fold([c]) is var once && StringParameter.Fold(once) != once)
            .Select(c => ((int)c).ToString("X4", CultureInfo.InvariantCulture));

        Assert.Empty(open);
    }

    public static TheoryData<string> StoredCodes =>
        ["a", "A-b.c", "a b", "x|y", "x,y", "x$y", @"x\y", "ä", "1.0", "𐐀", new string('z', 200)];

    [Theory]
    [MemberData(nameof(StoredCodes))]
    public void A_code_and_an_identifier_are_found_by_themselves(string code)
    {
        var json = JsonSerializer.Serialize(code);
        var asked = QueryText.Escape(code);
        foreach (var query in new[] { asked, $"http://a.org/s|{asked}" })
        {
            Assert.True(
                Finds(
                    "Observation",
                    $"\"code\":{{\"coding\":[{{\"system\":\"http://a.org/s\",\"code\":{json}}}]}}",
                    $"code={query}"
                )
            );
            Assert.True(
                Finds(
                    "Patient",
                    $"\"identifier\":[{{\"system\":\"http://a.org/s\",\"value\":{json}}}]",
                    $"identifier={query}"
                )
            );
        }

        Assert.True(Finds("Patient", $"\"identifier\":[{{\"value\":{json}}}]", $"identifier=|{asked}"));
    }

    [Theory]
    [InlineData("1900")]
    [InlineData("2020-02")]
    [InlineData("2020-02-29")]
    [InlineData("0001-01-01")]
    [InlineData("9999-12-31")]
    [InlineData("2020-02-29T23:59:60Z")]
    [InlineData("2020-02-29T12:00:00+14:00")]
    [InlineData("2020-02-29T12:00:00.1-14:00")]
    [InlineData("2020-02-29T12:00:00.123456789Z")]
    [InlineData("2020-02-29T12:00:00.123456789012345678901234567890Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    public void A_date_is_found_by_itself(string date)
    {
        foreach (var prefix in new[] { "", "eq", "ge", "le", "ap" })
            Assert.True(Finds("Observation", $"\"effectiveDateTime\":\"{date}\"", $"date={prefix}{date}"), prefix);
        Assert.False(Finds("Observation", $"\"effectiveDateTime\":\"{date}\"", $"date=ne{date}"));
    }

    [Theory]
    [InlineData("http://a.org/x?y=1,2")]
    [InlineData("http://a.org/x|1.0")]
    [InlineData("urn:oid:1.2.3")]
    [InlineData("http://a.org/ä/%C3%A4")]
    public void A_uri_is_found_by_itself(string uri) =>
        Assert.True(Finds("ValueSet", $"\"url\":{JsonSerializer.Serialize(uri)}", $"url={QueryText.Escape(uri)}"));

    /// <summary>A text as a value of a query in which nothing is percent-encoded.</summary>
    private sealed record SearchParameterText(string Text)
    {
        public bool IsNoQuery => Text.Contains('&', StringComparison.Ordinal) || StringParameter.Fold(Text).Length == 0;

        public override string ToString() => QueryText.Escape(Text);
    }
}
