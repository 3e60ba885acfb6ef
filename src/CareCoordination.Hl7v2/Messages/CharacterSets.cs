using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace CareCoordination.Hl7v2.Messages;

/// <summary>
/// The character sets that a message may have, by the names of HL7 table 0211. ISO 8859 has no part 12. Parts 10, 11 and 14 are written
/// out, as the code pages of .NET lack them.
/// </summary>
public static class CharacterSets
{
    private const string Upper10 =
        "\u00A0ĄĒĢĪĨĶ\u00A7ĻĐŠŦŽ\u00ADŪŊ"
        + "\u00B0ąēģīĩķ\u00B7ļđšŧž\u2015ūŋ"
        + "ĀÁÂÃÄÅÆĮČÉĘËĖÍÎÏ"
        + "ÐŅŌÓÔÕÖŨØŲÚÛÜÝÞß"
        + "āáâãäåæįčéęëėíîï"
        + "ðņōóôõöũøųúûüýþĸ";

    private const string Upper11 =
        "\u00A0\u0E01\u0E02\u0E03\u0E04\u0E05\u0E06\u0E07\u0E08\u0E09\u0E0A\u0E0B\u0E0C\u0E0D\u0E0E\u0E0F"
        + "\u0E10\u0E11\u0E12\u0E13\u0E14\u0E15\u0E16\u0E17\u0E18\u0E19\u0E1A\u0E1B\u0E1C\u0E1D\u0E1E\u0E1F"
        + "\u0E20\u0E21\u0E22\u0E23\u0E24\u0E25\u0E26\u0E27\u0E28\u0E29\u0E2A\u0E2B\u0E2C\u0E2D\u0E2E\u0E2F"
        + "\u0E30\u0E31\u0E32\u0E33\u0E34\u0E35\u0E36\u0E37\u0E38\u0E39\u0E3A\uFFFD\uFFFD\uFFFD\uFFFD\u0E3F"
        + "\u0E40\u0E41\u0E42\u0E43\u0E44\u0E45\u0E46\u0E47\u0E48\u0E49\u0E4A\u0E4B\u0E4C\u0E4D\u0E4E\u0E4F"
        + "\u0E50\u0E51\u0E52\u0E53\u0E54\u0E55\u0E56\u0E57\u0E58\u0E59\u0E5A\u0E5B\uFFFD\uFFFD\uFFFD\uFFFD";

    private const string Upper14 =
        "\u00A0Ḃḃ\u00A3ĊċḊ\u00A7Ẁ\u00A9ẂḋỲ\u00AD\u00AEŸ"
        + "ḞḟĠġṀṁ\u00B6ṖẁṗẃṠỳẄẅṡ"
        + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ"
        + "ŴÑÒÓÔÕÖṪØÙÚÛÜÝŶß"
        + "àáâãäåæçèéêëìíîï"
        + "ŵñòóôõöṫøùúûüýŷÿ";

    public static CharacterSet Latin1 { get; } = CharacterSet.OfLetters("8859/1", b => (char)b);

    private static readonly CharacterSet[] All =
    [
        CharacterSet.Ascii,
        Latin1,
        Page("8859/2", 28592),
        Page("8859/3", 28593),
        Page("8859/4", 28594),
        Page("8859/5", 28595),
        Page("8859/6", 28596),
        Page("8859/7", 28597),
        Page("8859/8", 28598),
        Page("8859/9", 28599),
        Upper("8859/10", Upper10),
        Upper("8859/11", Upper11),
        Page("8859/13", 28603),
        Upper("8859/14", Upper14),
        Page("8859/15", 28605),
        Page("WINDOWS-1252", 1252),
        CharacterSet.Utf8,
        CharacterSet.Utf16BigEndian,
    ];

    private static readonly FrozenDictionary<string, CharacterSet> ByName = All.Select(s => (s.Name, Set: s))
        .Append((Name: "UTF-8", Set: CharacterSet.Utf8))
        .Append((Name: "UNICODE", Set: CharacterSet.Utf8))
        .Append((Name: "UTF-16", Set: CharacterSet.Utf16BigEndian))
        .Append((Name: "US-ASCII", Set: CharacterSet.Ascii))
        .Append((Name: "CP1252", Set: All.First(s => s.Name == "WINDOWS-1252")))
        .ToFrozenDictionary(pair => Bare(pair.Name), pair => pair.Set);

    /// <summary>The names that MSH-18 and the profile of a sender may have.</summary>
    public static IEnumerable<string> Names => All.Select(s => s.Name);

    /// <summary>The set of a name, whatever its spelling: <c>8859/15</c>, <c>ISO-8859-15</c>; <c>UNICODE UTF-8</c>, <c>utf8</c>.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out CharacterSet? found) =>
        ByName.TryGetValue(Bare(name), out found);

    private static CharacterSet Page(string name, int codePage)
    {
        var page = CodePagesEncodingProvider.Instance.GetEncoding(
            codePage,
            EncoderFallback.ReplacementFallback,
            new DecoderReplacementFallback("\uFFFD")
        )!;
        return CharacterSet.OfLetters(
            name,
            b =>
            {
                // Where a set has no letter, some of .NET's pages have one of private use.
                var letter = page.GetString([b])[0];
                return char.GetUnicodeCategory(letter) == UnicodeCategory.PrivateUse ? CharacterSet.None : letter;
            }
        );
    }

    private static CharacterSet Upper(string name, string upper) =>
        CharacterSet.OfLetters(name, b => b < 0xA0 ? (char)b : upper[b - 0xA0]);

    private static string Bare(string name)
    {
        var bare = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        return bare.StartsWith("ISO8859", StringComparison.Ordinal) ? bare[3..] : bare;
    }
}
