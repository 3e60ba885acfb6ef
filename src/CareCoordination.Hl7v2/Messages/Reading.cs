namespace CareCoordination.Hl7v2.Messages;

/// <summary>How text of a message is read: its separators and its character set.</summary>
internal sealed record Reading(Delimiters Delimiters, CharacterSet Characters)
{
    /// <summary>The part with this number, from 1; empty where there are fewer.</summary>
    public static ReadOnlySpan<char> Part(ReadOnlySpan<char> raw, char? separator, int number)
    {
        if (separator is not { } c)
            return number == 1 ? raw : [];
        for (var i = 1; i < number; i++)
        {
            var next = raw.IndexOf(c);
            if (next < 0)
                return [];
            raw = raw[(next + 1)..];
        }

        var end = raw.IndexOf(c);
        return end < 0 ? raw : raw[..end];
    }
}
