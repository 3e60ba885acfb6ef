using System.Collections.Immutable;

namespace CareCoordination.Fuzz;

/// <summary>FHIRPath that is wrong, unusual, or asks for work without end.</summary>
internal static class Expressions
{
    private static readonly ImmutableArray<string> Whole =
    [
        "name",
        "name.family",
        "Patient.name.where(use = 'official').given.first()",
        "Patient.descendants()",
        "%resource.descendants().where(%resource.descendants().where($this = 'x').exists()).exists()",
        "%resource.descendants().select(%resource.descendants().distinct().count()).exists()",
        "repeat($this)",
        "repeat(children() | $this).count()",
        "descendants().aggregate($total & $this, 'x').length()",
        "'a'.repeat('a' & $this)",
        "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.matches('(a+)+$b')",
        "name.family.replaceMatches('(.*)*', '$1$1$1$1')",
        "today() + 9999999999 years",
        "@9999-12-31 + 1 day",
        "@0001-01-01 - 1 second",
        "@2026-03-01T00:00:00Z + 1e20 'ms'",
        "birthDate + 2147483648 months",
        "1e28 * 1e28",
        "1 / 0",
        "1 div 0",
        "2147483647 + 1",
        "-2147483648 - 1",
        "9223372036854775807 * 2",
        "(2).power(100000)",
        "(-1).sqrt()",
        "(0).ln()",
        "10.round(2147483647)",
        "1.precision() + 'x'",
        "(1 year) / (0 'cm')",
        "5 'mg' * 3 'mg' * 2 'mg'",
        "1 'foo{bar}[baz'",
        "''",
        "",
        " ",
        "(",
        "name.",
        "`name`",
        "%nothing",
        "%`vs-x`",
        "$this",
        "$index",
        "$total",
        "name[2147483648]",
        "name[-1]",
        "name[{}]",
        "iif(true, 1, 'x') is Integer",
        "resolve().resolve().resolve()",
        "name.substring(2147483647, -1)",
        "'x'.indexOf('')",
        "'\\u12'",
        "'\\ud800'",
        "''.split('')",
        "name.combine(name).combine(name).union(name)",
        "trace('x', descendants())",
        "now() = today()",
        "{} = {}",
        "name.sort($this.family desc)",
        "defineVariable('x', 1).defineVariable('x', 2)",
    ];

    public static string Draw(Dice dice) =>
        dice.Below(8) switch
        {
            0 => string.Concat(
                Enumerable.Repeat(dice.Pick("(", "-", "not ", "name.", "(1+", "iif("), dice.Pick(50, 300, 1500))
            ),
            1 => dice.Pick(Whole)
                + string.Concat(
                    Enumerable.Repeat(
                        dice.Pick(".first()", ".where(true)", ".descendants()", " | name"),
                        dice.Pick(3, 40, 200)
                    )
                ),
            2 => $"Patient.where({dice.Pick(Whole)}).gender",
            3 =>
                $"({dice.Pick(Whole)}) {dice.Pick("and", "or", "xor", "implies", "+", "&", "in", "~", "<", "mod")} ({dice.Pick(Whole)})",
            _ => dice.Pick(Whole),
        };
}
