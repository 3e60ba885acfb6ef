using System.Text;
using CareCoordination.Hl7v2.Acknowledgements;
using CareCoordination.Hl7v2.Messages;
using CareCoordination.Hl7v2.Tests.Messages;

namespace CareCoordination.Hl7v2.Tests.Acknowledgements;

/// <summary>HL7 v2.8, 2.9.2 and 2.9.3: what a message is answered with.</summary>
public sealed class AnswersTests
{
    private static readonly AnswerStamp Stamp = new(
        new DateTimeOffset(2026, 3, 1, 12, 30, 5, TimeSpan.FromHours(-6)),
        "C123"
    );

    private static readonly Hl7Fault NoAssigner = new(
        ErrorCode.UnknownKeyIdentifier,
        Hl7Place.Parse("PID-3.4"),
        "The assigner is not known: add it to the profile of the sender."
    );

    private static readonly Hl7Fault NoDate = new(ErrorCode.DataType, Hl7Place.Parse("DG1(2)-5"), "This is no date.");

    private static readonly Hl7Fault NotTaken = new(
        ErrorCode.UnsupportedEventCode,
        Hl7Place.Parse("MSH-9.2"),
        "The event is not taken."
    );

    private static readonly Hl7Fault Trouble = new(ErrorCode.InternalError, Hl7Place.Parse("MSH"), "Send it again.");

    /// <summary>MSH-15, MSH-16, and the codes that answer what was taken, refused by the application with AE and AR, and not accepted.</summary>
    public static TheoryData<string, string, string, string, string, string, string> Modes =>
        new()
        {
            { "", "", "AA", "AE", "AR", "AE", "AR" },
            { "\"\"", "\"\"", "AA", "AE", "AR", "AE", "AR" },
            { "AL", "AL", "CA AA", "CA AE", "CA AR", "CE", "CR" },
            { "AL", "NE", "CA", "CE", "CR", "CE", "CR" },
            { "AL", "", "CA", "CE", "CR", "CE", "CR" },
            { "AL", "ER", "CA", "CA AE", "CA AR", "CE", "CR" },
            { "AL", "SU", "CA AA", "CE", "CR", "CE", "CR" },
            { "NE", "AL", "AA", "AE", "AR", "AE", "AR" },
            { "", "AL", "AA", "AE", "AR", "AE", "AR" },
            { "NE", "ER", "", "AE", "AR", "AE", "AR" },
            { "NE", "SU", "AA", "", "", "", "" },
            { "NE", "NE", "", "", "", "", "" },
            { "NE", "", "", "", "", "", "" },
            { "ER", "AL", "AA", "AE", "AR", "CE", "CR" },
            { "ER", "NE", "", "CE", "CR", "CE", "CR" },
            { "ER", "ER", "", "AE", "AR", "CE", "CR" },
            { "SU", "AL", "CA AA", "CA AE", "CA AR", "AE", "AR" },
            { "SU", "NE", "CA", "", "", "", "" },
            { "SU", "SU", "CA AA", "", "", "", "" },
            { "al", "ne", "CA", "CE", "CR", "CE", "CR" },
            { "XX", "NE", "CA", "CE", "CR", "CE", "CR" },
        };

    [Theory]
    [MemberData(nameof(Modes))]
    public void Answers_as_MSH_15_and_MSH_16_ask(
        string accept,
        string application,
        string taken,
        string error,
        string reject,
        string notAccepted,
        string notTaken
    )
    {
        var head = Text.Read($"MSH|^~\\&|A|B|C|D|20260301||ADT^A01|7|P|2.5.1|||{accept}|{application}").Head;

        Assert.Equal(taken, Codes(Verdict.Taken));
        Assert.Equal(error, Codes(Verdict.Refused(NoAssigner)));
        Assert.Equal(reject, Codes(Verdict.Refused(Trouble)));
        Assert.Equal(notAccepted, Codes(Verdict.NotAccepted(NoDate)));
        Assert.Equal(notTaken, Codes(Verdict.NotAccepted(NoDate, NotTaken)));

        string Codes(Verdict verdict)
        {
            var codes = Answers.Codes(head, verdict);
            var written = Answers.To(head, verdict, Stamp).Select(a => Text.Message(Utf8(a)).First("MSA")![1].Text);
            Assert.Equal(codes, written);
            return string.Join(' ', codes);
        }
    }

