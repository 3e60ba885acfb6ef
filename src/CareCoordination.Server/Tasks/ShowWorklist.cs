using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Server.Bundles;
using CareCoordination.Server.Interactions;
using CareCoordination.Server.Operations;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Server.Tasks;

/// <summary>What is to be done, the most pressing first: by priority, then what is overdue, then the patient's risk, then due time.</summary>
/// <param name="Criteria">The search that finds the tasks.</param>
/// <param name="Self">The request, without its page, for the links.</param>
/// <param name="After">The key of the last task of the page before; null for the first page.</param>
public sealed record ShowWorklist(string Criteria, int Count, string Self, string BaseUrl, string? After)
    : FhirInteraction("$worklist", "Task", null)
{
    private const string OpenStatuses = "requested,received,accepted,ready,in-progress";

    public static readonly Operation Operation = new(
        "Task",
        "worklist",
        "Open tasks of people, teams or roles, the most pressing first: priority, then overdue, then risk, then due time.",
        Read
    )
    {
        IsOnType = true,
        IsOnInstance = false,
        AffectsState = false,
        Answer = "Bundle",
        Parameters =
        [
            new("owner", ["Reference"], "Tasks of this owner; several are alternatives.") { IsRepeatable = true },
            new("team", ["Reference"], "Tasks of this CareTeam or Organization."),
            new("role", ["string", "code"], "Tasks for this performer type: code, or system|code."),
            new("unassigned", ["boolean"], "True: tasks that nobody owns."),
            new("patient", ["Reference"], "Tasks of this patient."),
            new("status", ["code", "string"], "Instead of all that are open: these statuses, with commas between."),
            new("priority", ["code", "string"], "Only these priorities, with commas between."),
            new("dueBefore", Take.Time, "Only tasks due before this."),
            new("count", ["integer", "positiveInt", "decimal"], "Tasks a page."),
            new(PageToken.Parameter, ["string"], "The page, as a next link has it."),
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var criteria = new List<string> { $"status={Uri.EscapeDataString(input.Text("status") ?? OpenStatuses)}" };
        var owners = input
            .All("owner")
            .Concat(input.All("team"))
            .Select(p => Uri.EscapeDataString(input.ReferenceOf(p)!));
        if (string.Join(',', owners) is { Length: > 0 } owner)
            criteria.Add($"owner={owner}");
        if (input.Text("role") is { } role)
            criteria.Add($"performer={Uri.EscapeDataString(role)}");
        if (input.Flag("unassigned") is true)
            criteria.Add("owner:missing=true");
        if (input.Reference("patient") is { } patient)
            criteria.Add($"patient={Uri.EscapeDataString(patient)}");
        if (input.Text("priority") is { } priority)
            criteria.Add($"priority={Uri.EscapeDataString(priority)}");
        if (input.Time("dueBefore") is { } before)
            criteria.Add($"due=lt{before.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}");
        var limits = input.Definitions.Limits;
        var wanted = input.Number("count") ?? Number(input.Query.First("_count")) ?? limits.DefaultPageSize;
        if (wanted < 1)
            return Failure.Invalid(IssueCode.Value, "'count' is at least 1.", "Parameters.parameter");
        var count = (int)Math.Min(wanted, limits.MaxPageSize);
        var query = string.Join('&', criteria);
        if (
            !input
                .Definitions.ParseSearch("Task", Routing.QueryParameters.Parse(query), false, input.BaseUrl)
                .TryGet(out _, out var failure)
        )
            return failure;
        var self = string.Join(
            '&',
            input.Query.Without(PageToken.Parameter).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}")
        );
        var worklist = new ShowWorklist(query, count, $"Task/$worklist?{self}", input.BaseUrl, null);
        if (input.Text(PageToken.Parameter) is not { } token)
            return worklist;
        return PageToken.Read(token, worklist.Self).TryGet(out var cursor, out failure)
            ? worklist with
            {
                After = cursor.SortValue,
            }
            : failure;
    }

    private static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

internal sealed class ShowWorklistHandler(CareReads reads, PatientRisks risks, TimeProvider time)
    : IRequestHandler<ShowWorklist, FhirResponse>
{
    public async Task<FhirResponse> Handle(ShowWorklist show, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var tasks = await reads.SearchAsync("Task", show.Criteria, cancellationToken);
        var views = tasks
            .Select(t => (Task: t, View: TaskView.From(ResourceDocument.Parse(t.Utf8Json).Value)))
            .ToArray();
        var tiers = await risks.TiersAsync(views.Select(v => v.View.For.Reference).OfType<string>(), cancellationToken);
        var ordered = views.Select(v => (Key: KeyOf(v.Task, v.View, tiers, now), v.Task)).OrderBy(v => v.Key).ToArray();
        // The place of the page is the key of the task before it, so that it stays true when that one is done meanwhile.
        var start = show.After is { } after ? ordered.TakeWhile(o => o.Key <= WorklistPage.Parse(after)).Count() : 0;
        var page = ordered.Skip(start).Take(show.Count).ToArray();
        var hasMore = start + page.Length < ordered.Length;
        return FhirResponse.Of(
            new BundleContent(
                "searchset",
                now,
                [
                    .. page.Select(p => new BundleEntry
                    {
                        FullUrl = $"{show.BaseUrl}/{p.Task.Key}",
                        Resource = p.Task.Utf8Json,
                        SearchMode = "match",
                    }),
                ]
            )
            {
                Total = ordered.Length,
                SelfLink = $"{show.BaseUrl}/{show.Self}",
                NextLink = hasMore
                    ? $"{show.BaseUrl}/{show.Self}&{PageToken.Parameter}={PageToken.Write(new PageCursor(WorklistPage.Print(page[^1].Key), 0), show.Self)}"
                    : null,
            }
        );
    }

    private static WorklistKey KeyOf(
        Snapshot task,
        TaskView view,
        ImmutableDictionary<string, string> tiers,
        DateTimeOffset now
    ) =>
        WorklistKey.Of(
            view.Priority,
            new TaskDraft(task).Due,
            PatientRisks.Rank(view.For.Reference is { } patient ? tiers.GetValueOrDefault(patient) : null),
            task.Key.Id,
            now
        );
}
