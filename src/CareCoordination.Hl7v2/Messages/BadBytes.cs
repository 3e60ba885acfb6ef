using System.Globalization;

namespace CareCoordination.Hl7v2.Messages;

/// <summary>Where the bytes are that are no letters, in words that find them again.</summary>
internal static class BadBytes
{
    public static Hl7Fault Fault(CharacterSet set, ReadOnlySpan<byte> bytes, int offset, int skipped)
    {
        var before = set.TryDecode(bytes[..offset], out var text, out _) ? text : "";
        var start = before.AsSpan().LastIndexOfAny('\r', '\n') + 1;
        var inSegment = set.Encode(before[start..]).Length;
        var culture = CultureInfo.InvariantCulture;
        return new Hl7Fault(
            ErrorCode.DataType,
            Segment(before, start),
            $"Byte {(offset + skipped).ToString(culture)} of the message, byte {inSegment.ToString(culture)} of its segment, is no "
                + $"letter of {set.Name}. Send what MSH-18 names, or name there what is sent."
        );
    }

    private static Hl7Place Segment(string before, int start)
    {
        var name = before.AsSpan(start, Math.Min(3, before.Length - start));
        if (!SegmentName.IsValid(name))
            return new Hl7Place(SegmentName.Header);
        var occurrence = 0;
        foreach (var line in before.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name))
                occurrence++;
        }

        return new Hl7Place(name.ToString(), occurrence);
    }
}
