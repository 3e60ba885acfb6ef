using System.Globalization;
using System.Text.Json.Nodes;

namespace CareCoordination.PartnerSimulator;

/// <summary>What the partner has, in memory, with all versions. Whole interactions run under <see cref="Gate"/>.</summary>
public sealed class PartnerStore(TimeProvider time, string baseUrl)
{
    private readonly Dictionary<string, List<PartnerResource>> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _byType = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _byIdentifier = new(StringComparer.Ordinal);
    private int _lastId;
    private DateTimeOffset? _frozen;

    public Lock Gate { get; } = new();

    /// <summary>Of the FHIR server that shows it.</summary>
    public string Base { get; } = baseUrl;

    public DateTimeOffset Now => _frozen ?? time.GetUtcNow();

    /// <summary>All that is stored until the end of this has the same <c>lastUpdated</c>.</summary>
    public IDisposable Freeze() => new Freezing(this);

    /// <summary>Every version, oldest first; empty where there is none.</summary>
    public IReadOnlyList<PartnerResource> History(string reference)
    {
        lock (Gate)
            return _versions.TryGetValue(reference, out var versions) ? [.. versions] : [];
    }

    public PartnerResource? Read(string reference)
    {
        lock (Gate)
            return _versions.TryGetValue(reference, out var versions) ? versions[^1] : null;
    }

    /// <summary>The current versions of a type, in the order in which they came.</summary>
    public IReadOnlyList<PartnerResource> All(string type)
    {
        lock (Gate)
            return _byType.TryGetValue(type, out var references) ? [.. references.Select(r => _versions[r][^1])] : [];
    }

    /// <param name="token"><c>system|value</c>, or a value of any system.</param>
    public IReadOnlyList<PartnerResource> WithIdentifier(string type, string token)
    {
        lock (Gate)
            return _byIdentifier.TryGetValue($"{type}?{token}", out var references)
                ? [.. references.Select(r => _versions[r][^1])]
                : [];
    }

    public PartnerResource Create(JsonObject resource) => Write(resource, NextId());

    /// <summary>The id of the next resource: references to it can be written before it is stored.</summary>
    public string NextId() => Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);

    /// <summary>Stores the resource as the next version of <paramref name="id"/>.</summary>
    public PartnerResource Write(JsonObject resource, string id)
    {
        lock (Gate)
        {
            var type = Text(resource["resourceType"]);
            var reference = $"{type}/{id}";
            var versions = _versions.TryGetValue(reference, out var known) ? known : _versions[reference] = [];
            var now = Now;
            resource["id"] = id;
            var meta = resource["meta"] as JsonObject ?? [];
            meta["versionId"] = (versions.Count + 1).ToString(CultureInfo.InvariantCulture);
            meta["lastUpdated"] = Instant(now);
            resource["meta"] = meta.DeepClone();
            var stored = new PartnerResource(type, id, versions.Count + 1, now, resource.ToJsonString());
            versions.Add(stored);
            if (versions.Count == 1)
                Index(resource, type, reference);
            return stored;
        }
    }

    /// <summary>Nothing of it is left: neither a read nor a search finds it.</summary>
    public void Delete(string reference)
    {
        lock (Gate)
        {
            _versions.Remove(reference);
            foreach (var references in _byType.Values.Concat(_byIdentifier.Values))
                references.Remove(reference);
        }
    }

    public static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    internal static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";

    /// <summary>Identifiers of the first version: those that make a repeat a repeat do not change.</summary>
    private void Index(JsonObject resource, string type, string reference)
    {
        Add(_byType, type);
        foreach (var identifier in (resource["identifier"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Add(_byIdentifier, $"{type}?{Text(identifier["system"])}|{Text(identifier["value"])}");
            Add(_byIdentifier, $"{type}?{Text(identifier["value"])}");
        }

        void Add(Dictionary<string, List<string>> index, string key)
        {
            if (!index.TryGetValue(key, out var references))
                index[key] = references = [];
            references.Add(reference);
        }
    }

    private sealed class Freezing : IDisposable
    {
        private readonly PartnerStore _store;

        public Freezing(PartnerStore store)
        {
            _store = store;
            _store._frozen = _store.Now;
        }

        public void Dispose() => _store._frozen = null;
    }
}
