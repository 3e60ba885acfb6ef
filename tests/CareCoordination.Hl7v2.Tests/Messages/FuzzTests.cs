using System.Text;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Tests.Messages;

/// <summary>Whatever comes in is read or refused with a place and a sentence; nothing throws, and nothing is lost of what is read.</summary>
public sealed class FuzzTests
{
    private const string Seed =
        "MSH|^~\\&|ADT|NORTH|CARE|HUB|202603011200||ADT^A01^ADT_A01|77|P|2.5.1|||AL|AL||8859/1\r"
        + "PID|1||1^^^NORTH^MR~2^^^STATE^SS||Doe^Jane||19500101|F|||1 Main St^^Springfield^IL^62701\r"
        + "PV1|1|I|4W^412^B||||1^Who^A|||MED||||1||||V1|\"\"|||||||||||||||||||||||||202603011100\r"
        + "OBX|1|TX|note||a\\.br\\b\\X41\\\\F\\||||||F\rZZZ|x\r";

    [Fact]
    public void Bytes_that_were_changed_anywhere_are_read_or_refused()
    {
        var random = new Random(4711);
        byte[] interesting = [0, 7, 10, 11, 13, 28, 32, 34, 38, 92, 94, 124, 126, 127, 128, 194, 195, 226, 254, 255];
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Encoding.Latin1.GetBytes(Seed).ToList();
            for (var change = random.Next(1, 8); change > 0 && bytes.Count > 0; change--)
            {
                var at = random.Next(bytes.Count);
                var value = interesting[random.Next(interesting.Length)];
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] = value;
                        break;
                    case 1:
                        bytes.Insert(at, value);
                        break;
                    case 2:
                        bytes.RemoveRange(at, Math.Min(random.Next(30), bytes.Count - at));
                        break;
                    default:
                        bytes.InsertRange(at, bytes.Take(random.Next(40)).ToList());
                        break;
                }
            }

            Check(new MessageReader(CharacterSet.Utf8).Read(bytes.ToArray()));
        }
    }

    [Fact]
    public void Bytes_without_any_order_are_read_or_refused()
    {
        var random = new Random(815);
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (round % 2 == 0)
                bytes = [.. "MSH|^~\\&|"u8, .. bytes];
            Check(new MessageReader(CharacterSets.Latin1).Read(bytes));
        }
    }

    /// <summary>What would take time or memory by the square of its length. The test ends at once, or not within the patience of anybody.</summary>
    [Theory]
    [InlineData("|")]
    [InlineData("\\")]
    [InlineData("\\F")]
    [InlineData("\\.sp99\\")]
    [InlineData("x\\ ")]
    [InlineData("\r\n \t\r")]
    public void What_grows_grows_no_faster_than_the_message(string piece)
    {
        var limits = new Hl7Limits { MaxFields = int.MaxValue };
        var text = "MSH|^~\\&|A\rZZZ|" + string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));

        var read = Text.Read(text, limits);

        Assert.Null(read.Fault);
        Assert.True(read.Message!["ZZZ-1"].Text.Length <= text.Length * 20);
    }

    private static void Check(ReadMessage read)
    {
        Assert.NotNull(read.Head);
        if (read.Message is not { } message)
        {
            Assert.NotEmpty(read.Fault!.Sentence);
            Assert.Equal(3, read.Fault.Place.Segment.Length);
            return;
        }

        Assert.Null(read.Fault);
        foreach (var segment in message.Segments)
        {
            for (var field = 1; field <= segment.Count; field++)
            {
                foreach (var repetition in segment.Repetitions(field))
                    Walk(repetition);
            }
        }

        var again = new MessageReader(message.Head.Characters).Read(message.Head.Characters.Encode(message.ToString()));
        Assert.Equal(message.ToString(), again.Message?.ToString());
    }

    private static void Walk(Hl7Value value)
    {
        Assert.NotNull(value.Text);
        if (value.Place.Subcomponent > 0)
            return;
        for (var part = 1; part <= value.Count; part++)
            Walk(value[part]);
    }
}
