using System.Globalization;

namespace CareCoordination.Hl7v2.Mllp;

/// <summary>
/// Finds the frames in bytes that come in pieces: 0x0B, the message, 0x1C 0x0D. MLLP release 1; HL7 v2.8 implementation guide, appendix C.
/// A line may have line ends between frames, and a frame may end with 0x1C alone where the next begins or the line ends: some engines do.
/// </summary>
public sealed class MllpDecoder(MllpLimits limits)
{
    public const byte Start = 0x0B;
    public const byte End = 0x1C;
    public const byte Return = 0x0D;

    /// <summary>More than an ADT message has: a line that had a long one gives the memory back.</summary>
    private const int Kept = 64 * 1024;

    private byte[] _bytes = [];
    private int _length;
    private int _garbage;
    private State _state = State.Between;

    private enum State
    {
        Between,
        Inside,

        /// <summary>Behind an 0x1C that ends the frame if an 0x0D follows.</summary>
        AtEnd,

        /// <summary>Inside of a frame that is too long.</summary>
        Skipping,

        /// <summary>The same, behind an 0x1C.</summary>
        SkippingAtEnd,
        GivenUp,
    }

    /// <summary>Bytes held: never more than the limit.</summary>
    public int Held => _bytes.Length;

    /// <summary>Takes bytes until there is something to tell. Call it again with what was not taken.</summary>
    public MllpItem? Take(ReadOnlySpan<byte> bytes, out int taken)
    {
        for (taken = 0; taken < bytes.Length; )
        {
            if (Step(bytes[taken..], ref taken) is { } item)
                return item;
        }

        return null;
    }

    /// <summary>The line has ended: what is open is told, once.</summary>
    public MllpItem? Complete()
    {
        var state = _state;
        _state = State.GivenUp;
        return state switch
        {
            State.AtEnd => new MllpItem(TakeBytes()),
            State.Inside => Cut("The line ended inside a frame: the message is not whole."),
            State.Between when _garbage > 0 => Garbage(),
            _ => null,
        };
    }

    private MllpItem? Step(ReadOnlySpan<byte> bytes, ref int taken)
    {
        switch (_state)
        {
            case State.Between:
                return StepBetween(bytes[0], ref taken);
            case State.Inside:
                return StepInside(bytes, ref taken);
            case State.AtEnd:
                return StepAtEnd(bytes[0], ref taken);
            case State.Skipping or State.SkippingAtEnd:
                StepSkipping(bytes, ref taken);
                return null;
            default:
                taken += bytes.Length;
                return null;
        }
    }

    private MllpItem? StepBetween(byte next, ref int taken)
    {
        if (next == Start)
        {
            if (_garbage > 0)
                return Garbage();
            taken++;
            _state = State.Inside;
            return null;
        }

        taken++;
        if (next is Return or (byte)'\n' || ++_garbage <= limits.MaxGarbage)
            return null;
        _state = State.GivenUp;
        return new MllpItem(
            default,
            MllpFaultKind.NoFrames,
            $"More than {Number(limits.MaxGarbage)} bytes without an 0x0B: this is no line of MLLP."
        );
    }

    private MllpItem? StepInside(ReadOnlySpan<byte> bytes, ref int taken)
    {
        var run = bytes.IndexOfAny(Start, End);
        run = run < 0 ? bytes.Length : run;
        var kept = Math.Min(run, limits.MaxBytes - _length);
        Keep(bytes[..kept]);
        taken += kept;
        if (kept < run)
            return TooLong();
        if (run == bytes.Length)
            return null;
        taken++;
        if (bytes[run] == Start)
            return Cut("A frame begins inside a frame: the first is not whole.");
        _state = State.AtEnd;
        return null;
    }

    private MllpItem? StepAtEnd(byte next, ref int taken)
    {
        if (next is Return or Start)
        {
            taken += next == Return ? 1 : 0;
            _state = State.Between;
            return new MllpItem(TakeBytes());
        }

        // No end of a frame: the byte is of the message, whose reader says what it thinks of it.
        if (_length == limits.MaxBytes)
            return TooLong();
        Keep([End]);
        _state = State.Inside;
        return null;
    }

    private void StepSkipping(ReadOnlySpan<byte> bytes, ref int taken)
    {
        if (_state == State.SkippingAtEnd)
        {
            _state = bytes[0] is Return or Start ? State.Between : State.Skipping;
            taken += bytes[0] == Return ? 1 : 0;
            return;
        }

        var end = bytes.IndexOfAny(Start, End);
        var isEnd = end >= 0 && bytes[end] == End;
        taken += end < 0 ? bytes.Length : end + (isEnd ? 1 : 0);
        _state =
            end < 0 ? State.Skipping
            : isEnd ? State.SkippingAtEnd
            : State.Between;
    }

    private MllpItem TooLong()
    {
        _state = State.Skipping;
        return new MllpItem(
            TakeBytes(),
            MllpFaultKind.TooLong,
            $"The message is longer than {Number(limits.MaxBytes)} bytes."
        );
    }

    private MllpItem Cut(string sentence) => new(TakeBytes(), MllpFaultKind.Truncated, sentence);

    private MllpItem Garbage()
    {
        var count = _garbage;
        _garbage = 0;
        return new MllpItem(
            default,
            MllpFaultKind.Garbage,
            $"{Number(count)} bytes between frames belong to no message: a frame begins with 0x0B and ends with 0x1C 0x0D."
        );
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var needed = _length + bytes.Length;
        if (needed > _bytes.Length)
            Array.Resize(
                ref _bytes,
                (int)Math.Min(Math.Max(needed, _bytes.Length * 2L), Math.Max(needed, limits.MaxBytes))
            );
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length = needed;
    }

    private ReadOnlyMemory<byte> TakeBytes()
    {
        var bytes = _bytes.AsSpan(0, _length).ToArray();
        _length = 0;
        if (_bytes.Length > Kept)
            _bytes = [];
        return bytes;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
