using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Tasks;

/// <summary>What is to be done, the most pressing first: by priority, then what is overdue, then the patient's risk, then due time.</summary>
/// <param name="Query">The tasks asked for. The first page says what time it is, and those that follow keep to it.</param>
/// <param name="Self">The request, without its page, for the links.</param>
public sealed record ShowWorklist(WorklistQuery Query, string Self, string BaseUrl)
    : FhirInteraction("$worklist", "Task", null)
{
    /// <summary>Only what is due before this, or on this day.</summary>
    public CareDate? DueBefore { get; init; }

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
            new(
                "status",
                ["code", "string"],
                "Instead of all that somebody is to do now: these statuses, with commas between; draft and on-hold are possible too."
            ),
            new("priority", ["code", "string"], "Only these priorities, with commas between."),
            new("dueBefore", Take.Time, "Only tasks due before this instant, or until the end of this day."),
            new("count", ["integer", "positiveInt", "decimal"], "Tasks a page."),
            new(PageToken.Parameter, ["string"], "The page, as a next link has it."),
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        if (!Statuses(input.Text("status")).TryGet(out var statuses, out var failure))
            return failure;
        if (!Ranks(input.Text("priority")).TryGet(out var priorities, out failure))
            return failure;
        if (!Roles(input).TryGet(out var roles, out failure))
            return failure;
        var limits = input.Definitions.Limits;
        var wanted = input.Number("count") ?? Number(input.Query.First("_count")) ?? limits.DefaultPageSize;
        if (wanted < 1)
            return Failure.Invalid(IssueCode.Value, "'count' is at least 1.", "Parameters.parameter");
        var owners = input.All("owner").Concat(input.All("team")).Take(limits.Search.MaxValues + 1).ToList();
        if (owners.Count > limits.Search.MaxValues)
            return Failure.Invalid(
                IssueCode.TooCostly,
                $"A worklist is of at most {limits.Search.MaxValues} owners and teams together; ask for some of them at a time.",
                "Parameters.parameter"
            );
        var patient = input.Reference("patient") is { } of ? input.Definitions.PartyOf(of) : default(Party?);
        if (patient is { Key: not { Type: ResourceTypes.Patient } })
            return Failure.Invalid(
                IssueCode.Value,
                "'patient' is a patient of this server, such as Patient/1.",
                "Parameters.parameter"
            );
        var query = new WorklistQuery(default, (int)Math.Min(wanted, limits.MaxPageSize))
        {
            Owners = [.. owners.Select(p => input.Definitions.PartyOf(input.ReferenceOf(p)!))],
            IsUnowned = input.Flag("unassigned") is true,
            Patient = patient?.Key,
            Statuses = statuses,
            Priorities = priorities,
            Criteria = roles,
        };
        var self = string.Join(
            '&',
            input.Query.Without(PageToken.Parameter).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}")
        );
        var worklist = new ShowWorklist(query, $"Task/$worklist?{self}", input.BaseUrl)
        {
            DueBefore = input.Date("dueBefore"),
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

    private static Result<ImmutableArray<short>> Statuses(string? text)
    {
        var statuses = text?.Split(',') ?? [.. OpenWork.Current];
        foreach (var status in statuses)
        {
            if (KeptProjection.NumberOf(status) < 0)
                return Failure.Invalid(
                    IssueCode.Value,
                    $"A worklist holds tasks that are {string.Join(", ", OpenWork.Statuses)}; ask GET [base]/Task?status= for others.",
                    "Parameters.parameter"
                );
        }

        return ImmutableArray.Create([.. statuses.Select(KeptProjection.NumberOf)]);
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

    private static Result<ImmutableArray<Criterion>> Roles(OperationInput input)
    {
        if (input.Text("role") is not { } role)
            return ImmutableArray<Criterion>.Empty;
        var query = QueryParameters.Parse($"performer={Uri.EscapeDataString(role)}");
        return input
            .Definitions.ParseSearch("Task", query, isLenient: false, input.BaseUrl)
            .TryGet(out var parsed, out var failure)
            ? parsed.Query.Criteria
            : failure;
    }

    private static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

internal sealed class ShowWorklistHandler(CareSession session, CarePolicies policies, TimeProvider time)
    : IRequestHandler<ShowWorklist, FhirResponse>
{
    public async Task<FhirResponse> Handle(ShowWorklist show, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // What gets overdue between two pages must not move from one that is to come to one that was read.
        var query = show.Query.After is null ? show.Query with { Now = now } : show.Query;
        query = query with { DueBefore = await DueBeforeAsync(show, cancellationToken) };
        var page = await session.Reads.WorklistAsync(query, cancellationToken);
        return FhirResponse.Of(
            new BundleContent(
                "searchset",
                now,
                [
                    .. page.Tasks.Select(task => new BundleEntry
                    {
                        FullUrl = $"{show.BaseUrl}/{task.Key}",
                        Resource = task.Utf8Json,
                        SearchMode = "match",
                    }),
                ]
            )
            {
                Total = page.Total,
                SelfLink = $"{show.BaseUrl}/{show.Self}",
                NextLink = page.Next is { } last ? $"{show.BaseUrl}/{show.Self}&{Next(show, query, last)}" : null,
            }
        );
    }

    /// <summary>The day of the organisation of whose work it is: of an owner, or else of the patient.</summary>
    private async Task<DateTimeOffset?> DueBeforeAsync(ShowWorklist show, CancellationToken cancellationToken)
    {
        if (show.DueBefore is not { } date)
            return null;
        string?[] whose = [.. show.Query.Owners.Select(o => o.Text), show.Query.Patient?.ToString()];
        var calendar = (await policies.OfAsync(cancellationToken, whose)).Calendar;
        return date.IsInstant ? calendar.StartOf(date) : calendar.EndOf(date).Plus(TimeSpan.FromSeconds(1));
    }

    /// <summary>The place of the next page is that of the task before it, so that it stays true when that one is done meanwhile.</summary>
    private static string Next(ShowWorklist show, WorklistQuery query, WorkPlace last)
    {
        var cursor = new PageCursor(WorklistToken.Print(last), query.Now.UtcTicks);
        return $"{PageToken.Parameter}={PageToken.Write(cursor, show.Self)}";
    }
}
