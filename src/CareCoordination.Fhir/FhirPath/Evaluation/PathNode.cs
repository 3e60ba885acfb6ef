using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.FhirPath.Evaluation;

/// <summary>
/// A chain of child names, walked depth-first straight into the output, with a type filter at its end: the shape of nearly
/// every search parameter. http://hl7.org/fhirpath/N1/#path-selection
/// </summary>
internal sealed class PathNode(Node root, ImmutableArray<PathStep> steps, TypeTest? filter = null) : Node
{
    public bool HasFilter => filter is not null;

    public PathNode Then(PathStep step) => new(root, steps.Add(step));

    public PathNode OfType(TypeTest type) => new(root, steps, type);

    public override void Evaluate(in Frame frame, EvaluationContext context, FhirPathCollection output)
    {
        if (root is ScalarNode)
        {
            Walk(root.Single(frame, context), output, context);
            return;
        }

        var items = context.Rent();
        root.Evaluate(frame, context, items);
        foreach (ref readonly var item in items.Span)
            Walk(item, output, context);
        context.Return(items);
    }

    public override bool Any(in Frame frame, EvaluationContext context)
    {
        if (root is not ScalarNode)
            return base.Any(frame, context);
        var start = root.Single(frame, context);
        return start.Kind == FhirPathKind.Element ? Exists(start.Element, 0, context) : base.Any(frame, context);
    }

    private void Walk(in FhirPathValue value, FhirPathCollection output, EvaluationContext context)
    {
        context.Step();
        if (value.Kind == FhirPathKind.Element)
            Walk(value.Element, 0, output, context);
        else if (value.Kind == FhirPathKind.TypeInfo && steps is [{ Name: "name" or "namespace" }])
            output.Add(steps[0].Name == "name" ? value.TypeInfo.Name : value.TypeInfo.Namespace);
    }

    private void Walk(in Element element, int depth, FhirPathCollection output, EvaluationContext context)
    {
        if (steps[depth].In(element.Type) is not { } definition)
        {
            if (IsValue(element, depth) && SystemTypes.Convert(element) is var value && IsSelected(value))
                output.Add(value);
            return;
        }

        foreach (var child in element.Children(definition))
        {
            context.Step();
            if (depth + 1 < steps.Length)
                Walk(child, depth + 1, output, context);
            else if (IsSelected(child))
                output.Add(child);
        }
    }

    /// <summary><c>birthDate.value</c>: the value of a primitive, without its id and extensions.</summary>
    private bool IsValue(in Element element, int depth) =>
        element.Type.IsPrimitive && element.HasValue && depth == steps.Length - 1 && steps[depth].Name == "value";

    private bool IsSelected(in FhirPathValue value) => filter is null || filter.Selects(value);

    private bool Exists(in Element element, int depth, EvaluationContext context)
    {
        context.Step();
        if (steps[depth].In(element.Type) is not { } definition)
            return IsValue(element, depth) && IsSelected(SystemTypes.Convert(element));
        foreach (var child in element.Children(definition))
        {
            if (depth + 1 < steps.Length ? Exists(child, depth + 1, context) : IsSelected(child))
                return true;
        }

        return false;
    }
}

/// <summary>One name of a path. It remembers what the name means in the types it has met.</summary>
internal sealed class PathStep(string name)
{
    private const int MaxRemembered = 8;

    // Replaced as a whole, so that threads that race lose an entry at worst.
    private (TypeDefinition Type, ElementDefinition? Definition)[] _known = [];

    public string Name => name;

    /// <summary>The element with the name; null where the type has none.</summary>
    public ElementDefinition? In(TypeDefinition type)
    {
        foreach (ref readonly var known in _known.AsSpan())
        {
            if (ReferenceEquals(known.Type, type))
                return known.Definition;
        }

        var definition = type.Element(name);
        if (_known.Length < MaxRemembered)
            _known = [.. _known, (type, definition)];
        return definition;
    }
}
