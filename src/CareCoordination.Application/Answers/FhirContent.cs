using System.Buffers;
using System.IO.Pipelines;

namespace CareCoordination.Application.Answers;

/// <summary>A body: JSON of one resource, at hand or made while it is sent.</summary>
public abstract class FhirContent
{
    /// <summary>Bytes where known beforehand.</summary>
    public virtual int? Length => null;

    public abstract ValueTask WriteAsync(PipeWriter output, CancellationToken cancellationToken);

    public abstract ReadOnlyMemory<byte> ToUtf8Json();
}

/// <summary>Bytes that are sent as they are.</summary>
public sealed class BytesContent(ReadOnlyMemory<byte> utf8Json) : FhirContent
{
    public override int? Length => utf8Json.Length;

    public override ValueTask WriteAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        output.Write(utf8Json.Span);
        return ValueTask.CompletedTask;
    }

    public override ReadOnlyMemory<byte> ToUtf8Json() => utf8Json;
}
