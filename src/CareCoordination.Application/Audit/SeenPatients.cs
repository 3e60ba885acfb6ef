using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Application.Answers;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;

namespace CareCoordination.Application.Audit;

/// <summary>Whose data an answer shows: the patients of all resources in it, of what was left out of them by <c>_elements</c> too.</summary>
internal static class SeenPatients
{
    public static ImmutableArray<string> Of(FhirResponse response)
    {
        if (!response.IsSuccess)
            return [];
        if (response.Version is { } version)
            return Of(version);
        if (response.Content is null)
            return [];
        if (response.Content is RowsContent rows)
            return rows.Patients;
        var ids = new HashSet<string>(StringComparer.Ordinal);
        if (response.Content is BundleContent bundle)
        {
            foreach (var entry in bundle.Entries)
                Find(entry, ids);
        }
        else
        {
            Find(response.Content.ToUtf8Json(), ids);
        }

        return [.. ids];
    }

    private static ImmutableArray<string> Of(StoredResource version)
    {
        var named = PatientMentions.Of(version.Utf8Json.Span);
        return version.Key.Type == ResourceTypes.Patient && !named.Contains(version.Key.Id)
            ? named.Add(version.Key.Id)
            : named;
    }

    private static void Find(BundleEntry entry, HashSet<string> ids)
    {
        PatientMentions.Find((entry.Source.IsEmpty ? entry.Resource : entry.Source).Span, ids);
        if (entry.FullUrl is { } url && url.LastIndexOf("/Patient/", StringComparison.Ordinal) is var place and >= 0)
            ids.Add(url[(place + "/Patient/".Length)..]);
        else if (entry.Response?.Location is { } location && location.StartsWith("Patient/", StringComparison.Ordinal))
            ids.Add(location.Split('/')[1]);
    }

    /// <summary>What an operation answers with may hold patients themselves, at any depth.</summary>
    private static void Find(ReadOnlyMemory<byte> utf8Json, HashSet<string> ids)
    {
        PatientMentions.Find(utf8Json.Span, ids);
        if (utf8Json.Span.IndexOf("\"Patient\""u8) < 0)
            return;
        using var document = JsonDocument.Parse(utf8Json);
        Find(document.RootElement, ids);
    }

    private static void Find(JsonElement element, HashSet<string> ids)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Find(item, ids);
        }

        if (element.ValueKind != JsonValueKind.Object)
            return;
        if (
            element.TryGetProperty("resourceType"u8, out var type)
            && type.ValueKind == JsonValueKind.String
            && type.ValueEquals("Patient"u8)
            && element.TryGetProperty("id"u8, out var id)
        )
            ids.Add(id.GetString() ?? "");
        foreach (var property in element.EnumerateObject())
            Find(property.Value, ids);
    }
}
