using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Validation.Rules;

namespace CareCoordination.Fhir.Validation;

/// <summary>
/// One walk over one document. How deep it goes is bounded by the depth the parser accepts.
/// </summary>
internal sealed class ValidationRun(RuleCompiler compiler, ResourceDocument document, ValidationOptions options)
{
    private readonly RuleContext _context = new(compiler.Schema, options.AllowLocalReferences, options.MaxIssues);

    public ImmutableArray<Issue> Validate()
    {
        Resource(document.Root, compiler.Schema["Resource"]);
        return _context.Issues;
    }

    /// <summary>A resource where any may stand that is a <paramref name="declared"/>.</summary>
    private void Resource(JsonValue value, TypeDefinition declared)
    {
        if (!value.TryGetProperty("resourceType"u8, out var name) || name.Kind != JsonValueKind.String)
        {
            _context.Report(value, IssueCode.Required, "A resource says what it is: add resourceType.", "resourceType");
            return;
        }

        if (compiler.Schema.FindResource(name.StringUtf8) is not { } type)
        {
            var hint = Suggestion.For(name.GetString(), compiler.Schema.Resources.Select(r => r.Name)) is { } near
                ? $"; did you mean '{near}'?"
                : "; see https://hl7.org/fhir/R4/resourcelist.html.";
            _context.Report(
                value,
                IssueCode.Value,
                $"This resourceType is no resource type of FHIR R4{hint}",
                "resourceType"
            );
            return;
        }

        if (!type.Is(declared))
        {
            _context.Report(value, IssueCode.Value, $"A {type.Name} cannot stand here: this is for a {declared.Name}.");
            return;
        }

        var rules = compiler.For(type);
        _context.Within(value, type, () => Object(value, rules));
    }

    private void Object(JsonValue value, TypeRules rules)
    {
        var seen = 0UL;
        var isEmpty = true;
        foreach (var child in value)
        {
            isEmpty = false;
            var name = child.NameUtf8;
            if (rules.Find(name) is not { } property)
            {
                if (!rules.Type.IsResource || !name.SequenceEqual("resourceType"u8))
                    Unknown(child, rules);
                continue;
            }

            if ((seen & property.Bit) != 0 && property.Element.IsChoice)
                Choice(value, child, property, rules);
            seen |= property.Bit;
            if (property.IsShadow)
                Shadow(value, child, property);
            else
                Property(value, child, property);
            if (_context.IsFull)
                return;
        }

        if (isEmpty)
            _context.Report(value, IssueCode.Structure, "An object cannot be empty; leave the element out.");
        else if ((seen & rules.Required) != rules.Required)
            Missing(value, rules, rules.Required & ~seen);
        foreach (var rule in rules.Rules)
            rule.Check(_context, value);
    }

    private void Property(JsonValue parent, JsonValue value, PropertyRules property)
    {
        if (value.Kind != JsonValueKind.Array)
        {
            if (property.Element.IsArray)
                _context.Report(
                    value,
                    IssueCode.Structure,
                    $"{property.Element.Path} repeats: send an array, even for one value."
                );
            Value(value, property);
            return;
        }

        if (!property.Element.IsArray)
        {
            _context.Report(
                value,
                IssueCode.Structure,
                $"{property.Element.Path} does not repeat: send one value, no array."
            );
            return;
        }

        Items(parent, value, property);
    }

    private void Items(JsonValue parent, JsonValue array, PropertyRules property)
    {
        var count = 0;
        ShadowItems? shadows = null;
        foreach (var item in array)
        {
            if (item.Kind != JsonValueKind.Null || !property.IsPrimitive)
                Value(item, property);
            else if (!(shadows ??= new ShadowItems(parent, array)).HasObjectAt(count))
                _context.Report(
                    item,
                    IssueCode.Structure,
                    $"null needs an object with extensions at the same place of _{array.Name}."
                );
            count++;
            if (_context.IsFull)
                return;
        }

        if (count == 0)
            _context.Report(array, IssueCode.Structure, "An array cannot be empty; leave the element out.");
        else if (count > property.Element.Max)
            _context.Report(
                array,
                IssueCode.Structure,
                $"{property.Element.Path} stands at most {property.Element.Max} times."
            );
    }

    private void Value(JsonValue value, PropertyRules property)
    {
        if (value.Kind == JsonValueKind.Null)
        {
            _context.Report(value, IssueCode.Structure, "null is no value in FHIR; leave the element out.");
            return;
        }

        if (!property.IsPrimitive)
        {
            if (value.Kind != JsonValueKind.Object)
            {
                _context.Report(
                    value,
                    IssueCode.Structure,
                    $"{property.Element.Path} has the type {property.Type.Name}: send a JSON object."
                );
                return;
            }

            if (property.Type.IsResource)
                Resource(value, property.Type);
            else
                Object(value, property.Children);
        }

        foreach (var rule in property.Rules)
            rule.Check(_context, value);
    }

