using System.Globalization;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.FhirPath.Values;

/// <summary>What a <see cref="FhirPathValue"/> holds. http://hl7.org/fhirpath/N1/#literals</summary>
public enum FhirPathKind : byte
{
    /// <summary>No value: the empty collection.</summary>
    None,

    /// <summary>A FHIR element, primitive or not.</summary>
    Element,
    Boolean,
    String,
    Integer,
    Decimal,
    Date,
    DateTime,
    Time,
    Quantity,

    /// <summary>What <c>type()</c> gives.</summary>
    TypeInfo,

    /// <summary>A resource that a reference names, known by its type only.</summary>
    Unresolved,
}

/// <summary>One item of a collection: a FHIR element or a value of the System types.</summary>
public readonly struct FhirPathValue
{
    private readonly Element _element;
    private readonly object? _object;
    private readonly int _integer;

    private FhirPathValue(FhirPathKind kind, object? value, int integer = 0)
    {
        Kind = kind;
        _object = value;
        _integer = integer;
    }

    private FhirPathValue(Element element)
    {
        Kind = element.Exists ? FhirPathKind.Element : FhirPathKind.None;
        _element = element;
    }

    public FhirPathKind Kind { get; }

    public bool IsNone => Kind == FhirPathKind.None;

    /// <summary>The element; <c>default</c> for a System value.</summary>
    public Element Element => _element;

    /// <summary>True for a Boolean of System; an element is read as what it is.</summary>
    public bool TryGetBoolean(out bool value)
    {
        value = _integer != 0;
        return Kind == FhirPathKind.Boolean;
    }

    /// <summary>True for an Integer of System; an element is read as what it is.</summary>
    public bool TryGetInteger(out int value)
    {
        value = _integer;
        return Kind == FhirPathKind.Integer;
    }

    internal string String => (string)_object!;

    internal bool Boolean => _integer != 0;

    internal int Integer => _integer;

    /// <summary>An Integer or Decimal as decimal.</summary>
    internal decimal Number => Kind == FhirPathKind.Integer ? _integer : (decimal)_object!;

    internal FhirPathTemporal Temporal => (FhirPathTemporal)_object!;

    internal FhirPathQuantity Quantity => (FhirPathQuantity)_object!;

    internal SystemTypeInfo TypeInfo => (SystemTypeInfo)_object!;

    /// <summary>The FHIR type of an element or an unresolved resource; null for a System value.</summary>
    public TypeDefinition? Type =>
        Kind switch
        {
            FhirPathKind.Element => _element.Type,
            FhirPathKind.Unresolved => (TypeDefinition)_object!,
            _ => null,
        };

    public static implicit operator FhirPathValue(Element element) => new(element);

    public static implicit operator FhirPathValue(bool value) => new(FhirPathKind.Boolean, null, value ? 1 : 0);

    public static implicit operator FhirPathValue(bool? value) => value is { } known ? known : default(FhirPathValue);

    public static implicit operator FhirPathValue(int value) => new(FhirPathKind.Integer, null, value);

    public static implicit operator FhirPathValue(string? value) =>
        value is null ? default : new(FhirPathKind.String, value);

    public static implicit operator FhirPathValue(decimal value) => new(FhirPathKind.Decimal, value);

    public static implicit operator FhirPathValue(FhirPathTemporal? value) =>
        value is null ? default : new(value.Kind, value);

    public static implicit operator FhirPathValue(FhirPathQuantity? value) =>
        value is null ? default : new(FhirPathKind.Quantity, value);

    internal static FhirPathValue Of(SystemTypeInfo type) => new(FhirPathKind.TypeInfo, type);

    internal static FhirPathValue UnresolvedOf(TypeDefinition type) => new(FhirPathKind.Unresolved, type);

    /// <summary>
    /// The System value an element stands for: a primitive's value, a Quantity. Other elements and System values stay as
    /// they are; a primitive without value becomes <see cref="FhirPathKind.None"/>.
    /// https://hl7.org/fhir/R4/fhirpath.html#types
    /// </summary>
    internal FhirPathValue ToSystem() => Kind == FhirPathKind.Element ? SystemTypes.Convert(_element) : this;

    /// <summary>The value as FHIR writes it in JSON, without quotes; null for complex elements.</summary>
    public string? Text
    {
        get
        {
            var value = ToSystem();
            return value.Kind switch
            {
                FhirPathKind.Boolean => value.Boolean ? "true" : "false",
                FhirPathKind.Integer => value._integer.ToString(CultureInfo.InvariantCulture),
                FhirPathKind.Decimal => value.Number.ToString(CultureInfo.InvariantCulture),
                FhirPathKind.String
                or FhirPathKind.Date
                or FhirPathKind.DateTime
                or FhirPathKind.Time
                or FhirPathKind.Quantity => value._object!.ToString(),
                _ => null,
            };
        }
    }

    /// <summary>The literal for a System value, the place of an element.</summary>
    public override string ToString() =>
        Kind switch
        {
            FhirPathKind.None => "{}",
            FhirPathKind.Element => _element.Location,
            FhirPathKind.String => Literal.Quote(String, '\''),
            FhirPathKind.Date or FhirPathKind.DateTime or FhirPathKind.Time => Temporal.ToLiteral(),
            FhirPathKind.TypeInfo or FhirPathKind.Unresolved => _object!.ToString()!,
            _ => Text!,
        };
}

/// <summary>The name of a type with its namespace. http://hl7.org/fhirpath/N1/#reflection</summary>
internal sealed record SystemTypeInfo(string Namespace, string Name)
{
    public override string ToString() => $"{Namespace}.{Name}";
}
