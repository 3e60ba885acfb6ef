using CareCoordination.Application.Definitions;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Application.Reads;

/// <summary>Finds the Questionnaire that a response names: one of this server, or one that is stored.</summary>
public sealed class QuestionnaireReads(CareReads reads, FhirDefinitions definitions)
{
    /// <summary>
    /// Of several versions the one that is named, or else the last written, an active one before others. A canonical may also be an
    /// address here. Null where it is not here.
    /// </summary>
    public async Task<ResourceDocument?> FindAsync(string canonical, CancellationToken cancellationToken)
    {
        var (url, version) = Split(canonical);
        if (OwnCanonical.IsOwn(url) && Own(url) is { } own)
            return own;
        if (LiteralReference.Parse(url, t => t == ResourceTypes.Questionnaire).Kind == ReferenceKind.Relative)
            return await reads.ReadAsync(url, cancellationToken) is { } here
                ? ResourceDocument.Parse(here.Utf8Json).Value
                : Own(url);
        var query =
            $"url={Uri.EscapeDataString(url.Replace(",", "\\,", StringComparison.Ordinal))}&_sort=-_lastUpdated";
        var found = await reads.SearchAsync(ResourceTypes.Questionnaire, query, cancellationToken);
        return found
            .Select(q => ResourceDocument.Parse(q.Utf8Json).Value)
            .Where(q => Is(q, url, version))
            .OrderBy(q => QuestionnaireView.From(q).Status != PublicationStatusCodes.Active)
            .FirstOrDefault();
    }

    /// <summary>It has this canonical, and the version where one is named.</summary>
    internal static bool Is(ResourceDocument questionnaire, string canonical)
    {
        var (url, version) = Split(canonical);
        return Is(questionnaire, url, version);
    }

    private static bool Is(ResourceDocument questionnaire, string url, string? version)
    {
        var view = QuestionnaireView.From(questionnaire);
        return view.Exists && view.Url == url && (version is null || view.Version == version);
    }

    private ResourceDocument? Own(string url) =>
        definitions.BuiltIns.Find(new(ResourceTypes.Questionnaire, OwnCanonical.IdOf(url)), "") is { } bytes
            ? ResourceDocument.Parse(bytes).Value
            : null;

    private static (string Url, string? Version) Split(string canonical)
    {
        var bar = canonical.IndexOf('|', StringComparison.Ordinal);
        return bar < 0 ? (canonical, null) : (canonical[..bar], canonical[(bar + 1)..]);
    }
}
