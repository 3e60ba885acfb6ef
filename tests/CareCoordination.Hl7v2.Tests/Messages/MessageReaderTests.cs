using System.Text;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Tests.Messages;

/// <summary>HL7 v2.8, chapter 2: what a message is, and where hospitals differ.</summary>
public sealed class MessageReaderTests
{
    private const string Head = "MSH|^~\\&|ADT|NORTH|CARE|HUB|20260301||ADT^A01^ADT_A01|77|P|2.5.1";

    [Theory]
    [InlineData("\r")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r\r")]
    [InlineData("\r \t\r\n\n")]
    public void Takes_each_end_of_a_segment_and_blank_lines(string end)
    {
        var message = Text.Message($"{Head}{end}EVN||202603011200{end}PID|1||123{end}");

        Assert.Equal(["MSH", "EVN", "PID"], message.Segments.Select(s => s.Name));
        Assert.Equal("123", message["PID-3"].Text);
    }

    [Fact]
    public void Takes_a_last_segment_without_an_end() =>
        Assert.Equal("1", Text.Message($"{Head}\rPID|1")["PID-1"].Text);

    [Theory]
    [InlineData("|^~\\&", '|', '^', '~', '\\', '&', null)]
    [InlineData("|^~\\&#", '|', '^', '~', '\\', '&', '#')]
    [InlineData("#$%!@", '#', '$', '%', '!', '@', null)]
    [InlineData("\t:;?*", '\t', ':', ';', '?', '*', null)]
    [InlineData("|^~\\", '|', '^', '~', '\\', null, null)]
    [InlineData("|^", '|', '^', null, null, null, null)]
    [InlineData("¦§±¬¶", '¦', '§', '±', '¬', '¶', null)]
    [InlineData("\u0001\u0002\u0003\u0004\u0005", '\u0001', '\u0002', '\u0003', '\u0004', '\u0005', null)]
    public void Reads_with_the_separators_that_the_message_names(
        string separators,
        char field,
        char? component,
        char? repetition,
        char? escape,
        char? subcomponent,
        char? truncation
    )
    {
        var f = separators[0];
        var message = Text.Message($"MSH{separators}{f}A{f}B\rPID{f}1{component}2{f}x{subcomponent}y{repetition}z");

        Assert.Equal(
            new Delimiters(field, component, repetition, escape, subcomponent, truncation),
            message.Head.Delimiters
        );
        Assert.Equal(separators[1..], message["MSH-2"].Text);
        Assert.Equal(f.ToString(), message["MSH-1"].Text);
        Assert.Equal("A", message["MSH-3"].Text);
        Assert.Equal("1", message["PID-1.1"].Text);
        if (component is not null)
            Assert.Equal("2", message["PID-1.2"].Text);
        if (repetition is not null)
            Assert.Equal("z", message["PID-2(2)"].Text);
        Assert.Equal("x", subcomponent is null && repetition is null ? "x" : message["PID-2.1.1"].Text[..1]);
    }

    [Theory]
    [InlineData("MSH", "MSH-1")]
    [InlineData("MSHx^~\\&|A", "MSH-1")]
    [InlineData("MSH1^~\\&|A", "MSH-1")]
    [InlineData("MSH ^~\\&|A", "MSH-1")]
    [InlineData("MSH|", "MSH-2")]
    [InlineData("MSH||ADT", "MSH-2")]
    [InlineData("MSH|^~\\&#!|ADT", "MSH-2")]
    [InlineData("MSH|^^\\&|ADT", "MSH-2")]
    [InlineData("MSH|^~\"&|ADT", "MSH-2")]
    [InlineData("MSH|^~ &|ADT", "MSH-2")]
    public void Refuses_separators_that_can_separate_nothing(string head, string place)
    {
        var fault = Text.Fault(head);

        Assert.Equal(place, fault.Place.ToString());
        Assert.NotEmpty(fault.Sentence);
    }

    [Theory]
    [InlineData("", "The message is empty.")]
    [InlineData("   \r\n ", "The message is empty.")]
    [InlineData("PID|1", "A message begins with an MSH segment.")]
    [InlineData("{\"resourceType\":\"Bundle\"}", "A message begins with an MSH segment.")]
    [InlineData("msh|^~\\&|ADT", "The names of segments are written in upper case: MSH.")]
    [InlineData("Msh|^~\\&|ADT", "The names of segments are written in upper case: MSH.")]
    public void Refuses_what_begins_otherwise(string text, string sentence)
    {
        var read = Text.Read(text);

        Assert.Equal(new Hl7Fault(ErrorCode.SegmentSequence, new Hl7Place("MSH"), sentence), read.Fault);
        Assert.Equal(MessageHead.Unreadable, read.Head);
    }

    [Theory]
    [InlineData("pid|1||1", "Segment 2 is called 'pid': the names of segments are written in upper case.")]
    [InlineData("Pid|1||1", "Segment 2 is called 'Pid': the names of segments are written in upper case.")]
    [InlineData("zx1|1", "Segment 2 is called 'zx1': the names of segments are written in upper case.")]
    [InlineData("PID^1||1", "Segment 2 does not begin with a name of three letters")]
    [InlineData("1ID|1||1", "Segment 2 does not begin with a name of three letters")]
    [InlineData("PI", "Segment 2 does not begin with a name of three letters")]
    [InlineData(" PID|1", "Segment 2 does not begin with a name of three letters")]
    [InlineData("lives with her sister", "Segment 2 does not begin with a name of three letters")]
    public void Refuses_a_segment_without_a_name(string line, string sentence)
    {
        var read = Text.Read($"{Head}\r{line}\r");

        Assert.Equal(ErrorCode.SegmentSequence, read.Fault!.Code);
        Assert.StartsWith(sentence, read.Fault.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("sister", read.Fault.Sentence, StringComparison.Ordinal);
        Assert.Equal("77", read.Head.ControlId);
    }

    [Fact]
    public void Keeps_segments_that_nobody_knows_and_all_their_fields()
    {
        var text = $"{Head}\rZPI|1|a^b&c~d|\\Zab\\\rPID|1\rZZZ\rPID|2\r";
        var message = Text.Message(text);

        Assert.Equal(text, message.ToString());
        Assert.Equal(["ZPI", "PID", "ZZZ", "PID"], message.Segments.Skip(1).Select(s => s.Name));
        Assert.Equal([1, 1, 1, 2], message.Segments.Skip(1).Select(s => s.Occurrence));
        Assert.Equal("c", message["ZPI-2.2.2"].Text);
        Assert.Equal("2", message["PID(2)-1"].Text);
        Assert.Equal(0, message.First("ZZZ")!.Count);
    }

    [Fact]
    public void Tells_an_empty_value_from_one_that_shall_be_deleted()
    {
        var message = Text.Message($"{Head}\rPID|1||\"\"|\"\"^x|\"\"&y|a~\"\"|\"\"\"|\r");

        Assert.True(message["PID-3"].IsDelete);
        Assert.Equal("", message["PID-3"].Text);
        Assert.False(message["PID-2"].IsDelete);
        Assert.True(message["PID-2"].IsEmpty);
        Assert.False(message["PID-4"].IsDelete);
        Assert.True(message["PID-4.1"].IsDelete);
        Assert.Equal("x", message["PID-4.2"].Text);
        Assert.True(message["PID-5.1.1"].IsDelete);
        Assert.True(message["PID-6(2)"].IsDelete);
        Assert.Equal("\"\"\"", message["PID-7"].Text);
        Assert.False(message["PID-99"].IsDelete);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("\"\"", false)]
    [InlineData("^^^", false)]
    [InlineData("^&^", false)]
    [InlineData("a", true)]
    [InlineData("^a", true)]
    [InlineData("^&a", true)]
    public void Knows_whether_there_is_anything_to_read(string value, bool hasText) =>
        Assert.Equal(hasText, Text.Message($"{Head}\rPID|{value}")["PID-1"].HasText);

    [Fact]
    public void A_value_with_more_parts_than_one_knows_is_its_first()
    {
        var message = Text.Message($"{Head}\rPID|a&b^c~d|");

        Assert.Equal("a", message["PID-1"].Text);
        Assert.Equal("a", message["PID-1.1"].Text);
        Assert.Equal("b", message["PID-1.1.2"].Text);
        Assert.Equal("a&b^c", message["PID-1"].Whole);
        Assert.Equal(2, message["PID-1"].Count);
        Assert.Equal(2, message["PID-1.1"].Count);
        Assert.Equal(1, message["PID-1.1.1"].Count);
        Assert.Equal(0, message["PID-2"].Count);
    }

    [Fact]
    public void Repetitions_have_their_numbers_also_behind_empty_ones()
    {
        var repetitions = Text.Message($"{Head}\rPID|||a~~b^x~").First("PID")!.Repetitions(3).ToList();

        Assert.Equal(["PID-3", "PID-3(3)"], repetitions.Select(r => r.Place.ToString()));
        Assert.Equal(["a", "b"], repetitions.Select(r => r.Text));
        Assert.Equal("PID-3(3).2", repetitions[1][2].Place.ToString());
    }

    [Theory]
    [InlineData("FHS|^~\\&|A\rBHS|^~\\&|A\rMSH|^~\\&|A\rBTS|1\rFTS|1\r", "FHS")]
    [InlineData("BHS|^~\\&|A\rMSH|^~\\&|A\rBTS|1\r", "BHS")]
    [InlineData("MSH|^~\\&|A\rBTS|1\r", "BTS")]
    [InlineData("MSH|^~\\&|A\rFTS|1\r", "FTS")]
    public void Refuses_batches_with_what_to_do_instead(string text, string place)
    {
        var fault = Text.Fault(text);

        Assert.Equal((ErrorCode.UnsupportedMessageType, place), (fault.Code, fault.Place.ToString()));
        Assert.Contains("send each message by itself", fault.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_second_message_behind_the_first()
    {
        var fault = Text.Fault($"{Head}\rPID|1\r{Head}\r");

        Assert.Equal("MSH(2): A second message begins here: send each by itself.", fault.ToString());
    }

    [Fact]
    public void Bounds_everything_that_grows()
    {
        var limits = new Hl7Limits
        {
            MaxBytes = 500,
            MaxSegments = 3,
            MaxFields = 20,
            MaxRepetitions = 4,
            MaxComponents = 5,
        };

        Assert.Null(Text.Read($"{Head}\rPID|1\rPV1|1", limits).Fault);
        Assert.Equal("ZZZ: The message has more than 3 segments.", Tell($"{Head}\rPID|1\rPV1|1\rZZZ|1"));
        Assert.Null(Text.Read($"{Head}\rPID{new string('|', 20)}", limits).Fault);
        Assert.Equal("PID: The segment has more than 20 fields.", Tell($"{Head}\rPID{new string('|', 21)}"));
        Assert.Null(Text.Read($"{Head}\rPID||{new string('~', 3)}", limits).Fault);
        Assert.Equal("PID-2: The field has more than 4 repetitions.", Tell($"{Head}\rPID||{new string('~', 4)}"));
        Assert.Null(Text.Read($"{Head}\rPID||^^^^~^&&^", limits).Fault);
        Assert.Equal("PID-2: The field has more than 5 components.", Tell($"{Head}\rPID||^^&&^"));
        Assert.Equal("MSH: The message is longer than 500 bytes.", Tell($"{Head}\rPID|{new string('x', 500)}"));

        Assert.Equal("77", Text.Read($"{Head}\rPID|{new string('x', 500)}", limits).Head.ControlId);

        string Tell(string text) => Text.Fault(text, limits).ToString();
    }

    [Fact]
    public void A_long_field_is_read_whole()
    {
        var value = new string('x', 3_000_000);

        Assert.Equal(value, Text.Message($"{Head}\rOBX|1|ED|||{value}")["OBX-5"].Text);
    }

    [Fact]
    public void Keeps_the_head_of_what_it_refuses_so_that_it_can_be_answered()
    {
        var read = Text.Read(
            "MSH|^~\\&|ADT^1.2^ISO|NORTH|CARE|HUB|20260301||ADT^A01^ADT_A01|7\\T\\7|P^T|2.5.1|||AL|NE||8859/15\rpid|1"
        );

        Assert.NotNull(read.Fault);
        Assert.Equal(
            read.Head with
            {
                Delimiters = Delimiters.Standard,
                SendingApplication = "ADT^1.2^ISO",
                SendingFacility = "NORTH",
                ReceivingApplication = "CARE",
                ReceivingFacility = "HUB",
                MessageCode = "ADT",
                TriggerEvent = "A01",
                ControlId = "7\\T\\7",
                ProcessingId = "P^T",
                Version = "2.5.1",
                AcceptAcknowledgement = "AL",
                ApplicationAcknowledgement = "NE",
                CharacterSetName = "8859/15",
            },
            read.Head
        );
    }

    [Fact]
    public void A_byte_order_mark_is_no_letter_of_the_message()
    {
        var bytes = Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes($"{Head}\rPID|Grüß")).ToArray();

        Assert.Equal("Grüß", new MessageReader(CharacterSet.Ascii).Read(bytes).Message!["PID-1"].Text);
    }
}
