using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CareCoordination.Hl7v2.Messages;

/// <summary>How the bytes of a message are letters: a row of HL7 table 0211. Bytes that are none are an error, never a question mark.</summary>
public sealed class CharacterSet
{
    internal const char None = '\uFFFD';

    private readonly Encoding? _encoding;

    /// <summary>What each byte is, for the sets that have one byte for a letter.</summary>
    private readonly string? _letters;

    private CharacterSet(string name, Encoding? encoding, string? letters)
    {
        Name = name;
        _encoding = encoding;
        _letters = letters;
    }

    /// <summary>As MSH-18 has it.</summary>
    public string Name { get; }

    public static CharacterSet Ascii { get; } = OfLetters("ASCII", b => b < 0x80 ? (char)b : None);

    public static CharacterSet Utf8 { get; } = new("UNICODE UTF-8", encoding: null, letters: null);

    public static CharacterSet Utf16LittleEndian { get; } =
        new("UNICODE UTF-16", new UnicodeEncoding(bigEndian: false, byteOrderMark: false), letters: null);

    public static CharacterSet Utf16BigEndian { get; } =
        new("UNICODE UTF-16", new UnicodeEncoding(bigEndian: true, byteOrderMark: false), letters: null);

    /// <summary>True for the sets whose letters have two bytes or four: they are known by their first bytes, before MSH-18 is read.</summary>
    public bool IsWide => _encoding is not null;

    internal static CharacterSet OfLetters(string name, Func<byte, char> letter) =>
        new(
            name,
            encoding: null,
            string.Create(
                256,
                letter,
                static (letters, letter) =>
                {
                    for (var i = 0; i < letters.Length; i++)
                        letters[i] = letter((byte)i);
                }
            )
        );

    /// <summary>The text, or the offset of the first byte that is no letter.</summary>
    public bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text, out int offset)
    {
        if (_letters is not null)
            return TryDecodeLetters(bytes, _letters, out text, out offset);
        return _encoding is not null
            ? TryDecodeUtf16(bytes, _encoding, out text, out offset)
            : TryDecodeUtf8(bytes, out text, out offset);
    }

    /// <summary>The bytes; a letter that the set does not have becomes a question mark, as in answers of ours.</summary>
    public byte[] Encode(string text)
    {
        if (_letters is null)
            return (_encoding ?? Encoding.UTF8).GetBytes(text);
        var bytes = new byte[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            var index = text[i] == None ? -1 : _letters.IndexOf(text[i], StringComparison.Ordinal);
            bytes[i] = index < 0 ? (byte)'?' : (byte)index;
        }

        return bytes;
    }

    public override string ToString() => Name;

    private static bool TryDecodeLetters(
        ReadOnlySpan<byte> bytes,
        string letters,
        [NotNullWhen(true)] out string? text,
        out int offset
    )
    {
        var buffer = new char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
            buffer[i] = letters[bytes[i]];
        offset = Array.IndexOf(buffer, None);
        text = offset < 0 ? new string(buffer) : null;
        return text is not null;
    }

    private static bool TryDecodeUtf8(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text, out int offset)
    {
        var buffer = new char[bytes.Length];
        var status = System.Text.Unicode.Utf8.ToUtf16(
            bytes,
            buffer,
            out offset,
            out var written,
            replaceInvalidSequences: false
        );
        text = status == OperationStatus.Done ? new string(buffer, 0, written) : null;
        return text is not null;
    }

    private static bool TryDecodeUtf16(
        ReadOnlySpan<byte> bytes,
        Encoding encoding,
        [NotNullWhen(true)] out string? text,
        out int offset
    )
    {
        text = null;
        offset = bytes.Length / 2 * 2;
        if (offset != bytes.Length)
            return false;
        // What is no letter is decoded as a mark, which is looked for then.
        var chars = encoding.GetString(bytes);
        for (var i = 0; i < chars.Length; i++)
        {
            if (chars[i] != None)
                continue;
            offset = i * 2;
            return false;
        }

        text = chars;
        return true;
    }
}
