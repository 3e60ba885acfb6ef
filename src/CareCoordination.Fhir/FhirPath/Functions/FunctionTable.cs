using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>What <c>$this</c> is in a function's arguments.</summary>
internal enum ArgumentFocus
{
    /// <summary>What it is where the call stands.</summary>
    Outer,

    /// <summary>Each item of the input.</summary>
    Item,

    /// <summary>Each item of the input, or of what comes out: its type is open.</summary>
    AnyItem,
}

/// <summary>A function of the language: how many arguments it takes and how a call becomes a node.</summary>
/// <param name="Arguments">What the arguments are evaluated on.</param>
/// <param name="KeepsType">True where the result's items come from the input.</param>
internal sealed record FunctionDefinition(
    string Name,
    int Minimum,
    int Maximum,
    ArgumentFocus Arguments,
    bool KeepsType,
    Func<Node, ImmutableArray<Node>, Node> Create
)
{
    public string Arity =>
        (Minimum, Maximum) switch
        {
            (0, 0) => "no argument",
            (1, 1) => "one argument",
            var (minimum, maximum) when minimum == maximum => $"{minimum} arguments",
            var (minimum, maximum) => maximum == int.MaxValue
                ? $"at least {minimum}"
                : $"{minimum} to {maximum} arguments",
        };

    public Node Bind(Node source, ImmutableArray<Expr> arguments, Func<Expr, Node> compile) =>
        Create(source, [.. arguments.Select(compile)]);
}

/// <summary>All functions by name; each chapter of the specification adds its own.</summary>
internal sealed class FunctionTable
{
    private static readonly FrozenDictionary<string, FunctionDefinition> Functions = Build();

    private readonly Dictionary<string, FunctionDefinition> _functions = new(StringComparer.Ordinal);

    public static FunctionDefinition? Find(string name) => Functions.GetValueOrDefault(name);

    public void Collection(
        string name,
        int minimum,
        int maximum,
        CollectionFunction function,
        ArgumentFocus focus = ArgumentFocus.Outer,
        bool keepsType = false
    ) =>
        Add(
            name,
            minimum,
            maximum,
            focus,
            keepsType,
            (source, arguments) => new CollectionFunctionNode(name, source, arguments, function)
        );

    public void Scalar(
        string name,
        int minimum,
        int maximum,
        ScalarFunction function,
        ArgumentFocus focus = ArgumentFocus.Outer,
        bool keepsType = false
    ) =>
        Add(
            name,
            minimum,
            maximum,
            focus,
            keepsType,
            (source, arguments) => new ScalarFunctionNode(name, source, arguments, function)
        );

    public void Truth(
        string name,
        int minimum,
        int maximum,
        TruthFunction function,
        ArgumentFocus focus = ArgumentFocus.Outer
    ) =>
        Add(
            name,
            minimum,
            maximum,
            focus,
            keepsType: false,
            (source, arguments) => new TruthFunctionNode(name, source, arguments, function)
        );

    public void Add(
        string name,
        int minimum,
        int maximum,
        ArgumentFocus focus,
        bool keepsType,
        Func<Node, ImmutableArray<Node>, Node> create
    ) => _functions.Add(name, new FunctionDefinition(name, minimum, maximum, focus, keepsType, create));

    private static FrozenDictionary<string, FunctionDefinition> Build()
    {
        var table = new FunctionTable();
        ExistenceFunctions.AddTo(table);
        FilteringFunctions.AddTo(table);
        SubsettingFunctions.AddTo(table);
        CombiningFunctions.AddTo(table);
        ConversionFunctions.AddTo(table);
        StringFunctions.AddTo(table);
        StringEncodingFunctions.AddTo(table);
        MathFunctions.AddTo(table);
        TreeNavigationFunctions.AddTo(table);
        UtilityFunctions.AddTo(table);
        BoundaryFunctions.AddTo(table);
        AggregateFunctions.AddTo(table);
        FhirFunctions.AddTo(table);
        return table._functions.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
