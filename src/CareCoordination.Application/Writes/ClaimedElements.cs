using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Application.Writes;

/// <summary>
/// What a resource that is sent says of itself and only the server gives: the version and its time, and of a new resource the id. It is
/// ignored whatever it is, so that no rule of R4 may refuse it: the ids of some systems are none of R4.
/// https://hl7.org/fhir/R4/http.html#create, https://hl7.org/fhir/R4/http.html#update
/// </summary>
public static class ClaimedElements
{
    /// <summary>The resource without those of its claims that are ill-formed; the others do no harm until they are replaced.</summary>
    /// <param name="isNew">True where the server gives the id.</param>
    public static ResourceDocument Ignore(ResourceDocument document, bool isNew)
    {
        List<JsonValue> claims = [];
        Collect(document.Root, isNew, claims);
        return PropertyRemoval.Without(document, claims);
    }

    /// <summary>Adds the ill-formed claims of a resource, as of one in a Bundle.</summary>
    public static void Collect(JsonValue resource, bool isNew, List<JsonValue> claims)
    {
        var from = claims.Count;
        if (isNew && resource.TryGetProperty("id"u8, out var id) && !IsId(id))
            claims.Add(id);
        if (resource.TryGetProperty("meta"u8, out var meta) && meta.Kind == JsonValueKind.Object)
        {
            var ofMeta = claims.Count;
            foreach (var property in meta)
            {
                if (IsIllFormed(property))
                    claims.Add(property);
            }

            // An empty meta would be refused in its turn.
            if (claims.Count > ofMeta && claims.Count - ofMeta == meta.Count())
            {
                claims.RemoveRange(ofMeta, claims.Count - ofMeta);
                claims.Add(meta);
            }
        }

        claims.Sort(from, claims.Count - from, Comparer<JsonValue>.Create((a, b) => a.Start.CompareTo(b.Start)));
    }

    private static bool IsIllFormed(JsonValue property) =>
        property.NameUtf8.SequenceEqual("versionId"u8)
            ? !IsId(property)
            : property.NameUtf8.SequenceEqual("lastUpdated"u8)
                && !(
                    property.Kind == JsonValueKind.String
                    && FhirDateTime.TryParse(property.GetString(), out var time)
                    && time is { Precision: >= DatePrecision.Second, Offset: not null }
                );

    private static bool IsId(JsonValue value) =>
        value.Kind == JsonValueKind.String && FhirId.IsValid(value.GetString());
}
