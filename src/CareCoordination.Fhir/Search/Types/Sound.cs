namespace CareCoordination.Fhir.Search.Types;

/// <summary>
/// How a word sounds, as four characters: Soundex, with the first letter by its sound as well, so that Catherine is Katherine and
/// Philip Filip. https://www.archives.gov/research/census/soundex
/// </summary>
internal static class Sound
{
    private const int Length = 4;

    /// <summary>Of a to z: a vowel (v) parts two letters of one sound, h and w (-) do not.</summary>
    private const string Digits = "v123v12-v22455v12623v1-2v2";

    /// <summary>What a word begins with, its sound, and how many letters make it.</summary>
    private static readonly (string Written, char Sound, int Letters)[] Beginnings =
    [
        ("kn", 'n', 2),
        ("gn", 'n', 2),
        ("pn", 'n', 2),
        ("wr", 'r', 2),
        ("ph", 'f', 2),
        ("ps", 's', 2),
        ("ts", 's', 2),
        ("cz", 's', 2),
        ("sch", 's', 3),
        ("ce", 's', 1),
        ("ci", 's', 1),
        ("cy", 's', 1),
        ("ge", 'j', 1),
        ("gi", 'j', 1),
        ("c", 'k', 1),
        ("q", 'k', 1),
        ("x", 's', 1),
        ("z", 's', 1),
        ("y", 'i', 1),
    ];

    /// <summary>Of a folded word; one that does not begin with a Latin letter sounds as it is written.</summary>
    public static string Of(string word)
    {
        if (word.Length == 0 || word[0] is < 'a' or > 'z')
            return word;
        var (first, start) = Beginning(word);
        Span<char> sound = stackalloc char[Length];
        sound.Fill('0');
        sound[0] = first;
        var length = 1;
        var last = Digit(first);
        for (var i = start; i < word.Length && length < Length; i++)
        {
            var digit = Digit(word[i]);
            if (digit is not ('v' or '-') && digit != last)
                sound[length++] = digit;
            if (digit != '-')
                last = digit;
        }

        return sound.ToString();
    }

    private static (char Sound, int Letters) Beginning(string word)
    {
        foreach (var (written, sound, letters) in Beginnings)
        {
            if (word.StartsWith(written, StringComparison.Ordinal))
                return (sound, letters);
        }

        return (word[0], 1);
    }

    private static char Digit(char letter) => letter is >= 'a' and <= 'z' ? Digits[letter - 'a'] : 'v';
}
