namespace CareCoordination.Hl7v2.Messages;

/// <summary>Three characters, the first a letter, all upper case. HL7 v2.8, 2.5.2.</summary>
public static class SegmentName
{
    public const string Header = "MSH";

    public static bool IsValid(ReadOnlySpan<char> name) =>
        name.Length == 3
        && char.IsAsciiLetterUpper(name[0])
        && IsUpperLetterOrDigit(name[1])
        && IsUpperLetterOrDigit(name[2]);

    /// <summary>True for what would be a name in upper case.</summary>
    public static bool IsInLowerCase(ReadOnlySpan<char> name) =>
        name.Length == 3
        && char.IsAsciiLetter(name[0])
        && char.IsAsciiLetterOrDigit(name[1])
        && char.IsAsciiLetterOrDigit(name[2])
        && !IsValid(name);

    /// <summary>What a file of many messages is wrapped in. HL7 v2.8, 2.10.3.</summary>
    public static bool IsEnvelope(ReadOnlySpan<char> name) => name is "FHS" or "BHS" or "BTS" or "FTS";

    private static bool IsUpperLetterOrDigit(char c) => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c);
}
