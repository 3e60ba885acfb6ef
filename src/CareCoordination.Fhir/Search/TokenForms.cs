using System.Collections.Immutable;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Search;

/// <summary>
/// What the elements of a token parameter can hold, as far as their definitions say: by it a value of a query that nothing can have
/// is told from one that nothing has. https://hl7.org/fhir/R4/search.html#token
/// </summary>
public sealed record TokenForms
{
    /// <summary>Codings, CodeableConcepts and Identifiers, or what the definitions do not tell: of any system, with any code.</summary>
    public static readonly TokenForms Open = new() { IsOpen = true };

    public bool IsOpen { get; private init; }

    public bool HasBooleans { get; private init; }

    /// <summary>A ContactPoint's system is phone, email and so on.</summary>
    public bool HasContactPoints { get; private init; }

    /// <summary>Strings, ids and URIs, which have no system.</summary>
    public bool HasTexts { get; private init; }

    /// <summary>Plain codes of which the definitions list neither the codes nor their system, as languages.</summary>
    public bool HasUnlistedCodes { get; private init; }

    /// <summary>The codes of required bindings.</summary>
    public ImmutableArray<CodeSet> Codes { get; private init; } = [];

    /// <summary>Plain codes, all of which are known.</summary>
    public bool IsCode => IsClosed && !HasBooleans && !Codes.IsEmpty;

    /// <summary>All values there can be are known.</summary>
    public bool IsClosed => !IsOpen && !HasContactPoints && !HasTexts && !HasUnlistedCodes;

    /// <summary>All values there can be, in the order of their text; empty where they are not all known.</summary>
    public ImmutableArray<string> Order =>
        !IsClosed
            ? []
            :
            [
                .. Codes
                    .SelectMany(set => set.Codes)
                    .Select(code => SmallLetters.Of(code.Value))
                    .Concat(HasBooleans ? ["false", "true"] : [])
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ];

    /// <summary>What its elements make of a parameter.</summary>
    internal static TokenForms Of(IEnumerable<(TypeDefinition Type, ElementDefinition? Element)> elements)
    {
        var forms = new TokenForms();
        foreach (var (type, element) in elements)
        {
            forms = type.Name switch
            {
                "boolean" => forms with { HasBooleans = true },
                "ContactPoint" => forms with { HasContactPoints = true },
                "string" or "id" or "uri" or "url" or "oid" or "uuid" or "canonical" => forms with { HasTexts = true },
                "code" when element?.Binding?.Codes is { Codes.Length: > 0 } codes => forms with
                {
                    Codes = forms.Codes.Contains(codes) ? forms.Codes : forms.Codes.Add(codes),
                },
                "code" => forms with { HasUnlistedCodes = true },
                "CodeableConcept" or "Coding" or "Identifier" or "Extension" => forms with { IsOpen = true },
                // No token, as the dateTime of deceased[x].
                _ => forms,
            };
        }

        return forms;
    }

    /// <summary>Of an expression that is no path: true or false, such as <c>Patient.deceased.exists() and ...</c>.</summary>
    internal static readonly TokenForms OfCondition = new() { HasBooleans = true };
}
