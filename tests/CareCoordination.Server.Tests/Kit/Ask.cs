using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>Operations asked over HTTP, and what to look for afterwards.</summary>
internal static partial class Ask
{
    /// <summary>A Parameters of name and value, the value with its property: <c>Reason("text")</c>.</summary>
    public static string Parameters(params string[] parameters) =>
        $"{{\"resourceType\":\"Parameters\",\"parameter\":[{string.Join(',', parameters)}]}}";

    public static string Text(string name, string value) => $"{{\"name\":\"{name}\",\"valueString\":\"{value}\"}}";

    public static string Reference(string name, string value) =>
        $"{{\"name\":\"{name}\",\"valueReference\":{{\"reference\":\"{value}\"}}}}";

    public static string Value(string name, string property, string json) =>
        $"{{\"name\":\"{name}\",\"{property}\":{json}}}";

    /// <summary>Whoever is named is here, as on a ward; a test of somebody who is not posts the Parameters itself.</summary>
    public static async Task<Answer> AskAsync(this TestServer server, string path, params string[] parameters)
    {
        foreach (var named in parameters.SelectMany(p => People().Matches(p)).Select(m => m.Groups["who"].Value))
            await server.EmployAsync(named);
        return parameters.Length == 0
            ? await server.SendAsync(HttpMethod.Post, path, (string?)null)
            : await server.PostAsync(path, Parameters(parameters));
    }

    /// <summary>Makes a Practitioner or a PractitionerRole who is not here yet.</summary>
    public static async Task EmployAsync(this TestServer server, string reference)
    {
        if ((await server.GetAsync(reference)).Status == 200)
            return;
        var (type, id) = (reference.Split('/')[0], reference.Split('/')[1]);
        (await server.PutAsync(reference, $$"""{"resourceType":"{{type}}","id":"{{id}}","active":true}""")).ShouldBe(
            201
        );
    }

    [GeneratedRegex(
        """reference":"(?<who>(Practitioner|PractitionerRole|Organization)/[A-Za-z0-9.-]+)["]""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex People();

    /// <summary>A FHIRPath Patch of steps.</summary>
    public static string Patch(params string[] steps) => Parameters(steps);

    /// <summary>One step of a FHIRPath Patch; the content with its property: <c>"valueCode":"on-hold"</c>.</summary>
    public static string Step(string type, string path, string content) =>
        $"{{\"name\":\"operation\",\"part\":[{{\"name\":\"type\",\"valueCode\":\"{type}\"}},{{\"name\":\"path\",\"valueString\":\"{path}\"}},{{\"name\":\"value\",{content}}}]}}";

    /// <summary>A JSON Patch as an entry of a Bundle has it.</summary>
    public static string Binary(string jsonPatch) =>
        $"{{\"resourceType\":\"Binary\",\"contentType\":\"application/json-patch+json\",\"data\":\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(jsonPatch))}\"}}";

    /// <summary>Sends a JSON Patch.</summary>
    public static Task<Answer> PatchAsync(
        this TestServer server,
        string path,
        string jsonPatch,
        params string[] headers
    ) => server.SendAsync(HttpMethod.Patch, path, jsonPatch, ["Content-Type: application/json-patch+json", .. headers]);

    public static string? Status(this Answer answer) => answer.Text("status") ?? answer.Text("lifecycleStatus");

    public static async Task<string?> StatusOfAsync(this TestServer server, string reference) =>
        (await server.GetAsync(reference)).ShouldBe(200).Status();

    public static string? At(this Answer answer, params string[] path)
    {
        var json = answer.Json;
        foreach (var name in path)
        {
            if (!json.TryGetProperty(name, out json))
                return null;
        }

        return json.ToString();
    }

    /// <summary>The Provenance of a version: who, what and why.</summary>
    public static async Task<JsonElement[]> ProvenanceOfAsync(this TestServer server, string reference, int version) =>
        [
            .. (await server.GetAsync($"Provenance?target={reference}&_count=200"))
                .ShouldBe(200)
                .Resources.Where(p => p.GetProperty("target").EnumerateArray().Any(t => IsOf(t, reference, version))),
        ];

    /// <summary>The AuditEvents of a version.</summary>
    public static async Task<JsonElement[]> AuditEventsOfAsync(this TestServer server, string reference, int version) =>
        [
            .. (await server.GetAsync($"AuditEvent?entity={reference}&_count=200"))
                .ShouldBe(200)
                .Resources.Where(a =>
                    a.GetProperty("entity")
                        .EnumerateArray()
                        .Any(e => e.TryGetProperty("what", out var what) && IsOf(what, reference, version))
                ),
        ];

    private static bool IsOf(JsonElement link, string reference, int version) =>
        link.GetProperty("reference").GetString() == $"{reference}/_history/{version}";
}
