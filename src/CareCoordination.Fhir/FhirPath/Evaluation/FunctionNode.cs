using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Evaluation;

/// <summary>A function that appends its result to a collection.</summary>
internal delegate void CollectionFunction(in FunctionCall call, FhirPathCollection output);

/// <summary>A function that gives one item or none.</summary>
internal delegate FhirPathValue ScalarFunction(in FunctionCall call);

/// <summary>A function that gives a Boolean or nothing.</summary>
internal delegate bool? TruthFunction(in FunctionCall call);

/// <summary>One call of a function: its input, its arguments, and where it happens.</summary>
internal readonly ref struct FunctionCall(
    string name,
    FhirPathCollection input,
    ImmutableArray<Node> arguments,
    ref readonly Frame frame,
    EvaluationContext context
)
{
    private readonly ref readonly Frame _frame = ref frame;

    public FhirPathCollection Input { get; } = input;

    public ReadOnlySpan<FhirPathValue> Items => Input.Span;

    public EvaluationContext Context { get; } = context;

    public int ArgumentCount => arguments.Length;

    /// <summary>An argument evaluated where the call stands; the caller gives the collection back.</summary>
    public FhirPathCollection Argument(int index)
    {
        var result = Context.Rent();
        arguments[index].Evaluate(_frame, Context, result);
        return result;
    }

    /// <summary>An argument of at most one item, as System value.</summary>
    public FhirPathValue Value(int index) =>
        index < arguments.Length ? Context.ToSystem(arguments[index].Single(_frame, Context)) : default;

    /// <summary>A String argument; null where it is empty.</summary>
    public string? Text(int index)
    {
        var value = Value(index);
        return value.Kind switch
        {
            FhirPathKind.None => null,
            FhirPathKind.String => value.String,
            _ => throw Fail("takes a String here"),
        };
    }

    /// <summary>An Integer argument; null where it is empty.</summary>
    public int? Number(int index)
    {
        var value = Value(index);
        return value.Kind switch
        {
            FhirPathKind.None => null,
            FhirPathKind.Integer => value.Integer,
            _ => throw Fail("takes an Integer here"),
        };
    }

    /// <summary>An argument as a condition on one item of the input.</summary>
    public bool? Truth(int argument, in FhirPathValue item, int index)
    {
        Context.Step();
        return arguments[argument].Truth(new Frame(item, index, _frame.Total), Context);
    }

    /// <summary>An argument evaluated on one item of the input.</summary>
    public void Project(
        int argument,
        in FhirPathValue item,
        int index,
        FhirPathCollection output,
        FhirPathCollection? total = null
    )
    {
        Context.Step();
        arguments[argument].Evaluate(new Frame(item, index, total ?? _frame.Total), Context, output);
    }

    /// <summary>The argument's only item for one item of the input.</summary>
    public FhirPathValue Single(int argument, in FhirPathValue item, int index)
    {
        Context.Step();
        return arguments[argument].Single(new Frame(item, index, _frame.Total), Context);
    }

    /// <summary>The input where one item or none is expected.</summary>
    public FhirPathValue Singleton =>
        Input.Count switch
        {
            0 => default,
            1 => Input.Span[0],
            _ => throw Fail($"takes one item, but there are {Input.Count}"),
        };

    /// <summary>The input as a condition: an item that is no Boolean counts as true.</summary>
    public bool? InputTruth
    {
        get
        {
            var value = Context.ToSystem(Singleton);
            return value.Kind switch
            {
                FhirPathKind.None => null,
                FhirPathKind.Boolean => value.Boolean,
                _ => true,
            };
        }
    }

    /// <summary><c>$index</c> where the call stands.</summary>
    public int Index => _frame.Index;

    /// <summary>The input as one String; null where there is none.</summary>
    public string? InputText
    {
        get
        {
            var value = Context.ToSystem(Singleton);
            return value.Kind switch
            {
                FhirPathKind.None => null,
                FhirPathKind.String => value.String,
                _ => throw Fail("takes a String as input"),
            };
        }
    }

    public void Return(FhirPathCollection collection) => Context.Return(collection);

    public FhirPathException Fail(string sentence) => new($"{name}() {sentence}.");
}

internal sealed class CollectionFunctionNode(
    string name,
    Node source,
    ImmutableArray<Node> arguments,
    CollectionFunction function
) : Node
{
    public override void Evaluate(in Frame frame, EvaluationContext context, FhirPathCollection output)
    {
        var input = context.Rent();
        source.Evaluate(frame, context, input);
        var before = output.Count;
        context.Step(1 + input.Count);
        function(new FunctionCall(name, input, arguments, in frame, context), output);
        context.Step(output.Count - before);
        context.Return(input);
    }
}

internal sealed class ScalarFunctionNode(
    string name,
    Node source,
    ImmutableArray<Node> arguments,
    ScalarFunction function
) : ScalarNode
{
    public override FhirPathValue Single(in Frame frame, EvaluationContext context)
    {
        var input = context.Rent();
        source.Evaluate(frame, context, input);
        context.Step(1 + input.Count);
        var value = function(new FunctionCall(name, input, arguments, in frame, context));
        context.Return(input);
        return value;
    }
}

internal sealed class TruthFunctionNode(
    string name,
    Node source,
    ImmutableArray<Node> arguments,
    TruthFunction function
) : TruthNode
{
    public override bool? Truth(in Frame frame, EvaluationContext context)
    {
        var input = context.Rent();
        source.Evaluate(frame, context, input);
        context.Step(1 + input.Count);
        var value = function(new FunctionCall(name, input, arguments, in frame, context));
        context.Return(input);
        return value;
    }
}

/// <summary><c>source.exists()</c> and <c>source.empty()</c> without criteria: they stop at the first item.</summary>
internal sealed class AnyNode(Node source, bool expected) : TruthNode
{
    public override bool? Truth(in Frame frame, EvaluationContext context) => source.Any(frame, context) == expected;
}
