using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Model;

/// <summary>One thing that a client does.</summary>
internal abstract record ModelStep
{
    /// <summary>A command of one resource.</summary>
    public sealed record Run(string Reference, string Command) : ModelStep
    {
        public override string ToString() => $"{Reference}/${Command}";
    }

    public sealed record Assign(string Patient, string Manager) : ModelStep
    {
        public override string ToString() => $"{Patient}/$assign-care-manager {Manager}";
    }

    /// <param name="Way">How it is sent, one of <see cref="Ways"/>; <c>transaction</c> for several.</param>
    public sealed record Write((string Reference, string Status)[] Changes, string Way) : ModelStep
    {
        public override string ToString() =>
            $"{Way} {string.Join(", ", Changes.Select(c => $"{c.Reference}={c.Status}"))}";
    }

    public static readonly string[] Ways =
    [
        "put",
        "put without extensions",
        "conditional put",
        "json patch",
        "fhirpath patch",
        "conditional patch",
        "batch",
        "transaction",
    ];

    private static readonly string[] WithReason = ["hold", "reject", "fail", "cancel", "reopen", "revoke"];

    public async Task<Answer> SendAsync(TestServer server, IReadOnlyDictionary<string, JsonObject> stored) =>
        this switch
        {
            Run { Command: "complete" } run when run.Reference.StartsWith("Goal/", StringComparison.Ordinal) =>
                await server.AskAsync(
                    $"{run.Reference}/$complete",
                    Ask.Value("achievementStatus", "valueCode", "\"achieved\"")
                ),
            Run { Command: "close" } run => await server.AskAsync(
                $"{run.Reference}/$close",
                Ask.Text("unfinished", "cancel")
            ),
            Run run => await server.AskAsync(
                $"{run.Reference}/${run.Command}",
                WithReason.Contains(run.Command) ? [Ask.Text("reason", "The model says so")] : []
            ),
            Assign assign => await server.AskAsync(
                $"{assign.Patient}/$assign-care-manager",
                Ask.Reference("practitionerRole", assign.Manager)
            ),
            Write { Way: "transaction" } write => await server.PostAsync(
                "",
                Given.Transaction([.. write.Changes.Select((c, i) => Entry(c.Reference, c.Status, i, stored))])
            ),
            Write write => await SendAsync(server, write, stored),
            _ => throw new InvalidOperationException($"Nobody knows how to send {this}."),
        };

    private static async Task<Answer> SendAsync(
        TestServer server,
        Write write,
        IReadOnlyDictionary<string, JsonObject> stored
    )
    {
        var (reference, status) = write.Changes[0];
        var type = reference.Split('/')[0];
        var where = $"{type}?identifier=urn:model|{reference.Split('/')[1]}";
        return write.Way switch
        {
            "put" => await server.PutAsync(reference, With(stored[reference], status)),
            "put without extensions" => await server.PutAsync(reference, With(stored[reference], status, bare: true)),
            "conditional put" => await server.PutAsync(where, With(stored[reference], status)),
            "json patch" => await server.PatchAsync(reference, JsonPatch(type, status)),
            "conditional patch" => await server.PatchAsync(where, JsonPatch(type, status)),
            "fhirpath patch" => await server.SendAsync(HttpMethod.Patch, reference, FhirPathPatch(type, status)),
            _ => await server.PostAsync("", Given.Batch(Entry(reference, status, 0, stored))),
        };
    }

    /// <summary>An entry of a Bundle, in one form or another.</summary>
    private static string Entry(
        string reference,
        string status,
        int index,
        IReadOnlyDictionary<string, JsonObject> stored
    )
    {
        var type = reference.Split('/')[0];
        return (index % 3) switch
        {
            0 => Given.Entry("PUT", reference, With(stored[reference], status)),
            1 => Given.Entry("PATCH", reference, Ask.Binary(JsonPatch(type, status))),
            _ => Given.Entry("PATCH", reference, FhirPathPatch(type, status)),
        };
    }

    public static string ElementOf(string type) => type == "Goal" ? "lifecycleStatus" : "status";

    private static string JsonPatch(string type, string status) =>
        $$"""[{"op":"replace","path":"/{{ElementOf(type)}}","value":"{{status}}"}]""";

    private static string FhirPathPatch(string type, string status) =>
        Ask.Patch(Ask.Step("replace", $"{type}.{ElementOf(type)}", $"\"valueCode\":\"{status}\""));

    private static string With(JsonObject resource, string status, bool bare = false)
    {
        var copy = (JsonObject)resource.DeepClone();
        copy[ElementOf((string)copy["resourceType"]!)] = status;
        if (bare)
            copy.Remove("extension");
        return copy.ToJsonString();
    }
}
