using System.Globalization;

namespace CareCoordination.Fhir.Search;

internal enum LetterKind
{
    Letter,

    /// <summary>White space.</summary>
    Blank,

    /// <summary>Between words, as the hyphen of a double name.</summary>
    Separator,

    /// <summary>Within words or around them, as the apostrophe of O'Brien.</summary>
    Punctuation,

    /// <summary>An accent that stands on the letter before it.</summary>
    Mark,

    /// <summary>The sounding marks of Japanese, which make another letter of the one before them.</summary>
    VoiceMark,
}

/// <summary>What a character is to a comparison of strings, and what it becomes.</summary>
internal static class LetterFolding
{
    private const char Voicing = '\u3099';
    private const char HalfVoicing = '\u309A';

    /// <summary>Ligatures that Unicode has for old encodings.</summary>
    private static readonly string[] Ligatures = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"];

    public static LetterKind KindOf(char c)
    {
        if (c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9'))
            return LetterKind.Letter;
        if (char.IsWhiteSpace(c))
            return LetterKind.Blank;
        if (c is Voicing or HalfVoicing)
            return LetterKind.VoiceMark;
        return CharUnicodeInfo.GetUnicodeCategory(Narrow(c)) switch
        {
            UnicodeCategory.NonSpacingMark => LetterKind.Mark,
            UnicodeCategory.DashPunctuation or UnicodeCategory.ConnectorPunctuation => LetterKind.Separator,
            UnicodeCategory.OtherPunctuation
                when Narrow(c) is '/' or ',' or ';' or ':' or '&' or '\\' or '・' or '、' => LetterKind.Separator,
            UnicodeCategory.OtherPunctuation
            or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation
            or UnicodeCategory.InitialQuotePunctuation
            or UnicodeCategory.FinalQuotePunctuation => LetterKind.Punctuation,
            // Written for an apostrophe: O`Brien, O´Brien, Oʼbrien, Hawaiʻi.
            _ when c is '`' or '´' or 'ʼ' or 'ʻ' or 'ʹ' or '′' => LetterKind.Punctuation,
            _ => LetterKind.Letter,
        };
    }

    /// <summary>How many characters a folded one became: a small letter without accents, or several.</summary>
    public static int Fold(char c, Span<char> folded)
    {
        if (c is >= '\uFB00' and <= '\uFB06')
            return Copy(Ligatures[c - '\uFB00'], folded);
        c = Plain(Narrow(c));
        switch (c)
        {
            case 'ß':
                return Copy("ss", folded);
            case 'æ':
                return Copy("ae", folded);
            case 'œ':
                return Copy("oe", folded);
            case 'ĳ':
                return Copy("ij", folded);
            default:
                folded[0] = c;
                return 1;
        }
    }

    /// <summary>か with its mark is が, は with either is ば or ぱ; any other letter stays.</summary>
    public static char Voiced(char letter, char mark)
    {
        // Hiragana and katakana lie in the same order.
        var offset = letter is >= '\u30A1' and <= '\u30FA' ? 0x60 : 0;
        var hiragana = (char)(letter - offset);
        var isH = hiragana is >= 'は' and <= 'ぽ' && (hiragana - 'は') % 3 == 0;
        if (mark == HalfVoicing)
            return isH ? (char)(letter + 2) : letter;
        return hiragana switch
        {
            >= 'か' and <= 'ぢ' => (hiragana - 'か') % 2 == 0 ? (char)(letter + 1) : letter,
            'つ' or 'て' or 'と' => (char)(letter + 1),
            'う' => (char)('ゔ' + offset),
            _ => isH ? (char)(letter + 1) : letter,
        };
    }

    /// <summary>Full-width letters and digits are the narrow ones: Ａ is A.</summary>
    private static char Narrow(char c) => c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c;

    /// <summary>Until nothing is left to take off: the base of ǽ is æ, and that of İ a capital.</summary>
    private static char Plain(char c)
    {
        for (var plain = AccentTable.Base(SmallLetters.Of(c)); plain != c; )
        {
            c = plain;
            plain = AccentTable.Base(SmallLetters.Of(c));
        }

        return c switch
        {
            'ſ' => 's',
            'ϒ' => 'υ',
            _ => c,
        };
    }

    private static int Copy(string text, Span<char> folded)
    {
        text.CopyTo(folded);
        return text.Length;
    }
}
