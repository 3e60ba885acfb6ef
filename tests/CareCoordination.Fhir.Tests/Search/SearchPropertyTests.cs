using System.Globalization;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;
using FsCheck;
using FsCheck.Fluent;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>What holds for every text, number and query.</summary>
public sealed class SearchPropertyTests
{
    [Fact]
    public void An_escaped_text_reads_as_itself() =>
        Prop.ForAll<NonNull<string>>(text => QueryText.Unescape(QueryText.Escape(text.Get)) == text.Get)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Escaped_texts_can_be_joined_and_split() =>
        Prop.ForAll<NonNull<string>, NonNull<string>>(
                (a, b) =>
                    QueryText
                        .Split($"{QueryText.Escape(a.Get)},{QueryText.Escape(b.Get)}", ',')
                        .Select(QueryText.Unescape)
                        .SequenceEqual([a.Get, b.Get])
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Folding_twice_is_folding_once() =>
        Prop.ForAll<NonNull<string>>(text =>
                StringParameter.Fold(StringParameter.Fold(text.Get)) == StringParameter.Fold(text.Get)
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_number_equals_itself_however_many_digits_it_has() =>
        Prop.ForAll<int, byte>(
                (mantissa, scale) =>
                {
                    var text = new decimal(
                        Math.Abs((long)mantissa) % int.MaxValue is var m ? (int)m : 0,
                        0,
                        0,
                        mantissa < 0,
                        (byte)(scale % 9)
                    ).ToString(CultureInfo.InvariantCulture);
                    return Finds("ChargeItem", $""" "factorOverride":{text} """, $"factor-override={text}")
                        && Finds("ChargeItem", $""" "factorOverride":{text} """, $"factor-override=ge{text}")
                        && Finds("ChargeItem", $""" "factorOverride":{text} """, $"factor-override=le{text}");
                }
            )
            .QuickCheckThrowOnFailure();

    /// <summary>Printing is canonical: what was printed reads as a query that prints the same.</summary>
    [Fact]
    public void A_printed_query_reads_as_the_same_query() =>
        Prop.ForAll(
                Queries().ToArbitrary(),
                query =>
                {
                    var printed = Query("Observation", query).ToString();
                    var again = Query("Observation", Uri.UnescapeDataString(printed));
                    return again.ToString() == printed
                        && again.Criteria.Length == Query("Observation", query).Criteria.Length;
                }
            )
            .QuickCheckThrowOnFailure();

    private static Gen<string> Queries()
    {
        // '&' and '=' separate pairs in the tests' own query form, and '%' its encoding.
        var word = Gen.Elements("a", "B c", "8867-4", @"x\,y", @"p\|q", @"s\$t", "é", "10", "\\\\")
            .Select(text => text);
        var prefix = Gen.Elements("", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap");
        var date = Gen.Elements("2020", "2020-02", "2020-02-29", "2020-02-29T10:00:00Z", "2020-02-29T10:00:00.5+02:00");
        var number = Gen.Elements("1", "-2.50", "1e3", "100.00");
        var token = Gen.OneOf(
            word,
            word.Zip(word, (s, c) => $"{s}|{c}"),
            word.Select(c => $"|{c}"),
            word.Select(s => $"{s}|")
        );
        var quantity = prefix
            .Zip(number, (p, n) => p + n)
            .Zip(Gen.Elements("", "||mg", "|urn:u|mg", "|urn:u|"), (n, u) => n + u);
        var parameter = Gen.OneOf(
            token.Select(value => $"code={value}"),
            token.Zip(token, (a, b) => $"code:not={a},{b}"),
            word.Zip(Gen.Elements("", ":exact", ":contains"), (value, modifier) => $"value-string{modifier}={value}"),
            prefix.Zip(date, (p, d) => $"date={p}{d}"),
            quantity.Select(value => $"value-quantity={value}"),
            word.Zip(quantity, (code, value) => $"code-value-quantity={code}${value}"),
            Gen.Elements(
                "subject=1",
                "subject=Patient/1,Group/2",
                "subject:Patient=3",
                "subject=http://other/Patient/1",
                "patient=4"
            ),
            word.Select(value => $"patient.name={value}"),
            word.Select(value => $"subject:Patient.identifier=urn:x|{value}"),
            Gen.Elements(
                "code:missing=true",
                "_id=a,b",
                "_lastUpdated=gt2020",
                "_tag=urn:t|x",
                "_sort=date,-_id",
                "_include=Observation:subject",
                "_total=accurate"
            )
        );
        return parameter
            .ListOf()
            .Where(list =>
                list.Count(text => text.StartsWith("_sort", StringComparison.Ordinal)) < 2
                && list.Count(text => text.StartsWith("_total", StringComparison.Ordinal)) < 2
            )
            .Select(list => string.Join('&', list));
    }
}
