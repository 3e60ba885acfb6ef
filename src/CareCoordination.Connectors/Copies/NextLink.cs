namespace CareCoordination.Connectors.Copies;

/// <summary>
/// Where the next page of a search is. A server behind a proxy may name itself by another host, and its pages are then at the address that
/// is known: our token goes nowhere else. https://hl7.org/fhir/R4/http.html#paging
/// </summary>
internal static class NextLink
{
    /// <param name="fhirBase">Without a slash at its end.</param>
    /// <returns>An address below the base; null where none can be made of the link.</returns>
    public static string? Follow(string fhirBase, string link)
    {
        var root = new Uri(fhirBase + "/");
        if (!Uri.TryCreate(root, link, out var next) || next.Scheme is not ("http" or "https"))
            return null;
        if (IsSameServer(root, next))
            return next.AbsoluteUri;
        // Its own path cannot be known: what stands behind the base is the search of Tasks, or pages of any search.
        if (next.Query.Length < 2)
            return null;
        var path = next.AbsolutePath.TrimEnd('/');
        return path.EndsWith("/Task/_search", StringComparison.Ordinal) ? $"{fhirBase}/Task/_search{next.Query}"
            : path.EndsWith("/Task", StringComparison.Ordinal) ? $"{fhirBase}/Task{next.Query}"
            : fhirBase + next.Query;
    }

    private static bool IsSameServer(Uri root, Uri next) =>
        next.Scheme == root.Scheme
        && next.Host.Equals(root.Host, StringComparison.OrdinalIgnoreCase)
        && next.Port == root.Port
        && next.UserInfo.Length == 0;
}
