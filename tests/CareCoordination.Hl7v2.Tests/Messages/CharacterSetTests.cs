using System.Text;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Tests.Messages;

/// <summary>MSH-18, HL7 table 0211.</summary>
public sealed class CharacterSetTests
{
    /// <summary>A letter of each set that none of its neighbours has at the same byte.</summary>
    public static TheoryData<string, int, string> Letters =>
        new()
        {
            { "8859/1", 0xE9, "é" },
            { "8859/2", 0xB3, "ł" },
            { "8859/3", 0xA1, "Ħ" },
            { "8859/4", 0xAB, "Ģ" },
            { "8859/5", 0xC0, "Р" },
            { "8859/6", 0xC7, "ا" },
            { "8859/7", 0xE1, "α" },
            { "8859/8", 0xE0, "א" },
            { "8859/9", 0xDD, "İ" },
            { "8859/10", 0xBD, "―" },
            { "8859/11", 0xA1, "ก" },
            { "8859/13", 0xF9, "ł" },
            { "8859/14", 0xA1, "Ḃ" },
            { "8859/15", 0xA4, "€" },
            { "ISO-8859-15", 0xA4, "€" },
            { "iso8859/1", 0xA4, "¤" },
            { "WINDOWS-1252", 0x80, "€" },
            { "cp1252", 0x80, "€" },
        };

    [Theory]
    [MemberData(nameof(Letters))]
    public void Reads_the_letters_of_the_set_that_the_message_names(string set, int letter, string expected)
    {
        byte[] bytes =
        [
            .. Encoding.ASCII.GetBytes($"MSH|^~\\&||||||||||||||||{set}~UNICODE UTF-8\rPID|1||||"),
            (byte)letter,
            (byte)'\r',
        ];
        Assert.Equal(set + "~UNICODE UTF-8", Encoding.ASCII.GetString(bytes).Split('|', '\r')[17]);

        var message = new MessageReader(CharacterSet.Utf8).Read(bytes).Message!;

        Assert.Equal(expected, message["PID-5"].Text);
        Assert.Equal([(byte)letter], message.Head.Characters.Encode(expected));
    }

    [Theory]
    [InlineData("UNICODE UTF-8")]
    [InlineData("UTF-8")]
    [InlineData("utf8")]
    [InlineData("UNICODE")]
    [InlineData("")]
    public void Reads_UTF_8(string name) =>
        Assert.Equal(
            "Łucja 李 👩",
            new MessageReader(CharacterSet.Utf8)
                .Read(Encoding.UTF8.GetBytes($"MSH|^~\\&||||||||||||||||{name}\rPID|Łucja 李 👩"))
                .Message!["PID-1"]
                .Text
        );

    [Theory]
    [InlineData(true, true, "UNICODE UTF-16")]
    [InlineData(true, false, "UNICODE UTF-16")]
    [InlineData(false, true, "UNICODE UTF-16")]
    [InlineData(false, false, "UNICODE UTF-16")]
    [InlineData(false, false, "")]
    [InlineData(true, false, "")]
    public void Reads_UTF_16_with_and_without_a_byte_order_mark(bool isBigEndian, bool isMarked, string name)
    {
        var encoding = new UnicodeEncoding(isBigEndian, isMarked);
        byte[] bytes =
        [
            .. encoding.GetPreamble(),
            .. encoding.GetBytes($"MSH|^~\\&||||||||||||||||{name}\rPID|Łucja 李 👩"),
        ];

        Assert.Equal("Łucja 李 👩", new MessageReader(CharacterSet.Ascii).Read(bytes).Message!["PID-1"].Text);
    }

