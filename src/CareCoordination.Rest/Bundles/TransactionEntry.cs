using CareCoordination.Application.Interactions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;
using CareCoordination.Rest.Routing;

namespace CareCoordination.Rest.Bundles;

/// <summary>An entry of a transaction and the interaction it means.</summary>
public sealed record TransactionEntry(SubmittedEntry Submitted, FhirInteraction Interaction)
{
    public static Result<TransactionEntry> Route(
        SubmittedEntry entry,
        InteractionRouter router,
        InteractionRequest transaction
    )
    {
        var request = new InteractionRequest
        {
            BaseUrl = transaction.BaseUrl,
            Budget = transaction.Budget,
            Conditions = entry.Conditions,
            Preferences = transaction.Preferences,
            Body = entry.Resource,
            IsValidated = true,
        };
        if (!router.Route(entry.Method, entry.Url, request).TryGet(out var routed, out var failure))
            return failure;
        return routed.Definition.Bundles == BundleUse.BatchAndTransaction
            ? new TransactionEntry(entry, routed.Interaction)
            : Failure.Invalid(IssueCode.NotSupported, "This interaction cannot be part of a transaction.");
    }

    /// <summary>The resource that was sent to be written, if one was; of a patch nobody knows it yet.</summary>
    public IncomingResource? Resource =>
        Interaction switch
        {
            Create create => create.Resource,
            Update update => update.Resource,
            ConditionalUpdate update => update.Resource,
            _ => null,
        };

    /// <summary>All criteria of the entry, those of a search included.</summary>
    public SearchQuery? Query => Interaction is Search search ? search.Query : Criteria;

    /// <summary>The search that decides what is written, if one does.</summary>
    public SearchQuery? Criteria =>
        Interaction switch
        {
            Create create => create.UnlessFound,
            ConditionalUpdate update => update.Query,
            ConditionalDelete delete => delete.Query,
            Patch patch => patch.Criteria,
            _ => null,
        };
}
