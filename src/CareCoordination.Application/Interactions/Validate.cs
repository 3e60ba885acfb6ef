using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using MediatR;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// Says what a write of this resource would be told, and which invariants do not hold, and writes nothing. Takes the resource itself or Parameters with
/// <c>resource</c>, <c>mode</c> and <c>profile</c>. https://hl7.org/fhir/R4/resource-operation-validate.html
/// </summary>
/// <param name="Resource">Null for a mode that needs none.</param>
public sealed record Validate(
    string Type,
    string? InstanceId,
    ValidationMode Mode,
    ResourceDocument? Resource,
    ImmutableArray<Issue> ParseIssues,
    WorkBudget Budget
) : FhirInteraction("$validate", Type, InstanceId)
{
    private const int MaxNamed = 200;

    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions)
    {
        var id = request.Id.Length == 0 ? null : request.Id;
        var arguments = new ValidateArguments(request.Query.First("mode"), request.Query.First("profile"), null);
        if (!request.Body.IsEmpty)
        {
            if (!ResourceDocument.Parse(request.Body, definitions.JsonLimits).TryGet(out var body, out var failure))
                return new Validate(request.Type, id, ValidationMode.General, null, failure.Issues, request.Budget);
            arguments = arguments.With(body);
        }

        ValidationMode? mode = arguments.Mode switch
        {
            null => ValidationMode.General,
            "create" => ValidationMode.Create,
            "update" => ValidationMode.Update,
            "delete" => ValidationMode.Delete,
            _ => null,
        };
        if (mode is not { } known)
            return Failure.Invalid(IssueCode.Value, "mode is one of create, update and delete.");
        if (arguments.Resource is null && known != ValidationMode.Delete)
            return Failure.Invalid(
                IssueCode.Required,
                "Send the resource to validate, or Parameters with it as the parameter 'resource'."
            );
        if (arguments.Profile is not null)
            return Failure.Invalid(
                IssueCode.NotSupported,
                "Profiles are not compared yet; leave profile out to validate by the definitions of R4."
            );
        return new Validate(request.Type, id, known, arguments.Resource, [], request.Budget);
    }

    /// <summary>Everything that is wrong, or worth knowing; empty where all is well.</summary>
    internal ImmutableArray<Issue> Check(FhirDefinitions definitions)
    {
        if (Resource is not { } document)
            return ParseIssues;
        if (definitions.Schema.FindResource(document.ResourceTypeUtf8) is not { } actual)
            return ParseIssues.Add(
                Issue.Error(
                    IssueCode.Structure,
                    "This is no resource of FHIR R4: its resourceType is missing or unknown."
                )
            );
        var issues = definitions.ValidateFully(document, Budget).ToBuilder();
        issues.AddRange(NotCompared(document, actual.Name));
        if (actual.Name != Type)
            issues.Add(
                Issue.Error(
                    IssueCode.Value,
                    $"This is a {actual.Name}, but the URL is of {Type}.",
                    $"{actual.Name}.resourceType"
                )
            );
        if (Mode == ValidationMode.Update && document.Id is null)
            issues.Add(Issue.Error(IssueCode.Required, "An update needs the resource's id.", $"{actual.Name}.id"));
        else if (InstanceId is not null && Mode == ValidationMode.Update && document.Id != InstanceId)
            issues.Add(
                Issue.Error(
                    IssueCode.Value,
                    "The resource's id is not the one that the URL names.",
                    $"{actual.Name}.id"
                )
            );
        var key = new ResourceKey(actual.Name, document.Id ?? "new");
        if (definitions.Extractor.Extract(key, document).Failure is { } tooMany)
            issues.AddRange(tooMany.Issues);
        issues.AddRange(ParseIssues);
        return issues.ToImmutable();
    }

    /// <summary>The profiles that the resource claims to conform to, and that nothing here was held to.</summary>
    private static IEnumerable<Issue> NotCompared(ResourceDocument document, string type)
    {
        if (
            !document.Root.TryGetProperty("meta"u8, out var meta)
            || !meta.TryGetProperty("profile"u8, out var profiles)
            || profiles.Kind != JsonValueKind.Array
        )
            yield break;
        var index = -1;
        foreach (var profile in profiles)
        {
            index++;
            if (profile.Kind != JsonValueKind.String || IsOfR4(profile.GetString(), type))
                continue;
            var name = profile.GetString() is { Length: <= MaxNamed } url ? $"'{url}'" : "This profile";
            yield return Issue.Information(
                $"{name} was not compared: the resource was validated by the definitions of R4 alone.",
                $"{type}.meta.profile[{index}]"
            );
        }
    }

    private static bool IsOfR4(string profile, string type) =>
        profile.Split('|')[0] == $"http://hl7.org/fhir/StructureDefinition/{type}";
}

public enum ValidationMode
{
    General,
    Create,
    Update,
    Delete,
}

/// <summary>The operation's arguments, from the URL or from a Parameters body.</summary>
internal sealed record ValidateArguments(string? Mode, string? Profile, ResourceDocument? Resource)
{
    public ValidateArguments With(ResourceDocument body)
    {
        if (
            !body.ResourceTypeUtf8.SequenceEqual("Parameters"u8)
            || !body.Root.TryGetProperty("parameter"u8, out var parameters)
        )
            return this with { Resource = body };
        var result = this;
        foreach (var parameter in parameters)
        {
            if (!parameter.TryGetProperty("name"u8, out var name))
                continue;
            if (name.StringEquals("resource"u8) && parameter.TryGetProperty("resource"u8, out var resource))
                result = result with { Resource = Reparse(body, resource) };
            else if (name.StringEquals("mode"u8) && parameter.TryGetProperty("valueCode"u8, out var mode))
                result = result with { Mode = mode.GetString() };
            else if (name.StringEquals("profile"u8) && parameter.TryGetProperty("valueUri"u8, out var profile))
                result = result with { Profile = profile.GetString() };
        }

        return result;
    }

    private static ResourceDocument? Reparse(ResourceDocument body, JsonValue resource) =>
        ResourceDocument.Parse(body.Utf8.Slice(resource.Start, resource.RawUtf8.Length)).TryGet(out var document, out _)
            ? document
            : null;
}

internal sealed class ValidateHandler(CareSession session, FhirDefinitions definitions)
    : IRequestHandler<Validate, FhirResponse>
{
    public async Task<FhirResponse> Handle(Validate validate, CancellationToken cancellationToken)
    {
        var issues = validate.Check(definitions);
        if (validate.InstanceId is { } id && validate.Mode is ValidationMode.Update or ValidationMode.Delete)
        {
            var key = new ResourceKey(validate.Type, id);
            if (await session.Reads.ReadAsync(key, cancellationToken) is null or { IsDeleted: true })
                issues = issues.Add(Issue.Information($"There is no {key} now."));
        }

        return new()
        {
            Status = 200,
            Issues = issues,
            Content = new BytesContent(OperationOutcome.ToUtf8Json(issues)),
        };
    }
}
