using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Validation.Rules;

namespace CareCoordination.Fhir.Validation;

/// <summary>Compiles definitions to rules, each type once.</summary>
internal sealed class RuleCompiler(FhirSchema schema)
{
    private readonly ConcurrentDictionary<TypeDefinition, TypeRules> _compiled = new();
    private readonly ConcurrentDictionary<CodeSet, CodeLookup> _codes = new();

    public FhirSchema Schema { get; } = schema;

    public TypeRules For(TypeDefinition type) => _compiled.GetOrAdd(type, Compile);

    private TypeRules Compile(TypeDefinition type)
    {
        if (type.Elements.Length > 64)
            throw new NotSupportedException($"{type.Name} has more elements than a set of 64 bits can hold.");
        var properties = new List<(byte[], PropertyRules)>();
        var required = 0UL;
        for (var i = 0; i < type.Elements.Length; i++)
        {
            var element = type.Elements[i];
            var bit = 1UL << i;
            if (element.Min > 0)
                required |= bit;
            foreach (var elementType in element.Types)
                Compile(type, element, elementType, bit, properties);
        }

        return new TypeRules(type, new NameTable<PropertyRules>(properties), required, [.. RulesOf(type)]);
    }

    private void Compile(
        TypeDefinition owner,
        ElementDefinition element,
        ElementType type,
        ulong bit,
        List<(byte[], PropertyRules)> properties
    )
    {
        var name = element.JsonName(type.Type);
        var isElementId = name == "id" && !owner.IsResource;
        Add(
            name,
            isShadow: false,
            [.. RulesOf(element, type), .. isElementId ? [ElementIdRule.Of(owner)] : (Rule[])[]]
        );
        // Ids and the url of an extension are attributes in XML: they have no id and extensions of their own.
        if (type.Type.IsPrimitive && name != "id" && !(name == "url" && owner.Name == "Extension"))
            Add("_" + name, isShadow: true, []);

        void Add(string propertyName, bool isShadow, ImmutableArray<Rule> rules) =>
            properties.Add(
                (
                    Encoding.UTF8.GetBytes(propertyName),
                    new PropertyRules(this, element, type.Type, propertyName, isShadow, bit, rules)
                )
            );
    }

    private IEnumerable<Rule> RulesOf(ElementDefinition element, ElementType type)
    {
        if (type.Type.IsPrimitive)
            yield return PrimitiveRule.For(type.Type);
        if (type.Type.Name == "xhtml")
            yield return new NarrativeRule();
        if (type.Type.Name == "Reference")
            yield return new ReferenceRule(Schema, type.Targets);
        if (element.Binding is { Strength: BindingStrength.Required, Codes: { } codes })
        {
            var lookup = _codes.GetOrAdd(codes, static set => new CodeLookup(set));
            if (type.Type.Name == "code")
                yield return new RequiredCodeRule(lookup);
            else if (type.Type.Name == "Coding")
                yield return new RequiredCodingRule(lookup);
            else if (type.Type.Name == "CodeableConcept")
                yield return new RequiredConceptRule(lookup);
        }
    }

    private static IEnumerable<Rule> RulesOf(TypeDefinition type)
    {
        if (type.Name == "Extension")
            yield return new ExtensionRule();
        if (type.Name == "Attachment")
            yield return new AttachmentRule();
        if (type.Name == "Bundle")
            yield return new BundleRule();
        if (type.IsResource && type.Element("contained") is not null)
            yield return new ContainedRule();
    }
}
