using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Server.Bundles;
using CareCoordination.Server.Operations;
using CareCoordination.Server.Routing;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Server.Interactions;

/// <summary>
/// Several writes and reads that succeed together or not at all. https://hl7.org/fhir/R4/http.html#trules
/// </summary>
public sealed record Transaction(
    ImmutableArray<TransactionEntry> Entries,
    ReferenceSearches References,
    string BaseUrl,
    ReturnPreference Return
) : FhirInteraction("transaction", null, null)
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

        if (!BundleSubmission.Entries(bundle, definitions).TryGet(out var submitted, out var failure))
            return failure;
        var router = new InteractionRouter(definitions);
        var entries = ImmutableArray.CreateBuilder<TransactionEntry>(submitted.Length);
        foreach (var entry in submitted)
        {
            if (!TransactionEntry.Route(entry, router, request).TryGet(out var routed, out failure))
                return entry.Locate(failure);
            entries.Add(routed);
        }

        return ReferenceSearches.Collect(entries, request, definitions).TryGet(out var references, out failure)
            ? new Transaction(entries.ToImmutable(), references, request.BaseUrl, request.Preferences.Return)
            : failure;
    }
}

internal sealed class TransactionHandler(
    ResourceStore store,
    FhirDefinitions definitions,
    WriteFollowing following,
    IMediator mediator,
    TimeProvider time
) : IRequestHandler<Transaction, FhirResponse>
{
    public async Task<FhirResponse> Handle(Transaction transaction, CancellationToken cancellationToken)
    {
        var findings = await TransactionFindings.ReadAsync(transaction, store, cancellationToken);
        if (
            !TransactionPlan
                .Make(transaction, findings, definitions, () => FhirId.New(time.GetUtcNow()))
                .TryGet(out var plan, out var failure)
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
                transaction.Return,
                entry.Submitted.Method,
                transaction.BaseUrl
            );
        }

        return FhirResponse.Of(new BundleContent("transaction-response", time.GetUtcNow(), answers));
    }
}
