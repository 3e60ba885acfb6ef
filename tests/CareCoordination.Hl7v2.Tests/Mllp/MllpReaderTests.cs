using System.Text;
using CareCoordination.Hl7v2.Mllp;

namespace CareCoordination.Hl7v2.Tests.Mllp;

/// <summary>MLLP release 1: what stands on a line, however it comes in.</summary>
public sealed class MllpReaderTests
{
    private static readonly MllpLimits Small = new() { MaxBytes = 10, MaxGarbage = 5 };

    /// <summary>A line, with &lt; for 0x0B and &gt; for 0x1C, and what is told of it: frames, and faults with what was kept of them.</summary>
    public static TheoryData<string, string> Lines =>
        new()
        {
            { "", "" },
            { "\r\n\r", "" },
            { "<abc>\r", "abc" },
            { "<>\r", "-" },
            { "<abc>\r<def>\r", "abc|def" },
            { "<abc>\r\r\n<def>\r\n", "abc|def" },
            { "<abc><def>", "abc|def" },
            { "<a\rb\n>\r", "a\rb\n" },
            { "<a>b>\r", "a>b" },
            { "<a>>\r", "a>" },
            { "<a>>>\r", "a>>" },
            { "<abc", "Truncated(abc)" },
            { "<abc>", "abc" },
            { "<", "Truncated()" },
            { "<abc<def>\r", "Truncated(abc)|def" },
            { "<<def>\r", "Truncated()|def" },
            { "xyz<abc>\r", "Garbage()|abc" },
            { "<abc>\rxyz<def>\r", "abc|Garbage()|def" },
            { "<abc>\rxyz", "abc|Garbage()" },
            { "xy\r\nzuv<abc>\r", "Garbage()|abc" },
            { "xyzuvw<abc>\r", "NoFrames()" },
            { ">\r<abc>\r", "Garbage()|abc" },
            { "<0123456789>\r", "0123456789" },
            { "<0123456789x>\r<abc>\r", "TooLong(0123456789)|abc" },
            { "<0123456789xyzuvw>x>>\r<abc>\r", "TooLong(0123456789)|abc" },
            { "<0123456789x><abc>\r", "TooLong(0123456789)|abc" },
            { "<0123456789xyz<abc>\r", "TooLong(0123456789)|abc" },
            { "<0123456789xyz><abc>\r", "TooLong(0123456789)|abc" },
            { "<0123456789x", "TooLong(0123456789)" },
            { "<0123456789>x>\r<abc>\r", "TooLong(0123456789)|abc" },
        };

    /// <summary>Each line in one piece, byte by byte, and in pieces of two, three and five: what is told is the same.</summary>
    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Tells_the_same_however_the_bytes_come_in(string line, string expected)
    {
        var bytes = Bytes(line);
        foreach (var size in new[] { 1, 2, 3, 5, 1_000 })
        {
            var told = (await ReadAll(bytes, size, Small)).Select(Tell);

            Assert.Equal(expected, string.Join('|', told));
        }

        static string Tell(MllpItem item)
        {
            var text = Encoding.ASCII.GetString(item.Bytes.Span).Replace('\u001c', '>');
            Assert.Equal(item.IsFrame, item.Sentence is null);
            return item.IsFrame ? (text.Length == 0 ? "-" : text) : $"{item.Fault}({text})";
        }
    }

