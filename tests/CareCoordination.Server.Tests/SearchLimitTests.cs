using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests;

/// <summary>As much as a search may ask for is answered on every engine; what asks for more is refused, and names the limit.</summary>
public abstract class SearchLimitTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : SearchLimitTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : SearchLimitTests(shared);

    /// <summary>A condition, its n-th value, and how many of them are the most.</summary>
    public static TheoryData<string, string, string, int> Conditions =>
        new()
        {
            { "Patient", "_id", "a~", 1000 },
            { "Patient", "_lastUpdated", "ne@", 1000 },
            { "Patient", "gender", "code~", 1000 },
            { "Patient", "gender:not", "code~", 1000 },
            { "Patient", "identifier", "urn:s|~", 1000 },
            { "Patient", "identifier", "urn:s~|", 1000 },
            { "Patient", "identifier", "|~", 1000 },
            { "Patient", "organization", "Organization/~", 1000 },
            { "Patient", "organization", "~", 1000 },
            { "Patient", "general-practitioner", "~", 333 },
            { "Patient", "general-practitioner", "http://b.example/Practitioner/~", 1000 },
            { "Patient", "name", "n~", 1000 },
            { "Patient", "name:exact", "n~", 1000 },
            { "Patient", "name:contains", "n~", 1000 },
            { "Patient", "birthdate", "@", 1000 },
            { "Patient", "birthdate", "ne@", 1000 },
            { "Patient", "birthdate", "ap@", 1000 },
            { "Patient", "birthdate", "ge@", 1000 },
            { "RiskAssessment", "probability", "0.~", 1000 },
            { "RiskAssessment", "probability", "lt0.~", 1000 },
            { "Observation", "value-quantity", "~.5|http://unitsofmeasure.org|kg", 1000 },
            { "Observation", "value-quantity", "ne~", 1000 },
            { "Observation", "code-value-quantity", "urn:s|c~$ge~", 500 },
            { "Observation", "code-value-concept", "c~$v~", 500 },
            { "Observation", "patient.identifier", "urn:s|~", 1000 },
            { "Observation", "subject.name", "n~", 500 },
            { "Observation", "patient.birthdate", "le@", 1000 },
            { "CarePlan", "instantiates-uri", "urn:~", 1000 },
        };

    [Theory, MemberData(nameof(Conditions))]
    public async Task A_list_of_values_is_as_long_as_it_may_be(string type, string name, string value, int most)
    {
        (await SearchAsync(type, $"{name}={Values(value, most)}&_total=accurate")).ShouldBe(200);
        (await SearchAsync(type, $"{name}={Values(value, most)}&_sort=-_lastUpdated&_id=a")).ShouldBe(
            1000 / most * most == 1000 ? 400 : 200
        );
        (await SearchAsync(type, $"{name}={Values(value, most + 1)}")).ShouldRefuse(
            400,
            "error too-costly: The query has more than 1000 values; split it, and give references as Type/id, for an id alone stands for every type it may mean."
        );
    }

    [Theory]
    [InlineData("family=a")]
    [InlineData("birthdate=ge2000")]
    [InlineData("identifier=urn:s|a,urn:s|b")]
    [InlineData("organization=Organization/1,Organization/2")]
    [InlineData("organization.name=a")]
    [InlineData("gender:missing=true")]
    public async Task There_are_as_many_conditions_as_there_may_be(string condition)
    {
        (await SearchAsync("Patient", Repeated(condition, 200))).ShouldBe(200);
        (await SearchAsync("Patient", Repeated(condition, 985))).ShouldRefuse(
            400,
            "error too-costly: The query has more than 200 conditions; split it, and name the type in a chain, as subject:Patient.name, for without it every type that is possible is a condition."
        );
    }

    [Fact]
    public async Task Sorts_and_includes_have_an_end()
    {
        var keys = string.Join(',', Enumerable.Repeat("family,-birthdate,given,-_id", 4));
        (await SearchAsync("Patient", $"_sort={keys}")).ShouldBe(200);
        (await SearchAsync("Patient", $"_sort={Values("birthdate", 665)}")).ShouldRefuse(
            400,
            "error too-costly: The query has more than 16 keys in '_sort'; ask for fewer."
        );
        (await SearchAsync("Patient", Repeated("_revinclude=Observation:subject", 64))).ShouldBe(200);
        (await SearchAsync("Patient", Repeated("_revinclude=Observation:subject", 65))).ShouldRefuse(
            400,
            "error too-costly: The query has more than 64 includes; ask for fewer."
        );
    }

    [Fact]
    public async Task A_worklist_is_of_as_many_owners_as_a_search_has_values()
    {
        var patient = Given.Id("p");
        var owner = Given.Id("r");
        await Server.PutAsync($"Patient/{patient}", Given.Patient(patient));
        var task = (
            await Server.PostAsync(
                "Task",
                $$$"""{"resourceType":"Task","status":"requested","intent":"order","for":{"reference":"Patient/{{{patient}}}"},"owner":{"reference":"PractitionerRole/{{{owner}}}"}}"""
            )
        ).ShouldBe(201);
        string[] roles =
        [
            .. Enumerable.Range(0, 999).Select(i => $"PractitionerRole/none-{i}"),
            $"PractitionerRole/{owner}",
        ];
        // Everybody comes in one bundle, where AskAsync would look for them one by one.
        await Server.PostAsync("", Given.Batch([.. roles.Select(Employed)]));
        var list = await Server.PostAsync(
            "Task/$worklist",
            Ask.Parameters([
                .. roles[..^1].Select(role => Ask.Reference("owner", role)),
                Ask.Reference("team", roles[^1]),
            ])
        );

        Assert.Equal([task.Id], list.ShouldBe(200).Ids);
        foreach (var count in (int[])[1001, 17_000])
        {
            var owners = Enumerable.Range(0, count).Select(i => Ask.Reference("owner", $"PractitionerRole/{i}"));
            // So many are refused whoever they are: nobody has to be here.
            (await Server.PostAsync("Task/$worklist", Ask.Parameters([.. owners]))).ShouldRefuse(
                400,
                "error too-costly Parameters.parameter: A worklist is of at most 1000 owners and teams together; ask for some of them at a time."
            );
        }
    }

    private static string Employed(string role) =>
        Given.Entry(
            "PUT",
            role,
            $$"""{"resourceType":"PractitionerRole","id":"{{role["PractitionerRole/".Length..]}}","active":true}"""
        );

    [Fact]
    public async Task The_same_owner_many_times_is_one()
    {
        var statuses = string.Join(',', Enumerable.Repeat("requested", 500));
        var owner = Given.Id("dr");
        (await Server.PutAsync($"Practitioner/{owner}", Given.Practitioner(owner))).ShouldBe(201);
        (await Server.GetAsync($"Task/$worklist?owner=Practitioner/{owner}&status={statuses}")).ShouldBe(200);
    }

    [Fact]
    public async Task A_smaller_limit_can_be_set()
    {
        await using var server = await TestServer.OnSqliteAsync(
            "--Limits:MaxSearchValues=20",
            "--Limits:MaxSearchConditions=10",
            "--Limits:MaxIndexRows=1000"
        );

        (await server.GetAsync($"Patient?_id={Values("a~", 20)}")).ShouldBe(200);
        (await server.GetAsync($"Patient?_id={Values("a~", 21)}")).ShouldBe(400);
        (await server.GetAsync($"Patient?{Repeated("family=a", 10)}")).ShouldBe(200);
        (await server.GetAsync($"Patient?{Repeated("family=a", 11)}")).ShouldBe(400);
        var contacts = Values("{\"system\":\"other\",\"value\":\"~\"}", 1000);
        (await server.PostAsync("Patient", $"{{\"resourceType\":\"Patient\",\"telecom\":[{contacts}]}}")).ShouldRefuse(
            422,
            "error too-costly: Search may find a resource by at most 1000 values, and this Patient has more, most of them for 'telecom'. Divide it into several resources."
        );
    }

    /// <summary>A query of the server's own that names what there is not would find nothing, and nobody would know.</summary>
    [Theory]
    [InlineData("nonsense=1", true)]
    [InlineData("status:nonsense=active", true)]
    [InlineData("subject=Patient/1&subjekt.name=a", true)]
    [InlineData("_sort=nonsense", true)]
    [InlineData("subject=#contained", false)]
    [InlineData("date=soon", false)]
    [InlineData("subject=Patient/nobody", false)]
    [InlineData("subject=http://elsewhere.example/Patient/1", false)]
    public async Task A_search_of_the_server_itself_is_right_in_its_names(string query, bool isMistake)
    {
        await using var session = Server.Services.GetRequiredService<CareSessions>().Open(Caller.Import);
        var reads = session.Get<CareReads>();

        if (isMistake)
            await Assert.ThrowsAsync<InvalidOperationException>(() => reads.SearchAsync("CarePlan", query, default));
        else
            Assert.Empty(await reads.SearchAsync("CarePlan", query, default));
    }

    private Task<Answer> SearchAsync(string type, string query) =>
        Server.SendAsync(
            HttpMethod.Post,
            $"{type}/_search",
            query.Replace("|", "%7C", StringComparison.Ordinal).Replace("$", "%24", StringComparison.Ordinal),
            "Content-Type: application/x-www-form-urlencoded"
        );

    /// <summary>So many values, with a number in place of <c>~</c> and a month in place of <c>@</c>.</summary>
    private static string Values(string value, int count) =>
        string.Join(
            ',',
            Enumerable
                .Range(0, count)
                .Select(i =>
                    value
                        .Replace("~", $"{i}", StringComparison.Ordinal)
                        .Replace("@", $"{1900 + (i / 12)}-{1 + (i % 12):00}", StringComparison.Ordinal)
                )
        );

    private static string Repeated(string condition, int count) =>
        string.Join('&', Enumerable.Repeat(condition, count));
}
