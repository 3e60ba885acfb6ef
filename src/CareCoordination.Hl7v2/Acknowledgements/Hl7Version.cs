using System.Globalization;

namespace CareCoordination.Hl7v2.Acknowledgements;

/// <summary>A version of the standard, as far as the form of answers depends on it.</summary>
internal readonly record struct Hl7Version(int Minor, int Patch)
{
    /// <summary>That of an answer to a message that names none.</summary>
    public const string Default = "2.5.1";

    /// <summary>What is no version of 2 is answered in the newest form.</summary>
    public static Hl7Version Of(string text)
    {
        var parts = text.Split('.');
        return parts[0] == "2" && parts.Length is 2 or 3 && Number(parts[1]) is { } minor
            ? new Hl7Version(minor, parts.Length == 3 ? Number(parts[2]) ?? 0 : 0)
            : new Hl7Version(99, 0);
    }

    /// <summary>From 2.3.1 a message type has its structure: ACK^A01^ACK.</summary>
    public bool HasStructures => Minor > 3 || (Minor == 3 && Patch >= 1);

    public bool HasTriggers => Minor >= 2;

    /// <summary>From 2.3 times have their offset.</summary>
    public bool HasOffsets => Minor >= 3;

    /// <summary>From 2.5 an ERR tells of one error, with a place, a code and a severity of their own.</summary>
    public bool HasOneErrorEach => Minor >= 5;

    /// <summary>Until 2.6 MSA-3 holds a text; it was withdrawn then.</summary>
    public bool HasTextInMsa => Minor < 7;

    /// <summary>Until 2.4 MSA-6 holds the error; in 2.1 there is no such field.</summary>
    public bool HasErrorInMsa => Minor is >= 2 and < 5;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 100
            ? number
            : null;
}
