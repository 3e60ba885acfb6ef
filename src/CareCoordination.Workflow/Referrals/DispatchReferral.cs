using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Resources;

namespace CareCoordination.Workflow.Referrals;

/// <summary>Where a referral is to go.</summary>
/// <param name="BaseUrl">Of this server: the namespace of the identifiers that it gives.</param>
public sealed record DispatchOrder(Snapshot Endpoint, ReferralProfile Profile, string BaseUrl)
{
    /// <summary>Who is asked; null: the performer of the request, or else the organisation that manages the Endpoint.</summary>
    public string? Performer { get; init; }

    /// <summary>The patient has to agree before anything goes there.</summary>
    public bool NeedsConsent { get; init; }

    /// <summary>The partner works only for those who have a coverage.</summary>
    public bool NeedsCoverage { get; init; }

    /// <summary>True where a duplicate is meant.</summary>
    public bool AllowsDuplicate { get; init; }
}

/// <summary>A referral that is under way: its Task and what it fulfils.</summary>
public readonly record struct OpenReferral(Snapshot Task, Snapshot Request);

/// <summary>What was read of the patient and of the request.</summary>
public sealed record DispatchReads
{
    public Snapshot? Patient { get; init; }

    /// <summary>All of the patient, of any status.</summary>
    public ImmutableArray<Snapshot> Consents { get; init; } = [];

    /// <summary>What <c>ServiceRequest.insurance</c> refers to: Coverage and ClaimResponse.</summary>
    public ImmutableArray<Snapshot> Insurance { get; init; } = [];

    /// <summary>What those who are concerned are called, by their references.</summary>
    public ImmutableDictionary<string, string> Names { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Tasks that fulfil the same request, of any status.</summary>
    public ImmutableArray<Snapshot> Attempts { get; init; } = [];

    /// <summary>Referrals of the patient that are under way.</summary>
    public ImmutableArray<OpenReferral> Others { get; init; } = [];
}

/// <summary><c>ServiceRequest/$dispatch</c>: a request goes to a partner.</summary>
public static class DispatchReferral
{
    /// <summary>
    /// Makes the Task that asks the partner to fulfil the request, and the message that takes it there. Answers the Task.
    /// 422 by <see cref="DispatchChecks"/>; 409 <c>already-dispatched</c>, <c>duplicate</c>.
    /// </summary>
    public static Result<Decision> Dispatch(
        Snapshot snapshot,
        DispatchOrder order,
        DispatchReads reads,
        ReferralContext context
    )
    {
        var request = new ServiceRequestDraft(snapshot);
        var attempts = reads.Attempts.Select(a => new TaskDraft(a)).Where(t => t.IsReferral()).ToArray();
        if (attempts.FirstOrDefault(t => !t.IsTerminal) is { } open)
            return RuleFailure.Conflict(
                "already-dispatched",
                $"{request.Reference} is under way with {open.Reference}; send it elsewhere with $redirect.",
                ResourceTypes.ServiceRequest
            );
        return Send(request, snapshot, attempts, order, reads, context)
            .Then<Decision>(sent => Drafts.Write("dispatch", sent.Task, request).Noting(sent.Notes));
    }

    /// <summary>The checked first half of <c>$dispatch</c> and <c>$redirect</c>.</summary>
    internal static Result<Sent> Send(
        ServiceRequestDraft request,
        Snapshot snapshot,
        IReadOnlyCollection<TaskDraft> attempts,
        DispatchOrder order,
        DispatchReads reads,
        ReferralContext context
    )
    {
        var owner = Owner(request, attempts, order);
        var issues = DispatchChecks.Find(request, order, reads, owner, context).ToImmutableArray();
        if (!issues.IsEmpty)
            return new Failure(422, issues);
        var verdict = Disclosure.OfReferral(
            snapshot,
            Recipient.Of(owner, order.Endpoint, order.NeedsConsent),
            reads.Consents,
            context.Rules,
            context.Now,
            context.Calendar.Zone
        );
        if (verdict.Withheld is { } withheld)
            return RuleFailure.Of(
                "consent-missing",
                withheld == "consent-denies"
                    ? "A Consent of the patient denies that this goes to the partner: ask the patient, or another partner."
                    : "No active Consent of the patient lets this go to the partner: record one that covers the recipient and the category.",
                "ServiceRequest.supportingInfo"
            );
        ImmutableArray<Issue> notes = [];
        if (Duplicate(request, reads, context) is { } duplicate)
        {
            var sentence = $"The patient is referred for the same with {duplicate.Task.Key}.";
            if (!order.AllowsDuplicate)
                return new Failure(
                    409,
                    [
                        Issue.Error(
                            IssueCode.Duplicate,
                            $"{sentence} Send 'override' as true where both are meant.",
                            "ServiceRequest.code"
                        ) with
                        {
                            Details = "duplicate",
                        },
                    ]
                );
            notes = [Issue.Warning(IssueCode.Duplicate, sentence, "ServiceRequest.code")];
        }

        Identify(request, order);
        var task = NewTask(request, attempts, order, owner, verdict.RestsOn, context);
        Describe(task, request, reads.Names);
        return new Sent(task, notes);
    }

    /// <summary>Whoever was asked before through another partner is not who is asked now, unless the order names them.</summary>
    private static string? Owner(
        ServiceRequestDraft request,
        IReadOnlyCollection<TaskDraft> attempts,
        DispatchOrder order
    ) =>
        order.Performer
        ?? request
            .Edit.Performer.Targets()
            .FirstOrDefault(p => !attempts.Any(a => a.Owner == p && a.Partner() != order.Endpoint.Key.Id))
        ?? EndpointView.From(ResourceDocument.Parse(order.Endpoint.Utf8Json).Value).ManagingOrganization.Target();

