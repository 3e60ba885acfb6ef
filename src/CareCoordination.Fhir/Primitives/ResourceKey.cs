using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Primitives;

/// <summary>The logical identity of a resource on this server: <c>CarePlan/123</c>.</summary>
public readonly record struct ResourceKey(string Type, string Id)
{
    public override string ToString() => $"{Type}/{Id}";

    public static Result<ResourceKey> Create(string type, string id) =>
        FhirId.IsValid(id)
            ? new ResourceKey(type, id)
            : Failure.Invalid(
                IssueCode.Value,
                $"'{(id.Length > 80 ? id[..80] + "..." : id)}' is not a resource id: use 1 to 64 letters, digits, '-' or '.'."
            );
}
