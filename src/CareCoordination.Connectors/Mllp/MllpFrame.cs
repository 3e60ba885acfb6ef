namespace CareCoordination.Connectors.Mllp;

/// <summary>
/// The frame of a message on a line: 0x0B, the message, 0x1C 0x0D.
/// https://www.hl7.org/documentcenter/public/wg/inm/mllp_transport_specification.PDF
/// </summary>
internal static class MllpFrame
{
    private const byte Start = 0x0B;
    private const byte End = 0x1C;
    private const byte Return = 0x0D;
    private const int LongestAnswer = 256 * 1024;

    public static async ValueTask WriteAsync(Stream line, ReadOnlyMemory<byte> message, CancellationToken cancel)
    {
        var frame = new byte[message.Length + 3];
        frame[0] = Start;
        message.CopyTo(frame.AsMemory(1));
        frame[^2] = End;
        frame[^1] = Return;
        await line.WriteAsync(frame, cancel);
        await line.FlushAsync(cancel);
    }

    /// <summary>The next message; bytes outside of frames are passed over.</summary>
    /// <exception cref="IOException">The line ended, or the message is longer than any acknowledgement.</exception>
    public static async ValueTask<byte[]> ReadAsync(Stream line, CancellationToken cancel)
    {
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        var inside = false;
        var ended = false;
        while (true)
        {
            var read = await line.ReadAsync(buffer, cancel);
            if (read == 0)
                throw new EndOfStreamException();
            foreach (var b in buffer.AsSpan(0, read))
            {
                if (ended && b == Return)
                    return message.ToArray();
                if (!inside)
                    inside = b == Start;
                else if (b == End)
                    ended = true;
                else
                    message.WriteByte(b);
                if (message.Length > LongestAnswer)
                    throw new InvalidDataException("The answer is longer than any acknowledgement.");
            }
        }
    }
}
