using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>What is to be done, the most pressing first: by priority, then what is overdue, then the patient's risk, then due time.</summary>
/// <param name="Query">The tasks asked for. The first page says what time it is, and those that follow keep to it.</param>
/// <param name="Self">The request, without its page, for the links.</param>
public sealed record ShowWorklist(WorklistQuery Query, string Self, string BaseUrl)
    : FhirInteraction("$worklist", ResourceTypes.Task, null)
{
    public override bool IsQuestion => true;

    public override string? SearchedBy => Self[(Self.IndexOf('?', StringComparison.Ordinal) + 1)..];

    /// <summary>Only what is due before this, or on this day.</summary>
    public CareDate? DueBefore { get; init; }

    public required PageLinks Links { get; init; }

    /// <summary>What comes along with the tasks.</summary>
    public ImmutableArray<Include> Includes { get; init; } = [];

    /// <summary>With how the month of each patient of the page stands who is in a programme.</summary>
    public bool Programs { get; init; }

    /// <summary>Which elements of the tasks are wanted; what comes along is whole.</summary>
    public Projection Projection { get; init; } = Projection.Whole;

    public static readonly Operation Operation = new(
        ResourceTypes.Task,
        "worklist",
        "Open tasks of people, teams or roles, the most pressing first: priority, then overdue, then risk, then due time.",
        Read
    )
    {
        IsOnType = true,
        IsOnInstance = false,
        AffectsState = false,
        Answer = ResourceTypes.Bundle,
        Parameters =
        [
            new(
                "owner",
                ["Reference"],
                "Tasks of this owner; several are alternatives. A person and their roles are one worker."
            )
            {
                IsRepeatable = true,
            },
            new("team", ["Reference"], "Tasks of this CareTeam or Organization."),
            new("role", ["string", "code"], "Tasks for this performer type: code, or system|code."),
            new("unassigned", ["boolean"], "True: tasks that nobody owns."),
            new("patient", ["Reference"], "Tasks of this patient."),
            new(
                "ownedBy",
                ["code", "string"],
                "patient: only what patients and their families have to do themselves; staff: only what others have, or nobody."
            ),
            new(
                "status",
                ["code", "string"],
                "Instead of all that somebody is to do now: these statuses, with commas between; draft and on-hold are possible too."
            ),
            new("code", ["string", "code"], "Only tasks of this code: code, or system|code; several are alternatives.")
            {
                IsRepeatable = true,
            },
            new("priority", ["code", "string"], "Only these priorities, with commas between."),
            new("dueBefore", Take.Time, "Only tasks due before this instant, or until the end of this day."),
            new("count", ["integer", "positiveInt", "decimal"], "Tasks a page; _count in the URL means the same."),
            new(
                "_include",
                ["string"],
                "As in a search of Task: Task:patient brings the patients of the page, and of each the assessment of risk that orders the list; Task:owner, Task:focus and others bring what they refer to."
            )
            {
                IsRepeatable = true,
            },
            new(
                "programs",
                ["boolean"],
                "True: Parameters come along for each patient of the page who is in a programme: the minutes of this month and what the next threshold needs."
            ),
            new("_elements", ["string"], "Only these elements of the tasks, with commas between."),
            new(PageToken.Parameter, ["string"], "The page, as a next link has it."),
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        if (!QueryOf(input).TryGet(out var query, out var failure))
            return failure;
        var included = input.All("_include").Select(OperationInput.TextOf).OfType<string>();
        if (!WorklistCompany.Parse(included, input.Definitions).TryGet(out var includes, out failure))
            return failure;
        var self = $"Task/$worklist?{input.Repeated(PageToken.Parameter, "count")}_count={query.Count}";
        var worklist = new ShowWorklist(query, self, input.BaseUrl)
        {
            Links = PageLinks.Of($"{input.BaseUrl}/{self}", input.Query),
            DueBefore = input.Date("dueBefore"),
            Includes = includes,
            Programs = input.Flag("programs") is true,
            Projection = ElementsOf(input),
        };
        if (input.Text(PageToken.Parameter) is not { } token)
            return worklist;
        return PageToken.Read(token, worklist.Self).TryGet(out var cursor, out failure)
            ? worklist with
            {
                Query = query with
                {
                    Now = new DateTimeOffset(cursor.Key, TimeSpan.Zero),
                    After = WorklistToken.Parse(cursor.SortValue!),
                },
            }
            : failure;
    }

    private static Result<WorklistQuery> QueryOf(OperationInput input)
    {
        if (!Statuses(input.Text("status")).TryGet(out var statuses, out var failure))
            return failure;
        if (!Ranks(input.Text("priority")).TryGet(out var priorities, out failure))
            return failure;
        if (!Criteria(input).TryGet(out var criteria, out failure))
            return failure;
        var limits = input.Definitions.Limits;
        var count = input.Number("count") ?? Number(input.Query.First("_count"));
        if (count < 1)
            return Wrong("'count' is at least 1.");
        var owners = input.All("owner").Concat(input.All("team")).Take(limits.Search.MaxValues + 1).ToList();
        if (owners.Count > limits.Search.MaxValues)
            return Failure.Invalid(
                IssueCode.TooCostly,
                $"A worklist is of at most {limits.Search.MaxValues} owners and teams together; ask for some of them at a time.",
                "Parameters.parameter"
            );
        var patient = input.Reference("patient") is { } of ? input.Definitions.PartyOf(of) : default(Party?);
        if (patient is { Key: not { Type: ResourceTypes.Patient } })
            return Wrong("'patient' is a patient of this server, such as Patient/1.");
        var side = input.Text("ownedBy");
        if (side is not (null or "patient" or "staff"))
            return Wrong("'ownedBy' is patient or staff.");
        return new WorklistQuery(default, (int)Math.Min(count ?? limits.DefaultPageSize, limits.MaxPageSize))
        {
            Owners = [.. owners.Select(p => input.Definitions.PartyOf(input.ReferenceOf(p)!))],
            IsUnowned = input.Flag("unassigned") is true,
            Patient = patient?.Key,
            IsOfPatients = side is null ? null : side == "patient",
            Statuses = statuses,
            Priorities = priorities,
            Criteria = criteria,
        };
    }

    private static Failure Wrong(string sentence) => Failure.Invalid(IssueCode.Value, sentence, "Parameters.parameter");

    private static Result<ImmutableArray<short>> Statuses(string? text)
    {
        var statuses = text?.Split(',') ?? [.. OpenWork.Current];
        foreach (var status in statuses)
        {
            if (Projector.NumberOf(status) < 0)
                return Failure.Invalid(
                    IssueCode.Value,
                    $"A worklist holds tasks that are {string.Join(", ", OpenWork.Statuses)}; ask GET [base]/Task?status= for others.",
                    "Parameters.parameter"
                );
        }

        return ImmutableArray.Create([.. statuses.Select(Projector.NumberOf)]);
    }

    private static Result<ImmutableArray<short>> Ranks(string? text)
    {
        var priorities = text?.Split(',') ?? [];
        foreach (var priority in priorities)
        {
            if (!Priorities.All.Contains(priority))
                return Failure.Invalid(
                    IssueCode.Value,
                    $"A priority is one of {string.Join(", ", Priorities.All)}.",
                    "Parameters.parameter"
                );
        }

        return ImmutableArray.Create([.. priorities.Select(p => (short)Priorities.Rank(p))]);
    }

    /// <summary>What a search of Task would be asked: the performer type and the code.</summary>
    private static Result<ImmutableArray<Criterion>> Criteria(OperationInput input)
    {
        var asked = new List<string>();
        if (input.Text("role") is { } role)
            asked.Add($"performer={Uri.EscapeDataString(role)}");
        if (input.Has("code"))
            asked.Add(
                $"code={string.Join(',', input.All("code").Select(c => Uri.EscapeDataString(OperationInput.TextOf(c) ?? "")))}"
            );
        return input
            .Definitions.ParseSearch(
                ResourceTypes.Task,
                QueryParameters.Parse(string.Join('&', asked)),
                isLenient: false,
                input.BaseUrl
            )
            .TryGet(out var parsed, out var failure)
            ? parsed.Query.Criteria
            : failure;
    }

    private static Projection ElementsOf(OperationInput input) =>
        input.Text("_elements") is { } elements
            ? new Projection(
                SummaryMode.False,
                [.. elements.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
            )
            : Projection.Whole;

    private static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

internal sealed class ShowWorklistHandler(
    CareSession session,
    WorklistOwners owners,
    WorklistCompany company,
    WorklistPrograms programs,
    FhirDefinitions definitions,
    TimeProvider time
) : IRequestHandler<ShowWorklist, FhirResponse>
{
    public async Task<FhirResponse> Handle(ShowWorklist show, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // What gets overdue between two pages must not move from one that is to come to one that was read.
        var query = show.Query.After is null ? show.Query with { Now = now } : show.Query;
        query = query with
        {
            DueBefore = await owners.DueBeforeAsync(show, cancellationToken),
            Owners = await owners.WidenAsync(query.Owners, cancellationToken),
        };
        var page = await session.Reads.WorklistAsync(query, cancellationToken);
        if (page.Total == 0 && await owners.MissingAsync(show.Query.Owners, cancellationToken) is { } missing)
            return WorkerRule.Unresolved("owner", missing).Coded();
        var along = await company.OfAsync(page.Tasks, show.Includes, cancellationToken);
        return FhirResponse.Of(
            new BundleContent(
                "searchset",
                now,
                [
                    .. page.Tasks.Select(task =>
                        Entry(
                            show,
                            (task.Key, task.Utf8Json),
                            show.Projection.Apply(task.Utf8Json, definitions),
                            "match"
                        )
                    ),
                    .. along.Select(found => Entry(show, found, found.Utf8Json, "include")),
                    .. show.Programs ? await programs.OfAsync(page.Tasks, now, cancellationToken) : [],
                ]
            )
            {
                Total = page.Total,
                SelfLink = show.Links.Self,
                FirstLink = show.Links.First,
                NextLink = page.Next is { } last ? show.Links.Next(Next(show, query, last)) : null,
            }
        );
    }

    private static BundleEntry Entry(
        ShowWorklist show,
        (ResourceKey Key, ReadOnlyMemory<byte> Utf8Json) whole,
        ReadOnlyMemory<byte> shown,
        string mode
    ) =>
        new()
        {
            FullUrl = $"{show.BaseUrl}/{whole.Key}",
            Resource = shown,
            Source = whole.Utf8Json,
            SearchMode = mode,
        };

    /// <summary>The place of the next page is that of the task before it, so that it stays true when that one is done meanwhile.</summary>
    private static string Next(ShowWorklist show, WorklistQuery query, WorkPlace last) =>
        PageToken.Write(new PageCursor(WorklistToken.Print(last), query.Now.UtcTicks), show.Self);
}
