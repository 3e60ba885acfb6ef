using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CareCoordination.Fhir.Json;

/// <summary>Primitives as JSON text.</summary>
internal static class JsonText
{
    /// <summary>The string in quotes; escaped is only what JSON demands.</summary>
    public static byte[] OfString(string value)
    {
        var encoded = JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        var text = new byte[encoded.Length + 2];
        text[0] = (byte)'"';
        encoded.CopyTo(text.AsSpan(1));
        text[^1] = (byte)'"';
        return text;
    }

    /// <summary>A string decoded, a number or boolean as written; null for anything else.</summary>
    public static string? Read(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
            return null;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => Encoding.ASCII.GetString(
                reader.ValueSpan
            ),
            _ => null,
        };
    }
}
