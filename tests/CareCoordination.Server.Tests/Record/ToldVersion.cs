using System.Globalization;
using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Record;

/// <summary>A version as the history tells it.</summary>
/// <param name="At">When it was stored.</param>
/// <param name="Place">Its place among all versions of the server.</param>
/// <param name="Change">create, update or delete.</param>
/// <param name="Body">Null: it was deleted.</param>
internal sealed record ToldVersion(
    string Type,
    string Id,
    int Number,
    DateTimeOffset At,
    int Place,
    string Change,
    JsonElement? Body
)
{
    public string Key => $"{Type}/{Id}";

    /// <summary>All versions of the server in the order in which they were stored, read page by page from its history.</summary>
    public static async Task<List<ToldVersion>> AllAsync(TestServer server)
    {
        var entries = new List<JsonElement>();
        for (string? path = "_history?_count=500"; path is not null; )
        {
            var page = (await server.GetAsync(path)).ShouldBe(200);
            entries.AddRange(page.Entries);
            path = page.Link("next");
        }

        entries.Reverse();
        return [.. entries.Select(Of)];
    }

    private static ToldVersion Of(JsonElement entry, int place)
    {
        var (request, response) = (entry.GetProperty("request"), entry.GetProperty("response"));
        var isDeleted = request.GetProperty("method").GetString() == "DELETE";
        var isNew = response.GetProperty("status").GetString()!.StartsWith("201", StringComparison.Ordinal);
        var body = isDeleted ? (JsonElement?)null : entry.GetProperty("resource");
        var parts = entry.GetProperty("fullUrl").GetString()!.Split('/');
        return new ToldVersion(
            parts[^2],
            parts[^1],
            int.Parse(response.GetProperty("etag").GetString()!.Split('"')[1], CultureInfo.InvariantCulture),
            Json.Instant(response.GetProperty("lastModified").GetString()!),
            place,
            isDeleted ? "delete"
                : isNew ? "create"
                : "update",
            body
        );
    }
}

/// <summary>What is stored now, and what was.</summary>
internal sealed class ToldRecord
{
    private readonly Dictionary<string, string> _people = new(StringComparer.Ordinal);

    public ToldRecord(IReadOnlyList<ToldVersion> versions)
    {
        Versions = versions;
        Current =
        [
            .. versions
                .GroupBy(v => v.Key, StringComparer.Ordinal)
                .Select(of => of.Last())
                .Where(v => v.Body is not null),
        ];
        foreach (var patient in Of("Patient"))
        {
            var replaced = patient
                .Items("link")
                .FirstOrDefault(l => l.Text("type") == "replaced-by")
                .At("other")
                .Key("Patient");
            if (replaced is not null)
                _people[patient.Text("id")!] = replaced;
        }
    }

    public IReadOnlyList<ToldVersion> Versions { get; }

    public IReadOnlyList<ToldVersion> Current { get; }

    /// <summary>The current resources of a type.</summary>
    public IEnumerable<JsonElement> Of(string type) => Current.Where(v => v.Type == type).Select(v => v.Body!.Value);

    /// <summary>Of each resource of a type all its versions, the first one first.</summary>
    public IEnumerable<List<ToldVersion>> Histories(string type) =>
        Versions.Where(v => v.Type == type).GroupBy(v => v.Id, StringComparer.Ordinal).Select(of => of.ToList());

    /// <summary>
    /// The record that merges have left of a patient's; as long as there is a record that says so, and at most nine steps far.
    /// </summary>
    public string? PersonOf(string? patient)
    {
        for (var i = 0; i < 9 && patient is not null && _people.TryGetValue(patient, out var next); i++)
            patient = next;
        return patient;
    }
}
