using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.OpenApi;

/// <summary>An operation of an OpenAPI document as a tool that knows nothing else of this server reads it.</summary>
internal sealed class DescribedOperation(JsonElement document, string path, HttpMethod method, JsonElement json)
{
    public string Path => path;

    public HttpMethod Method => method;

    public JsonElement Json => json;

    public string Id => json.GetProperty("operationId").GetString()!;

    public override string ToString() => $"{method} {path}";

    /// <summary>Those of FHIR.</summary>
    public static async Task<List<DescribedOperation>> AllAsync(TestServer server, string document) =>
        [.. (await WithOthersAsync(server, document)).Where(o => o.Path.StartsWith("/fhir", StringComparison.Ordinal))];

    public static async Task<List<DescribedOperation>> WithOthersAsync(TestServer server, string document)
    {
        var answer = (await server.GetAsync($"/swagger/{document}/swagger.json")).ShouldBe(200);
        return
        [
            .. from item in answer.Json.GetProperty("paths").EnumerateObject()
            from operation in item.Value.EnumerateObject()
            select new DescribedOperation(
                answer.Json,
                item.Name,
                new HttpMethod(operation.Name.ToUpperInvariant()),
                operation.Value
            ),
        ];
    }

    /// <summary>What a reference leads to; what is no reference, itself.</summary>
    public JsonElement Follow(JsonElement element) =>
        element.TryGetProperty("$ref", out var reference)
            ? reference.GetString()!.Split('/').Skip(1).Aggregate(document, (at, name) => at.GetProperty(name))
            : element;

    public IEnumerable<JsonElement> Parameters =>
        json.TryGetProperty("parameters", out var list) ? list.EnumerateArray().Select(Follow) : [];

    public IEnumerable<(int Status, JsonElement Answer)> Answers =>
        json.GetProperty("responses")
            .EnumerateObject()
            .Select(r => (int.Parse(r.Name, System.Globalization.CultureInfo.InvariantCulture), Follow(r.Value)));

    public bool Describes(int status) => Answers.Any(a => a.Status == status);

    /// <summary>The headers that an answer may have by its description.</summary>
    public HashSet<string> HeadersOf(int status) =>
        Answers.First(a => a.Status == status).Answer.TryGetProperty("headers", out var headers)
            ? [.. headers.EnumerateObject().Select(h => h.Name)]
            : [];

    /// <summary>The address of the example, from the base; query included.</summary>
    /// <param name="id">Instead of the example's.</param>
    public string Url(string? id = null)
    {
        var url = path["/fhir".Length..].TrimStart('/');
        List<string> query = [];
        foreach (var parameter in Parameters.Where(p => p.TryGetProperty("example", out _) && !IsHeader(p)))
        {
            var (name, example) = (parameter.GetProperty("name").GetString()!, parameter.GetProperty("example"));
            var values = example.ValueKind == JsonValueKind.Array ? example.EnumerateArray().ToArray() : [example];
            if (parameter.GetProperty("in").GetString() == "path")
                url = url.Replace(
                    $"{{{name}}}",
                    name == "id" && id is not null ? id : values[0].ToString(),
                    StringComparison.Ordinal
                );
            else
                query.AddRange(values.Select(v => $"{name}={Uri.EscapeDataString(v.ToString())}"));
        }

        return query.Count == 0 ? url : $"{url}?{string.Join('&', query)}";
    }

    private static bool IsHeader(JsonElement parameter) => parameter.GetProperty("in").GetString() == "header";

    /// <summary>The headers that have to be sent, each with its example.</summary>
    private string[] NeededHeaders =>
        [
            .. Parameters
                .Where(p => IsHeader(p) && p.TryGetProperty("example", out _))
                .Select(p => $"{p.GetProperty("name").GetString()}: {p.GetProperty("example").GetString()}"),
        ];

    /// <summary>The kinds of body that it takes, each with its example.</summary>
    public IEnumerable<(string MediaType, JsonElement Media)> Bodies =>
        json.TryGetProperty("requestBody", out var body)
            ? body.GetProperty("content").EnumerateObject().Select(c => (c.Name, c.Value))
            : [];

    /// <summary>The example as it is sent, by the first kind of body.</summary>
    public Task<Answer> TryAsync(TestServer server, string? id = null, string? body = null, params string[] headers)
    {
        headers = [.. NeededHeaders, .. headers];
        if (Bodies.FirstOrDefault() is not { MediaType: { } type } first)
            return server.SendAsync(method, Url(id), (string?)null, headers);
        body ??= Text(type, first.Media.GetProperty("example"));
        return server.SendAsync(method, Url(id), body, [$"Content-Type: {type}", .. headers]);
    }

    private static string Text(string mediaType, JsonElement example) =>
        mediaType == "application/x-www-form-urlencoded"
            ? string.Join('&', example.EnumerateObject().Select(p => $"{p.Name}={p.Value}"))
            : example.GetRawText();
}
