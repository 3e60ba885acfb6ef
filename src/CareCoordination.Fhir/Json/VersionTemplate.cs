using System.Globalization;
using System.Text;

namespace CareCoordination.Fhir.Json;

/// <summary>
/// A resource ready to be stored but for its version and time, which are known only once the write has its turn:
/// the bytes before and after <c>"versionId":"...","lastUpdated":"..."</c>.
/// </summary>
public sealed record VersionTemplate(ReadOnlyMemory<byte> Before, ReadOnlyMemory<byte> After)
{
    /// <summary>The stored JSON of this version. <paramref name="lastUpdated"/> is written in UTC with milliseconds.</summary>
    public byte[] Stamp(int version, DateTimeOffset lastUpdated)
    {
        var meta = Encoding.ASCII.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"\"versionId\":\"{version}\",\"lastUpdated\":\"{lastUpdated.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fff}Z\""
            )
        );
        var bytes = new byte[Before.Length + meta.Length + After.Length];
        Before.Span.CopyTo(bytes);
        meta.CopyTo(bytes.AsSpan(Before.Length));
        After.Span.CopyTo(bytes.AsSpan(Before.Length + meta.Length));
        return bytes;
    }
}
