using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Writes;

/// <summary>Why the referrals of a patient end.</summary>
/// <param name="Consent">Only what rests on it ends; null: all.</param>
internal sealed record ReferralEnding(string Patient, Reason Reason, string? Consent = null);

/// <summary>The referrals that the writes of one commit concern, as they change write by write.</summary>
internal sealed class ReferralEffects
{
    private readonly WrittenReferrals _around;
    private readonly Func<ResourceKey, Snapshot?> _now;
    private readonly Dictionary<ResourceKey, ResourceDraft> _drafts = [];
    private readonly List<ResourceDraft> _made = [];
    private readonly HashSet<string> _ended = new(StringComparer.Ordinal);
    private readonly Dictionary<ResourceKey, Referral> _byTask;
    private readonly ILookup<ResourceKey, Referral> _byRequest;
    private readonly ILookup<string, Referral> _byPatient;
    private readonly ILookup<(string Patient, string Consent), Referral> _byConsent;

    /// <param name="now">A resource as it is after the writes so far; null where they do not change it.</param>
    public ReferralEffects(WrittenReferrals around, Func<ResourceKey, Snapshot?> now)
    {
        _around = around;
        _now = now;
        Referral[] all =
        [
            .. around
                .Referrals.DistinctBy(r => r.Task.Key)
                .Select(r => new Referral(TaskOf(r.Task), RequestOf(r.Request))),
        ];
        _byTask = all.ToDictionary(r => r.Task.Key);
        _byRequest = all.ToLookup(r => r.Request.Key);
        _byPatient = all.Where(r => r.Patient is not null).ToLookup(r => r.Patient!, StringComparer.Ordinal);
        _byConsent = all.Where(r => r.Patient is not null)
            .SelectMany(r => r.RestsOn.Distinct(), (referral, consent) => (referral, consent))
            .ToLookup(r => (r.referral.Patient!, r.consent), r => r.referral);
    }

    /// <summary>A partner's client, or somebody for it, moved the Task.</summary>
    public void Move(RestWrite write)
    {
        if (!_byTask.TryGetValue(write.Key, out var referral))
            return;
        var (task, request) = referral;
        if (!task.IsReferral() || task.Partner() is null)
            return;
        if (task.Status == TaskStatusCodes.EnteredInError)
        {
            Void([task]);
            return;
        }

        var before = TaskView.From(write.Before!);
        var change = new ReferralChange(ReferralState.Of(before), task.Edit.Output.Count > before.Output.Count());
        if (task.Status == TaskStatusCodes.Completed)
        {
            task.ExecutionStart ??= task.ExecutionEnd ?? _around.Context.Now;
            task.ExecutionEnd ??= _around.Context.Now;
        }

        if (change.Was.Status != task.Status)
            task.Unflag(BusinessStatuses.OverdueAnswer);
        ReferralTimers.BeginAnew(task);
        _made.AddRange(ReferralFollowing.Of(task, change, request, _around.Context));
    }

    /// <summary>The request ended: what fulfils it ends too, or was never to be.</summary>
    public void EndRequest(RestWrite write)
    {
        Referral[] attempts = [.. _byRequest[write.Key]];
        if (ServiceRequestView.From(write.After).Status == Lifecycle.EnteredInError)
            Void(attempts.Select(r => r.Task));
        else
            End(attempts, ReferralCascade.RequestEnded);
    }

    /// <summary>What the referrals of a patient rest on is gone.</summary>
    public void End(ReferralEnding why)
    {
        if (why.Consent is { } consent)
            End(_byConsent[(why.Patient, consent)], why.Reason);
        // Those of a patient have all ended with the first reason.
        else if (_ended.Add(why.Patient))
            End(_byPatient[why.Patient], why.Reason);
    }

    /// <summary>What has changed, and what was made.</summary>
    public ImmutableArray<ResourceWrite> ToWrites() =>
        [
            .. _drafts
                .Values.Concat(_made)
                .DistinctBy(d => d.Key)
                .Where(d => d.IsChanged)
                .Select(d => new ResourceWrite(d.Key, d.Version, d.ToUtf8Json())),
        ];

    private void End(IEnumerable<Referral> referrals, Reason reason)
    {
        Referral[] ending = [.. referrals];
        ReferralCascade.End(
            ending.Select(r => r.Request).DistinctBy(r => r.Key),
            ending.Select(r => r.Task),
            IsKnownThere,
            reason,
            _around.Context.Now
        );
    }

    private void Void(IEnumerable<TaskDraft> attempts) =>
        _made.AddRange(ReferralCascade.Void(attempts, IsKnownThere, _around.Context));

    private bool IsKnownThere(TaskDraft task) => _around.IsKnownThere(task.Key);

    private TaskDraft TaskOf(Snapshot read) => (TaskDraft)Draft(read, s => new TaskDraft(s));

    private ServiceRequestDraft RequestOf(Snapshot read) =>
        (ServiceRequestDraft)Draft(read, s => new ServiceRequestDraft(s));

    private ResourceDraft Draft(Snapshot read, Func<Snapshot, ResourceDraft> make)
    {
        if (!_drafts.TryGetValue(read.Key, out var draft))
            _drafts[read.Key] = draft = make(_now(read.Key) ?? read);
        return draft;
    }

    private sealed record Referral(TaskDraft Task, ServiceRequestDraft Request)
    {
        public string? Patient { get; } = Request.Edit.Subject.Target();

        /// <summary>The consents on whose strength it went.</summary>
        public IEnumerable<string> RestsOn =>
            Task.RestsOn() is { } consent
                ? Request.Edit.SupportingInfo.Targets().Append(consent)
                : Request.Edit.SupportingInfo.Targets();
    }
}
