using System.Diagnostics.CodeAnalysis;

namespace CareCoordination.Hl7v2.Messages;

/// <summary>The separators of a message, as its MSH-1 and MSH-2 say. HL7 v2.8, 2.5.4. What a message does not name has no meaning in it.</summary>
public sealed record Delimiters(
    char Field,
    char? Component,
    char? Repetition,
    char? Escape,
    char? Subcomponent,
    char? Truncation
)
{
    /// <summary>What the standard recommends, and answers have where a message names none.</summary>
    public static Delimiters Standard { get; } = new('|', '^', '~', '\\', '&', Truncation: null);

    /// <summary>MSH-2.</summary>
    public string EncodingCharacters =>
        string.Concat(new[] { Component, Repetition, Escape, Subcomponent, Truncation }.Where(c => c is not null));

    /// <summary>
    /// The same, with something in the place of every separator that the message does without: answers have components and escapes.
    /// </summary>
    public Delimiters Complete()
    {
        var free = new Queue<char>("^~\\&!@$%*+".Where(c => c != Field && !EncodingCharacters.Contains(c)));
        return this with
        {
            Component = Component ?? free.Dequeue(),
            Repetition = Repetition ?? free.Dequeue(),
            Escape = Escape ?? free.Dequeue(),
            Subcomponent = Subcomponent ?? free.Dequeue(),
        };
    }

    /// <summary>Reads what follows the letters MSH, or says what is wrong with it.</summary>
    internal static bool TryRead(
        ReadOnlySpan<char> header,
        [NotNullWhen(true)] out Delimiters? delimiters,
        [NotNullWhen(false)] out Hl7Fault? fault
    )
    {
        delimiters = null;
        fault = null;
        if (header.Length < 4)
            return Refuse(1, ErrorCode.RequiredFieldMissing, "The message ends before its separators.", out fault);
        var field = header[3];
        if (!MaySeparate(field))
            return Refuse(1, ErrorCode.DataType, NoSeparator, out fault);
        var encoding = header[4..];
        var end = encoding.IndexOf(field);
        encoding = end < 0 ? encoding : encoding[..end];
        if (encoding.Length is 0 or > 5)
            return Refuse(2, ErrorCode.RequiredFieldMissing, NotOneToFive, out fault);
        for (var i = 0; i < encoding.Length; i++)
        {
            if (!MaySeparate(encoding[i]))
                return Refuse(2, ErrorCode.DataType, NoSeparator, out fault);
            if (encoding[..i].Contains(encoding[i]))
                return Refuse(2, ErrorCode.DataType, "One character stands for two separators.", out fault);
        }

        delimiters = new Delimiters(
            field,
            At(encoding, 0),
            At(encoding, 1),
            At(encoding, 2),
            At(encoding, 3),
            At(encoding, 4)
        );
        return true;
    }

    private const string NoSeparator =
        "A letter, a digit, a blank or a quotation mark cannot separate; send one like '|' and '^~\\&'.";
    private const string NotOneToFive = "One to five encoding characters stand here, as in '^~\\&'.";

    private static bool Refuse(int field, ErrorCode code, string sentence, out Hl7Fault fault)
    {
        fault = new Hl7Fault(code, new Hl7Place(SegmentName.Header, Field: field), sentence);
        return false;
    }

    private static char? At(ReadOnlySpan<char> text, int index) => index < text.Length ? text[index] : null;

    private static bool MaySeparate(char c) =>
        !char.IsLetterOrDigit(c) && !char.IsSurrogate(c) && c is not (' ' or '"' or '\r' or '\n' or '\uFFFD');
}
