using System.Collections.Immutable;

namespace CareCoordination.Rest.Routing;

/// <summary>
/// The path of a URL as its segments, read one way wherever it stands: in a request's first line or in an entry of a Bundle.
/// https://www.rfc-editor.org/rfc/rfc3986#section-3.3
/// </summary>
internal static class UrlPath
{
    /// <summary>
    /// The segments, each decoded by itself, so that an encoded slash is a character of its segment. One slash at the beginning and one at
    /// the end mean nothing; any other that follows a slash leaves an empty segment, which nothing here is called. What <c>..</c> cannot
    /// take back, because it would leave the base, stays.
    /// </summary>
    public static ImmutableArray<string> Split(ReadOnlySpan<char> path)
    {
        if (path.StartsWith('/'))
            path = path[1..];
        if (path.EndsWith('/'))
            path = path[..^1];
        if (path.IsEmpty)
            return [];
        var segments = ImmutableArray.CreateBuilder<string>(4);
        foreach (var range in path.Split('/'))
        {
            var segment = Decode(path[range]);
            // https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4
            if (segment == ".")
                continue;
            if (segment == ".." && segments.Count > 0 && segments[^1] != "..")
                segments.RemoveAt(segments.Count - 1);
            else
                segments.Add(segment);
        }

        return segments.DrainToImmutable();
    }

    private static string Decode(ReadOnlySpan<char> segment) =>
        segment.Contains('%') ? Uri.UnescapeDataString(segment) : segment.ToString();
}
