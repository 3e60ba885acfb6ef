namespace CareCoordination.Connectors.Exchanges;

/// <summary>A request to a partner, as a value: every attempt makes its HTTP message anew.</summary>
/// <param name="Name">What it is for, in metrics: <c>send</c>, <c>read</c>, <c>poll</c>, <c>probe</c>.</param>
/// <param name="Path">Below the partner's base: <c>Task/7</c>; or absolute, for the further pages of a search.</param>
internal sealed record PartnerRequest(string Name, HttpMethod Method, string Path)
{
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The version that an update relies on.</summary>
    public string? IfMatch { get; init; }

    /// <summary>The search that keeps a create from being done twice.</summary>
    public string? IfNoneExist { get; init; }

    /// <summary>Stays the same over all attempts.</summary>
    public string? RequestId { get; init; }

    /// <summary>
    /// False where a second one could have a second effect, as a create: it is not sent again at once where the first may have arrived.
    /// </summary>
    public bool IsRepeatable { get; init; } = true;

    /// <summary>How much of an answer is read; a larger one is refused.</summary>
    public int MaxAnswerBytes { get; init; } = 4 * 1024 * 1024;

    public static PartnerRequest Get(string name, string path) => new(name, HttpMethod.Get, path);
}
