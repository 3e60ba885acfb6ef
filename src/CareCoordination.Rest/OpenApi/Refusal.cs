using System.Collections.Immutable;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.R4;
using CareCoordination.Rest.Routing;

namespace CareCoordination.Rest.OpenApi;

/// <summary>A status with which interactions are refused, and which of them can be. A test provokes each for each of its rows, 500 and 503 too.</summary>
/// <param name="Name">Of its component.</param>
internal sealed record Refusal(int Status, string Name, string Text, Func<InteractionDefinition, bool> Meets)
{
    public static readonly ImmutableArray<Refusal> All =
    [
        new(400, "BadRequest", "The request is wrong in itself: a parameter, a header or the body.", _ => true),
        new(403, "Forbidden", "A page of another site asked for it.", IsUnsafe),
        new(404, "NotFound", "There is no such resource, or work.", NeedsTarget),
        new(406, "NotAcceptable", "The answer cannot be had in this format.", _ => true),
        new(409, "Conflict", "Somebody was first, or it does not go with what there is.", MayConflict),
        new(410, "Gone", "The resource was deleted.", IsOfWhatThereIs),
        new(412, "PreconditionFailed", "Another version is current, or the criteria find several.", IsConditional),
        new(413, "TooLarge", "The body is too large.", row => row.HasBody),
        new(415, "UnsupportedMediaType", "The body is of a kind that is not taken.", row => row.HasBody),
        new(
            422,
            "Unprocessable",
            "A rule of FHIR or of care refuses it; `issue.details` has the rule's code.",
            IsRuled
        ),
        new(500, "Failed", "Something went wrong here. Report it with the id in the answer.", _ => true),
        new(503, "Unavailable", "The database cannot be used at the moment, or there is too much to do.", AsksTheStore),
    ];

    /// <summary>False where nothing but a fault of the machine leads to it, so that no request can.</summary>
    public bool IsOfClients => Status < 500;

    /// <summary>What the server is itself it knows without asking.</summary>
    private static bool AsksTheStore(InteractionDefinition row) => row.Code is not ("capabilities" or "$validate");

    private static bool IsUnsafe(InteractionDefinition row) => row.Method != "GET";

    private static bool NeedsId(InteractionDefinition row) => row.Template.Contains("{id}", StringComparison.Ordinal);

    /// <summary>Updates make what is not there, deletions are done where there is nothing, a resource to be validated is in the body, of nobody
    /// there is nothing in a compartment, and messages outlive the Endpoint that they went to.</summary>
    private static bool NeedsTarget(InteractionDefinition row) =>
        row.Code == "patch"
        || (
            NeedsId(row)
            && row.Code
                is not ("update" or "delete" or "search-compartment" or "$validate" or "$deliveries" or "$inbound")
        );

    /// <summary>A write that others may be in the way of, an operation that a rule refuses so, and what a partner is asked one at a time.</summary>
    private static bool MayConflict(InteractionDefinition row) =>
        row.Code is "create" or "update" or "patch" or "delete" or "transaction"
        || (
            row is { Operation: { AffectsState: true } operation, Method: "POST" }
            && (
                operation.Code is "$poll" or "$reapply"
                || OperationRefusals.Of(operation).Any(rule => rule.Status == 409)
            )
        );

    /// <summary>What only tells answers for what was deleted as for what never was.</summary>
    private static bool IsOfWhatThereIs(InteractionDefinition row) =>
        NeedsId(row)
        && row.OnlyType != ResourceTypes.Endpoint
        && (
            row.Code is "read" or "vread" or "patch" or "$everything"
            || row.Operation?.AffectsState is true
            || IsGivenUp(row)
        );

    private static bool IsGivenUp(InteractionDefinition row) => row.IsOperation && row.Method == "DELETE";

    private static bool IsConditional(InteractionDefinition row) =>
        row.Code is "transaction"
        || (row.Conditions & (ConditionKinds.IfMatch | ConditionKinds.IfNoneExist)) != ConditionKinds.None
            && (!row.IsOperation || NeedsId(row));

    private static bool IsRuled(InteractionDefinition row) =>
        row.Code is "create" or "update" or "patch" or "transaction" or "$process-message"
        || row.Operation?.AffectsState is true
        || row is { Operation.ChangesBy: not null, Method: "POST" }
        || IsGivenUp(row);
}
