namespace CareCoordination.PartnerSimulator;

/// <summary>What If-None-Exist finds: an identifier is all that can be asked for. https://hl7.org/fhir/R4/http.html#ccreate</summary>
internal static class ConditionalCreate
{
    private const string Identifier = "identifier=";

    /// <summary>Null where the condition is not understood: ignoring it would create a second.</summary>
    public static IReadOnlyList<PartnerResource>? Find(PartnerStore store, string type, string condition)
    {
        var query = condition[(condition.IndexOf('?', StringComparison.Ordinal) + 1)..];
        return query.StartsWith(Identifier, StringComparison.Ordinal) && !query.Contains('&', StringComparison.Ordinal)
            ? store.WithIdentifier(type, Uri.UnescapeDataString(query[Identifier.Length..]))
            : null;
    }
}
