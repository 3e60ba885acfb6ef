using BenchmarkDotNet.Attributes;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Micro;

/// <summary>Compiling and evaluating FHIRPath on a generated CarePlan. https://hl7.org/fhirpath/N1/</summary>
[MemoryDiagnoser]
public class FhirPathBenchmarks
{
    private ResourceDocument _plan = null!;
    private FhirPathExpression _expression = null!;
    private readonly EvaluationContext _context = new(new WorkBudget(WorkLimits.None))
    {
        Now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    [Params(
        "CarePlan.activity.reference.reference",
        "CarePlan.category.coding.where(code = 'assess-plan').exists()",
        "CarePlan.period.start <= today()"
    )]
    public string Expression { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _plan = ResourceDocument.Parse(Subjects.Generated("CarePlan")).Value;
        _expression = FhirPathExpression.Compile(Expression, R4Definitions.Schema).Value;
    }

    [Benchmark]
    public FhirPathExpression Compile() => FhirPathExpression.Compile(Expression, R4Definitions.Schema).Value;

    [Benchmark]
    public int Evaluate()
    {
        var root = Element.Root(_plan, R4Definitions.Schema);
        return _expression.Evaluate(root, _context).Value.Count;
    }
}
