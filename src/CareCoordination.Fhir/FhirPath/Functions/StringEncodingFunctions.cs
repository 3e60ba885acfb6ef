using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/#additional-string-functions</summary>
internal static class StringEncodingFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Scalar("encode", 1, 1, Encode);
        table.Scalar("decode", 1, 1, Decode);
        table.Scalar("escape", 1, 1, Escape);
        table.Scalar("unescape", 1, 1, Unescape);
    }

    /// <summary>The text; what becomes of a character is about as long as six, as <c>&amp;quot;</c> is.</summary>
    private static string? Input(in FunctionCall call)
    {
        var text = call.InputText;
        call.Context.Make(6L * (text?.Length ?? 0));
        return text;
    }

    private static FhirPathValue Encode(in FunctionCall call)
    {
        if (Input(call) is not { } text)
            return default;
        var bytes = Encoding.UTF8.GetBytes(text);
        return call.Text(0) switch
        {
            "base64" => Convert.ToBase64String(bytes),
            "urlbase64" => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_'),
            "hex" => Convert.ToHexStringLower(bytes),
            _ => default(FhirPathValue),
        };
    }

    private static FhirPathValue Decode(in FunctionCall call)
    {
        if (Input(call) is not { } text)
            return default;
        try
        {
            return call.Text(0) switch
            {
                "base64" => Encoding.UTF8.GetString(Convert.FromBase64String(text)),
                "urlbase64" => Encoding.UTF8.GetString(
                    Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/'))
                ),
                "hex" => Encoding.UTF8.GetString(Convert.FromHexString(text)),
                _ => default(FhirPathValue),
            };
        }
        catch (FormatException)
        {
            throw call.Fail("met text that is not encoded so");
        }
    }

    private static FhirPathValue Escape(in FunctionCall call)
    {
        if (Input(call) is not { } text)
            return default;
        return call.Text(0) switch
        {
            "html" => WebUtility.HtmlEncode(text),
            "json" => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
            _ => default(FhirPathValue),
        };
    }

    private static FhirPathValue Unescape(in FunctionCall call)
    {
        if (Input(call) is not { } text)
            return default;
        return call.Text(0) switch
        {
            "html" => WebUtility.HtmlDecode(text),
            "json" => UnescapeJson(call, text),
            _ => default(FhirPathValue),
        };
    }

    private static string UnescapeJson(in FunctionCall call, string text)
    {
        // Quotes that stand bare in the text are taken as they are.
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
                quoted.Append(text[i++]).Append(text[i]);
            else if (text[i] == '"')
                quoted.Append("\\\"");
            else
                quoted.Append(text[i]);
        }

        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(quoted.Append('"').ToString()));
            reader.Read();
            return reader.GetString()!;
        }
        catch (JsonException)
        {
            throw call.Fail("met text that is not escaped so");
        }
    }
}
