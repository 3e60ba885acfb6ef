using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Application.Answers;

/// <summary>A body that is no resource, in a media type of its own, made while it is sent.</summary>
public abstract class RowsContent : FhirContent
{
    public abstract string MediaType { get; }

    /// <summary>Whose data its beginning shows; whoever writes the rest tells the audit trail before.</summary>
    public abstract ImmutableArray<string> Patients { get; init; }

    public sealed override ReadOnlyMemory<byte> ToUtf8Json() =>
        throw new NotSupportedException("Rows are written while they are sent, and are no resource.");
}

/// <summary>Rows cannot be gone on with, and some may be sent already.</summary>
public sealed class BrokenRowsException(Failure failure)
    : Exception(string.Join(' ', failure.Issues.Select(issue => issue.Diagnostics)))
{
    public Failure Failure { get; } = failure;
}
