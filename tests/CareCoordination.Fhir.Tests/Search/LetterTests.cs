using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Types;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>
/// What strings are compared by is stored: it may change neither with the language of the machine nor with the version of its
/// Unicode library. https://hl7.org/fhir/R4/search.html#string
/// </summary>
public sealed class LetterTests
{
    /// <summary>Letters that Unicode does not take apart: those with a stroke instead of an accent, and the sigma at the end of a word.</summary>
    private const string NotByUnicode = "øđħıłŧς";

    private static IEnumerable<char> Letters =>
        Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(c => !char.IsSurrogate(c));

    [Fact]
    public void Every_letter_has_the_form_it_always_had()
    {
        var text = new StringBuilder();
        foreach (var c in Letters)
            text.Append(CultureInfo.InvariantCulture, $"{(int)c:X4} {StringParameter.Fold([c])}\n");

        Assert.Equal(
            "929317a16fa6890b10b75dca053a7aeff12808542308110426a9c89f877852a3",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))
        );
    }

    [Fact]
    public void Small_letters_are_those_of_unicode()
    {
        // The platform may know an older Unicode version, which has fewer capitals, or a newer one, which has more.
        var capitals = Letters.Where(c => SmallLetters.Of(c) != c).ToList();
        var wrong = capitals.Where(c =>
            char.ToLowerInvariant(c) is var small && small != c && small != SmallLetters.Of(c)
        );
        var missed = Letters.Where(c => SmallLetters.Of(c) == c && char.ToLowerInvariant(c) != c && IsAssigned(c));

        Assert.Empty(wrong);
        Assert.Empty(missed);
        Assert.Equal(1459 - SupplementaryCapitals().Count(), capitals.Count);
    }

    [Fact]
    public void Small_letters_of_later_scripts_are_those_of_unicode()
    {
        foreach (var capital in SupplementaryCapitals())
        {
            var small = SmallLetters.Of($"Ä{capital}Z");
            var platform = Rune.ToLowerInvariant(capital);
            Assert.True(platform == capital || small == $"ä{platform}z", $"{capital.Value:X}");
            Assert.NotEqual($"ä{capital}z", small);
        }

        Assert.Equal("𐐀"[..1] + "a", SmallLetters.Of("𐐀"[..1] + "A"));
    }

    [Fact]
    public void Accents_are_what_unicode_takes_off_latin_greek_and_cyrillic_letters()
    {
        SkipWithoutIcu();
        var wrong =
            from c in Letters
            where
                c < 0x2000
                && SmallLetters.Of(c) == c
                && char.IsLetter(c)
                && !NotByUnicode.Contains(c, StringComparison.Ordinal)
            let parts = c.ToString().Normalize(NormalizationForm.FormD)
            let isComposed = parts
                .Skip(1)
                .All(p => CharUnicodeInfo.GetUnicodeCategory(p) == UnicodeCategory.NonSpacingMark)
                && IsLatinGreekOrCyrillic(parts[0])
            where AccentTable.Base(c) != (isComposed ? parts[0] : c)
            select $"{(int)c:X4} is {(int)AccentTable.Base(c):X4} instead of {(int)parts[0]:X4}";

        Assert.True(!wrong.Any(), string.Join(", ", wrong));
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("az-Latn-AZ")]
    [InlineData("lt-LT")]
    [InlineData("el-GR")]
    [InlineData("th-TH")]
    [InlineData("ar-SA")]
    public void The_language_of_the_machine_changes_nothing(string culture)
    {
        SkipWithoutIcu();
        const string Text = "İSTANBUL ISPARTA ıĞ ÀÉÎÕÜ ΆΣ Ёж ǅ ẞ 1.5 ١٢٣";
        var expected = (StringParameter.Fold(Text), SmallLetters.Of(Text));
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal(expected, (StringParameter.Fold(Text), SmallLetters.Of(Text)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void SkipWithoutIcu() =>
        Assert.SkipUnless("é".Normalize(NormalizationForm.FormD).Length == 2, "There is no ICU library.");

    private static IEnumerable<Rune> SupplementaryCapitals() =>
        Enumerable
            .Range(0x10000, 0x100000)
            .Select(c => new Rune(c))
            .Where(r => SmallLetters.Of(r.ToString()) != r.ToString());

    private static bool IsAssigned(char c) => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.OtherNotAssigned;

    private static bool IsLatinGreekOrCyrillic(char c) =>
        c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '\u00C0' and < '\u0530') or (>= '\u1E00' and < '\u2000');
}
