namespace CareCoordination.Fhir.Json;

/// <summary>Lays JSON out for people: <c>_pretty=true</c>. https://hl7.org/fhir/R4/http.html#parameters</summary>
public static class PrettyPrinter
{
    /// <summary>
    /// The same JSON with one property or item a line, indented by two spaces. Strings and numbers keep their bytes. The
    /// text must be well-formed.
    /// </summary>
    public static byte[] Indent(ReadOnlySpan<byte> json)
    {
        var output = new Utf8Output(json.Length * 2);
        var depth = 0;
        for (var i = 0; i < json.Length; i++)
        {
            switch (json[i])
            {
                case (byte)'"':
                    var length = StringLength(json[i..]);
                    output.Add(json.Slice(i, length));
                    i += length - 1;
                    break;
                case (byte)'{' or (byte)'[':
                    output.Add(json[i]);
                    if (NextIsClosing(json[(i + 1)..], out var whitespace))
                    {
                        i += whitespace + 1;
                        output.Add(json[i]);
                    }
                    else
                    {
                        NewLine(++depth, ref output);
                    }

                    break;
                case (byte)'}' or (byte)']':
                    NewLine(--depth, ref output);
                    output.Add(json[i]);
                    break;
                case (byte)',':
                    output.Add((byte)',');
                    NewLine(depth, ref output);
                    break;
                case (byte)':':
                    output.Add(": "u8);
                    break;
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                    break;
                default:
                    output.Add(json[i]);
                    break;
            }
        }

        return output.ToArray();
    }

    private static int StringLength(ReadOnlySpan<byte> text)
    {
        var i = 1;
        while (text[i] != (byte)'"')
            i += text[i] == (byte)'\\' ? 2 : 1;
        return i + 1;
    }

    private static bool NextIsClosing(ReadOnlySpan<byte> text, out int whitespace)
    {
        whitespace = text.IndexOfAnyExcept(" \t\r\n"u8);
        return whitespace >= 0 && text[whitespace] is (byte)'}' or (byte)']';
    }

    private static void NewLine(int depth, ref Utf8Output output)
    {
        output.Add((byte)'\n');
        for (var i = 0; i < depth; i++)
            output.Add("  "u8);
    }
}
