using CareCoordination.Application.Answers;
using MediatR;

namespace CareCoordination.Application.Requests;

/// <summary>
/// One FHIR interaction asked for, as a value that is complete and valid: over HTTP or from a Bundle entry, it is the same.
/// https://hl7.org/fhir/R4/http.html#summary
/// </summary>
/// <param name="Code">As a CapabilityStatement names it (<c>read</c>, <c>search-type</c>), or an operation's <c>$name</c>.</param>
/// <param name="ResourceType">Null for the whole system.</param>
/// <param name="Id">Null for a whole type.</param>
public abstract record FhirInteraction(string Code, string? ResourceType, string? Id) : IRequest<FhirResponse>
{
    /// <summary>The criteria by which something is looked for, for the audit trail and nowhere else; null: there are none.</summary>
    public virtual string? SearchedBy => null;

    /// <summary>
    /// True for a question whose answer is put together from many reads: each of them finds what the caller may see. What changes something
    /// is decided by everything that is there.
    /// </summary>
    public virtual bool IsQuestion => false;

    /// <summary>True for an operation that changes something: it takes a scope that lets its caller change it.</summary>
    public virtual bool IsCommand => false;

    /// <summary>This with what has to be known before it is handled, read in its session.</summary>
    public virtual ValueTask<FhirInteraction> PrepareAsync(
        IServiceProvider session,
        CancellationToken cancellationToken
    ) => new(this);
}
