using CareCoordination.Application.Requests;
using CareCoordination.Rest.Http;
using CareCoordination.Server.Tests.Access;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Programmes;

/// <summary>Who may enrol whom, log time and ask for a summary.</summary>
public sealed class ProgramAccessTests : IAsyncLifetime
{
    private ServerDatabase _database = null!;
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await AccessWorld.NewDatabaseAsync(isPostgreSql: false);
        _server = await TestServer.StartAsync(_database.Settings, add: AccessCallers.AskedByHeader);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_manager_enrols_their_patients_into_a_group_that_has_patients_of_others()
    {
        // Somebody whom the manager does not see is in the Group already.
        (await EnrollAsync("p12", null)).ShouldBe(201);
        Assert.Equal(404, (await AskAsync(HttpMethod.Get, "Patient/p12", null, "manager")).Status);

        var enrolled = (await EnrollAsync("p1", "manager")).ShouldBe(201);

        Assert.Equal("Practitioner/ana", enrolled.At("careManager", "reference"));
        Assert.Equal(404, (await EnrollAsync("p12", "manager", "pcm")).Status);
        Assert.Equal(403, (await EnrollAsync("p1", "assistant", "rpm")).Status);
        Assert.Equal(403, (await EnrollAsync("p1", "patient", "rpm")).Status);
        Assert.Equal(403, (await EnrollAsync("p1", "manager who reads", "rpm")).Status);
        var logged = await LogAsync(enrolled.Id, "manager");
        Assert.Equal("Practitioner/ana", logged.ShouldBe(201).At("owner", "reference"));
        Assert.Equal(404, (await LogAsync(enrolled.Id, "cover that is over")).Status);
        Assert.Equal(403, (await LogAsync(enrolled.Id, "patient who does")).Status);
        (await AskAsync(HttpMethod.Get, $"EpisodeOfCare/{enrolled.Id}/$billing-status", null, "manager")).ShouldBe(200);
        Assert.Equal(
            403,
            (await AskAsync(HttpMethod.Get, $"EpisodeOfCare/{enrolled.Id}/$billing-status", null, "patient")).Status
        );
        (
            await AskAsync(
                HttpMethod.Post,
                "Patient/p1/$disenroll",
                Ask.Parameters(Ask.Value("program", "valueCode", "\"ccm\""), Ask.Text("reason", "Moves")),
                "manager"
            )
        ).ShouldBe(200);
    }

    [Theory]
    [InlineData("lead", "north", 200)]
    [InlineData("lead", "south", 403)]
    [InlineData("director", "south", 200)]
    [InlineData("director", "north", 403)]
    [InlineData("supervisor", "south", 200)]
    [InlineData("manager", "north", 403)]
    [InlineData("patient", "north", 403)]
    [InlineData("analytics", "north", 403)]
    public async Task A_summary_is_for_those_who_answer_for_the_organisation(
        string caller,
        string organization,
        int status
    )
    {
        (await EnrollAsync("p1", null)).ShouldBe(201);

        var answer = await AskAsync(HttpMethod.Get, $"Organization/{organization}/$billing-summary", null, caller);

        Assert.True(status == answer.Status, answer.Body);
        if (status == 200)
            Assert.Contains(
                $$"""{"name":"enrolled","valueInteger":{{(organization == "north" ? 1 : 0)}}}""",
                answer.Body,
                StringComparison.Ordinal
            );
    }

    private Task<Answer> EnrollAsync(string patient, string? caller, string program = "ccm") =>
        AskAsync(
            HttpMethod.Post,
            $"Patient/{patient}/$enroll",
            Ask.Parameters(
                Ask.Value("program", "valueCode", $"\"{program}\""),
                Ask.Reference("organization", "Organization/north"),
                """{"name":"consentGiven","part":[{"name":"form","valueCode":"verbal"}]}"""
            ),
            caller
        );

    private Task<Answer> LogAsync(string episode, string caller) =>
        AskAsync(
            HttpMethod.Post,
            $"EpisodeOfCare/{episode}/$log-time",
            Ask.Parameters(
                Ask.Value("minutes", "valueInteger", "5"),
                Ask.Value("role", "valueCode", "\"clinical-staff\"")
            ),
            caller
        );

    private Task<Answer> AskAsync(HttpMethod method, string path, string? body, string? caller) =>
        _server.SendAsync(method, path, body, caller is null ? [] : [$"{AccessCallers.Header}: {caller}"]);
}
