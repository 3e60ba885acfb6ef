using System.Text.Json;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Rest.Bundles;

/// <summary>
/// What the resources of a transaction claim for themselves and only the server gives is ignored before anything is validated. An id that
/// is none of R4 is one of these where its entry is a POST: what refers to it, as <c>CareTeam/a_1</c>, means the entry of that full URL.
/// </summary>
internal static class NewResources
{
    public static ResourceDocument Ignore(ResourceDocument bundle, FhirSchema schema)
    {
        if (!bundle.Root.TryGetProperty("entry"u8, out var entries) || entries.Kind != JsonValueKind.Array)
            return bundle;
        var fullUrls = ForeignIds(entries);
        if (fullUrls.Count > 0)
        {
            bundle = ReferenceRewriter.Rewrite(bundle, schema, value => Completed(value, fullUrls));
            bundle.Root.TryGetProperty("entry"u8, out entries);
        }

        List<JsonValue> claims = [];
        foreach (var entry in entries)
        {
            if (entry.TryGetProperty("resource"u8, out var resource))
                ClaimedElements.Collect(resource, IsPost(entry), claims);
        }

        return PropertyRemoval.Without(bundle, claims);
    }

    /// <summary>The full URLs, each as <c>[base]/Type/id</c>, of new resources whose id is none of R4.</summary>
    private static HashSet<string> ForeignIds(JsonValue entries)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (
                IsPost(entry)
                && entry.TryGetProperty("resource"u8, out var resource)
                && Text(resource, "id"u8) is { } id
                && !FhirId.IsValid(id)
                && Text(entry, "fullUrl"u8) is { } fullUrl
                && fullUrl.EndsWith($"/{Text(resource, "resourceType"u8)}/{id}", StringComparison.Ordinal)
            )
                found.Add(fullUrl);
        }

        return found;
    }

    /// <summary>A relative reference is completed with the base of the entry that it stands in. https://hl7.org/fhir/R4/bundle.html#references</summary>
    private static string? Completed(JsonValue reference, HashSet<string> fullUrls)
    {
        var text = reference.GetString();
        if (text.Count(c => c == '/') != 1)
            return null;
        for (var parent = reference.Parent; parent.Exists; parent = parent.Parent)
        {
            if (Text(parent, "fullUrl"u8) is not { } own)
                continue;
            // [base]/Type/id
            var end = own.LastIndexOf('/');
            var start = end > 0 ? own.LastIndexOf('/', end - 1) : -1;
            var whole = start > 0 ? $"{own[..start]}/{text}" : text;
            return fullUrls.Contains(whole) ? whole : null;
        }

        return null;
    }

    private static bool IsPost(JsonValue entry) =>
        entry.TryGetProperty("request"u8, out var request)
        && request.TryGetProperty("method"u8, out var method)
        && method.StringEquals("POST"u8);

    private static string? Text(JsonValue parent, ReadOnlySpan<byte> name) =>
        parent.TryGetProperty(name, out var value) && value.Kind == JsonValueKind.String ? value.GetString() : null;
}
