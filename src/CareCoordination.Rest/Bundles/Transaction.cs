using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Audit;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Rest.Routing;
using MediatR;

namespace CareCoordination.Rest.Bundles;

/// <summary>
/// Several writes and reads that succeed together or not at all. https://hl7.org/fhir/R4/http.html#trules
/// </summary>
/// <param name="Entries">As sent; the Bundle that they came in is valid.</param>
public sealed record SubmitTransaction(ImmutableArray<SubmittedEntry> Entries, InteractionRequest Request)
    : FhirInteraction("transaction", null, null)
{
    internal static Result<FhirInteraction> Parse(
        ResourceDocument bundle,
        InteractionRequest request,
        FhirDefinitions definitions
    )
    {
        bundle = NewResources.Ignore(bundle, definitions.Schema);
        var issues = definitions.ValidateSubmission(bundle);
        foreach (var issue in issues)
        {
            if (issue.IsError)
                return Failure.Invalid(issues);
        }

        return BundleSubmission.Entries(bundle, definitions).TryGet(out var submitted, out var failure)
            ? new SubmitTransaction(submitted, request)
            : failure;
    }
}

/// <summary>A transaction whose entries are known to be interactions that may stand in one.</summary>
internal sealed record Transaction(
    ImmutableArray<TransactionEntry> Entries,
    ReferenceSearches References,
    string BaseUrl,
    WorkBudget Budget
)
{
    public static Result<Transaction> Route(
        SubmitTransaction submission,
        InteractionRouter router,
        FhirDefinitions definitions
    )
    {
        var entries = ImmutableArray.CreateBuilder<TransactionEntry>(submission.Entries.Length);
        foreach (var entry in submission.Entries)
        {
            if (!TransactionEntry.Route(entry, router, submission.Request).TryGet(out var routed, out var failure))
                return entry.Locate(failure);
            entries.Add(routed);
        }

        return ReferenceSearches.Collect(entries, submission.Request, definitions).TryGet(out var references, out var f)
            ? new Transaction(entries.ToImmutable(), references, submission.Request.BaseUrl, submission.Request.Budget)
            : f;
    }
}

internal sealed class TransactionHandler(
    CareSession session,
    CareSessions sessions,
    FhirDefinitions definitions,
    InteractionRouter router,
    AuditTrail trail,
    AuditScope scope,
    TimeProvider time
) : IRequestHandler<SubmitTransaction, FhirResponse>
{
    public async Task<FhirResponse> Handle(SubmitTransaction submission, CancellationToken cancellationToken)
    {
        if (!Transaction.Route(submission, router, definitions).TryGet(out var transaction, out var failure))
            return failure;
        foreach (var entry in transaction.Entries)
        {
            if (session.Rights.Refuses(entry.Interaction) is { } forbidden)
                return entry.Submitted.Locate(forbidden);
        }

        TransactionPlan? plan = null;
        var result = await session.WriteAsync(
            async token =>
            {
                var planner = new TransactionPlanner(transaction, session.Reads, definitions, NewId);
                return (await planner.PlanAsync(token)).TryGet(out plan, out var refusal) ? plan.Writes : refusal;
            },
            cancellationToken
        );
        if (!result.TryGet(out var written, out var answer))
            return answer;
        return FhirResponse.Of(
            new BundleContent(
                "transaction-response",
                time.GetUtcNow(),
                await AnswersAsync(submission, transaction, plan!, written, cancellationToken)
            )
        );
    }

    private string NewId() => FhirId.New(time.GetUtcNow());

    private async Task<BundleEntry[]> AnswersAsync(
        SubmitTransaction submission,
        Transaction transaction,
        TransactionPlan plan,
        Written written,
        CancellationToken cancellationToken
    )
    {
        var budget = new AnswerBudget(definitions.Limits.MaxAnswerBytes);
        var answers = new BundleEntry[transaction.Entries.Length];
        foreach (var entry in transaction.Entries)
        {
            var answer = plan.Answer(entry, written);
            if (answer is not null)
                await trail.AddAsync(
                    session.Caller.OfEntry(entry.Submitted.Index + 1),
                    entry.Interaction,
                    answer,
                    scope.HasEntry(entry.Submitted.Index + 1)
                );
            answers[entry.Submitted.Index] = TransactionResponse.Entry(
                answer
                    ?? (
                        budget.IsSpent
                            ? budget.Refusal
                            : await sessions.SendAsync(
                                session.Caller.OfEntry(entry.Submitted.Index + 1),
                                entry.Interaction,
                                cancellationToken
                            )
                    ),
                submission.Request.Preferences.Return,
                entry.Submitted.Method,
                submission.Request.BaseUrl,
                budget
            );
        }

        return answers;
    }
}
