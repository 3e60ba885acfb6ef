using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Access;

/// <summary>
/// The query of a scope is about the resource alone, because whoever writes is judged by it too: one that asks other resources grants
/// nothing, and one that cannot be told of what is about to be stored lets nothing be stored.
/// https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#finer-grained-resource-constraints-using-search-parameters
/// </summary>
public sealed class ScopeQueryTests : IAsyncLifetime
{
    private static readonly string[] Queries =
    [
        "?code=a",
        "?patient.organization.name=north",
        "?subject:Patient.family=a",
        "?patient._has:Task:patient:status=requested",
        "?_has:Provenance:target:recorded=ge2020",
        "?code-value-quantity=a$ge1",
        "?_lastUpdated=ge2020",
    ];

    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        var callers = Queries.ToDictionary(
            query => query,
            query => new Caller(CallerKind.User, "ana")
            {
                Person = new ResourceKey("Practitioner", "ana"),
                Roles = [CareRole.CareManager],
                Scopes = ScopeSet.Parse($"user/Observation.cruds{query} user/Patient.rs"),
            },
            StringComparer.Ordinal
        );
        _server = await TestServer.OnSqliteAsync(
            TimeProvider.System,
            services => AccessCallers.AskedByHeader(services, callers),
            []
        );
        await PutAsync("Organization/north", """ "name":"north" """);
        await PutAsync("Practitioner/ana", """ "active":true """);
        await PutAsync(
            "Patient/p",
            """ "name":[{"family":"a"}],"managingOrganization":{"reference":"Organization/north"} """
        );
        await PutAsync(
            "EpisodeOfCare/e",
            """ "status":"active","patient":{"reference":"Patient/p"},"careManager":{"reference":"Practitioner/ana"} """
        );
        await PutAsync("Task/t", """ "status":"requested","intent":"order","for":{"reference":"Patient/p"} """);
        await PutAsync("Observation/o", Observation);
    }

    private const string Observation = """
        "status":"final","code":{"coding":[{"code":"a"}]},"subject":{"reference":"Patient/p"},"valueQuantity":{"value":7}
        """;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_scope_that_asks_other_resources_shows_nothing()
    {
        foreach (var query in Queries)
        {
            var isSeen = query is "?code=a" or "?code-value-quantity=a$ge1" or "?_lastUpdated=ge2020";
            var read = await AskAsync(HttpMethod.Get, "Observation/o", query);
            Assert.True(read.Status == 200 == isSeen, $"{query}: {read.Status} {read.Body}");
            var found = await AskAsync(HttpMethod.Get, "Observation?patient=p&_total=accurate", query);
            Assert.True(isSeen ? found.Text("total") == "1" : found.Status == 403 || found.Text("total") == "0", query);
            var chained = await AskAsync(HttpMethod.Get, "Patient?_has:Observation:patient:status=final", query);
            Assert.True(isSeen == (chained.Status == 200 && chained.Ids.Contains("p")), $"{query}: {chained.Body}");
        }
    }

    [Fact]
    public async Task What_cannot_be_told_of_a_resource_alone_lets_nothing_be_stored()
    {
        foreach (var query in Queries)
        {
            var answer = await AskAsync(
                HttpMethod.Put,
                "Observation/o",
                query,
                $$"""{"resourceType":"Observation","id":"o",{{Observation}}}"""
            );
            Assert.True(
                query == "?code=a" ? answer.Status == 200 : answer.Status is 403 or 404,
                $"{query}: {answer.Status} {answer.Body}"
            );
        }
    }

    private Task<Answer> AskAsync(HttpMethod method, string path, string query, string? body = null) =>
        _server.SendAsync(method, path, body, $"{AccessCallers.Header}: {query}", "Accept: application/fhir+json");

    private async Task PutAsync(string name, string members)
    {
        var (type, id) = (name.Split('/')[0], name.Split('/')[1]);
        var answer = await _server.PutAsync(name, $$"""{"resourceType":"{{type}}","id":"{{id}}",{{members}}}""");
        Assert.True(answer.Status is 200 or 201, answer.Body);
    }
}
