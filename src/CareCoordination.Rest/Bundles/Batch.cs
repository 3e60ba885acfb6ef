using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Rest.Routing;
using MediatR;

namespace CareCoordination.Rest.Bundles;

/// <summary>
/// Several requests in one, each with its own outcome. https://hl7.org/fhir/R4/http.html#transaction
/// </summary>
public sealed record Batch(
    ImmutableArray<SubmittedEntry> Entries,
    string BaseUrl,
    Preferences Preferences,
    WorkBudget Budget
) : FhirInteraction("batch", null, null);

internal sealed class BatchHandler(
    CareSessions sessions,
    CareSession session,
    InteractionRouter router,
    FhirDefinitions definitions,
    TimeProvider time
) : IRequestHandler<Batch, FhirResponse>
{
    public async Task<FhirResponse> Handle(Batch batch, CancellationToken cancellationToken)
    {
        var budget = new AnswerBudget(definitions.Limits.MaxAnswerBytes);
        var answers = new BundleEntry[batch.Entries.Length];
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = definitions.Limits.BatchConcurrency,
            CancellationToken = cancellationToken,
        };
        // Entries may not depend on each other, so that those of one step can share commits.
        foreach (var step in batch.Entries.GroupBy(e => ProcessingOrder.Of(e.Method)).OrderBy(g => g.Key))
        {
            await Parallel.ForEachAsync(
                step,
                options,
                async (entry, token) =>
                {
                    var response =
                        budget.IsSpent && ProcessingOrder.IsRead(entry.Method)
                            ? budget.Refusal
                            : await AnswerAsync(entry, batch, token);
                    answers[entry.Index] = TransactionResponse.Entry(
                        response,
                        batch.Preferences.Return,
                        entry.Method,
                        batch.BaseUrl,
                        budget
                    );
                }
            );
        }

        return FhirResponse.Of(new BundleContent("batch-response", time.GetUtcNow(), answers));
    }

    private async Task<FhirResponse> AnswerAsync(SubmittedEntry entry, Batch batch, CancellationToken cancellationToken)
    {
        var request = new InteractionRequest
        {
            BaseUrl = batch.BaseUrl,
            Budget = batch.Budget,
            Conditions = entry.Conditions,
            Preferences = batch.Preferences,
            Body = entry.Resource,
        };
        if (!router.Route(entry.Method, entry.Url, request).TryGet(out var routed, out var failure))
            return await RefuseAsync(entry, failure);
        return routed.Definition.Bundles == BundleUse.None
            ? await RefuseAsync(
                entry,
                Failure.Invalid(IssueCode.NotSupported, "This interaction cannot be an entry of a Bundle.")
            )
            : await sessions.SendAsync(session.Caller.OfEntry(entry.Index + 1), routed.Interaction, cancellationToken);
    }

    private async ValueTask<FhirResponse> RefuseAsync(SubmittedEntry entry, Failure failure)
    {
        await sessions.Trail.RefuseAsync(
            session.Caller.OfEntry(entry.Index + 1),
            interaction: null,
            type: null,
            id: null,
            failure.Status
        );
        return entry.Locate(failure);
    }
}
