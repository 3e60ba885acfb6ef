using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.FhirPath.Values;

/// <summary>
/// A type named in an expression. <c>Quantity</c> without namespace is both FHIR's and System's; all other names differ in
/// case. http://hl7.org/fhirpath/N1/#models
/// </summary>
internal sealed class TypeTest
{
    private TypeTest(TypeDefinition? fhir, FhirPathKind system)
    {
        Fhir = fhir;
        System = system;
    }

    /// <summary>The FHIR type; null where only a System type is meant.</summary>
    public TypeDefinition? Fhir { get; }

    /// <summary>The System type, or None.</summary>
    public FhirPathKind System { get; }

    /// <summary>Null where no type has the name.</summary>
    public static TypeTest? Find(string? space, string name, FhirSchema schema)
    {
        var fhir = space is null or "FHIR" && schema.TryGetType(name, out var type) ? type : null;
        var system = space is null or "System" ? SystemKind(name) : FhirPathKind.None;
        // System.Patient is a type nothing is of; a name without namespace must exist.
        return fhir is null && system == FhirPathKind.None && space != "System" ? null : new TypeTest(fhir, system);
    }

    public static TypeTest Of(TypeDefinition type) => new(type, FhirPathKind.None);

    /// <summary>For <c>is</c>: the type or one that specialises it.</summary>
    public bool Matches(in FhirPathValue value) =>
        value.Type is { } type
            ? Fhir is not null && type.Is(Fhir)
            : System != FhirPathKind.None && value.Kind == System;

    /// <summary>
    /// For <c>as</c> and <c>ofType</c>. A primitive must be of the very type: in a choice of <c>uri|canonical</c> the type
    /// tells the two apart, though a canonical is a uri.
    /// </summary>
    public bool Selects(in FhirPathValue value) =>
        value.Type is { IsPrimitive: true } type ? ReferenceEquals(type, Fhir) : Matches(value);

    private static FhirPathKind SystemKind(string name) =>
        name switch
        {
            "Boolean" => FhirPathKind.Boolean,
            "String" => FhirPathKind.String,
            "Integer" => FhirPathKind.Integer,
            "Decimal" => FhirPathKind.Decimal,
            "Date" => FhirPathKind.Date,
            "DateTime" => FhirPathKind.DateTime,
            "Time" => FhirPathKind.Time,
            "Quantity" => FhirPathKind.Quantity,
            _ => FhirPathKind.None,
        };
}
