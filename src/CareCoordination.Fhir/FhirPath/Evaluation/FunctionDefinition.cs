using System.Collections.Immutable;

namespace CareCoordination.Fhir.FhirPath.Evaluation;

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
    /// <summary>True where it gives a Boolean or nothing.</summary>
    public bool IsTruth { get; init; }

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
}
