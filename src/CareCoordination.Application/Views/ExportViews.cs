using System.Collections.Immutable;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Views.Files;

namespace CareCoordination.Application.Views;

/// <summary>
/// Makes files of the rows of views, as everything was at one change of the database.
/// https://build.fhir.org/ig/FHIR/sql-on-fhir-v2/operations.html
/// </summary>
/// <param name="Subjects">The views, each with the name that its files get; null: that of the view.</param>
public sealed record ExportViews(
    string Name,
    string? ViewType,
    string? ViewId,
    ImmutableArray<(string? Name, ViewSubject View)> Subjects,
    RowFormat Format
) : FhirInteraction($"${Name}", ViewType, ViewId)
{
    public required string BaseUrl { get; init; }

    public ViewFilter Filter { get; init; } = ViewFilter.None;

    public bool HasHeader { get; init; } = true;

    /// <summary>What the client calls it.</summary>
    public string? TrackedAs { get; init; }

    public override string? SearchedBy =>
        $"view={string.Join(',', Subjects.Select(s => s.View))}&{Filter}".TrimEnd('&');

    private static readonly ImmutableArray<string> Url = ["canonical", "uri", "string"];

    private static readonly ImmutableArray<OperationParameter> Named =
    [
        new("subjectCanonical", Url, "The canonical of a view.") { IsRepeatable = true },
        new("subjectReference", ["Reference", "string"], "Where a view is stored: ViewDefinition/id.")
        {
            IsRepeatable = true,
        },
        new("subjectResource", ["Resource"], "A view itself.") { IsRepeatable = true },
        new("view", [], "A view, and the name that its files get.")
        {
            IsRepeatable = true,
            Parts =
            [
                new("name", ["string"], "The name of its files; that of the view where it is left out."),
                new("viewCanonical", Url, "The canonical of the view."),
                new("viewReference", ["Reference", "string"], "Where the view is stored."),
                new("viewResource", ["Resource"], "The view itself."),
            ],
        },
    ];

    private static readonly ImmutableArray<OperationParameter> Further =
    [
        new("clientTrackingId", ["string"], "What the client calls the export; it is told again in the end."),
        new("_format", ["code", "string"], "ndjson, json, csv or parquet; ndjson where it is left out."),
        new("header", ["boolean"], "False: no names of columns in csv."),
        new("patient", ["Reference", "string"], "Only what is about the patient; repeated, about any of them.")
        {
            IsRepeatable = true,
        },
        new("group", ["Reference", "string"], "Only what is about the group's members.") { IsRepeatable = true },
        new("_since", ["instant", "dateTime"], "Only resources that were changed at this instant or later."),
    ];

    public static readonly Operation OfServer = Declare(Operation.System, "sql-export");

    public static readonly Operation OfServerBefore = Declare(Operation.System, "viewdefinition-export");

    public static readonly Operation OfView = Declare(ResourceTypes.ViewDefinition, "viewdefinition-export");

    private static Operation Declare(string type, string name) =>
        new(
            type,
            name,
            "Makes files of the rows of views. Answered at once with 202 and a Content-Location where the progress, and in the end the list of files, is found.",
            Read
        )
        {
            AffectsState = false,
            AnswersLater = true,
            IsOnType = type != Operation.System,
            IsOnInstance = type != Operation.System,
            Answer = ResourceTypes.OperationOutcome,
            Complete = InlineViews.Complete,
            Parameters = [.. Named, .. Further],
        };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        if (!ViewSubject.AllOf(input).TryGet(out var subjects, out var failure))
            return failure;
        if (!ViewFormats.ChooseFile(input).TryGet(out var format, out failure))
            return failure;
        if (!ViewFilter.Of(input).TryGet(out var filter, out failure))
            return failure;
        return new ExportViews(
            input.Operation.Name,
            input.Operation.IsOnSystem ? null : input.Operation.ResourceType,
            input.Key.Id is { Length: > 0 } id ? id : null,
            subjects,
            format
        )
        {
            BaseUrl = input.BaseUrl,
            Filter = filter,
            HasHeader = input.Flag("header") ?? true,
            TrackedAs = input.Text("clientTrackingId"),
        };
    }
}
