using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Referrals;

/// <summary>A version of a request or of one of its Tasks, and when it was stored.</summary>
public readonly record struct StoredVersion(Snapshot Resource, DateTimeOffset At);

/// <summary>Something that happened to a message: the axis of delivery.</summary>
/// <param name="Kind"><c>send</c>, <c>update</c> or <c>cancel</c>.</param>
/// <param name="State">queued, sending, delivered, acknowledged, retry, parked, dead or superseded.</param>
/// <param name="HttpStatus">Of the partner's answer.</param>
/// <param name="Problem">Without patient data.</param>
/// <param name="Words">The partner's own, of its last answer.</param>
public sealed record DeliveryStep(
    string Delivery,
    DateTimeOffset At,
    string Partner,
    ResourceKey Task,
    string Kind,
    string State,
    int? HttpStatus = null,
    string? Problem = null,
    string? Words = null
);

/// <summary>
/// What became of a referral: where it stands and where its messages are, which are never the same thing, and how both came about.
/// </summary>
public sealed class ReferralTimeline
{
    private readonly ServiceRequestDraft _request;
    private readonly ImmutableArray<TaskDraft> _attempts;
    private readonly ImmutableArray<DeliveryStep> _steps;
    private readonly ImmutableArray<StoredVersion> _versions;

    private ReferralTimeline(
        ServiceRequestDraft request,
        ImmutableArray<TaskDraft> attempts,
        ImmutableArray<StoredVersion> versions,
        ImmutableArray<DeliveryStep> steps
    )
    {
        (_request, _attempts, _versions, _steps) = (request, attempts, versions, steps);
    }

    /// <param name="attempts">The Tasks that fulfil the request, the oldest first.</param>
    /// <param name="versions">Every version of the request and of these.</param>
    public static ReferralTimeline Of(
        Snapshot request,
        IEnumerable<Snapshot> attempts,
        IEnumerable<StoredVersion> versions,
        IEnumerable<DeliveryStep> steps
    ) =>
        new(
            new ServiceRequestDraft(request),
            [.. attempts.Select(a => new TaskDraft(a)).Where(t => t.IsReferral())],
            [.. versions.OrderBy(v => v.At).ThenBy(v => v.Resource.Version)],
            [.. steps.OrderBy(s => s.At)]
        );

    /// <summary>Completed, with an output or a report.</summary>
    public bool IsLoopClosed => _attempts.Any(t => t.Status == TaskStatusCodes.Completed && CloseLoop.HasEvidence(t));

    /// <summary>The answer of the operation.</summary>
    public ParametersEditor ToParameters(Func<string, string> guarantee)
    {
        var answer = new ParametersEditor
        {
            Parameter =
            {
                new() { Name = "request", ValueReference = ReferenceEditor.To(_request.Key) },
                new() { Name = "status", ValueCode = _request.Status },
                new() { Name = "attempts", ValueInteger = _attempts.Length },
                new() { Name = "loopClosed", ValueBoolean = IsLoopClosed },
            },
        };
        if (_request.CancelRequested() is { } since)
            answer.Parameter.Add(new() { Name = "cancelRequested", ValueDateTime = since });
        foreach (var attempt in _attempts)
            answer.Parameter.Add(Attempt(attempt, guarantee));
        foreach (var entry in Business().Concat(_steps.Select(Delivery)).OrderBy(e => e.At))
            answer.Parameter.Add(entry.Parameter);
        return answer;
    }

    private ParametersParameterEditor Attempt(TaskDraft task, Func<string, string> guarantee)
    {
        var attempt = new ParametersParameterEditor
        {
            Name = "attempt",
            Part =
            {
                new() { Name = "task", ValueReference = ReferenceEditor.To(task.Key) },
                new() { Name = "number", ValueInteger = task.Attempt() },
                new() { Name = "status", ValueCode = task.Status },
            },
        };
        if (ReferralState.Of(task).Business is { } business)
            attempt.Part.Add(new() { Name = "businessStatus", ValueCode = business });
        if (task.Owner is { } owner)
            attempt.Part.Add(new() { Name = "owner", ValueReference = References.To(owner) });
        if (task.Partner() is { } partner)
        {
            attempt.Part.Add(new() { Name = "partner", ValueReference = References.To($"Endpoint/{partner}") });
            attempt.Part.Add(new() { Name = "guarantee", ValueString = guarantee(partner) });
        }
        if (task.Due is { } due)
            attempt.Part.Add(new() { Name = "answerDue", ValueDateTime = due.Given });
        // What a later message replaced says nothing of what the partner has.
        if (_steps.LastOrDefault(s => s.Task == task.Key && s.State != "superseded") is { } last)
        {
            attempt.Part.Add(new() { Name = "delivery", ValueCode = last.State });
            if (last.Words is { } words)
                attempt.Part.Add(new() { Name = "partnerSays", ValueString = words });
        }

        return attempt;
    }

    /// <summary>The versions in which the state changed.</summary>
    private IEnumerable<(DateTimeOffset At, ParametersParameterEditor Parameter)> Business()
    {
        var known = new Dictionary<ResourceKey, ReferralState>();
        foreach (var (resource, at) in _versions)
        {
            var document = ResourceDocument.Parse(resource.Utf8Json).Value;
            var state =
                resource.Key.Type == ResourceTypes.Task
                    ? ReferralState.Of(TaskView.From(document))
                    : new ReferralState(ServiceRequestView.From(document).Status ?? "");
            if (known.TryGetValue(resource.Key, out var before) && before == state)
                continue;
            known[resource.Key] = state;
            var entry = Event("business", at);
            entry.Part.Add(new() { Name = "resource", ValueReference = ReferenceEditor.To(resource.Key) });
            entry.Part.Add(new() { Name = "status", ValueCode = state.Status });
            if (state.Business is { } business)
                entry.Part.Add(new() { Name = "businessStatus", ValueCode = business });
            yield return (at, entry);
        }
    }

    private static (DateTimeOffset At, ParametersParameterEditor Parameter) Delivery(DeliveryStep step)
    {
        var entry = Event("delivery", step.At);
        entry.Part.Add(new() { Name = "resource", ValueReference = ReferenceEditor.To(step.Task) });
        entry.Part.Add(new() { Name = "partner", ValueReference = References.To($"Endpoint/{step.Partner}") });
        entry.Part.Add(new() { Name = "delivery", ValueId = step.Delivery });
        entry.Part.Add(new() { Name = "message", ValueCode = step.Kind });
        entry.Part.Add(new() { Name = "state", ValueCode = step.State });
        if (step.HttpStatus is { } status)
            entry.Part.Add(new() { Name = "httpStatus", ValueInteger = status });
        if (step.Problem is { } problem)
            entry.Part.Add(new() { Name = "problem", ValueString = problem });
        if (step.Words is { } words)
            entry.Part.Add(new() { Name = "partnerSays", ValueString = words });
        return (step.At, entry);
    }

    private static ParametersParameterEditor Event(string axis, DateTimeOffset at) =>
        new()
        {
            Name = "event",
            Part =
            {
                new() { Name = "at", ValueInstant = at },
                new() { Name = "axis", ValueCode = axis },
            },
        };
}
