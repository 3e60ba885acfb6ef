using System.Collections.Immutable;
using System.Text;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>Changes a plan in place, or replaces it by a new one.</summary>
/// <param name="Plan">The plan that takes over; null: in place.</param>
/// <param name="New">Goals and activities that come into being with the revision.</param>
public sealed record RevisePlan(
    CommandCall Call,
    ResourceDocument? Plan,
    ImmutableArray<string> Add,
    ImmutableArray<string> Remove,
    ImmutableArray<ResourceDocument> New
) : Command(Call)
{
    public string? Title { get; init; }

    public string? Description { get; init; }

    public CareDate? PeriodEnd { get; init; }

    /// <summary>The old plan was fulfilled; otherwise it is superseded.</summary>
    public bool Complete { get; init; }

    public bool Activate { get; init; }

    public string? Consent { get; init; }

    public bool AllowConcurrent { get; init; }

    public static readonly Operation Operation = new(
        ResourceTypes.CarePlan,
        "revise",
        "Adds and removes goals and activities of the plan, or replaces it by a new plan that takes over what is open.",
        Read
    )
    {
        Parameters =
        [
            Take.NeededReason,
            Take.Note,
            new(
                "mode",
                ["code", "string"],
                "in-place or replace; what the other parameters mean where it is left out."
            ),
            new("add", ["Reference"], "A goal or activity that is here already.") { IsRepeatable = true },
            new("remove", ["Reference"], "A goal or activity of the plan; it is cancelled.") { IsRepeatable = true },
            new("new", ["Resource"], "A goal or activity to be made.") { IsRepeatable = true },
            new("title", ["string"], "The new title."),
            new("description", ["string"], "The new description."),
            new("periodEnd", Take.Time, "The new last day."),
            new("plan", ["Resource"], "For replace: the CarePlan that takes over."),
            new("complete", ["boolean"], "For replace: true, the old plan was fulfilled; otherwise it is revoked."),
            new("activate", ["boolean"], "For replace: true, the new plan begins at once."),
            Take.Consent,
            Take.AllowConcurrent,
            Take.Practitioner,
        ],
    };

    private static Result<FhirInteraction> Read(OperationInput input)
    {
        var plan = input.All("plan").Select(OperationInput.ResourceOf).FirstOrDefault();
        if (
            input.Text("mode") is { } mode
            && !(mode == "in-place" && plan is null)
            && !(mode == "replace" && plan is not null)
        )
            return Failure.Invalid(
                IssueCode.Value,
                "'mode' is in-place without the parameter 'plan', or replace with it.",
                "Parameters.parameter"
            );
        if (plan is not null && !plan.ResourceTypeUtf8.SequenceEqual("CarePlan"u8))
            return Failure.Invalid(IssueCode.Value, "'plan' is a CarePlan.", "Parameters.parameter");
        return input.Command(call => new RevisePlan(
            call,
            plan,
            [.. input.All("add").Select(p => input.ReferenceOf(p)!)],
            [.. input.All("remove").Select(p => input.ReferenceOf(p)!)],
            [.. input.All("new").Select(p => OperationInput.ResourceOf(p)!)]
        )
        {
            Title = input.Text("title"),
            Description = input.Text("description"),
            PeriodEnd = input.Date("periodEnd"),
            Complete = input.Flag("complete") ?? false,
            Activate = input.Flag("activate") ?? false,
            Consent = input.Reference("consent"),
            AllowConcurrent = input.Flag("allowConcurrent") ?? false,
        });
    }
}

internal sealed class RevisePlanHandler(CommandRunner runner, CareReads reads, PlanReads plans)
    : IRequestHandler<RevisePlan, FhirResponse>
{
    public Task<FhirResponse> Handle(RevisePlan command, CancellationToken cancellationToken) =>
        runner.RunAsync(
            command,
            (plan, now, policy) =>
                command.Plan is null
                    ? ChangeAsync(command, plan, now, policy, cancellationToken)
                    : ReplaceAsync(command, command.Plan, plan, now, policy, cancellationToken),
            cancellationToken
        );

    private async Task<Result<Decision>> ChangeAsync(
        RevisePlan command,
        Snapshot plan,
        DateTimeOffset now,
        CarePolicy policy,
        CancellationToken cancellationToken
    )
    {
        var members = await reads.MembersOfAsync(plan, cancellationToken);
        var added = await reads.NamedAllAsync(command.Add, cancellationToken);
        return PlanRevision.InPlace(
            plan,
            members.Concat(added).DistinctBy(m => m.Key),
            new RevisedMembers(command.Add, command.Remove, [.. command.New.Select(Made)])
            {
                Title = command.Title,
                Description = command.Description,
                PeriodEnd = command.PeriodEnd is { } end ? policy.Calendar.LastDayOf(end) : null,
            },
            command.Call.At(now, policy)
        );
    }

    private async Task<Result<Decision>> ReplaceAsync(
        RevisePlan command,
        ResourceDocument replacement,
        Snapshot plan,
        DateTimeOffset now,
        CarePolicy policy,
        CancellationToken cancellationToken
    )
    {
        var rules = policy.RulesAt(now);
        var replacing = await reads.SearchAsync(ResourceTypes.CarePlan, $"replaces={plan.Key}", cancellationToken);
        return PlanRevision.Replace(
            plan,
            new PlanMembers(await reads.MembersOfAsync(plan, cancellationToken)),
            new PlanReplacement(replacement, command.Complete, replacing.Length > 0)
            {
                Activation = command.Activate
                    ? await plans.EntryAsync(
                        Successor(replacement, plan),
                        command.Consent,
                        rules,
                        cancellationToken
                    ) with
                    {
                        AllowConcurrent = command.AllowConcurrent,
                    }
                    : null,
            },
            rules,
            command.Call.At(now, policy),
            runner.NewId()
        );
    }

    /// <summary>What the new plan asks of the patient, who is that of the old one.</summary>
    private static Snapshot Successor(ResourceDocument replacement, Snapshot plan)
    {
        var successor = new CarePlanEditor(CarePlanView.From(replacement))
        {
            Subject = new(CarePlanView.From(ResourceDocument.Parse(plan.Utf8Json).Value).Subject),
        };
        return new Snapshot(plan.Key, 0, successor.ToUtf8Json());
    }

    private Snapshot Made(ResourceDocument document)
    {
        var id = runner.NewId();
        var editor = new ResourceEditor(document);
        editor.SetJson("id", Encoding.UTF8.GetBytes($"\"{id}\""));
        return new Snapshot(new ResourceKey(editor.ResourceType ?? "", id), 0, editor.ToUtf8Json());
    }
}
