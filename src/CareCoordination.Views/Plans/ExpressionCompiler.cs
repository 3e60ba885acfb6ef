using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;
using CareCoordination.Views.Definitions;

namespace CareCoordination.Views.Plans;

/// <summary>The expressions of one view, which may use its constants and <c>%rowIndex</c>.</summary>
internal sealed class ExpressionCompiler
{
    private static readonly string[] Reserved =
    [
        CompiledColumn.RowIndex,
        "context",
        "resource",
        "rootResource",
        "ucum",
        "sct",
        "loinc",
    ];

    private readonly FhirSchema _schema;
    private readonly FhirPathEnvironment _environment;

    public ExpressionCompiler(ViewDefinition view, FhirSchema schema)
    {
        _schema = schema;
        var faults = new List<Issue>();
        var constants = new Dictionary<string, FhirPathValue>(StringComparer.Ordinal);
        foreach (var constant in view.Constants)
        {
            var (value, fault) = ConstantValues.Of(constant);
            fault ??= FaultOfName(constant.Name, constants);
            if (fault is not null)
                faults.Add(Issue.Error(IssueCode.Value, fault, constant.Location));
            constants[constant.Name] = value;
        }

        Faults = faults;
        _environment = new FhirPathEnvironment
        {
            JoinsNothingToText = true,
            Constants = ImmutableDictionary.CreateRange(constants),
            Variables = ImmutableDictionary.CreateRange([
                KeyValuePair.Create(CompiledColumn.RowIndex, FhirPathKind.Integer),
            ]),
        };
    }

    /// <summary>What is wrong with the constants.</summary>
    public IReadOnlyList<Issue> Faults { get; }

    public Result<FhirPathExpression> Compile(string text, FhirPathType focus) =>
        FhirPathExpression.Compile(text, _schema, focus, _environment);

    private static string? FaultOfName(string name, Dictionary<string, FhirPathValue> known) =>
        name.Length > 0 && !SqlName.IsMatch(name) ? SqlName.Sentence(name, "constant")
        : Reserved.Contains(name) ? $"%{name} has a meaning of its own: give the constant another name."
        : known.ContainsKey(name) ? $"There are two constants of the name '{name}'."
        : null;
}