    public static TheoryData<string, string, int, int> Wrong =>
        new()
        {
            { "ASCII", "PID|1||1||M", 0xFC, 11 },
            { "UNICODE UTF-8", "PID|1||1||M", 0xFC, 11 },
            { "8859/3", "PID|1||1||M", 0xA5, 11 },
            { "8859/7", "PID|1||1||M", 0xD2, 11 },
            { "8859/11", "PID|1||1||M", 0xDB, 11 },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Names_the_segment_and_the_byte_of_what_is_no_letter(string set, string before, int wrong, int offset)
    {
        var head = $"MSH|^~\\&||||||||55||||||||{set}\r";
        byte[] bytes = [.. Encoding.ASCII.GetBytes($"{head}PID|0\r{before}"), (byte)wrong, (byte)'r', (byte)'\r'];

        var read = new MessageReader(CharacterSet.Utf8).Read(bytes);

        Assert.Equal((ErrorCode.DataType, "PID(2)"), (read.Fault!.Code, read.Fault.Place.ToString()));
        Assert.StartsWith(
            $"Byte {head.Length + 6 + offset} of the message, byte {offset} of its segment, is no letter of {set}.",
            read.Fault.Sentence,
            StringComparison.Ordinal
        );
        Assert.Equal("55", read.Head.ControlId);
    }

    [Fact]
    public void An_offset_in_a_segment_is_counted_in_bytes_not_in_letters()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes("MSH|^~\\&|\rPID|üü"), 0xC3, (byte)'x'];

        Assert.Contains(
            "Byte 18 of the message, byte 8 of its segment",
            new MessageReader(CharacterSet.Utf8).Read(bytes).Fault!.Sentence,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Half_a_letter_at_the_end_and_half_a_pair_are_no_letters()
    {
        Assert.NotNull(new MessageReader(CharacterSet.Utf8).Read([.. "MSH|^~\\&|A\rPID|"u8, 0xE2, 0x82]).Fault);
        var utf16 = Encoding.Unicode.GetBytes("MSH|^~\\&|A\rPID|x");
        Assert.NotNull(new MessageReader(CharacterSet.Utf8).Read(utf16.AsSpan(0, utf16.Length - 1)).Fault);
        byte[] pair = [.. utf16, 0x00, 0xD8, (byte)'x', 0];
        Assert.Contains(
            "Byte 32 of the message",
            new MessageReader(CharacterSet.Utf8).Read(pair).Fault!.Sentence,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("8859/12", "This character set is not known. Known are ASCII, 8859/1,")]
    [InlineData("KLINGON", "This character set is not known. Known are ASCII, 8859/1,")]
    [InlineData("UNICODE UTF-16", "The message is not in the character set that it names")]
    public void Refuses_a_set_that_it_cannot_read_by(string name, string sentence)
    {
        var fault = Text.Fault($"MSH|^~\\&||||||||||||||||{name}\rPID|1");

        Assert.Equal((ErrorCode.TableValueNotFound, "MSH-18"), (fault.Code, fault.Place.ToString()));
        Assert.StartsWith(sentence, fault.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sender_says_what_a_message_is_in_that_says_nothing()
    {
        byte[] bytes = [.. "MSH|^~\\&|A\rPID|Andr"u8, 0xE9];
        Assert.True(CharacterSets.TryFind("8859/1", out var latin));

        Assert.Equal("André", new MessageReader(latin).Read(bytes).Message!["PID-1"].Text);
        Assert.NotNull(new MessageReader(CharacterSet.Utf8).Read(bytes).Fault);
    }

    [Fact]
    public void Every_name_that_a_refusal_lists_can_be_used() =>
        Assert.All(CharacterSets.Names, name => Assert.True(CharacterSets.TryFind(name, out _)));

    [Fact]
    public void Every_set_reads_what_it_writes()
    {
        foreach (var name in CharacterSets.Names)
        {
            Assert.True(CharacterSets.TryFind(name, out var set));
            for (var b = 0; b < 256; b++)
            {
                if (set.TryDecode([(byte)b], out var letter, out _))
                    Assert.Equal([(byte)b], set.Encode(letter));
            }
        }
    }

    [Fact]
    public void A_letter_that_a_set_does_not_have_becomes_a_question_mark_in_answers() =>
        Assert.Equal("a?b"u8.ToArray(), CharacterSet.Ascii.Encode("a€b"));
}
