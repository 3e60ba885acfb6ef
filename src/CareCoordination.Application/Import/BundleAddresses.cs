using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Application.Import;

/// <summary>
/// Where the entries of one Bundle will be found, by their full URLs. A UUID takes 24 bytes here, so that a Bundle of millions of
/// entries can refer to itself and still be streamed.
/// </summary>
internal sealed class BundleAddresses
{
    private const string UrnUuid = "urn:uuid:";

    public static readonly BundleAddresses None = new();

    private readonly List<string> _types = [];
    private readonly Dictionary<Guid, int> _byUuid = [];
    private readonly Dictionary<string, ResourceKey> _others = new(StringComparer.Ordinal);
    private bool _hasWebAddresses;

    public bool IsEmpty => _byUuid.Count == 0 && _others.Count == 0;

    /// <summary>What is no reference and leads to an entry. https://hl7.org/fhir/R4/http.html#trules</summary>
    public LinkTargets Links => new(Find, Find, _hasWebAddresses);

    public void Add(string fullUrl, ResourceKey key)
    {
        _hasWebAddresses |= fullUrl.StartsWith("http", StringComparison.Ordinal);
        if (Uuid(fullUrl) is { } uuid && key.Id == uuid.ToString())
            _byUuid[uuid] = TypeNumber(key.Type);
        else
            _others[fullUrl] = key;
    }

    /// <summary>The address on this server of what <paramref name="reference"/> names; null where no entry has this full URL.</summary>
    public string? Find(string reference)
    {
        if (_others.TryGetValue(reference, out var key))
            return key.ToString();
        return Uuid(reference) is { } uuid && _byUuid.TryGetValue(uuid, out var type) ? $"{_types[type]}/{uuid}" : null;
    }

    private static Guid? Uuid(string url) =>
        url.StartsWith(UrnUuid, StringComparison.Ordinal)
        && Guid.TryParseExact(url.AsSpan(UrnUuid.Length), "D", out var uuid)
            ? uuid
            : null;

    private int TypeNumber(string type)
    {
        var number = _types.IndexOf(type);
        if (number >= 0)
            return number;
        _types.Add(type);
        return _types.Count - 1;
    }
}
