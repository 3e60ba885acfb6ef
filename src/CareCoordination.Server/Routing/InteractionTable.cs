using System.Collections.Immutable;
using CareCoordination.Server.Interactions;
using CareCoordination.Server.Operations;
using CareCoordination.Server.Referrals;

namespace CareCoordination.Server.Routing;

/// <summary>
/// Everything this server does, once: the HTTP endpoints, the entries of Bundles, the CapabilityStatement and the OpenAPI
/// document all come from here. https://hl7.org/fhir/R4/http.html
/// </summary>
public static class InteractionTable
{
    public static readonly ImmutableArray<InteractionDefinition> All =
    [
        new("GET", "metadata", "capabilities", Capabilities.Parse) { Bundles = BundleUse.Batch },
        new("GET", "{type}/{id}", "read", Read.Parse),
        new("GET", "{type}/{id}/_history/{vid}", "vread", VersionRead.Parse),
        new("POST", "{type}", "create", Create.Parse),
        new("PUT", "{type}/{id}", "update", Update.Parse),
        new("PUT", "{type}", "update", ConditionalUpdate.Parse),
        new("PATCH", "{type}/{id}", "patch", Patch.Parse),
        new("PATCH", "{type}", "patch", Patch.ParseConditional),
        new("DELETE", "{type}/{id}", "delete", Delete.Parse),
        new("DELETE", "{type}", "delete", ConditionalDelete.Parse),
        new("GET", "{type}", "search-type", Search.Parse),
        new("POST", "{type}/_search", "search-type", Search.Parse) { TakesForm = true, Bundles = BundleUse.None },
        new("GET", "{type}/{id}/_history", "history-instance", History.ParseInstance),
        new("GET", "{type}/_history", "history-type", History.ParseType),
        new("GET", "_history", "history-system", History.ParseSystem),
        new("POST", "", "transaction", BundleSubmission.Parse) { Bundles = BundleUse.None },
        new("POST", "{type}/$validate", "$validate", Validate.Parse) { Bundles = BundleUse.Batch },
        new("POST", "{type}/{id}/$validate", "$validate", Validate.Parse) { Bundles = BundleUse.Batch },
        new("GET", "Patient/{id}/$everything", "$everything", Everything.Parse) { OnlyType = "Patient" },
        new("POST", "Patient/{id}/$everything", "$everything", Everything.Parse)
        {
            OnlyType = "Patient",
            Bundles = BundleUse.Batch,
        },
        new("POST", "$process-message", "$process-message", ReceiveMessage.Parse) { Bundles = BundleUse.None },
        .. OperationTable.Rows,
    ];
}
