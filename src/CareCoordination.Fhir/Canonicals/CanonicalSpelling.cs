using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace CareCoordination.Fhir.Canonicals;

/// <summary>
/// Spells the canonicals of this server with another base, in any text: JSON, XML, a query. Only whole canonicals of the list are
/// touched, so that a base which is also an address of resources stays one. Slashes that JSON escapes and characters that a URL escapes
/// are understood, and what is written in their place is escaped alike.
/// </summary>
/// <param name="from">The base as it stands in the text, an absolute address.</param>
/// <param name="to">The base to be written.</param>
/// <param name="own">The canonicals after their base, as <c>CodeSystem/care-role</c>.</param>
public sealed class CanonicalSpelling(string from, string to, IReadOnlyCollection<string> own)
{
    private const int NotEnough = -1;
    private const int None = 0;

    private readonly byte[] _from = Encoding.UTF8.GetBytes(from);
    private readonly byte[] _scheme = Encoding.UTF8.GetBytes(from[..from.IndexOf(':', StringComparison.Ordinal)]);
    private readonly byte[] _to = Encoding.UTF8.GetBytes(to);
    private readonly byte[] _toInJson = Encoding.UTF8.GetBytes(to.Replace("/", "\\/", StringComparison.Ordinal));
    private readonly byte[] _toInUrl = Encoding.UTF8.GetBytes(Uri.EscapeDataString(to));
    private readonly FrozenSet<string> _own = own.ToFrozenSet(StringComparer.Ordinal);
    private readonly int _longest = own.Select(o => o.Length).Max();

    public string Respell(string text) => Encoding.UTF8.GetString(Respell(Encoding.UTF8.GetBytes(text)).Span);

    /// <summary>The same bytes where there is nothing to respell.</summary>
    public ReadOnlyMemory<byte> Respell(ReadOnlyMemory<byte> text)
    {
        if (text.Span.IndexOf(_scheme) < 0)
            return text;
        var output = new ArrayBufferWriter<byte>(text.Length + 256);
        Respell(text.Span, isLast: true, output);
        return output.WrittenMemory;
    }

    /// <summary>Writes as much of a text as can be told without what follows it.</summary>
    /// <returns>How much of it was read; the rest is to be brought again, with more.</returns>
    public int Respell(ReadOnlySpan<byte> text, bool isLast, IBufferWriter<byte> output)
    {
        var (written, at) = (0, 0);
        while (true)
        {
            var found = text[at..].IndexOf(_scheme);
            if (found < 0)
            {
                at = isLast ? text.Length : text.Length - BegunAtEnd(text[at..]);
                break;
            }

            at += found;
            var length = Match(text[at..], isLast, out var spelled);
            if (length == NotEnough)
                break;
            if (length == None)
            {
                at++;
                continue;
            }

            output.Write(text[written..at]);
            output.Write(spelled);
            written = at += length;
        }

        output.Write(text[written..at]);
        return at;
    }

    /// <summary>How many of the last bytes may be the beginning of a base.</summary>
    private int BegunAtEnd(ReadOnlySpan<byte> text)
    {
        var length = Math.Min(text.Length, _scheme.Length - 1);
        while (length > 0 && !_scheme.AsSpan().StartsWith(text[^length..]))
            length--;
        return length;
    }

    /// <summary>How long the base of a canonical at the beginning of the text is.</summary>
    private int Match(ReadOnlySpan<byte> text, bool isLast, out byte[] spelled)
    {
        spelled = _to;
        var at = 0;
        foreach (var expected in _from)
        {
            var (character, length) = Next(text[at..], isLast);
            if (length == 0)
                return isLast ? None : NotEnough;
            if (character != expected)
                return None;
            spelled =
                length == 3 ? _toInUrl
                : length == 2 ? _toInJson
                : spelled;
            at += length;
        }

        return IsOwn(text[at..], isLast) switch
        {
            true => at,
            false => None,
            null => NotEnough,
        };
    }

    /// <summary>Whether a slash, a canonical of the list and its end follow. Null: that can be told with more only.</summary>
    private bool? IsOwn(ReadOnlySpan<byte> text, bool isLast)
    {
        Span<char> name = stackalloc char[_longest + 2];
        for (var length = 0; length < name.Length; )
        {
            var (character, read) = Next(text, isLast);
            if (read == 0 && !isLast)
                return null;
            if (read == 0 || !IsOfName((char)character))
                return length > 1
                    && name[0] == '/'
                    && _own.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name[1..length]);
            name[length++] = (char)character;
            text = text[read..];
        }

        return false;
    }

    private static bool IsOfName(char character) => character is '/' or '-' || char.IsAsciiLetterOrDigit(character);

    /// <summary>The next character, whether it is escaped or not. No length: it is not there, or not all of it.</summary>
    private static (byte Character, int Length) Next(ReadOnlySpan<byte> text, bool isLast) =>
        text switch
        {
            [] => default,
            [(byte)'\\', (byte)'/', ..] => ((byte)'/', 2),
            [(byte)'\\'] when !isLast => default,
            [(byte)'%', _, _, ..]
                when byte.TryParse(text[1..3], NumberStyles.AllowHexSpecifier, null, out var escaped) => (escaped, 3),
            [(byte)'%', ..] when text.Length < 3 && !isLast => default,
            [var plain, ..] => (plain, 1),
        };
}
