using CareCoordination.Rest.Http;
using CareCoordination.Server.Tests.Access;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Outcomes;

/// <summary>Gaps in care through the front door: of what was stored before they were asked, and of whom the caller sees.</summary>
public sealed class CareGapTests
{
    private const string Ask = "Measure/$care-gaps?periodStart=2026-01-01&periodEnd=2026-12-31";

    private static string Referral(string id, string patient, string requester = "Practitioner/g") =>
        $$"""{"resourceType":"ServiceRequest","id":"{{id}}","status":"active","intent":"order","subject":{"reference":"Patient/{{patient}}"},"requester":{"reference":"{{requester}}"},"authoredOn":"2026-02-01","code":{"text":"x"} }""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_missing_of_a_patient_is_a_document_that_can_be_stored(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        using var file = new OutcomesFile();
        await using var server = await TestServer.StartAsync([.. database.Settings, file.Setting]);
        await server.PutAsync("Patient/p", Given.Patient("p"));
        var none = await server.GetAsync($"{Ask}&subject=Patient/p&topic=m-09");
        none.ShouldBe(200);
        Assert.Contains("\"title\":\"No gaps\"", none.Body, StringComparison.Ordinal);

        await server.PutAsync("ServiceRequest/r", Referral("r", "p"));
        var one = await server.GetAsync($"{Ask}&subject=Patient/p&topic=m-09,m-04");
        one.ShouldBe(200);
        Assert.Equal("document", one.Json.GetProperty("type").GetString());
        Assert.Equal(2, one.Json.GetProperty("entry").GetArrayLength());
        Assert.Contains("\"open-gap\"", one.Body, StringComparison.Ordinal);
        Assert.Contains("/Measure/m-09|1.1.0\"", one.Body, StringComparison.Ordinal);
        foreach (var entry in one.Json.GetProperty("entry").EnumerateArray())
        {
            var resource = entry.GetProperty("resource");
            (await server.PostAsync(resource.GetProperty("resourceType").GetString()!, resource.GetRawText())).ShouldBe(
                201
            );
        }

        (await server.GetAsync($"{Ask}&subject=p")).ShouldBe(200);
    }

    [Fact]
    public async Task Patients_of_a_practitioner_come_page_by_page()
    {
        using var file = new OutcomesFile();
        await using var server = await TestServer.OnSqliteAsync(file.Setting);
        await server.PutAsync("Practitioner/g", """{"resourceType":"Practitioner","id":"g"}""");
        for (var i = 0; i < 5; i++)
        {
            await server.PutAsync($"Patient/p{i}", Given.Patient($"p{i}"));
            await server.PutAsync($"ServiceRequest/r{i}", Referral($"r{i}", $"p{i}"));
        }

        var next = $"{Ask}&practitioner=Practitioner/g&topic=m-09&_count=2";
        var (patients, pages) = (new List<string>(), 0);
        while (next is not null)
        {
            var page = await server.GetAsync(next);
            page.ShouldBe(200);
            pages++;
            foreach (var entry in page.Json.GetProperty("entry").EnumerateArray())
                patients.Add(
                    entry
                        .GetProperty("resource")
                        .GetProperty("entry")[0]
                        .GetProperty("resource")
                        .GetProperty("subject")
                        .GetProperty("reference")
                        .GetString()!
                );
            next = page
                .Json.GetProperty("link")
                .EnumerateArray()
                .Where(link => link.GetProperty("relation").GetString() == "next")
                .Select(link => link.GetProperty("url").GetString()!)
                .Select(url => url[url.IndexOf("Measure/", StringComparison.Ordinal)..])
                .FirstOrDefault();
        }

        Assert.Equal(["Patient/p0", "Patient/p1", "Patient/p2", "Patient/p3", "Patient/p4"], patients);
        Assert.Equal(3, pages);
    }

    [Theory]
    [InlineData("", 400, "Say whose gaps")]
    [InlineData("&subject=Patient/nobody", 404, "no Patient/nobody")]
    [InlineData("&subject=Goal/x", 400, "'subject' names a Patient")]
    [InlineData("&practitioner=Practitioner/g&topic=m-16", 404, "There is no measure 'm-16' that has gaps")]
    [InlineData("&practitioner=Practitioner/g&_count=0", 400, "'_count' is a number from 1 to 200")]
    [InlineData("&practitioner=Practitioner/g&status=all", 400, "There is no status 'all'")]
    public async Task What_cannot_be_asked_is_said(string more, int status, string said)
    {
        using var file = new OutcomesFile();
        await using var server = await TestServer.OnSqliteAsync(file.Setting);

        var answer = await server.GetAsync(Ask + more);

        answer.ShouldBe(status);
        Assert.Contains(said, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_told_of_gaps_of_patients_whom_they_do_not_see()
    {
        using var file = new OutcomesFile();
        await using var server = await TestServer.OnSqliteAsync(
            TimeProvider.System,
            AccessCallers.AskedByHeader,
            file.Setting
        );
        await AccessWorld.StoreAsync(server);
        for (var i = 1; i <= AccessWorld.Patients; i++)
            await server.PutAsync($"ServiceRequest/sent{i}", Referral($"sent{i}", $"p{i}", "Practitioner/asks"));
        const string All = Ask + "&practitioner=Practitioner/asks&topic=m-09";

        var hidden = 0;
        foreach (var name in (string[])["manager", "lead", "assistant"])
        {
            var seen = (await AsAsync(server, name, "Patient?_elements=id&_count=50")).Body;
            var told = await AsAsync(server, name, All);
            told.ShouldBe(200);
            for (var i = 1; i <= AccessWorld.Patients; i++)
            {
                var sees = seen.Contains($"\"id\":\"p{i}\"", StringComparison.Ordinal);
                hidden += sees ? 0 : 1;
                Assert.Equal(sees, told.Body.Contains($"Patient/p{i}\"", StringComparison.Ordinal));
                (await AsAsync(server, name, $"{Ask}&topic=m-09&subject=Patient/p{i}")).ShouldBe(sees ? 200 : 404);
            }
        }

        Assert.True(hidden > 0);
        foreach (var name in (string[])["director", "patient", "hospital", "no role"])
            (await AsAsync(server, name, All)).ShouldBe(403);
    }

    private static Task<Answer> AsAsync(TestServer server, string name, string path) =>
        server.GetAsync(path, $"{AccessCallers.Header}: {name}");
}
