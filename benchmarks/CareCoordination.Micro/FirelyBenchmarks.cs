using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;
using CareCoordination.Fhir.Validation;
using CareCoordination.Formats;
using Hl7.Fhir.FhirPath;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.FhirPath;
using EvaluationContext = CareCoordination.Fhir.FhirPath.Evaluation.EvaluationContext;

namespace CareCoordination.Micro;

/// <summary>
/// The same work by our core and by the Firely SDK, on the same Observation of about 0.8 kB: what a server would pay for each.
/// </summary>
[MemoryDiagnoser]
[CategoriesColumn]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public class FirelyBenchmarks
{
    private const string Path = "Observation.code.coding.where(system = 'http://loinc.org').code";

    private static readonly ResourceKey Key = new("Observation", "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b");

    private readonly Validator _validator = new(R4Definitions.Schema);
    private readonly IndexExtractor _extractor = new(new SearchParameterRegistry(R4Definitions.Schema));
    private readonly EvaluationContext _context = new(new WorkBudget(WorkLimits.None))
    {
        Now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    private readonly FhirJsonDeserializer _parser = new(
        new DeserializerSettings().UsingMode(DeserializationMode.SyntaxOnly)
    );
    private readonly FhirJsonDeserializer _strictParser = new(
        new DeserializerSettings().UsingMode(DeserializationMode.Strict)
    );

    private byte[] _json = [];
    private ResourceDocument _document = null!;
    private FhirPathExpression _expression = null!;
    private Observation _observation = null!;
    private CompiledExpression _firelyExpression = null!;
    private ImmutableArray<CompiledExpression> _firelyParameters = [];
    private ReadOnlyMemory<byte> _xml;

    [GlobalSetup]
    public void Setup()
    {
        ElementNavFhirExtensions.PrepareFhirSymbolTableFunctions();
        _json = Subjects.Observation();
        _document = ResourceDocument.Parse(_json).Value;
        _expression = FhirPathExpression.Compile(Path, R4Definitions.Schema).Value;
        _observation = (Observation)Parse(_strictParser);
        var compiler = new FhirPathCompiler();
        _firelyExpression = compiler.Compile(Path);
        _firelyParameters =
        [
            .. ModelInfo
                .SearchParameters.Where(p => p.Resource == "Observation" && !string.IsNullOrEmpty(p.Expression))
                .Select(p => compiler.Compile(p.Expression)),
        ];
        var xml = new ArrayBufferWriter<byte>();
        FhirXml.Write(_json, isPretty: false, xml);
        _xml = xml.WrittenMemory;
    }

    [Benchmark(Baseline = true), BenchmarkCategory("parse")]
    public ResourceDocument OurParse() => ResourceDocument.Parse(_json).Value;

    [Benchmark, BenchmarkCategory("parse")]
    public Resource FirelyParse() => Parse(_parser);

    [Benchmark(Baseline = true), BenchmarkCategory("parse and write")]
    public byte[] OurParseAndWrite() => new ResourceEditor(ResourceDocument.Parse(_json).Value).ToUtf8Json();

    [Benchmark, BenchmarkCategory("parse and write")]
    public int FirelyParseAndWrite()
    {
        var buffer = new ArrayBufferWriter<byte>(_json.Length);
        using var writer = new Utf8JsonWriter(buffer);
        new BaseFhirJsonSerializer(ModelInfo.ModelInspector).Serialize(Parse(_parser), writer);
        writer.Flush();
        return buffer.WrittenCount;
    }

    /// <summary>Cardinalities, types, codes, formats, references; ours compares the targets of references too.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("parse and validate")]
    public int OurParseAndValidate() => _validator.Validate(ResourceDocument.Parse(_json).Value).Length;

    [Benchmark, BenchmarkCategory("parse and validate")]
    public Resource FirelyParseAndValidate() => Parse(_strictParser);

    [Benchmark(Baseline = true), BenchmarkCategory("index")]
    public IndexEntries OurIndex() => _extractor.Extract(Key, _document).Value;

    /// <summary>Only the evaluation of the expressions of all search parameters; rows for an index are not made.</summary>
    [Benchmark, BenchmarkCategory("index")]
    public int FirelySearchExpressions()
    {
        var root = _observation.ToPocoNode();
        var found = 0;
        foreach (var expression in _firelyParameters)
            found += expression([root], new FhirEvaluationContext()).Count();
        return found;
    }

    [Benchmark(Baseline = true), BenchmarkCategory("FHIRPath")]
    public int OurFhirPath() =>
        _expression.Evaluate(Fhir.Json.Element.Root(_document, R4Definitions.Schema), _context).Value.Count;

    [Benchmark, BenchmarkCategory("FHIRPath")]
    public int FirelyFhirPath() => _firelyExpression([_observation.ToPocoNode()], new FhirEvaluationContext()).Count();

    /// <summary>What a read in XML adds to a read in JSON.</summary>
    [Benchmark, BenchmarkCategory("XML")]
    public int JsonToXml()
    {
        var output = new ArrayBufferWriter<byte>(_json.Length * 2);
        FhirXml.Write(_json, isPretty: false, output);
        return output.WrittenCount;
    }

    [Benchmark, BenchmarkCategory("XML")]
    public int XmlToJson() => FhirXml.ToJson(_xml).Value.Length;

    private Resource Parse(FhirJsonDeserializer parser)
    {
        var reader = new Utf8JsonReader(_json);
        return parser.TryDeserializeResource(ref reader, out var resource, out var issues)
            ? resource
            : throw new InvalidOperationException(string.Join("; ", issues.Select(i => i.Message)));
    }
}
