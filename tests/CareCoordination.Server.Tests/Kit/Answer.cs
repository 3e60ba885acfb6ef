using System.Net;
using System.Text.Json;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>An HTTP answer, read to its end.</summary>
public sealed class Answer(HttpResponseMessage response, string body)
{
    private JsonElement? _json;

    public int Status => (int)response.StatusCode;

    public string Body => body;

    public string? ETag => response.Headers.ETag?.ToString();

    public string? Location => response.Headers.Location?.ToString();

    public string? ContentType => response.Content.Headers.ContentType?.ToString();

    public DateTimeOffset? LastModified => response.Content.Headers.LastModified;

    public string? Header(string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    /// <summary>Every header, with its values.</summary>
    public IEnumerable<string> HeaderLines =>
        response
            .Headers.Concat(response.Content.Headers)
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}");

    public JsonElement Json => _json ??= JsonDocument.Parse(body).RootElement;

    public string? Text(string property) => Json.TryGetProperty(property, out var value) ? value.ToString() : null;

    public string Id => Text("id") ?? throw new InvalidOperationException($"{Status}: there is no id in {body}");

    /// <summary>The entries' resources, outcomes included.</summary>
    public IEnumerable<JsonElement> Resources =>
        Entries.Where(e => e.TryGetProperty("resource", out _)).Select(e => e.GetProperty("resource"));

    public IEnumerable<JsonElement> Entries =>
        Json.TryGetProperty("entry", out var entries) ? [.. entries.EnumerateArray()] : [];

    public IEnumerable<string> Ids => Resources.Select(r => r.GetProperty("id").GetString()!);

    public string? Link(string relation) =>
        Json.TryGetProperty("link", out var links)
            ? links
                .EnumerateArray()
                .Where(l => l.GetProperty("relation").GetString() == relation)
                .Select(l => l.GetProperty("url").GetString())
                .FirstOrDefault()
            : null;

    /// <summary>The issues of an OperationOutcome as <c>severity code expression: diagnostics</c>.</summary>
    public string[] Issues => Outcome(Json);

    public static string[] Outcome(JsonElement outcome)
    {
        Assert.Equal("OperationOutcome", outcome.GetProperty("resourceType").GetString());
        return
        [
            .. outcome
                .GetProperty("issue")
                .EnumerateArray()
                .Select(i =>
                {
                    var at = i.TryGetProperty("expression", out var e) ? $" {e[0].GetString()}" : "";
                    return $"{i.GetProperty("severity").GetString()} {i.GetProperty("code").GetString()}{at}: {i.GetProperty("diagnostics").GetString()}";
                }),
        ];
    }

    /// <summary>The status, and the whole outcome.</summary>
    public Answer ShouldRefuse(int status, params string[] issues)
    {
        Assert.True(Status == status, $"{Status} instead of {status}: {body}");
        Assert.Equal("application/fhir+json; charset=utf-8", ContentType);
        Assert.Equal(issues, Issues);
        return this;
    }

    public Answer ShouldBe(int status)
    {
        Assert.True(Status == status, $"{Status} instead of {status}: {body}");
        return this;
    }

    public Answer ShouldBe(HttpStatusCode status) => ShouldBe((int)status);
}
