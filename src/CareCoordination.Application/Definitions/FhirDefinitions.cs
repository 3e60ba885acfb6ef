using System.Collections.Immutable;
using System.Text;
using CareCoordination.Access.Labels;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;
using CareCoordination.Fhir.Search.Parsing;
using CareCoordination.Fhir.Validation;
using CareCoordination.Storage;
using CareCoordination.Views.Files;
using CareCoordination.Views.Plans;

namespace CareCoordination.Application.Definitions;

/// <summary>
/// What FHIR R4 says, compiled once and used by every interaction: types, search parameters, rules. Pure: the same question has
/// the same answer.
/// </summary>
public sealed class FhirDefinitions
{
    private readonly TimeProvider _time;
    private readonly SearchQueryParser _searchParser;
    private readonly Validator _validator;
    private readonly Projector _projector;
    private readonly BuiltInIndex _builtIns;

    public FhirDefinitions(
        FhirSchema schema,
        LimitsOptions limits,
        CareOptions care,
        AccessOptions access,
        TimeProvider time
    )
    {
        _time = time;
        _projector = new Projector(care, access, schema);
        Schema = schema;
        Limits = limits;
        JsonLimits = new JsonLimits(limits.MaxJsonDepth, limits.MaxBodyBytes);
        SearchParameters = new SearchParameterRegistry(schema, CareSearchParameters.All);
        _searchParser = new SearchQueryParser(SearchParameters);
        _validator = new Validator(schema);
        var sensitivity = new Sensitivity(access.SensitiveCodes);
        Extractor = new IndexExtractor(
            SearchParameters,
            limits.MaxIndexRows,
            document => (long)sensitivity.Of(document)
        );
        _builtIns = new BuiltInIndex(Extractor);
    }

    public FhirSchema Schema { get; }

    /// <summary>The time that times of queries are relative to.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>What this server itself is the source of.</summary>
    public BuiltIns BuiltIns { get; init; } = BuiltIns.None;

    /// <summary>The formats that rows of views are answered in.</summary>
    public ImmutableArray<RowFormat> RowFormats { get; init; } = TextFormats;

    /// <summary>Those that are text.</summary>
    public static ImmutableArray<RowFormat> TextFormats =>
        [RowFormat.NdJson, RowFormat.Json, RowFormat.Csv, RowFormat.Fhir];

    public SearchParameterRegistry SearchParameters { get; }

    public IndexExtractor Extractor { get; }

    public LimitsOptions Limits { get; }

    public JsonLimits JsonLimits { get; }

    public ImmutableArray<Issue> Validate(ResourceDocument document) =>
        WithView(document, _validator.Validate(document));

    /// <summary>As <see cref="Validate"/>, and the invariants too: for whoever asks, and can wait.</summary>
    public ImmutableArray<Issue> ValidateFully(ResourceDocument document, WorkBudget budget) =>
        WithView(document, _validator.Validate(document, ValidationOptions.Full(budget)));

    /// <summary>A view that cannot be run is no view.</summary>
    private ImmutableArray<Issue> WithView(ResourceDocument document, ImmutableArray<Issue> issues) =>
        document.ResourceTypeUtf8.SequenceEqual("ViewDefinition"u8)
        && !issues.Any(i => i.IsError)
        && ViewPlan.Compile(document, Schema).Failure is { } faults
            ? issues.AddRange(faults.Issues)
            : issues;

    /// <summary>A batch or transaction, in which references by condition and to other entries are allowed.</summary>
    public ImmutableArray<Issue> ValidateSubmission(ResourceDocument bundle)
    {
        var issues = _validator.Validate(bundle, ValidationOptions.TransactionEntry);
        return issues.Any(i => i.IsError) ? issues : issues.AddRange(WithViews(bundle));
    }

    private IEnumerable<Issue> WithViews(ResourceDocument bundle)
    {
        if (bundle.Utf8.Span.IndexOf("ViewDefinition"u8) < 0 || !bundle.Root.TryGetProperty("entry"u8, out var entries))
            yield break;
        var place = 0;
        foreach (var entry in entries)
        {
            if (entry.TryGetProperty("resource"u8, out var resource))
            {
                foreach (var issue in WithView(bundle.Detach(resource), []))
                    yield return issue with
                    {
                        Expression = $"Bundle.entry[{place}].resource: {issue.Expression}",
                    };
            }

            place++;
        }
    }

    /// <summary>
    /// The change that stores a document: its bytes, what searches find it by and what is kept of it. 422 where searches would find
    /// it by more values than a resource may have.
    /// </summary>
    public Result<PutResource> Put(ResourceKey key, ResourceDocument document) =>
        Extractor.Extract(key, document).Then<PutResource>(index => Put(key, document, index));

    /// <summary>The same of a record that this server keeps of what it did, which has as many values as was done.</summary>
    public PutResource PutRecord(ResourceKey key, ResourceDocument document) =>
        Put(key, document, Extractor.ExtractAll(key, document));