    [Theory]
    [InlineData("ACK^A01^ACK")]
    [InlineData("ACK")]
    [InlineData("MCF^A01")]
    public void An_answer_is_not_answered(string type) =>
        Assert.Empty(
            Answers.To(Text.Read($"MSH|^~\\&|A|B|C|D|||{type}|7|P|2.5").Head, Verdict.Refused(NotTaken), Stamp)
        );

    [Fact]
    public void Says_that_a_message_was_taken()
    {
        Assert.Equal(
            "MSH|^~\\&|CARE|HUB|ADT^1.2.3^ISO|NORTH&1|20260301123005-0600||ACK^A01^ACK|C123|T|2.5.1||||||8859/1\rMSA|AA|7\\T\\7\r",
            Single(
                "MSH|^~\\&|ADT^1.2.3^ISO|NORTH&1|CARE|HUB|20260301||ADT^A01^ADT_A01|7\\T\\7|T|2.5.1^USA|||||US|8859/1",
                Verdict.Taken
            )
        );
    }

    /// <summary>The form of an answer by MSH-12.</summary>
    public static TheoryData<string, string> Versions =>
        new()
        {
            {
                "2.1",
                "MSH|^~\\&|C|D|A|B|20260301123005||ACK|C123|P|2.1\r"
                    + "MSA|AE|7|PID-3.4: The assigner is not known: add it to the profile of the sender.\r"
                    + "ERR|PID^1^3^204&Unknown key identifier&HL70357~DG1^2^5^102&Data type error&HL70357\r"
            },
            {
                "2.2",
                "MSH|^~\\&|C|D|A|B|20260301123005||ACK^A03|C123|P|2.2\r"
                    + "MSA|AE|7|PID-3.4: The assigner is not known: add it to the profile of the sender.|||204^Unknown key identifier^HL70357\r"
                    + "ERR|PID^1^3^204&Unknown key identifier&HL70357~DG1^2^5^102&Data type error&HL70357\r"
            },
            {
                "2.3",
                "MSH|^~\\&|C|D|A|B|20260301123005-0600||ACK^A03|C123|P|2.3\r"
                    + "MSA|AE|7|PID-3.4: The assigner is not known: add it to the profile of the sender.|||204^Unknown key identifier^HL70357\r"
                    + "ERR|PID^1^3^204&Unknown key identifier&HL70357~DG1^2^5^102&Data type error&HL70357\r"
            },
            {
                "2.3.1",
                "MSH|^~\\&|C|D|A|B|20260301123005-0600||ACK^A03^ACK|C123|P|2.3.1\r"
                    + "MSA|AE|7|PID-3.4: The assigner is not known: add it to the profile of the sender.|||204^Unknown key identifier^HL70357\r"
                    + "ERR|PID^1^3^204&Unknown key identifier&HL70357~DG1^2^5^102&Data type error&HL70357\r"
            },
            {
                "2.4",
                "MSH|^~\\&|C|D|A|B|20260301123005-0600||ACK^A03^ACK|C123|P|2.4\r"
                    + "MSA|AE|7|PID-3.4: The assigner is not known: add it to the profile of the sender.|||204^Unknown key identifier^HL70357\r"
                    + "ERR|PID^1^3^204&Unknown key identifier&HL70357~DG1^2^5^102&Data type error&HL70357\r"
            },
            { "2.5", New("2.5", "PID-3.4: The assigner is not known: add it to the profile of the sender.") },
            { "2.5.1", New("2.5.1", "PID-3.4: The assigner is not known: add it to the profile of the sender.") },
            { "2.6", New("2.6", "PID-3.4: The assigner is not known: add it to the profile of the sender.") },
            { "2.7", New("2.7", "") },
            { "2.7.1", New("2.7.1", "") },
            { "2.8", New("2.8", "") },
            { "2.8.2", New("2.8.2", "") },
            { "3", New("3", "") },
            { "2.x", New("2.x", "") },
            { "", New("2.5.1", "PID-3.4: The assigner is not known: add it to the profile of the sender.") },
        };

