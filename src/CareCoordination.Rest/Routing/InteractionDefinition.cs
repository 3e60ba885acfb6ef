using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Routing;

public delegate Result<FhirInteraction> ParseInteraction(InteractionRequest request, FhirDefinitions definitions);

/// <summary>Where a Bundle entry with this interaction may stand.</summary>
public enum BundleUse
{
    None,
    Batch,
    BatchAndTransaction,
}

/// <summary>One row of the <see cref="InteractionTable"/>.</summary>
/// <param name="Method">The HTTP method; GET rows answer HEAD too.</param>
/// <param name="Template">Below the base: literals and the variables <c>{type}</c>, <c>{id}</c>, <c>{vid}</c>.</param>
/// <param name="Code">As a CapabilityStatement names it, or an operation's <c>$name</c>.</param>
/// <param name="Parse">From the parts of a request to the interaction, or to the reason why not.</param>
public sealed record InteractionDefinition(string Method, string Template, string Code, ParseInteraction Parse)
{
    public BundleUse Bundles { get; init; } = BundleUse.BatchAndTransaction;

    /// <summary>The conditions it may depend on; all others are refused.</summary>
    public ConditionKinds Conditions { get; init; }

    /// <summary>The parameters of its URL, all others being refused; null where it reads them itself.</summary>
    public ImmutableArray<string>? Parameters { get; init; }

    /// <summary>True where the body is a form, not a resource.</summary>
    public bool TakesForm { get; init; }

    /// <summary>True where no body is read, whatever the method.</summary>
    public bool HasBody => Method is "POST" or "PUT" or "PATCH";

    public bool IsOperation => Code.StartsWith('$');

    /// <summary>True for an operation that is asked of the whole server.</summary>
    public bool IsOnSystem => IsOperation && Template == Code;

    /// <summary>The resource types an operation is for; null: all.</summary>
    public string? OnlyType { get; init; }

    /// <summary>The operation that the row belongs to; null for R4's interactions and operations on all types.</summary>
    public Operation? Operation { get; init; }

    internal ImmutableArray<string> Segments { get; } = [.. Template.Split('/', StringSplitOptions.RemoveEmptyEntries)];
}
