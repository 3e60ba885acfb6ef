using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Patch;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;

namespace CareCoordination.Application.Writes;

/// <summary>A resource that a client sent, parsed and valid.</summary>
/// <param name="Id">As sent; null where there is none.</param>
/// <param name="Warnings">What the validator found short of an error.</param>
public sealed record IncomingResource(
    string Type,
    string? Id,
    ResourceDocument Document,
    ImmutableArray<Issue> Warnings
)
{
    /// <summary>
    /// Reads a request's body: well-formed JSON, the type that the URL names, and valid by the definitions of R4.
    /// References to this server's own address become relative, so that they stay true when it moves.
    /// </summary>
    /// <param name="isNew">True where the server gives the id.</param>
    public static Result<IncomingResource> Accept(
        InteractionRequest request,
        FhirDefinitions definitions,
        bool isNew = false
    )
    {
        if (!ResourceDocument.Parse(request.Body, definitions.JsonLimits).TryGet(out var document, out var failure))
            return failure;
        if (CheckType(document, request.Type, definitions) is { } wrong)
            return wrong;
        if (WhyNotYet(document) is { } notYet)
            return notYet;
        document = ClaimedElements.Ignore(document, isNew);
        // What was cut for an answer would take the place of the whole. https://hl7.org/fhir/R4/resource.html#simple-tags
        if (!isNew && IsSubsetted(document))
            return Failure.Unprocessable(
                IssueCode.BusinessRule,
                "The resource is tagged SUBSETTED: it is a part of what is stored. Read it without _summary and _elements, change it, and send the whole.",
                $"{request.Type}.meta.tag"
            );
        if (request.IsValidated)
            return new IncomingResource(request.Type, document.Id, document, []);
        document = definitions.MakeRelative(document, request.BaseUrl);
        var issues = definitions.Validate(document);
        foreach (var issue in issues)
        {
            if (issue.IsError)
                return Failure.Invalid(issues);
        }

        return new IncomingResource(request.Type, document.Id, document, issues);
    }

    /// <summary>
    /// What a patch makes of a stored version: the same type and id, and as valid as if it had been sent whole. 422 where the patch
    /// cannot be done or what it makes is refused.
    /// </summary>
    /// <param name="isEntry">In a transaction, where references may lead to other entries.</param>
    internal static Result<IncomingResource> Patched(
        IPatch patch,
        StoredResource current,
        string baseUrl,
        bool isEntry,
        WorkBudget budget,
        FhirDefinitions definitions
    )
    {
        if (
            !ResourceDocument
                .Parse(current.Utf8Json)
                .Then(resource => patch.Apply(resource, budget))
                .TryGet(out var document, out var failure)
        )
            return failure;
        var (type, id) = current.Key;
        if (!document.ResourceTypeUtf8.SequenceEqual(Encoding.UTF8.GetBytes(type)))
            return Failure.Unprocessable(
                IssueCode.Value,
                "A patch does not change the type of a resource.",
                $"{type}.resourceType"
            );
        if (document.Id != id)
            return Failure.Unprocessable(
                IssueCode.Value,
                "A patch does not change the id of a resource.",
                $"{type}.id"
            );
        if (WhyNotYet(document) is { } notYet)
            return notYet;
        document = definitions.MakeRelative(document, baseUrl);
        var issues = isEntry ? definitions.ValidateSubmission(document) : definitions.Validate(document);
        return issues.Any(i => i.IsError) ? new Failure(422, issues) : new IncomingResource(type, id, document, issues);
    }

    /// <summary>The change that stores this under <paramref name="id"/>.</summary>
    public Result<PutResource> Put(string id, FhirDefinitions definitions) =>
        definitions.Put(new ResourceKey(Type, id), Document);

    /// <summary>Who asks to be told relies on it: what would be stored and never acted on is refused.</summary>
    internal static Failure? WhyNotYet(ResourceDocument document) =>
        document.ResourceTypeUtf8.SequenceEqual("Subscription"u8)
        && document.Root.TryGetProperty("status"u8, out var status)
        && (status.StringEquals("requested"u8) || status.StringEquals("active"u8))
            ? Failure.Unprocessable(
                IssueCode.NotSupported,
                "This server tells nobody of changes yet, so that a Subscription would wait in vain: store it with the status off, and ask for changes by _lastUpdated or _history.",
                "Subscription.status"
            )
            : null;

    private static bool IsSubsetted(ResourceDocument document)
    {
        if (
            !document.Root.TryGetProperty("meta"u8, out var meta)
            || !meta.TryGetProperty("tag"u8, out var tags)
            || tags.Kind != JsonValueKind.Array
        )
            return false;
        foreach (var tag in tags)
        {
            if (
                tag.TryGetProperty("code"u8, out var code)
                && code.StringEquals("SUBSETTED"u8)
                && tag.TryGetProperty("system"u8, out var system)
                && system.StringEquals("http://terminology.hl7.org/CodeSystem/v3-ObservationValue"u8)
            )
                return true;
        }

        return false;
    }

    private static Failure? CheckType(ResourceDocument document, string expected, FhirDefinitions definitions)
    {
        var actual = document.ResourceTypeUtf8;
        if (actual.IsEmpty)
            return Failure.Invalid(IssueCode.Structure, "The body is no resource: it has no resourceType.");
        if (definitions.Schema.FindResource(actual) is not { } type)
            return Failure.Invalid(
                IssueCode.Value,
                "The body's resourceType is no resource type of FHIR R4.",
                "Resource.resourceType"
            );
        return type.Name == expected
            ? null
            : Failure.Invalid(
                IssueCode.Value,
                $"The body is a {type.Name}, but the URL is of {expected}: send it to {type.Name}.",
                $"{type.Name}.resourceType"
            );
    }
}
