namespace CareCoordination.Hl7v2.Mllp;

/// <summary>A message in its frame.</summary>
public static class MllpFrames
{
    public static byte[] Wrap(ReadOnlySpan<byte> message)
    {
        var frame = new byte[message.Length + 3];
        frame[0] = MllpDecoder.Start;
        message.CopyTo(frame.AsSpan(1));
        frame[^2] = MllpDecoder.End;
        frame[^1] = MllpDecoder.Return;
        return frame;
    }
}
