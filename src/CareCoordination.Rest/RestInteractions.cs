using System.Collections.Immutable;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.R4;
using CareCoordination.Rest.Bundles;
using CareCoordination.Rest.Metadata;
using CareCoordination.Rest.Routing;

namespace CareCoordination.Rest;

/// <summary>The interactions of R4's REST interface. https://hl7.org/fhir/R4/http.html</summary>
public static class RestInteractions
{
    /// <summary>The table of a server with these operations.</summary>
    /// <param name="others">Rows of interactions that are neither R4's own nor in the table of operations.</param>
    public static InteractionTable Table(OperationTable operations, params IEnumerable<InteractionDefinition> others) =>
        new([.. Own, .. others, .. operations.All.SelectMany(OperationRows.Of)]);

    // How an answer is written.
    private static readonly ImmutableArray<string> Shown = ["_format", "_pretty"];
    private static readonly ImmutableArray<string> Parts = [.. Shown, "_summary", "_elements"];
    private static readonly ImmutableArray<string> Validated = [.. Shown, "mode", "profile"];

    private static readonly InteractionDefinition[] Own =
    [
        new("GET", "metadata", "capabilities", Capabilities.Parse)
        {
            Bundles = BundleUse.Batch,
            Conditions = ConditionKinds.IfNoneMatch,
            Parameters = [.. Parts, "mode"],
        },
        new("GET", "{type}/{id}", "read", Read.Parse) { Conditions = ConditionKinds.OfReads, Parameters = Parts },
        new("GET", "{type}/{id}/_history/{vid}", "vread", VersionRead.Parse)
        {
            Conditions = ConditionKinds.OfReads,
            Parameters = Parts,
        },
        new("POST", "{type}", "create", Create.Parse) { Conditions = ConditionKinds.IfNoneExist, Parameters = Shown },
        new("PUT", "{type}/{id}", "update", Update.Parse)
        {
            Conditions = ConditionKinds.IfMatch | ConditionKinds.IfNoneMatch,
            Parameters = Shown,
        },
        new("PUT", "{type}", "update", ConditionalUpdate.Parse) { Conditions = ConditionKinds.IfMatch },
        new("PATCH", "{type}/{id}", "patch", Patch.Parse) { Conditions = ConditionKinds.IfMatch, Parameters = Shown },
        new("PATCH", "{type}", "patch", Patch.ParseConditional) { Conditions = ConditionKinds.IfMatch },
        new("DELETE", "{type}/{id}", "delete", Delete.Parse)
        {
            Conditions = ConditionKinds.IfMatch,
            Parameters = Shown,
        },
        new("DELETE", "{type}", "delete", ConditionalDelete.Parse) { Conditions = ConditionKinds.IfMatch },
        new("GET", "{type}", "search-type", Search.Parse),
        new("POST", "{type}/_search", "search-type", Search.Parse) { TakesForm = true, Bundles = BundleUse.None },
        new("GET", "", "search-system", SearchMany.ParseSystem),
        new("POST", "_search", "search-system", SearchMany.ParseSystem) { TakesForm = true, Bundles = BundleUse.None },
        // R4 has no code for them: a CapabilityStatement tells of compartments elsewhere.
        new("GET", "Patient/{id}/{type}", "search-compartment", SearchMany.ParseCompartment)
        {
            OnlyType = ResourceTypes.Patient,
        },
        new("GET", "{type}/{id}/_history", "history-instance", History.ParseInstance),
        new("GET", "{type}/_history", "history-type", History.ParseType),
        new("GET", "_history", "history-system", History.ParseSystem),
        new("POST", "", "transaction", BundleSubmission.Parse) { Bundles = BundleUse.None, Parameters = Shown },
        new("POST", "{type}/$validate", "$validate", Validate.Parse)
        {
            Bundles = BundleUse.Batch,
            Parameters = Validated,
        },
        new("POST", "{type}/{id}/$validate", "$validate", Validate.Parse)
        {
            Bundles = BundleUse.Batch,
            Parameters = Validated,
        },
        new("GET", "Patient/{id}/$everything", "$everything", Everything.Parse) { OnlyType = ResourceTypes.Patient },
        new("POST", "Patient/{id}/$everything", "$everything", Everything.Parse)
        {
            OnlyType = ResourceTypes.Patient,
            Bundles = BundleUse.Batch,
        },
    ];
}