    /// <summary>What the store keeps of a resource beside its index; null for a type of which it keeps nothing.</summary>
    public ProjectionRows? ProjectionOf(ResourceKey key, ResourceDocument document) => _projector.Of(key, document);

    /// <summary>A task that is late already, as one whose lateness was told of.</summary>
    public ResourceDocument LateBefore(ResourceDocument document) => _projector.LateBefore(document, Now);

    /// <summary>Somebody whom a reference names, as <see cref="ProjectionRows"/> has it.</summary>
    public Party PartyOf(string reference) => _projector.PartyOf(reference);

    public Result<ParsedSearch> ParseSearch(string type, QueryParameters parameters, bool isLenient, string baseUrl) =>
        _searchParser
            .Parse(
                type,
                parameters,
                new SearchParserOptions(baseUrl, Now)
                {
                    IsLenient = isLenient,
                    DefaultCount = Limits.DefaultPageSize,
                    MaxCount = Limits.MaxPageSize,
                    Limits = Limits.Search,
                }
            )
            .Then<ParsedSearch>(parsed =>
                parsed.Query.Criteria.Any(AsksTrail)
                    ? parsed with
                    {
                        Warnings = parsed.Warnings.Add(TrailNotAsked),
                    }
                    : parsed
            );

    private static readonly Issue TrailNotAsked = Issue.Warning(
        IssueCode.Incomplete,
        "What the audit trail recorded is not asked by _has: search AuditEvent itself, by entity, patient or agent."
    );

    /// <summary>Whether events that refer to something are asked, of which those of the audit trail are no stored resources.</summary>
    private static bool AsksTrail(Criterion criterion) =>
        criterion is HasCriterion { Reference.ResourceType: ResourceTypes.AuditEvent }
        || (criterion is LinkedCriterion linked && linked.Links.Any(link => AsksTrail(link.Criterion)));

    /// <summary>
    /// What a search finds among <see cref="BuiltIns"/>, in the order of their ids. What rests on other resources, or on when something was
    /// stored, finds none.
    /// </summary>
    public IReadOnlyList<(ResourceKey Key, byte[] Utf8Json)> FindBuiltIn(SearchQuery query, string baseUrl)
    {
        if (!BuiltIns.HasAny(query.ResourceType) || CriteriaMatcher.Unanswerable(query) is not null)
            return [];
        return
        [
            .. _builtIns
                .Of(BuiltIns, query.ResourceType, baseUrl)
                .Where(own => CriteriaMatcher.Holds(query, own.Key, own.Index))
                .Select(own => (own.Key, own.Utf8Json)),
        ];
    }

    /// <summary>The document with references to this server's own address made relative to it.</summary>
    public ResourceDocument MakeRelative(ResourceDocument document, string baseUrl)
    {
        Span<byte> own = stackalloc byte[1024];
        if (!Encoding.UTF8.TryGetBytes(baseUrl, own, out var length) || document.Utf8.Span.IndexOf(own[..length]) < 0)
            return document;
        var addresses = new Dictionary<string, string>(StringComparer.Ordinal);
        OwnReferences.Collect(document.Root, baseUrl + "/", Schema, addresses);
        return addresses.Count == 0
            ? document
            : ReferenceRewriter.Rewrite(
                document,
                Schema,
                value => addresses.GetValueOrDefault(value.GetString()),
                new LinkTargets(
                    link =>
                        addresses.TryGetValue(link, out var place)
                        && place.StartsWith("Binary/", StringComparison.Ordinal)
                            ? place
                            : null,
                    _ => null,
                    HasWebAddresses: true
                )
            );
    }

    private PutResource Put(ResourceKey key, ResourceDocument document, IndexEntries index) =>
        new(key, ResourceStamp.Prepare(document, key.Id), index, ProjectionOf(key, document));
}

/// <summary>
/// Finds the references of a resource that name this server in full, and the addresses of attachments whose content is a Binary of it.
/// https://hl7.org/fhir/R4/datatypes.html#Attachment
/// </summary>
internal static class OwnReferences
{
    public static void Collect(JsonValue value, string prefix, FhirSchema schema, Dictionary<string, string> addresses)
    {
        foreach (var child in value)
        {
            if (child.Kind is System.Text.Json.JsonValueKind.Object or System.Text.Json.JsonValueKind.Array)
            {
                Collect(child, prefix, schema, addresses);
            }
            else if (child.Kind == System.Text.Json.JsonValueKind.String && IsAddress(child))
            {
                var text = child.GetString();
                if (
                    text.StartsWith(prefix, StringComparison.Ordinal)
                    && LiteralReference.Parse(text[prefix.Length..], schema.IsResourceType)
                        is { Kind: ReferenceKind.Relative } literal
                    && (child.NameUtf8.SequenceEqual("reference"u8) || literal.Key.Type == "Binary")
                )
                    addresses[text] = text[prefix.Length..];
            }
        }
    }

    /// <summary>Other addresses named so are names of something, as of an extension, and stay as they are.</summary>
    private static bool IsAddress(JsonValue child) =>
        child.NameUtf8.SequenceEqual("reference"u8) || child.NameUtf8.SequenceEqual("url"u8);
}