    /// <summary>
    /// The number of the one that asks, under which a partner knows the request.
    /// https://hl7.org/fhir/us/bser/StructureDefinition-referral-servicerequest.html
    /// </summary>
    private static void Identify(ServiceRequestDraft request, DispatchOrder order)
    {
        if (Placer(request) is null)
            request.Edit.Identifier.Add(
                new()
                {
                    Type = CodeableConceptEditor.Of(IdentifierTypes, "PLAC"),
                    System = $"{order.BaseUrl}/ServiceRequest",
                    Value = request.Key.Id,
                }
            );
    }

    private static TaskDraft NewTask(
        ServiceRequestDraft request,
        IReadOnlyCollection<TaskDraft> attempts,
        DispatchOrder order,
        string? owner,
        string? restsOn,
        ReferralContext context
    )
    {
        var numbers = context.Numbers;
        var priority = request.Edit.Priority ?? RequestPriorityCodes.Routine;
        var days = numbers.AnswerWithin.GetValueOrDefault(priority, numbers.AnswerWithin.Values.Max());
        var placer = Placer(request)!;
        var task = new TaskDraft(context.NewId())
        {
            Edit =
            {
                Status = TaskStatusCodes.Requested,
                Intent = TaskIntentCodes.Order,
                Priority = priority,
                Code = ReferralTask.FulfillCode(),
                Focus = ReferenceEditor.To(request.Key),
                BasedOn = { ReferenceEditor.To(request.Key) },
                GroupIdentifier = new() { System = placer.System, Value = placer.Value },
                For = References.To(request.Edit.Subject.Target()!),
                AuthoredOn = context.Now,
                Requester = References.To(request.Edit.Requester.Target() ?? context.By.Reference),
            },
            Owner = owner,
            Due = context.Calendar.DueInBusinessDays(context.Now, days),
        };
        task.Edit.Extension.Add(
            new() { Url = CareExtensions.Partner, ValueReference = ReferenceEditor.To(order.Endpoint.Key) }
        );
        task.Edit.Extension.Add(new() { Url = CareExtensions.PartnerProfile, ValueCode = order.Profile.Name });
        task.Edit.Extension.Add(
            new()
            {
                Url = CareExtensions.Attempt,
                ValuePositiveInt = CheckedNumber.Next(attempts.Select(a => a.Attempt()).DefaultIfEmpty().Max()),
            }
        );
        if (restsOn is not null)
            task.Edit.Extension.Add(new() { Url = CareExtensions.RestsOn, ValueReference = References.To(restsOn) });
        task.Touch(context.Now);
        return task;
    }

    /// <summary>What is asked of whom for whom, in words: for those who see the row and nothing else.</summary>
    private static void Describe(TaskDraft task, ServiceRequestDraft request, ImmutableDictionary<string, string> names)
    {
        var words =
            PartyNames.Of(request.Edit.Code)
            ?? request.Edit.Category.Select(PartyNames.Of).FirstOrDefault(w => w is not null);
        task.Edit.Description = words;
        task.Edit.Focus.Display = words;
        foreach (var reference in (ReferenceEditor[])[task.Edit.For, task.Edit.Requester, task.Edit.Owner])
        {
            if (reference.Target() is { } target && names.TryGetValue(target, out var name))
                reference.Display = name;
        }
    }

    private static OpenReferral? Duplicate(ServiceRequestDraft request, DispatchReads reads, ReferralContext context)
    {
        var since = context.Now.PlusDays(-context.Numbers.DuplicateWithinDays) ?? DateTimeOffset.MinValue;
        foreach (var other in reads.Others)
        {
            var task = new TaskDraft(other.Task);
            var theirs = new ServiceRequestDraft(other.Request);
            if (
                theirs.Key != request.Key
                && !task.IsTerminal
                && CareDate.Of(task.Edit.AuthoredOn) is { } sent
                && context.Calendar.EndOf(sent) >= since
                && theirs.Edit.Subject.Target() == request.Edit.Subject.Target()
                && IsForTheSame(request, theirs)
            )
                return other;
        }

        return null;
    }

    /// <summary>The same code; where one has none, the same category.</summary>
    private static bool IsForTheSame(ServiceRequestDraft one, ServiceRequestDraft other) =>
        one.Edit.Code.Coding.Count > 0 && other.Edit.Code.Coding.Count > 0
            ? Shares(one.Edit.Code.Coding, other.Edit.Code.Coding)
            : Shares(one.Edit.Category.SelectMany(c => c.Coding), [.. other.Edit.Category.SelectMany(c => c.Coding)]);

    private static bool Shares(IEnumerable<CodingEditor> one, IEnumerable<CodingEditor> other) =>
        one.Any(c => other.Any(o => o.System == c.System && o.Code == c.Code));

    private static IdentifierEditor? Placer(ServiceRequestDraft request) =>
        request.Edit.Identifier.FirstOrDefault(i => i.Type.Has(IdentifierTypes, "PLAC"));

    internal const string IdentifierTypes = "http://terminology.hl7.org/CodeSystem/v2-0203";

    /// <param name="Task">New.</param>
    internal readonly record struct Sent(TaskDraft Task, ImmutableArray<Issue> Notes);
}
