using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CareCoordination.Hl7v2.Messages;

/// <summary>What became of some bytes: the message, or the fault; the head in both cases, as far as it could be read.</summary>
public sealed record ReadMessage(MessageHead Head, Hl7Message? Message, Hl7Fault? Fault);

/// <summary>
/// Reads a message. Forgiving where hospitals differ (ends of lines, blank lines, separators, a byte order mark, segments and fields that
/// nobody knows), strict where a guess could change what it says. In time linear in its length. HL7 v2.8, chapter 2.
/// </summary>
/// <param name="characters">The character set of a message that names none in MSH-18.</param>
public sealed class MessageReader(CharacterSet characters, Hl7Limits? limits = null)
{
    private static readonly Hl7Place Header = new(SegmentName.Header);
    private static readonly Hl7Place CharacterSetField = new(SegmentName.Header, Field: 18);

    /// <summary>Bytes of an MSH segment that are looked at where nothing else is.</summary>
    private const int LongestHead = 8 * 1024;

    private readonly Hl7Limits _limits = limits ?? Hl7Limits.Default;

    public ReadMessage Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _limits.MaxBytes)
        {
            var most = _limits.MaxBytes.ToString(CultureInfo.InvariantCulture);
            var fault = new Hl7Fault(ErrorCode.ValueTooLong, Header, $"The message is longer than {most} bytes.");
            return Refused(fault, HeadOf(bytes));
        }

        var (marked, length) = ByteOrderMark(bytes);
        var body = bytes[length..];
        marked ??= Wide(body);
        if (!TryReadHead(FirstLine(body, marked), marked ?? characters, out var head, out var wrong))
            return Refused(wrong);
        if (!TryChoose(head, marked, out var chosen, out wrong))
            return Refused(wrong, head);
        return chosen.TryDecode(body, out var text, out var offset)
            ? ReadText(text, chosen)
            : Refused(BadBytes.Fault(chosen, body, offset, length), head);
    }

    /// <summary>The head of a message that is not read further, from its beginning alone.</summary>
    public MessageHead HeadOf(ReadOnlySpan<byte> bytes)
    {
        var (marked, length) = ByteOrderMark(bytes);
        var body = bytes[length..Math.Min(bytes.Length, length + LongestHead)];
        marked ??= Wide(body);
        return TryReadHead(FirstLine(body, marked), marked ?? characters, out var head, out _)
            ? head with
            {
                Characters = CharacterSet.Ascii,
            }
            : MessageHead.Unreadable;
    }

    private ReadMessage ReadText(string text, CharacterSet chosen)
    {
        // Once more, as the separators may be letters that the first look had no character set for.
        if (!TryReadHead(FirstLine(text), chosen, out var head, out var fault))
            return Refused(fault);
        var segments = new SegmentSplitter(new Reading(head.Delimiters, chosen), _limits);
        return segments.TrySplit(text, out var found, out fault)
            ? new ReadMessage(head, new Hl7Message(head, found), Fault: null)
            : new ReadMessage(head, Message: null, fault);
    }

    private static bool TryReadHead(
        string line,
        CharacterSet characters,
        [NotNullWhen(true)] out MessageHead? head,
        [NotNullWhen(false)] out Hl7Fault? fault
    )
    {
        head = null;
        if (!line.StartsWith(SegmentName.Header, StringComparison.Ordinal))
        {
            fault = NoHeader(line);
            return false;
        }

        if (!Delimiters.TryRead(line, out var delimiters, out fault))
            return false;
        var reading = new Reading(delimiters, characters);
        head = MessageHead.Of(new Hl7Segment(line, occurrence: 1, reading), reading);
        return true;
    }

    private static Hl7Fault NoHeader(string line)
    {
        if (line.Length >= 3 && SegmentName.IsEnvelope(line.AsSpan(0, 3)))
            return SegmentSplitter.Batch(new Hl7Place(line[..3]));
        return new Hl7Fault(
            ErrorCode.SegmentSequence,
            Header,
            line.Length == 0 ? "The message is empty."
                : line.StartsWith(SegmentName.Header, StringComparison.OrdinalIgnoreCase)
                    ? "The names of segments are written in upper case: MSH."
                : "A message begins with an MSH segment."
        );
    }

    private bool TryChoose(
        MessageHead head,
        CharacterSet? marked,
        [NotNullWhen(true)] out CharacterSet? chosen,
        [NotNullWhen(false)] out Hl7Fault? fault
    )
    {
        fault = null;
        chosen = marked;
        if (chosen is not null)
            return true;
        var name = FirstOf(head);
        if (name.Length == 0)
        {
            chosen = characters;
            return true;
        }

        if (CharacterSets.TryFind(name, out chosen) && !chosen.IsWide)
            return true;
        fault = new Hl7Fault(
            ErrorCode.TableValueNotFound,
            CharacterSetField,
            chosen is not null
                ? "The message is not in the character set that it names: its letters have one byte."
                : $"This character set is not known. Known are {string.Join(", ", CharacterSets.Names)}."
        );
        chosen = null;
        return false;
    }

    /// <summary>The first repetition is the set of the message; further ones are for parts within escapes, which stay as they are.</summary>
    private static string FirstOf(MessageHead head) =>
        Reading.Part(head.CharacterSetName, head.Delimiters.Repetition, 1).Trim().ToString();

    private static (CharacterSet? Set, int Length) ByteOrderMark(ReadOnlySpan<byte> bytes) =>
        bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (CharacterSet.Utf8, 3),
            [0xFE, 0xFF, ..] => (CharacterSet.Utf16BigEndian, 2),
            [0xFF, 0xFE, ..] => (CharacterSet.Utf16LittleEndian, 2),
            _ => (null, 0),
        };

    /// <summary>Letters of two bytes are seen from the zeros beside the letters of MSH.</summary>
    private static CharacterSet? Wide(ReadOnlySpan<byte> bytes) =>
        bytes switch
        {
            [0, (byte)'M', 0, (byte)'S', 0, (byte)'H', ..] => CharacterSet.Utf16BigEndian,
            [(byte)'M', 0, (byte)'S', 0, (byte)'H', 0, ..] => CharacterSet.Utf16LittleEndian,
            _ => null,
        };

    private string FirstLine(ReadOnlySpan<byte> bytes, CharacterSet? marked)
    {
        if (marked is { IsWide: true })
            return FirstLine(marked.TryDecode(bytes, out var all, out var wrong) ? all : Before(marked, bytes, wrong));
        bytes = bytes[(bytes.Length - bytes.TrimStart(" \t\r\n"u8).Length)..];
        var end = bytes.IndexOfAny((byte)'\r', (byte)'\n');
        var line = end < 0 ? bytes : bytes[..end];
        if (!(marked ?? characters).TryDecode(line, out var text, out _))
            CharacterSets.Latin1.TryDecode(line, out text, out _);
        return text!;
    }

    private static string Before(CharacterSet marked, ReadOnlySpan<byte> bytes, int wrong) =>
        marked.TryDecode(bytes[..wrong], out var text, out _) ? text : "";

    private static string FirstLine(string text)
    {
        var start = text.AsSpan().TrimStart(" \t\r\n");
        var end = start.IndexOfAny('\r', '\n');
        return (end < 0 ? start : start[..end]).ToString();
    }

    private static ReadMessage Refused(Hl7Fault fault, MessageHead? head = null) =>
        new((head ?? MessageHead.Unreadable) with { Characters = CharacterSet.Ascii }, Message: null, fault);
}
