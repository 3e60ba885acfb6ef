using System.Globalization;
using System.Text;

namespace CareCoordination.Fhir.FhirPath.Values;

/// <summary>Text as FHIRPath writes it. http://hl7.org/fhirpath/N1/#string</summary>
internal static class Literal
{
    public static string Quote(string content, char delimiter)
    {
        var text = new StringBuilder(content.Length + 2).Append(delimiter);
        foreach (var c in content)
        {
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\f' => text.Append("\\f"),
                _ when c == delimiter => text.Append('\\').Append(c),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        return text.Append(delimiter).ToString();
    }
}
