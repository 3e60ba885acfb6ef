using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Validation.Rules;

namespace CareCoordination.Fhir.Validation;

/// <summary>The compiled rules of a type.</summary>
internal sealed class TypeRules(
    TypeDefinition type,
    NameTable<PropertyRules> properties,
    ulong required,
    ImmutableArray<Rule> rules
)
{
    public TypeDefinition Type { get; } = type;

    /// <summary>One bit per mandatory element, at the element's place in the type.</summary>
    public ulong Required { get; } = required;

    /// <summary>The rules on the object as a whole.</summary>
    public ImmutableArray<Rule> Rules { get; } = rules;

    public PropertyRules? Find(ReadOnlySpan<byte> name) => properties.Find(name);

    /// <summary>The names of the elements, for suggestions.</summary>
    public IEnumerable<string> Names => properties.Values.Where(p => !p.IsShadow).Select(p => p.Name);

    /// <summary>Name, cardinality, type and rules of each element, then the rules of the type.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Type.Name).Append('\n');
        foreach (var element in Type.Elements)
        {
            var max =
                element.Max == ElementDefinition.Unbounded ? "*" : element.Max.ToString(CultureInfo.InvariantCulture);
            foreach (var elementType in element.Types)
            {
                var property = Find(Encoding.UTF8.GetBytes(element.JsonName(elementType.Type)))!;
                text.Append("  ").Append(property.Name).Append(' ').Append(element.Min).Append("..").Append(max);
                text.Append(' ').Append(elementType.Type.Name);
                foreach (var rule in property.Rules)
                    text.Append(" | ").Append(rule);
                text.Append('\n');
            }
        }

        foreach (var rule in Rules)
            text.Append("  | ").Append(rule).Append('\n');
        return text.ToString();
    }
}

/// <summary>The compiled rules of one JSON property.</summary>
internal sealed class PropertyRules(
    RuleCompiler compiler,
    ElementDefinition element,
    TypeDefinition type,
    string name,
    bool isShadow,
    ulong bit,
    ImmutableArray<Rule> rules
)
{
    private TypeRules? _children;

    public ElementDefinition Element { get; } = element;

    public TypeDefinition Type { get; } = type;

    public string Name { get; } = name;

    /// <summary>True for <c>_name</c>, which holds a primitive's id and extensions.</summary>
    public bool IsShadow { get; } = isShadow;

    public bool IsPrimitive { get; } = type.IsPrimitive;

    public ulong Bit { get; } = bit;

    /// <summary>The rules on each value.</summary>
    public ImmutableArray<Rule> Rules { get; } = rules;

    /// <summary>The rules of the value's own type; of a shadow's where this is one.</summary>
    public TypeRules Children => _children ??= compiler.For(IsShadow ? Type.Schema["Element"] : Type);
}
