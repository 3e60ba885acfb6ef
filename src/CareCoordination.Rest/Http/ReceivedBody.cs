using System.Buffers;

namespace CareCoordination.Rest.Http;

/// <summary>A body on its way in: what is there of it so far, out of the buffers that it came in.</summary>
/// <param name="announced">The length that the client has announced, within the limits; null: it will be seen.</param>
internal sealed class ReceivedBody(long? announced)
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, Length);

    public void Append(ReadOnlySequence<byte> piece)
    {
        var length = Length + (int)piece.Length;
        if (length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(length, (int)(announced ?? Math.Min(Array.MaxLength, length * 2L))));
        piece.CopyTo(_bytes.AsSpan(Length));
        Length = length;
    }
}
