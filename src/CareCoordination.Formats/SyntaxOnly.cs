using Hl7.Fhir.Introspection;
using Hl7.Fhir.Model;
using Hl7.Fhir.Validation;

namespace CareCoordination.Formats;

/// <summary>
/// Finds nothing. Without any validator Firely reads names of the wrong case as if they were right; with this one they stay what
/// they are, and our own validation refuses them.
/// </summary>
internal sealed class SyntaxOnly : IPocoValidator
{
    public static readonly SyntaxOnly Instance = new();

    public IReadOnlyCollection<CodedValidationException> ValidateProperty(
        string name,
        object? propertyValue,
        PropertyMapping? propertyMapping,
        PocoValidationContext context
    ) => [];

    public IReadOnlyCollection<CodedValidationException> ValidateObject(
        Base instance,
        ClassMapping classMapping,
        PocoValidationContext context
    ) => [];
}