    [Fact]
    public async Task After_the_end_there_is_nothing_for_ever()
    {
        var reader = new MllpReader(new MemoryStream(Bytes("<abc")), Small);

        Assert.Equal(MllpFaultKind.Truncated, (await reader.ReadAsync(CancellationToken.None))!.Fault);
        Assert.Null(await reader.ReadAsync(CancellationToken.None));
        Assert.Null(await reader.ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Says_how_much_belonged_to_no_message()
    {
        var items = await ReadAll(Bytes("ab\rc<d>\r"), 100, Small);

        Assert.StartsWith("3 bytes between frames", items[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_wraps_is_read_again()
    {
        byte[] message = [.. "MSH|^~\\&|"u8, 0xC3, 0xBC, (byte)'\r'];

        var items = await ReadAll(MllpFrames.Wrap(message), 4, MllpLimits.Default);

        Assert.Equal(message, Assert.Single(items).Bytes.ToArray());
    }

    [Fact]
    public void Holds_no_more_than_the_longest_message_whatever_comes()
    {
        var limits = new MllpLimits { MaxBytes = 100_000 };
        var decoder = new MllpDecoder(limits);
        var piece = new byte[8_192];
        Array.Fill(piece, (byte)'x');
        decoder.Take([MllpDecoder.Start], out _);
        for (var i = 0; i < 2_000; i++)
        {
            for (var rest = piece.AsSpan(); !rest.IsEmpty; )
            {
                decoder.Take(rest, out var taken);
                rest = rest[taken..];
                Assert.InRange(decoder.Held, 0, limits.MaxBytes);
            }
        }
    }

    [Fact]
    public void Gives_the_memory_of_a_long_message_back()
    {
        var decoder = new MllpDecoder(MllpLimits.Default);
        var item = decoder.Take(MllpFrames.Wrap(new byte[1_000_000]), out _);

        Assert.Equal(1_000_000, item!.Bytes.Length);
        Assert.Equal(0, decoder.Held);
    }

    [Fact]
    public async Task Whatever_stands_on_a_line_every_whole_frame_of_it_is_found()
    {
        var random = new Random(42);
        byte[] letters = [(byte)'a', (byte)'\r', MllpDecoder.Start, MllpDecoder.End, MllpDecoder.Return, (byte)'|'];
        for (var round = 0; round < 3_000; round++)
        {
            var noise = Enumerable
                .Range(0, random.Next(12))
                .Select(_ => letters[random.Next(letters.Length)])
                .ToArray();
            // Two line ends close whatever the noise left open; the frame that follows must be found.
            byte[] line = [.. noise, MllpDecoder.End, MllpDecoder.Return, .. MllpFrames.Wrap("whole"u8)];

            var items = await ReadAll(line, 1 + random.Next(7), new MllpLimits { MaxBytes = 100, MaxGarbage = 100 });

            Assert.Equal("whole", Encoding.ASCII.GetString(items[^1].Bytes.Span));
        }
    }

    [Fact]
    public async Task Waits_for_what_is_not_there_yet_and_can_be_cancelled()
    {
        var pipe = new System.IO.Pipelines.Pipe();
        var reader = new MllpReader(pipe.Reader.AsStream(), Small);
        await pipe.Writer.WriteAsync(Bytes("<abc>\r<d"));

        Assert.Equal("abc", Encoding.ASCII.GetString((await reader.ReadAsync(CancellationToken.None))!.Bytes.Span));
        using var patience = new CancellationTokenSource();
        var next = reader.ReadAsync(patience.Token).AsTask();
        Assert.False(next.IsCompleted);
        await pipe.Writer.WriteAsync(Bytes("ef>\r"));
        Assert.Equal("def", Encoding.ASCII.GetString((await next)!.Bytes.Span));
        var last = reader.ReadAsync(patience.Token).AsTask();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => last);
    }

    private static byte[] Bytes(string line) =>
        Encoding.ASCII.GetBytes(line.Replace('<', '\u000b').Replace('>', '\u001c'));

    private static async Task<List<MllpItem>> ReadAll(byte[] bytes, int size, MllpLimits limits)
    {
        var reader = new MllpReader(new PieceStream(bytes, size), limits);
        var items = new List<MllpItem>();
        while (await reader.ReadAsync(CancellationToken.None) is { } item)
            items.Add(item);
        return items;
    }

    /// <summary>Gives at most so many bytes at once, as a line does.</summary>
    private sealed class PieceStream(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
