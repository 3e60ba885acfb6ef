using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Evaluation;

/// <summary>What <c>$this</c>, <c>$index</c> and <c>$total</c> are where a node is evaluated.</summary>
internal readonly struct Frame(FhirPathValue self, int index = -1, FhirPathCollection? total = null)
{
    public readonly FhirPathValue This = self;

    /// <summary>-1 outside of an iteration.</summary>
    public readonly int Index = index;

    public readonly FhirPathCollection? Total = total;
}

/// <summary>A compiled expression: immutable, shared by all threads.</summary>
internal abstract class Node
{
    /// <summary>Appends the result to <paramref name="output"/>.</summary>
    public abstract void Evaluate(in Frame frame, EvaluationContext context, FhirPathCollection output);

    /// <summary>The result where one item or none is expected. Throws where there are more.</summary>
    public virtual FhirPathValue Single(in Frame frame, EvaluationContext context)
    {
        var result = context.Rent();
        Evaluate(frame, context, result);
        var value = result.Count switch
        {
            0 => default,
            1 => result.Span[0],
            _ => throw new FhirPathException($"One item is expected, but there are {result.Count}."),
        };
        context.Return(result);
        return value;
    }

    /// <summary>
    /// The result as a condition: an item that is no Boolean counts as true, none as null.
    /// http://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections
    /// </summary>
    public virtual bool? Truth(in Frame frame, EvaluationContext context)
    {
        var value = context.ToSystem(Single(frame, context));
        return value.Kind switch
        {
            FhirPathKind.None => null,
            FhirPathKind.Boolean => value.Boolean,
            _ => true,
        };
    }

    /// <summary>True where the result has an item.</summary>
    public virtual bool Any(in Frame frame, EvaluationContext context)
    {
        var result = context.Rent();
        Evaluate(frame, context, result);
        var any = !result.IsEmpty;
        context.Return(result);
        return any;
    }
}

/// <summary>A node that gives one item or none.</summary>
internal abstract class ScalarNode : Node
{
    public abstract override FhirPathValue Single(in Frame frame, EvaluationContext context);

    public sealed override void Evaluate(in Frame frame, EvaluationContext context, FhirPathCollection output)
    {
        var value = Single(frame, context);
        if (!value.IsNone)
            output.Add(value);
    }

    public sealed override bool Any(in Frame frame, EvaluationContext context) => !Single(frame, context).IsNone;
}

/// <summary>A node that gives a Boolean or nothing.</summary>
internal abstract class TruthNode : ScalarNode
{
    public abstract override bool? Truth(in Frame frame, EvaluationContext context);

    public sealed override FhirPathValue Single(in Frame frame, EvaluationContext context) => Truth(frame, context);
}

internal sealed class LiteralNode(FhirPathValue value) : ScalarNode
{
    public FhirPathValue Value { get; } = value;

    public override FhirPathValue Single(in Frame frame, EvaluationContext context) => Value;
}

/// <summary><c>$this</c>, and the focus that a path without source starts from.</summary>
internal sealed class ThisNode : ScalarNode
{
    public static readonly ThisNode Instance = new();

    public override FhirPathValue Single(in Frame frame, EvaluationContext context) => frame.This;
}

/// <summary><c>$index</c></summary>
internal sealed class IndexNode : ScalarNode
{
    public override FhirPathValue Single(in Frame frame, EvaluationContext context) =>
        frame.Index >= 0
            ? frame.Index
            : throw new FhirPathException("$index has a value only inside a function that iterates.");
}

/// <summary><c>$total</c></summary>
internal sealed class TotalNode : Node
{
    public override void Evaluate(in Frame frame, EvaluationContext context, FhirPathCollection output)
    {
        if (frame.Total is null)
            throw new FhirPathException("$total has a value only inside aggregate().");
        context.Step(frame.Total.Count);
        output.AddRange(frame.Total.Span);
    }
}

/// <summary>A name that starts a path and is a type's: the focus, if it is of that type. http://hl7.org/fhirpath/N1/#path-selection</summary>
internal sealed class RootTypeNode(TypeTest type) : ScalarNode
{
    public override FhirPathValue Single(in Frame frame, EvaluationContext context) =>
        type.Matches(frame.This) ? frame.This : default;
}

/// <summary><c>source[index]</c>. http://hl7.org/fhirpath/N1/#index-integer-collection</summary>
internal sealed class IndexerNode(Node source, Node index) : ScalarNode
{
    public override FhirPathValue Single(in Frame frame, EvaluationContext context)
    {
        context.Step();
        var wanted = context.ToSystem(index.Single(frame, context));
        if (wanted.Kind != FhirPathKind.Integer)
            return wanted.IsNone ? default(FhirPathValue) : throw new FhirPathException("An index must be an Integer.");
        var items = context.Rent();
        source.Evaluate(frame, context, items);
        var value = wanted.Integer >= 0 && wanted.Integer < items.Count ? items.Span[wanted.Integer] : default;
        context.Return(items);
        return value;
    }
}

/// <summary><c>operand is Type</c>. http://hl7.org/fhirpath/N1/#is-type-specifier</summary>
internal sealed class IsNode(Node operand, TypeTest type) : TruthNode
{
    public override bool? Truth(in Frame frame, EvaluationContext context)
    {
        var value = operand.Single(frame, context);
        return value.IsNone ? null : type.Matches(value);
    }
}

/// <summary>
/// <c>operand as Type</c> and <c>ofType(Type)</c>. The specification wants one item for <c>as</c>; R4's own search
/// parameters and invariants (<c>Observation.component.value as Quantity</c>, dom-3) use it on many, so it filters here.
/// </summary>
internal sealed class OfTypeNode(Node operand, TypeTest type) : Node
{
    public override void Evaluate(in Frame frame, EvaluationContext context, FhirPathCollection output)
    {
        var items = context.Rent();
        operand.Evaluate(frame, context, items);
        context.Step(1 + items.Count);
        foreach (ref readonly var item in items.Span)
        {
            if (type.Selects(item))
                output.Add(item);
        }

        context.Return(items);
    }
}