    [Theory]
    [MemberData(nameof(Versions))]
    public void Tells_what_is_wrong_in_the_form_of_the_version(string version, string answer) =>
        Assert.Equal(
            answer,
            Single($"MSH|^~\\&|A|B|C|D|20260301||ADT^A03|7|P|{version}", Verdict.Refused(NoAssigner, NoDate))
        );

    private static string New(string version, string text) =>
        $"MSH|^~\\&|C|D|A|B|20260301123005-0600||ACK^A03^ACK|C123|P|{version}\r"
        + $"MSA|AE|7{(text.Length > 0 ? "|" : "")}{text}\r"
        + "ERR||PID^1^3^1^4|204^Unknown key identifier^HL70357|E||||PID-3.4: The assigner is not known: add it to the profile of the sender.\r"
        + "ERR||DG1^2^5^1|102^Data type error^HL70357|E||||DG1(2)-5: This is no date.\r";

    private static readonly Verdict Remarked = Verdict.Taken with
    {
        Remarks =
        [
            new Remark(Hl7Place.Parse("PV1-20"), "This field has no place in the FHIR message.", IsWarning: false),
            new Remark(Hl7Place.Parse("PV1(1)-44"), "The earlier of two hours is taken.", IsWarning: true),
        ],
    };

    [Theory]
    [InlineData("2.1", false)]
    [InlineData("2.3", false)]
    [InlineData("2.3.1", false)]
    [InlineData("2.4", false)]
    [InlineData("2.5", true)]
    [InlineData("2.5.1", true)]
    [InlineData("2.6", true)]
    [InlineData("2.7", true)]
    [InlineData("2.8.2", true)]
    public void What_is_to_be_said_about_a_taken_message_has_its_severity_where_an_ERR_has_one(
        string version,
        bool isSaid
    )
    {
        var answer = Single($"MSH|^~\\&|A|B|C|D|20260301||ADT^A03|7|P|{version}", Remarked);

        Assert.Contains("\rMSA|AA|7\r", answer, StringComparison.Ordinal);
        Assert.Equal(
            isSaid
                ?
                [
                    "ERR||PV1^1^20^1|0^Message accepted^HL70357|I||||PV1-20: This field has no place in the FHIR message.",
                    "ERR||PV1^1^44^1|0^Message accepted^HL70357|W||||PV1-44: The earlier of two hours is taken.",
                ]
                : (string[])[],
            answer.Split('\r').Where(l => l.StartsWith("ERR", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("AL", "AL", 0, 2)]
    [InlineData("AL", "NE", 0, -1)]
    [InlineData("NE", "AL", 2, -1)]
    [InlineData("NE", "SU", 2, -1)]
    [InlineData("", "", 2, -1)]
    public void It_is_said_to_the_application_and_to_nobody_else(
        string accept,
        string application,
        int first,
        int second
    )
    {
        var answers = Answers
            .To(
                Text.Read($"MSH|^~\\&|A|B|C|D|20260301||ADT^A03|7|P|2.5.1|||{accept}|{application}").Head,
                Remarked,
                Stamp
            )
            .Select(a => Utf8(a).Split('\r').Count(l => l.StartsWith("ERR", StringComparison.Ordinal)));

        Assert.Equal(second < 0 ? [first] : [first, second], answers);
    }

    [Theory]
    [InlineData(20, 20)]
    [InlineData(21, 20)]
    [InlineData(500, 20)]
    public void Of_many_remarks_an_answer_has_the_first_twenty(int count, int said)
    {
        var many = Verdict.Taken with
        {
            Remarks = [.. Enumerable.Range(1, count).Select(i => new Remark(Hl7Place.Parse($"ZPV-{i}"), "x", false))],
        };

        var errors = Single("MSH|^~\\&|A|B|C|D|20260301||ADT^A03|7|P|2.6", many)
            .Split('\r')
            .Where(l => l.StartsWith("ERR", StringComparison.Ordinal))
            .ToList();

        Assert.Equal(said, errors.Count);
        Assert.StartsWith("ERR||ZPV^1^1^1|", errors[0], StringComparison.Ordinal);
        Assert.StartsWith("ERR||ZPV^1^20^1|", errors[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_message_is_answered_with_its_faults_alone()
    {
        var refused = Verdict.Refused(NoAssigner) with { Remarks = Remarked.Remarks };

        var errors = Single("MSH|^~\\&|A|B|C|D|20260301||ADT^A03|7|P|2.6", refused)
            .Split('\r')
            .Where(l => l.StartsWith("ERR", StringComparison.Ordinal));

        Assert.StartsWith("ERR||PID^1^3^1^4|204^", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void In_enhanced_mode_the_fault_stands_in_the_second_answer()
    {
        var answers = Answers
            .To(
                Text.Read("MSH|^~\\&|A|B|C|D|20260301||ADT^A03|7|P|2.5.1|||AL|AL").Head,
                Verdict.Refused(NoAssigner),
                Stamp
            )
            .Select(Utf8)
            .ToList();

        Assert.Equal(2, answers.Count);
        Assert.Equal("MSH|^~\\&|C|D|A|B|20260301123005-0600||ACK^A03^ACK|C123C|P|2.5.1\rMSA|CA|7\r", answers[0]);
        Assert.StartsWith(
            "MSH|^~\\&|C|D|A|B|20260301123005-0600||ACK^A03^ACK|C123|P|",
            answers[1],
            StringComparison.Ordinal
        );
        Assert.Contains("\rMSA|AE|7|", answers[1], StringComparison.Ordinal);
        Assert.Contains("\rERR||PID^1^3^1^4|", answers[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#$%!@", "MSH#$%!@#C#D#A#B#", "ERR##PID$1$3$1$4#204$Unknown key identifier$HL70357#E####")]
    [InlineData("|^~\\&#", "MSH|^~\\&#|C|D|A|B|", "ERR||PID^1^3^1^4|204^Unknown key identifier^HL70357|E||||")]
    [InlineData("|^", "MSH|^~\\&|C|D|A|B|", "ERR||PID^1^3^1^4|")]
    [InlineData("^~", "MSH^~\\&!^C^D^A^B^", "ERR^^PID~1~3~1~4^")]
    public void Answers_in_the_separators_of_the_message(string separators, string head, string error)
    {
        var f = separators[0];
        var answer = Single(
            $"MSH{separators}{f}A{f}B{f}C{f}D{f}{f}{f}ADT{separators[1]}A03{f}7{f}P{f}2.5.1",
            Verdict.Refused(NoAssigner)
        );

        Assert.StartsWith(head, answer, StringComparison.Ordinal);
        Assert.Contains("\r" + error, answer, StringComparison.Ordinal);
        Assert.Equal("AE", Text.Message(answer)["MSA-1"].Text);
        Assert.Equal(NoAssigner.ToString(), Text.Message(answer)["ERR-8"].Text);
    }

    [Fact]
    public void Escapes_in_its_sentences_what_separates()
    {
        var fault = NoDate with { Sentence = "Write '|' and '^~\\&'." };
        var answer = Single("MSH|^~\\&|A|B|C|D|20260301||ADT^A03|7|P|2.7", Verdict.Refused(fault));

        Assert.EndsWith("|DG1(2)-5: Write '\\F\\' and '\\S\\\\R\\\\E\\\\T\\'.\r", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_what_cannot_be_read_at_all()
    {
        var read = Text.Read("GET / HTTP/1.1");

        Assert.Equal(
            "MSH|^~\\&|||||20260301123005-0600||ACK|C123|P|2.5.1\rMSA|AE||MSH: A message begins with an MSH segment.\r"
                + "ERR||MSH^1|100^Segment sequence error^HL70357|E||||MSH: A message begins with an MSH segment.\r",
            Utf8(Assert.Single(Answers.To(read.Head, Verdict.NotAccepted(read.Fault!), Stamp)))
        );
    }

    [Theory]
    [InlineData("8859/1")]
    [InlineData("UNICODE UTF-8")]
    [InlineData("8859/15")]
    public void Answers_in_the_character_set_of_the_message(string name)
    {
        Assert.True(CharacterSets.TryFind(name, out var set));
        var bytes = set.Encode($"MSH|^~\\&|Köln|B|C|D|||ADT^A03|7|P|2.5.1||||||{name}");
        var answer = Answers.To(new MessageReader(CharacterSet.Ascii).Read(bytes).Head, Verdict.Taken, Stamp)[0];

        var read = new MessageReader(CharacterSet.Ascii).Read(answer).Message!;

        Assert.Equal("Köln", read["MSH-5"].Text);
        Assert.Equal(name, read["MSH-18"].Text);
    }

    [Fact]
    public void Answers_UTF_16_in_UTF_16()
    {
        var bytes = Encoding.Unicode.GetBytes("MSH|^~\\&|Łódź|B|C|D|||ADT^A03|7|P|2.5.1||||||UNICODE UTF-16");
        var answer = Answers.To(new MessageReader(CharacterSet.Ascii).Read(bytes).Head, Verdict.Taken, Stamp)[0];

        Assert.Equal("Łódź", new MessageReader(CharacterSet.Ascii).Read(answer).Message!["MSH-5"].Text);
    }

    [Fact]
    public void An_answer_to_wrong_bytes_is_in_ASCII_and_names_no_other_set()
    {
        byte[] bytes = [.. "MSH|^~\\&|K"u8, 0xF6, .. "ln|B|C|D|||ADT^A03|7|P|2.5.1||||||UNICODE UTF-8\rPID|"u8, 0xFC];
        var read = new MessageReader(CharacterSet.Utf8).Read(bytes);
        var answer = Answers.To(read.Head, Verdict.NotAccepted(read.Fault!), Stamp)[0];

        Assert.Equal(-1, answer.AsSpan().IndexOfAnyInRange((byte)0x80, (byte)0xFF));
        var message = Text.Message(Utf8(answer));
        Assert.Equal("K?ln", message["MSH-5"].Text);
        Assert.Equal("", message["MSH-18"].Text);
        Assert.Equal("102", message["ERR-3"].Text);
    }

    [Fact]
    public void What_a_header_holds_cannot_end_a_frame_or_a_segment_of_the_answer()
    {
        var answer = Single("MSH|^~\\&|A\u001c|B\u000b|C|D|||ADT^A\u001c03|7\u001c\t7|P\0|2.5.1\u001c", Verdict.Taken);

        Assert.Equal(2, answer.Count(char.IsControl));
        Assert.Equal("77", Text.Message(answer)["MSA-2"].Text);
    }

    [Fact]
    public void Every_code_has_its_words()
    {
        Assert.All(Enum.GetValues<ErrorCode>(), code => Assert.NotEmpty(ErrorCodes.Text(code)));
        Assert.Equal(
            Enum.GetValues<ErrorCode>().Length,
            Enum.GetValues<ErrorCode>().Select(ErrorCodes.Text).Distinct().Count()
        );
    }

    private static string Single(string message, Verdict verdict) =>
        Utf8(Assert.Single(Answers.To(Text.Read(message).Head, verdict, Stamp)));

    private static string Utf8(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
