using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Views.Files;

namespace CareCoordination.Application.Views;

/// <summary>
/// A view run over what the caller may see, or over resources that came with the request; its rows are the answer, written while they are
/// made. https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/operations.html
/// </summary>
public sealed record RunView(string Name, string? ViewType, string? ViewId, ViewSubject Subject, RowFormat Format)
    : FhirInteraction($"${Name}", ViewType, ViewId)
{
    public required string BaseUrl { get; init; }

    public required WorkBudget Budget { get; init; }

    /// <summary>Resources to be taken instead of those that are stored; null: those that are stored.</summary>
    public ImmutableArray<ResourceDocument>? Given { get; init; }

    public ViewFilter Filter { get; init; } = ViewFilter.None;

    /// <summary>No more rows than this.</summary>
    public long MaxRows { get; init; } = long.MaxValue;

    public bool HasHeader { get; init; } = true;

    public override string? SearchedBy => $"view={Subject}&{Filter}".TrimEnd('&');

    private static readonly ImmutableArray<string> Url = ["canonical", "uri", "string"];

    private static readonly ImmutableArray<OperationParameter> Further =
    [
        new("_format", ["code", "string"], "json, ndjson, csv, parquet or fhir; by Accept, or else ndjson."),
        new("header", ["boolean"], "False: no names of columns in csv."),
        new("patient", ["Reference", "string"], "Only what is in the record of the patient; repeated, of any of them.")
        {
            IsRepeatable = true,
        },
        new("group", ["Reference", "string"], "Only what is in the records of the group's members.")
        {
            IsRepeatable = true,
        },
        new("_since", ["instant", "dateTime"], "Only resources that were changed after this."),
        new("_limit", ["integer", "positiveInt", "unsignedInt", "decimal"], "No more rows than this."),
        new(
            "resource",
            ["Resource"],
            "A resource that is taken instead of those that are stored; of a Bundle, its entries."
        )
        {
            IsRepeatable = true,
        },
    ];

    private static readonly ImmutableArray<OperationParameter> Named =
    [
        new(
            "subjectCanonical",
            Url,
            "The canonical of the view, with or without its version; a view that is shipped has one."
        ),
        new("subjectReference", ["Reference", "string"], "Where the view is stored: ViewDefinition/id."),
        new("subjectResource", ["Resource"], "The view itself."),
        new("viewCanonical", Url, "An older name of subjectCanonical."),
        new("viewReference", ["Reference", "string"], "An older name of subjectReference."),
        new("viewResource", ["Resource"], "An older name of subjectResource."),
    ];

    /// <summary>The name of version 3.0.0, for the whole server.</summary>
    public static readonly Operation OfServer = Declare(Operation.System, "sql-run", Named);

    /// <summary>The older name, for the whole server.</summary>
    public static readonly Operation OfServerBefore = Declare(Operation.System, "viewdefinition-run", Named);

    public static readonly Operation OfView = Declare(ResourceTypes.ViewDefinition, "run", Named);

    /// <summary>The older name, of a view.</summary>
    public static readonly Operation OfViewBefore = Declare(ResourceTypes.ViewDefinition, "viewdefinition-run", Named);

    private static Operation Declare(string type, string name, ImmutableArray<OperationParameter> named) =>
        new(type, name, "Runs a view of SQL on FHIR, and answers with its rows.", Read)
        {
            AffectsState = false,
            AnswersRows = true,
            IsOnType = type != Operation.System,
            IsOnInstance = type != Operation.System,
            Answer = ResourceTypes.Binary,
            Complete = InlineViews.Complete,
            Parameters = [.. named, .. Further],
        };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        if (!ViewSubject.Of(input).TryGet(out var subject, out var failure))
            return failure;
        if (!ViewFormats.Choose(input).TryGet(out var format, out failure))
            return failure;
        if (!ViewFilter.Of(input).TryGet(out var filter, out failure))
            return failure;
        if (
            input.Number("_limit") is { } limit
            && (limit < 0 || limit != decimal.Truncate(limit) || limit > long.MaxValue)
        )
            return Failure.Invalid(IssueCode.Value, "'_limit' is a whole number from 0.", "Parameters.parameter");
        ImmutableArray<ResourceDocument>? given = input.Has("resource") ? InlineViews.Resources(input) : null;
        if (given is not null && !filter.IsEmpty)
            return Failure.Invalid(
                IssueCode.NotSupported,
                "patient, group and _since choose among what is stored: leave them out, or the resources."
            );
        var isOnServer = input.Operation.IsOnSystem;
        return new RunView(
            input.Operation.Name,
            isOnServer ? null : input.Operation.ResourceType,
            input.Key.Id is { Length: > 0 } id ? id : null,
            subject,
            format
        )
        {
            BaseUrl = input.BaseUrl,
            Budget = input.Budget,
            Given = given,
            Filter = filter,
            MaxRows = input.Number("_limit") is { } most ? (long)most : long.MaxValue,
            HasHeader = input.Flag("header") ?? true,
        };
    }
}
