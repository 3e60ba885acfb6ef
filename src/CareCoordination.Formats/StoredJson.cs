using System.Buffers;
using System.Text.Json;

namespace CareCoordination.Formats;

/// <summary>Makes stored JSON such that Firely's objects lose nothing of it: numbers that no decimal keeps become strings, which
/// are written as they are, and narratives become XML.</summary>
internal static class StoredJson
{
    private readonly record struct Replacement(int Start, int End, byte[] Json);

    public static ReadOnlySpan<byte> Prepare(ReadOnlyMemory<byte> json)
    {
        var replacements = Find(json.Span);
        return replacements is null ? json.Span : Apply(json.Span, replacements);
    }

    private static List<Replacement>? Find(ReadOnlySpan<byte> json)
    {
        List<Replacement>? found = null;
        var isNarrative = false;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1024 });
        while (reader.Read())
        {
            var (start, end) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    isNarrative = reader.ValueTextEquals("div"u8);
                    continue;
                case JsonTokenType.Number when ExactNumber.IsLost(reader.ValueSpan):
                    (found ??= []).Add(new(start, end, [(byte)'"', .. reader.ValueSpan, (byte)'"']));
                    break;
                case JsonTokenType.String when isNarrative:
                    var text = reader.GetString()!;
                    var xml = NarrativeXml.Of(text);
                    if (!ReferenceEquals(text, xml))
                        (found ??= []).Add(new(start, end, JsonSerializer.SerializeToUtf8Bytes(xml)));
                    break;
            }

            isNarrative = false;
        }

        return found;
    }

    private static ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> json, List<Replacement> replacements)
    {
        var prepared = new ArrayBufferWriter<byte>(json.Length + replacements.Sum(r => r.Json.Length));
        var at = 0;
        foreach (var (start, end, replacement) in replacements)
        {
            prepared.Write(json[at..start]);
            prepared.Write(replacement);
            at = end;
        }

        prepared.Write(json[at..]);
        return prepared.WrittenSpan;
    }
}