    private void Shadow(JsonValue parent, JsonValue value, PropertyRules property)
    {
        if (property.Element.IsArray != (value.Kind == JsonValueKind.Array))
        {
            _context.Report(
                value,
                IssueCode.Structure,
                property.Element.IsArray
                    ? $"{property.Name} goes with {property.Element.Path}, which repeats: send an array."
                    : $"{property.Name} goes with {property.Element.Path}, which does not repeat: send one object."
            );
            return;
        }

        if (value.Kind != JsonValueKind.Array)
        {
            ShadowValue(value, property);
            return;
        }

        var (count, objects) = (0, 0);
        foreach (var item in value)
        {
            count++;
            if (item.Kind == JsonValueKind.Null)
                continue;
            objects++;
            ShadowValue(item, property);
        }

        if (count == 0)
            _context.Report(value, IssueCode.Structure, "An array cannot be empty; leave the element out.");
        else if (objects == 0)
            _context.Report(value, IssueCode.Structure, $"{property.Name} holds nothing but null; leave it out.");
        if (
            parent.TryGetProperty(value.NameUtf8[1..], out var values)
            && values.Kind == JsonValueKind.Array
            && values.Count() != count
        )
            _context.Report(
                value,
                IssueCode.Structure,
                $"{property.Name} and {property.Name[1..]} have different lengths; fill with null."
            );
    }

    private void ShadowValue(JsonValue value, PropertyRules property)
    {
        // Published guides have it, and it is harmless.
        if (value.Kind == JsonValueKind.Object && value.Count() == 0)
            _context.Report(
                value,
                IssueCode.Structure,
                $"{property.Name} has an object without id and extensions; leave it out.",
                IssueSeverity.Warning
            );
        else if (value.Kind == JsonValueKind.Object)
            Object(value, property.Children);
        else
            _context.Report(
                value,
                IssueCode.Structure,
                $"{property.Name} holds the id and extensions of {property.Element.Path}: send an object."
            );
    }

    private void Choice(JsonValue parent, JsonValue child, PropertyRules property, TypeRules rules)
    {
        foreach (var other in parent)
        {
            if (other.Index >= child.Index)
                return;
            if (
                rules.Find(other.NameUtf8) is { } earlier
                && earlier.Bit == property.Bit
                && earlier.Type != property.Type
            )
            {
                _context.Report(
                    child,
                    IssueCode.Structure,
                    $"{property.Element.Path} has one type: send {earlier.Name.TrimStart('_')} or {property.Name.TrimStart('_')}, not both."
                );
                return;
            }
        }
    }

    private void Missing(JsonValue value, TypeRules rules, ulong missing)
    {
        for (; missing != 0; missing &= missing - 1)
        {
            var element = rules.Type.Elements[BitOperations.TrailingZeroCount(missing)];
            var name = element.IsChoice ? element.Name + "[x]" : element.Name;
            _context.Report(value, IssueCode.Required, $"{rules.Type.Name}.{name} is required; add it.", element.Name);
        }
    }

    private void Unknown(JsonValue child, TypeRules rules)
    {
        var name = child.Name;
        var near = Suggestion.For(name.TrimStart('_'), rules.Names);
        var shown = name.Length <= 64 ? $"'{name}'" : "This";
        _context.Report(
            child,
            IssueCode.Structure,
            near is null
                ? $"{shown} is no element of {rules.Type.Name}; remove it, or send it as an extension."
                : $"{shown} is no element of {rules.Type.Name}; did you mean '{near}'?"
        );
    }

    /// <summary>
    /// The ids and extensions of an array's items, walked once beside it: null keeps the place of an item that has only those.
    /// </summary>
    private sealed class ShadowItems
    {
        private JsonValue.ChildEnumerator _items;
        private int _position = -1;

        public ShadowItems(JsonValue parent, JsonValue array)
        {
            if (parent.TryGetProperty((byte[])[(byte)'_', .. array.NameUtf8], out var shadows))
                _items = shadows.GetEnumerator();
        }

        /// <summary>Asked with positions that only grow.</summary>
        public bool HasObjectAt(int position)
        {
            while (_position < position)
            {
                if (!_items.MoveNext())
                    return false;
                _position++;
            }

            return _items.Current.Kind == JsonValueKind.Object;
        }
    }
}
