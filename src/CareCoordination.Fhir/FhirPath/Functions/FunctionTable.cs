using System.Collections.Frozen;
using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath.Evaluation;

namespace CareCoordination.Fhir.FhirPath.Functions;

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
            (source, arguments) => new TruthFunctionNode(name, source, arguments, function),
            isTruth: true
        );

    public void Add(
        string name,
        int minimum,
        int maximum,
        ArgumentFocus focus,
        bool keepsType,
        Func<Node, ImmutableArray<Node>, Node> create,
        bool isTruth = false
    ) =>
        _functions.Add(
            name,
            new FunctionDefinition(name, minimum, maximum, focus, keepsType, create) { IsTruth = isTruth }
        );

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
        KeyFunctions.AddTo(table);
        return table._functions.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
