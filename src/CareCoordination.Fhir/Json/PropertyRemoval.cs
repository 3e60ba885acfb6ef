using System.Text.Json;

namespace CareCoordination.Fhir.Json;

/// <summary>Takes properties out of a document and leaves every other byte as it is.</summary>
public static class PropertyRemoval
{
    private static readonly JsonLimits Accepted = new(MaxDepth: 1024, MaxBytes: int.MaxValue);

    /// <param name="properties">Of objects of the document, in the order they stand in.</param>
    public static ResourceDocument Without(ResourceDocument document, IReadOnlyList<JsonValue> properties)
    {
        if (properties.Count == 0)
            return document;
        var text = document.Utf8.Span;
        var kept = new byte[text.Length];
        var (length, read) = (0, 0);
        foreach (var (start, end) in Ranges(text, properties))
        {
            text[read..start].CopyTo(kept.AsSpan(length));
            length += start - read;
            read = end;
        }

        text[read..].CopyTo(kept.AsSpan(length));
        length += text.Length - read;
        // What is left is no deeper and no longer than what was accepted.
        return ResourceDocument.Parse(kept.AsMemory(0, length), Accepted).Value;
    }

    /// <summary>Each property, or several in a row, with the comma that goes with it.</summary>
    private static List<(int Start, int End)> Ranges(ReadOnlySpan<byte> text, IReadOnlyList<JsonValue> properties)
    {
        var ranges = new List<(int Start, int End)>();
        foreach (var property in properties)
        {
            var (start, end) = (property.NameStart - 1, property.Start + property.RawUtf8.Length);
            if (ranges.Count > 0 && IsNext(text[ranges[^1].End..start]))
                ranges[^1] = (ranges[^1].Start, end);
            else
                ranges.Add((start, end));
        }

        for (var i = 0; i < ranges.Count; i++)
        {
            var (start, end) = ranges[i];
            var after = end + Blank(text[end..]);
            if (text[after] == (byte)',')
                ranges[i] = (start, after + 1);
            else if (text[..start].TrimEnd(" \t\r\n"u8) is [.., (byte)','] before)
                ranges[i] = (before.Length - 1, end);
        }

        return ranges;
    }

    private static bool IsNext(ReadOnlySpan<byte> between) => between.Trim(" \t\r\n"u8) is [(byte)','];

    private static int Blank(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(" \t\r\n"u8) is var at and >= 0 ? at : 0;
}
