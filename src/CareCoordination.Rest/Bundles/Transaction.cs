using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Rest.Routing;
using CareCoordination.Storage;
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
internal sealed record Transaction(ImmutableArray<TransactionEntry> Entries, ReferenceSearches References)
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
            ? new Transaction(entries.ToImmutable(), references)
            : f;
    }
}

internal sealed class TransactionHandler(
    ResourceStore store,
    FhirDefinitions definitions,
    WriteFollowing following,
    InteractionRouter router,
    IMediator mediator,
    TimeProvider time
) : IRequestHandler<SubmitTransaction, FhirResponse>
{
    public async Task<FhirResponse> Handle(SubmitTransaction submission, CancellationToken cancellationToken)
    {
        if (!Transaction.Route(submission, router, definitions).TryGet(out var transaction, out var failure))
            return failure;
        var findings = await TransactionFindings.ReadAsync(transaction, store, cancellationToken);
        if (
            !TransactionPlan
                .Make(transaction, findings, definitions, () => FhirId.New(time.GetUtcNow()))
                .TryGet(out var plan, out failure)
        )
            return failure;
        if (!(await following.CompleteAsync(plan.Commit, cancellationToken)).TryGet(out var commit, out failure))
            return failure;

        var result = await store.CommitAsync(commit, cancellationToken);
        if (result.Failed is { } failed)
            return plan.Explain(failed) is { } refusal ? refusal : FhirResponse.LostRace();

        var answers = new BundleEntry[transaction.Entries.Length];
        foreach (var entry in transaction.Entries)
        {
            var answer = plan.Answer(entry, result) ?? await mediator.Send(entry.Interaction, cancellationToken);
            answers[entry.Submitted.Index] = TransactionResponse.Entry(
                answer,
                submission.Request.Preferences.Return,
                entry.Submitted.Method,
                submission.Request.BaseUrl
            );
        }

        return FhirResponse.Of(new BundleContent("transaction-response", time.GetUtcNow(), answers));
    }
}
