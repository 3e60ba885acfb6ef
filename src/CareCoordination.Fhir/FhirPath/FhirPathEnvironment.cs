using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath;

/// <summary>
/// The <c>%names</c> that an expression may use beside those of FHIR. With an environment a name that is in neither is refused when the
/// expression is compiled, not when it is evaluated.
/// </summary>
public sealed record FhirPathEnvironment
{
    /// <summary>Names whose value is known: the value takes their place.</summary>
    public ImmutableDictionary<string, FhirPathValue> Constants { get; init; } =
        ImmutableDictionary<string, FhirPathValue>.Empty;

    /// <summary>
    /// <c>join()</c> of nothing is the empty String, as the cases of SQL on FHIR have it, and not nothing, as FHIRPath has it.
    /// </summary>
    public bool JoinsNothingToText { get; init; }

    /// <summary>Names whose value the context of the evaluation holds, with its type.</summary>
    public ImmutableDictionary<string, FhirPathKind> Variables { get; init; } =
        ImmutableDictionary<string, FhirPathKind>.Empty;
}
