using System.Text;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.Server.Tests.CarePlans;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Definitions;

/// <summary>A deployment has a base of its own for what the server defines: outside nobody sees another.</summary>
public sealed class CanonicalBaseTests : IAsyncLifetime
{
    private const string Chosen = "https://fhir.clinic.test/care";
    private const string Command = $"{Chosen}/CodeSystem/care-command";

    private TestServer _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await TestServer.OnSqliteAsync($"--Server:CanonicalBase={Chosen}/");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("StructureDefinition/held-from")]
    [InlineData("CodeSystem/care-rule")]
    [InlineData("ValueSet/lateness-threshold")]
    [InlineData("SearchParameter/Task-due")]
    public async Task Definitions_have_it_and_are_found_by_it(string key)
    {
        var type = key.Split('/')[0];
        var read = Clean(await _server.GetAsync(key)).ShouldBe(200);

        Assert.Equal($"{Chosen}/{key}", read.Text("url"));
        foreach (var url in new[] { $"{Chosen}/{key}", $"{OwnCanonical.Base}/{key}" })
        {
            Assert.Equal([read.Id], Clean(await _server.GetAsync($"{type}?url={url}")).Ids);
            Assert.Equal([read.Id], Clean(await _server.GetAsync($"{type}?url={Uri.EscapeDataString(url)}")).Ids);
        }

        Assert.Equal(
            [read.Id],
            Clean(
                await _server.SendAsync(
                    HttpMethod.Post,
                    $"{type}/_search",
                    $"url={Uri.EscapeDataString($"{Chosen}/{key}")}",
                    "Content-Type: application/x-www-form-urlencoded"
                )
            ).Ids
        );
    }

    [Fact]
    public async Task What_is_on_hold_is_written_back_with_it_and_resumes_where_it_was()
    {
        var task = $"Task/{(await _server.PostAsync("Task", Given.Task(Given.Id("p"), "ready"))).ShouldBe(201).Id}";
        var held = Clean(await _server.AskAsync($"{task}/$hold", Ask.Text("reason", "Away"))).ShouldBe(200);
        Assert.Equal(
            $"{Chosen}/StructureDefinition/held-from",
            held.Json.GetProperty("extension")[0].GetProperty("url").GetString()
        );

        var again = Clean(await _server.PutAsync(task, held.Body)).ShouldBe(200);
        Assert.Equal(held.ETag, again.ETag);
        // As some clients write slashes.
        Clean(await _server.PutAsync(task, held.Body.Replace("/", "\\/", StringComparison.Ordinal))).ShouldBe(200);

        Assert.Equal("ready", Clean(await _server.AskAsync($"{task}/$resume")).ShouldBe(200).Status());
    }

    [Fact]
    public async Task A_template_may_be_written_with_it_or_with_ours()
    {
        foreach (var written in new[] { Chosen, OwnCanonical.Base })
        {
            var patient = await Template.PatientAsync(_server);
            var id = Given.Id();
            Clean(
                    await _server.PutAsync(
                        $"PlanDefinition/{id}",
                        $$$"""
                        {"resourceType":"PlanDefinition","id":"{{{id}}}","status":"active",
                         "extension":[{"url":"{{{written}}}/StructureDefinition/plan-duration","valueDuration":{"value":30,"unit":"day","system":"http://unitsofmeasure.org","code":"d"}}],
                         "action":[{"title":"Call","extension":[{"url":"{{{written}}}/StructureDefinition/due-in-business-days","valuePositiveInt":2}]}]}
                        """
                    )
                )
                .ShouldBe(201);

            var plan = Clean(
                    await _server.AskAsync(
                        $"PlanDefinition/{id}/$apply",
                        Ask.Text("subject", patient),
                        Ask.Value("startDate", "valueDate", "\"2027-03-01\"")
                    )
                )
                .ShouldBe(200);

            Assert.StartsWith("2027-03-30", plan.At("period", "end"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("&_format=xml")]
    [InlineData("&_pretty=true")]
    [InlineData("&_summary=count")]
    public async Task Searches_by_a_code_find_by_it_and_their_links_work(string format)
    {
        var patient = Given.Id("p");
        for (var i = 0; i < 3; i++)
        {
            var task = (await _server.PostAsync("Task", Given.Task(patient))).ShouldBe(201).Id;
            Clean(await _server.AskAsync($"Task/{task}/$escalate", Ask.Reference("to", "Practitioner/lead")))
                .ShouldBe(200);
        }

        var found = Clean(await _server.GetAsync($"Task?patient={patient}&code={Command}|escalate&_count=2{format}"));

        found.ShouldBe(200);
        if (format.Length > 0)
        {
            Assert.Contains(
                format.Contains("count", StringComparison.Ordinal) ? "\"total\":3" : Command,
                found.Body,
                StringComparison.Ordinal
            );
            return;
        }

        Assert.Equal(2, found.Ids.Count());
        Assert.Contains(Command, Uri.UnescapeDataString(found.Link("self")!), StringComparison.Ordinal);
        Assert.Single(Clean(await _server.GetAsync(found.Link("next")!)).ShouldBe(200).Ids);
    }

    [Fact]
    public async Task Entries_of_bundles_and_conditions_in_headers_know_it()
    {
        var patient = Given.Id("p");
        var task = (await _server.PostAsync("Task", Given.Task(patient))).ShouldBe(201).Id;
        Clean(await _server.AskAsync($"Task/{task}/$escalate", Ask.Reference("to", "Practitioner/lead"))).ShouldBe(200);
        var search = $"Task?patient={patient}&code={Command}|escalate";

        var batch = Clean(await _server.PostAsync("", Given.Batch(Given.Entry("GET", search)))).ShouldBe(200);
        var made = Clean(
            await _server.PostAsync(
                "Task",
                Given.Task(patient),
                $"If-None-Exist: {search[(search.IndexOf('?') + 1)..]}"
            )
        );

        Assert.Equal(1, batch.Resources.Single().GetProperty("entry").GetArrayLength());
        made.ShouldBe(200);
    }

    [Fact]
    public async Task Refusals_name_their_rule_by_it()
    {
        var task = (await _server.PostAsync("Task", Given.Task(Given.Id("p")))).ShouldBe(201).Id;

        var refused = Clean(await _server.AskAsync($"Task/{task}/$reject")).ShouldBe(422);

        var coding = refused.Json.GetProperty("issue")[0].GetProperty("details").GetProperty("coding")[0];
        Assert.Equal($"{Chosen}/CodeSystem/care-rule", coding.GetProperty("system").GetString());
    }

    [Fact]
    public async Task What_a_binary_holds_and_what_is_no_canonical_of_ours_stay_as_they_are()
    {
        const string Text = $"see {OwnCanonical.Base}/CodeSystem/care-role";
        var binary = await _server.SendAsync(HttpMethod.Post, "Binary", Text, "Content-Type: text/plain");
        var note = $"{OwnCanonical.Base}/CodeSystem/unknown and {Chosen}/Patient/1";
        var basic = await _server.PostAsync("Basic", $$$"""{"resourceType":"Basic","code":{"text":"{{{note}}}"}}""");

        Assert.Equal(
            Text,
            (await _server.GetAsync($"Binary/{binary.ShouldBe(201).Id}", "Accept: text/plain")).ShouldBe(200).Body
        );
        Assert.Equal(note, (await _server.GetAsync($"Basic/{basic.ShouldBe(201).Id}")).At("code", "text"));
    }

    [Fact]
    public async Task It_may_be_the_address_of_the_server()
    {
        var address = "http://fhir.clinic.test/fhir";
        await using var server = await TestServer.OnSqliteAsync(
            $"--Server:BaseUrl={address}",
            $"--Server:CanonicalBase={address}"
        );
        var patient = (await server.PostAsync("Patient", Given.Patient(Given.Id("p")))).ShouldBe(201).Id;
        var task = await server.PostAsync(
            "Task",
            Given.Task(patient, "ready").Replace("Patient/", $"{address}/Patient/", StringComparison.Ordinal)
        );

        Assert.Equal($"Patient/{patient}", task.ShouldBe(201).At("for", "reference"));
        var held = await server.AskAsync($"Task/{task.Id}/$hold", Ask.Text("reason", "Away"));
        Assert.Contains($"{address}/StructureDefinition/held-from", held.ShouldBe(200).Body, StringComparison.Ordinal);
        var definition = await server.GetAsync("StructureDefinition/held-from");
        Assert.Equal($"{address}/StructureDefinition/held-from", definition.ShouldBe(200).Text("url"));
    }

    [Theory]
    [InlineData("clinic")]
    [InlineData("urn:oid:1.2.3")]
    [InlineData("https://clinic.test/fhir?x=1")]
    [InlineData("https://clinic.test/fhir#x")]
    [InlineData("https://me@clinic.test/fhir")]
    [InlineData("https://clinic.test/f h i r")]
    public async Task A_base_that_is_none_stops_the_start(string wrong)
    {
        var problem = await Assert.ThrowsAsync<Application.Settings.ConfigurationProblem>(() =>
            TestServer.OnSqliteAsync($"--Server:CanonicalBase={wrong}")
        );

        Assert.Equal(
            $"Server:CanonicalBase is '{wrong}'; it must be an address without a query, such as https://fhir.example.org/fhir.",
            problem.Message
        );
    }

    /// <summary>Nothing of ours is in it.</summary>
    private static Answer Clean(Answer answer)
    {
        Assert.DoesNotContain(Encoding.UTF8.GetString(OwnHost), answer.Body, StringComparison.Ordinal);
        return answer;
    }

    private static ReadOnlySpan<byte> OwnHost => "carecoordination.example"u8;
}
