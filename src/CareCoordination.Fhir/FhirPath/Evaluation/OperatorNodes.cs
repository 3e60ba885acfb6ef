using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Evaluation;

/// <summary><c>=</c> and <c>!=</c></summary>
internal sealed class EqualNode(Node left, Node right, bool isNegated) : TruthNode
{
    public override bool? Truth(in Frame frame, EvaluationContext context)
    {
        var a = context.Rent();
        left.Evaluate(frame, context, a);
        bool? equal;
        if (right is LiteralNode literal)
        {
            equal =
                a.IsEmpty || literal.Value.IsNone ? null
                : a.Count == 1 ? Equality.AreEqual(a.Span[0], literal.Value, context)
                : false;
        }
        else
        {
            var b = context.Rent();
            right.Evaluate(frame, context, b);
            equal = Equality.AreEqual(a.Span, b.Span, context);
            context.Return(b);
        }

        context.Return(a);
        return isNegated ? !equal : equal;
    }
}

/// <summary><c>~</c> and <c>!~</c></summary>
internal sealed class EquivalentNode(Node left, Node right, bool isNegated) : TruthNode
{
    public override bool? Truth(in Frame frame, EvaluationContext context)
    {
        var (a, b) = (context.Rent(), context.Rent());
        left.Evaluate(frame, context, a);
        right.Evaluate(frame, context, b);
        var equivalent = Equivalence.AreEquivalent(a.Span, b.Span, context);
        context.Return(a);
        context.Return(b);
        return equivalent != isNegated;
    }
}

/// <summary><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c></summary>
internal sealed class CompareNode(Node left, Node right, string symbol) : TruthNode
{
    public override bool? Truth(in Frame frame, EvaluationContext context) =>
        Ordering.Compare(left.Single(frame, context), right.Single(frame, context), context) is { } order
            ? symbol switch
            {
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            }
            : null;
}

/// <summary>Three-valued logic. http://hl7.org/fhirpath/N1/#boolean-logic</summary>
internal sealed class LogicNode(Node left, Node right, string word) : TruthNode
{
    public override bool? Truth(in Frame frame, EvaluationContext context)
    {
        context.Step();
        var a = left.Truth(frame, context);
        switch (word)
        {
            case "and" when a == false:
                return false;
            case "or" when a == true:
                return true;
            case "implies" when a == false:
                return true;
            case "xor" when a is null:
                return null;
        }

        var b = right.Truth(frame, context);
        return word switch
        {
            "and" => a & b,
            "or" => a | b,
            "xor" => a ^ b,
            _ => !a | b,
        };
    }
}

/// <summary><c>|</c>. http://hl7.org/fhirpath/N1/#union-collections</summary>
internal sealed class UnionNode(Node left, Node right) : Node
{
    public override void Evaluate(in Frame frame, EvaluationContext context, FhirPathCollection output)
    {
        var items = context.Rent();
        left.Evaluate(frame, context, items);
        right.Evaluate(frame, context, items);
        context.Step(1 + items.Count);
        if (items.Count == 1)
            output.Add(items.Span[0]);
        else
            new DistinctItems(output, context).AddRange(items.Span);
        context.Return(items);
    }

    public override bool Any(in Frame frame, EvaluationContext context) =>
        left.Any(frame, context) || right.Any(frame, context);
}

/// <summary><c>item in collection</c>; <c>contains</c> is the same with its sides changed. http://hl7.org/fhirpath/N1/#collections-2</summary>
internal sealed class MembershipNode(Node item, Node collection) : TruthNode
{
    public override bool? Truth(in Frame frame, EvaluationContext context)
    {
        var wanted = item.Single(frame, context);
        if (wanted.IsNone)
            return null;
        var items = context.Rent();
        collection.Evaluate(frame, context, items);
        var found = KnownValues.Holds(items.Span, wanted, context);
        context.Return(items);
        return found;
    }
}

/// <summary><c>+ - * / div mod</c></summary>
internal sealed class ArithmeticNode(Node left, Node right, string symbol) : ScalarNode
{
    public override FhirPathValue Single(in Frame frame, EvaluationContext context)
    {
        context.Step();
        var a = context.ToSystem(left.Single(frame, context));
        var b = context.ToSystem(right.Single(frame, context));
        return a.IsNone || b.IsNone ? default : Arithmetic.Calculate(symbol, a, b, context);
    }
}

/// <summary><c>&amp;</c>: strings, where nothing is the empty string. http://hl7.org/fhirpath/N1/#string-concatenation</summary>
internal sealed class ConcatenateNode(Node left, Node right) : ScalarNode
{
    public override FhirPathValue Single(in Frame frame, EvaluationContext context)
    {
        context.Step();
        var (a, b) = (Text(left, frame, context), Text(right, frame, context));
        context.Make((long)a.Length + b.Length);
        return a + b;
    }

    private static string Text(Node node, in Frame frame, EvaluationContext context)
    {
        var value = context.ToSystem(node.Single(frame, context));
        return value.Kind switch
        {
            FhirPathKind.None => "",
            FhirPathKind.String => value.String,
            _ => throw new FhirPathException("'&' joins Strings; use toString()."),
        };
    }
}

/// <summary><c>-operand</c></summary>
internal sealed class PolarityNode(Node operand, bool isNegative) : ScalarNode
{
    public Node Operand => operand;

    public bool IsNegative => isNegative;

    public override FhirPathValue Single(in Frame frame, EvaluationContext context)
    {
        var value = context.ToSystem(operand.Single(frame, context));
        if (
            value.Kind
            is not (FhirPathKind.None or FhirPathKind.Integer or FhirPathKind.Decimal or FhirPathKind.Quantity)
        )
            throw new FhirPathException("A sign stands before numbers and quantities only.");
        if (!isNegative)
            return value;
        return value.Kind switch
        {
            FhirPathKind.Integer when value.Integer == int.MinValue => default(FhirPathValue),
            FhirPathKind.Integer => -value.Integer,
            FhirPathKind.Decimal => -value.Number,
            FhirPathKind.Quantity => value.Quantity with { Value = -value.Quantity.Value },
            _ => default(FhirPathValue),
        };
    }
}
