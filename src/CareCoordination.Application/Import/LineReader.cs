namespace CareCoordination.Application.Import;

/// <summary>Splits NDJSON into lines. https://hl7.org/fhir/R4/nd-json.html</summary>
internal sealed class LineReader(Stream stream, int maxBytes)
{
    private readonly ReadBuffer _buffer = new(stream, maxBytes);

    /// <summary>The next line that is not blank; null at the end.</summary>
    public byte[]? Next()
    {
        while (true)
        {
            var end = _buffer.Unread.IndexOf((byte)'\n');
            if (end < 0 && !_buffer.IsFinal)
            {
                _buffer.Fill();
                continue;
            }

            if (end < 0 && _buffer.Unread.IsEmpty)
                return null;
            var line = end < 0 ? _buffer.Unread : _buffer.Unread[..end];
            var bytes = line.Trim(" \t\r"u8).ToArray();
            _buffer.Consume(end < 0 ? line.Length : end + 1);
            if (bytes.Length > 0)
                return bytes;
        }
    }
}
