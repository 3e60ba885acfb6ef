namespace CareCoordination.Connectors.Exchanges;

/// <summary>Reads what a stranger answers, and not more than is good for us.</summary>
internal static class BoundedBody
{
    /// <summary>The content; null where it has more than <paramref name="max"/> bytes.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpContent content, int max, CancellationToken cancel)
    {
        if (content.Headers.ContentLength is { } length && length > max)
            return null;
        using var body = new MemoryStream();
        await using var stream = await content.ReadAsStreamAsync(cancel);
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancel)) > 0)
        {
            if (body.Length + read > max)
                return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
