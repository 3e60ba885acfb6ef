using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Tests.Messages;

/// <summary>HL7 v2.8, 2.7: escape sequences.</summary>
public sealed class EscapeTests
{
    private static readonly Delimiters WithTruncation = Delimiters.Standard with { Truncation = '#' };

    [Theory]
    [InlineData(@"a\F\b", "a|b")]
    [InlineData(@"a\S\b", "a^b")]
    [InlineData(@"a\T\b", "a&b")]
    [InlineData(@"a\R\b", "a~b")]
    [InlineData(@"a\E\b", @"a\b")]
    [InlineData(@"a\P\b", "a#b")]
    [InlineData(@"\F\\F\", "||")]
    [InlineData(@"\E\F\E\", @"\F\")]
    [InlineData(@"a\X41\b", "aAb")]
    [InlineData(@"a\X0D0A\b", "a\r\nb")]
    [InlineData(@"\Xc3BC\", "ü")]
    [InlineData(@"one\.br\two", "one\ntwo")]
    [InlineData(@"one\.sp\two", "one\ntwo")]
    [InlineData(@"one\.sp2\two", "one\n\ntwo")]
    [InlineData(@"one\.sp+3\two", "one\n\n\ntwo")]
    [InlineData(@"one\.ce\two", "one\ntwo")]
    [InlineData(@"\H\bold\N\", "bold")]
    public void Reads_a_sequence(string raw, string text) =>
        Assert.Equal(text, Escapes.Decode(raw, Delimiters.Standard, CharacterSet.Utf8));

    [Theory]
    [InlineData(@"\C2842\")]
    [InlineData(@"\M244222\")]
    [InlineData(@"\Zab\")]
    [InlineData(@"\Q\")]
    [InlineData(@"a\.in+4\b\.fi\")]
    [InlineData(@"\X4\")]
    [InlineData(@"\X\")]
    [InlineData(@"\XZZ\")]
    [InlineData(@"\XC3\")]
    [InlineData(@"\.sp100\")]
    [InlineData(@"\.sp999999999999\")]
    [InlineData(@"\.spx\")]
    [InlineData(@"\")]
    [InlineData(@"a\")]
    [InlineData(@"\a")]
    [InlineData(@"\\")]
    [InlineData(@"\\server\share")]
    [InlineData(@"C:\my files\x")]
    [InlineData(@"\f\")]
    public void Keeps_what_it_does_not_know(string raw) =>
        Assert.Equal(raw, Escapes.Decode(raw, Delimiters.Standard, CharacterSet.Utf8));

    [Fact]
    public void An_escape_character_that_nobody_escaped_hides_no_sequence_behind_it() =>
        Assert.Equal(
            @"DOMAIN\user of ward| 3",
            Escapes.Decode(@"DOMAIN\user of ward\F\ 3", Delimiters.Standard, CharacterSet.Utf8)
        );

    [Fact]
    public void Hexadecimal_bytes_are_letters_of_the_set_of_the_message()
    {
        Assert.True(CharacterSets.TryFind("8859/5", out var cyrillic));

        Assert.Equal("Р", Escapes.Decode(@"\XC0\", Delimiters.Standard, cyrillic));
        Assert.Equal(@"\XFF\", Escapes.Decode(@"\XFF\", Delimiters.Standard, CharacterSet.Ascii));
    }

    [Fact]
    public void Without_an_escape_character_nothing_is_a_sequence()
    {
        var delimiters = Delimiters.Standard with { Escape = null };

        Assert.Equal(@"a\F\b", Escapes.Decode(@"a\F\b", delimiters, CharacterSet.Utf8));
        Assert.Equal(@"a b\c", Escapes.Encode(@"a|b\c", delimiters));
    }

    [Fact]
    public void Separators_and_control_characters_of_a_text_are_escaped_in_an_answer()
    {
        Assert.Equal(
            @"\F\\S\\R\\E\\T\#\X0D\\X0B\\X1C\é",
            Escapes.Encode("|^~\\&#\r\u000b\u001cé", Delimiters.Standard)
        );
        Assert.Equal(@"\P\", Escapes.Encode("#", WithTruncation));
    }

    [Fact]
    public void Every_text_that_is_written_is_read_the_same()
    {
        const string Letters = "ab|^~\\&#\r\nFSTREX0D.br é";
        var random = new Random(20260301);
        for (var round = 0; round < 5_000; round++)
        {
            var text = string.Concat(
                Enumerable.Range(0, random.Next(24)).Select(_ => Letters[random.Next(Letters.Length)])
            );
            foreach (var delimiters in new[] { Delimiters.Standard, WithTruncation })
            {
                var raw = Escapes.Encode(text, delimiters);

                Assert.Equal(text, Escapes.Decode(raw, delimiters, CharacterSet.Utf8));
                Assert.Equal(-1, raw.AsSpan().IndexOfAny("|^~&\r\n"));
            }
        }
    }
}
