using System.Collections.Immutable;

namespace CareCoordination.Fhir.Search;

/// <summary>https://hl7.org/fhir/R4/search.html#ptypes</summary>
public enum SearchParameterType
{
    Number,
    Date,
    String,
    Token,
    Reference,
    Composite,
    Quantity,
    Uri,
    Special,
}

/// <summary>
/// A search parameter of one resource type. The same definition on two types gives two instances, because what is indexed
/// and found belongs to the type.
/// </summary>
/// <param name="ResourceType">The type it searches: <c>CarePlan</c>.</param>
/// <param name="Code">The name in a query: <c>patient</c>.</param>
/// <param name="Expression">FHIRPath over the resource, already narrowed to <paramref name="ResourceType"/>.</param>
/// <param name="Targets">For references the resource types that may be meant.</param>
/// <param name="Components">For composites the parameters of the parts, in order.</param>
public sealed record SearchParameter(
    string ResourceType,
    string Code,
    string Url,
    SearchParameterType Type,
    string Expression,
    ImmutableArray<string> Targets,
    ImmutableArray<SearchComponent> Components
)
{
    /// <summary>The number that stands for this parameter in index rows: a stable hash of type and code, unique in a registry.</summary>
    public int Id { get; internal init; } = StableHash.Of32($"{ResourceType}.{Code}");

    /// <summary>
    /// The bit that says in <see cref="IndexEntries.Presence"/> whether a resource has a value: the parameter's place in the
    /// sorted codes of its type.
    /// </summary>
    public int PresenceBit { get; internal init; }

    /// <summary>
    /// True for tokens that are compared without regard to case, as the specification advises where in doubt; false where all
    /// values are Identifiers, ids or URIs, which are case-sensitive. https://hl7.org/fhir/R4/search.html#token
    /// </summary>
    public bool FoldsCase { get; internal init; }

    /// <summary>True where the elements are References, which may name their target by an identifier instead of an address.</summary>
    public bool HasIdentifiers { get; internal init; }

    /// <summary>True where targets are named by canonical URLs: those with an address on this server are followed, no others.</summary>
    public bool IsCanonical => Type == SearchParameterType.Reference && !HasIdentifiers && !IsEmbedded;

    /// <summary>
    /// True where the targets are not referred to but are parts of the resource: the first entry of a document or a message.
    /// </summary>
    public bool IsEmbedded { get; internal init; }

    /// <summary>True for the canonical address of a definition that has a version.</summary>
    public bool HasVersions { get; internal init; }

    /// <summary>True where words are compared by their sound. https://hl7.org/fhir/R4/patient.html#search</summary>
    public bool IsPhonetic => Type == SearchParameterType.String && Code == "phonetic";

    /// <summary>
    /// True for the one code by which resources of the type are told where they stand, as Task.status or Goal.lifecycleStatus: each has one
    /// of a few. No two such codes, of whatever types, have the same number (<see cref="IndexEntries.Status"/>).
    /// </summary>
    public bool IsStatus => Type == SearchParameterType.Token && Code is "status" or "lifecycle-status" && Forms.IsCode;

    /// <summary>What the elements of a token can hold.</summary>
    public TokenForms Forms { get; internal init; } = TokenForms.Open;

    /// <summary>
    /// True where results can be ordered by this parameter: a value has a place in an order. Of tokens the rows hold no text to order by,
    /// so that only those have a place whose codes are all known.
    /// </summary>
    public bool IsSortable =>
        Type
            is SearchParameterType.String
                or SearchParameterType.Date
                or SearchParameterType.Number
                or SearchParameterType.Quantity
                or SearchParameterType.Uri
        || (Type == SearchParameterType.Token && Forms.Order.Length is > 0 and <= MostOrderedCodes);

    // Each may be looked for.
    private const int MostOrderedCodes = 64;

    public override string ToString() => $"{ResourceType}.{Code}";
}

/// <summary>One part of a composite parameter: how to compare, and the FHIRPath below the composite's own expression.</summary>
public sealed record SearchComponent(string Code, SearchParameterType Type, string Expression);
