using System.Collections.Immutable;
using System.Text.Json;

namespace CareCoordination.Fuzz;

/// <summary>Values of FHIR's primitive types at which programs break, as JSON.</summary>
internal static class Primitives
{
    private static readonly Pool Decimals = new(
        [
            "0",
            "0.0",
            "1",
            "-1",
            "120",
            "7.2",
            "1e-28",
            "1e28",
            "0.00000000000000000000000000001",
            "79228162514264337593543950335",
            "9007199254740993",
            "123456789.123456789",
            "1.0e0",
            "-1e15",
        ],
        [
            "-0",
            "1e29",
            "1E400",
            "1e-400",
            "1e99999999999",
            "1e-99999999999",
            "-1e2147483648",
            "79228162514264337593543950336",
            "123456789012345678901234567890.123456789012345678901234567890",
        ]
    );

    private static readonly Pool Integers = new(
        ["1", "2", "3", "100", "1000", "2147483647"],
        ["0", "-1", "-2147483648", "2147483648", "9223372036854775807", "99999999999999999999", "1e3", "1.5"]
    );

    private static readonly Pool Dates = new(
        ["2026-03-01", "2026-03", "2026", "1958-04-12", "0001-01-01", "0001", "9999-12-31", "9999", "2024-02-29"],
        ["0000-01-01", "2023-02-29", "2026-13-01", "2026-00", "2026-1-1", "12026-01-01", "-2026-01-01", "yesterday"]
    );

    private static readonly Pool Instants = new(
        [
            "2026-03-01T12:00:00Z",
            "2026-03-01T12:00:00.123456789+05:30",
            "0001-01-01T00:00:00Z",
            "0001-01-01T00:00:00+14:00",
            "0001-01-01T00:00:00-14:00",
            "9999-12-31T23:59:59Z",
            "9999-12-31T23:59:59.9999999-14:00",
            "9999-12-31T23:59:59+14:00",
            "2015-06-30T23:59:60Z",
            "2026-03-08T02:30:00-05:00",
        ],
        ["2026-03-01T24:00:00Z", "2026-03-01T12:00", "2026-03-01T12:00:00", "2026-03-01T12:00:00+25:00"]
    );

    private static readonly Pool Times = new(["12:00:00", "00:00:00.000", "23:59:60"], ["24:00:00", "12:00"]);

    private static readonly Pool Strings = new(
        [
            "x",
            "Rivera",
            "\ud83d\ude00\ud83d\ude00",
            "\u0130\u0131\u00df\u1e9e\ufb03",
            "e\u0301\u0323\u0302",
            "\u202e\u2066abc",
            "\ufeff\u200b-",
            "'; DROP TABLE \"Resource\"; --",
            "%_[^]\\",
            "a|b|c",
            "$,|\\",
            "../../etc/passwd",
            "{{7*7}}${jndi:ldap://x}",
            "<script>alert(1)</script>",
        ],
        ["", " ", "  two  spaces ", "\u0000", "\u001f\u007f"]
    );

    private static readonly Pool Codes = new(
        ["active", "completed", "draft", "final", "order", "x"],
        ["", "a  b", " x", "\u0000", "a\tb"]
    );

    private static readonly Pool Uris = new(
        [
            "http://example.org/fhir/ValueSet/x",
            "http://example.org/x|1.0",
            "urn:uuid:7d3f0cbc-6d1e-4d2c-9a53-0d0f7a1b2c3d",
            "urn:oid:1.2.3.4.99999999999999999999999999",
            "#x",
            "http://[::1",
            "mailto:a@b",
            "javascript:alert(1)",
        ],
        ["urn:uuid:7D3F0CBC", "urn:oid:", "#", "http://\u00e4\u00f6.example/%zz", "", "a b"]
    );

    private static readonly Pool Ids = new(
        ["nobody", "-", "A.b-C", "0123456789012345678901234567890123456789012345678901234567890123"],
        [".", "..", "a_b", "", "01234567890123456789012345678901234567890123456789012345678901234"]
    );

    private static readonly Pool Html = new(
        [
            "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>",
            "<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"#f1\">x</a><img src=\"urn:uuid:1\"/></div>",
        ],
        [
            "<div>no namespace</div>",
            "<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></div>",
            "<!DOCTYPE d [<!ENTITY a \"b\"><!ENTITY c \"&a;&a;\">]><div xmlns=\"http://www.w3.org/1999/xhtml\">&c;</div>",
            "<div",
            "",
        ]
    );

    private static readonly Pool Base64 = new(["AA==", "QUJD"], ["", "=", "!!!", "AAA", "QUJD\r\nREVG"]);

    /// <summary>What such a value may be.</summary>
    public static string Json(string type, Dice dice) =>
        type switch
        {
            "boolean" => dice.Slips() ? dice.Pick("\"true\"", "1") : dice.Pick("true", "false"),
            "decimal" => Decimals.Draw(dice),
            "integer" or "positiveInt" or "unsignedInt" => Integers.Draw(dice),
            // Half a character, which no string of .NET may be made of.
            "string" or "markdown" when dice.Slips(40) => "\"\\ud800\"",
            _ => dice.Drawn(JsonSerializer.Serialize(Text(type, dice))),
        };

    /// <summary>The same as text, as a query has it.</summary>
    public static string Text(string type, Dice dice) =>
        type switch
        {
            "boolean" or "decimal" or "integer" or "positiveInt" or "unsignedInt" => Json(type, dice).Trim('"'),
            "date" => dice.Slips() ? Instants.Draw(dice) : Dates.Draw(dice),
            "dateTime" => dice.Once(3) ? Dates.Draw(dice) : Instants.Draw(dice),
            "instant" => dice.Slips() ? Dates.Draw(dice) : Instants.Draw(dice),
            "time" => Times.Draw(dice),
            "id" => dice.Once(2) ? dice.Known() : Ids.Draw(dice),
            "uri" or "url" or "canonical" or "oid" or "uuid" => Uris.Draw(dice),
            "base64Binary" => dice.Once(20) ? new string('A', 40_000) : Base64.Draw(dice),
            "xhtml" => dice.Once(20) ? Nested(dice) : Html.Draw(dice),
            "code" => Codes.Draw(dice),
            _ => dice.Once(60) ? Long(dice) : Strings.Draw(dice),
        };

    private static string Long(Dice dice) =>
        new(dice.Pick('x', ' ', '\u00df', '%', '\\'), dice.Pick(129, 4001, 70_000, 400_000));

    private static string Nested(Dice dice)
    {
        var levels = dice.Pick(50, 500, 5000);
        return "<div xmlns=\"http://www.w3.org/1999/xhtml\">"
            + string.Concat(Enumerable.Repeat("<b>", levels))
            + string.Concat(Enumerable.Repeat("</b>", levels))
            + "</div>";
    }

    /// <summary>Values at the ends of what a type allows, and values beyond.</summary>
    private sealed record Pool(ImmutableArray<string> Valid, ImmutableArray<string> Invalid)
    {
        public string Draw(Dice dice) => dice.Pick(dice.Slips() ? Invalid : Valid);
    }
}
