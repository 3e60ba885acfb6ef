using System.Text.Json;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Caseload;

/// <summary><c>PractitionerRole/$transfer-caseload</c>. https://hl7.org/fhir/R4/async.html</summary>
public abstract class TransferCaseloadTests(SharedServer shared) : ServerTests(shared)
{
    private static readonly string Note = Ask.Text("handoffNote", "moving to the south clinic");

    public sealed class OnSqlite(SqliteServer shared) : TransferCaseloadTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : TransferCaseloadTests(shared);

    [Fact]
    public async Task Offers_every_patient_and_tells_what_became_of_each()
    {
        var ward = await Ward.OpenAsync(Server);
        var (from, to) = (await ward.ManagerAsync(), await ward.ManagerAsync());
        var patients = new List<string>();
        for (var i = 0; i < 5; i++)
            patients.Add((await ward.PatientAsync(from)).Patient);
        (await Server.AskAsync($"{patients[2]}/$transfer", Ask.Reference("to", to), Note)).ShouldBe(200);
        var key = $"Idempotency-Key: {Given.Id()}";
        var body = Ask.Parameters(Ask.Reference("to", to), Note, Ask.Reference("practitioner", from));

        var begun = await Server.PostAsync($"{from}/$transfer-caseload", body, key, "Prefer: respond-async");
        var replay = await Server.PostAsync($"{from}/$transfer-caseload", body, key);

        Assert.Equal((202, 202), (begun.Status, replay.Status));
        var status = begun.Header("Content-Location")!;
        Assert.Equal(status, replay.Header("Content-Location"));
        var report = await DoneAsync(Server, status);
        var results = Results(report);
        Assert.Equal(patients.Order(StringComparer.Ordinal), results.Keys.Order(StringComparer.Ordinal));
        Assert.Null(results[patients[2]]);
        foreach (var (patient, offer) in results.Where(r => r.Value is not null))
        {
            Assert.Equal(to, await ward.OwnerAsync(offer!));
            Assert.Single(await Server.ProvenanceOfAsync(offer!, 1));
            Assert.Equal(offer, $"Task/{Assert.Single((await Server.GetAsync($"Task?patient={patient}")).Ids)}");
        }

        Assert.Contains("transfer-pending", report.Body, StringComparison.Ordinal);
        Assert.Contains(
            "{\"name\":\"offered\",\"valueInteger\":4},{\"name\":\"refused\",\"valueInteger\":1}",
            report.Body,
            StringComparison.Ordinal
        );
        Assert.Equal(5, await CountAsync(from));
        await Server.AskAsync($"{results[patients[0]]}/$accept");
        Assert.Equal((4, 1), (await CountAsync(from), await CountAsync(to)));
    }

    [Fact]
    public async Task Offers_only_the_patients_that_are_named_or_in_a_group()
    {
        var ward = await Ward.OpenAsync(Server);
        var (from, to) = (await ward.ManagerAsync(), await ward.ManagerAsync());
        var (first, second) = ((await ward.PatientAsync(from)).Patient, (await ward.PatientAsync(from)).Patient);
        var (stranger, _) = await ward.PatientAsync(to);
        var group = await Server.PostAsync(
            "Group",
            $$$"""{"resourceType":"Group","type":"person","actual":true,"member":[{"entity":{"reference":"{{{second}}}"}},{"entity":{"reference":"{{{stranger}}}"}}]}"""
        );

        var named = await Server.AskAsync(
            $"{from}/$transfer-caseload",
            Ask.Reference("to", to),
            Note,
            Ask.Reference("patient", first),
            Ask.Reference("patient", stranger),
            Ask.Reference("patient", "Patient/nobody")
        );
        var grouped = await Server.AskAsync(
            $"{from}/$transfer-caseload",
            Ask.Reference("to", to),
            Note,
            Ask.Reference("group", $"Group/{group.Id}")
        );

        var results = Results(await DoneAsync(Server, named.ShouldBe(202).Header("Content-Location")!));
        Assert.Equal([first, stranger, "Patient/nobody"], results.Keys);
        Assert.Equal([true, false, false], results.Values.Select(v => v is not null));
        Assert.Equal([second], Results(await DoneAsync(Server, grouped.Header("Content-Location")!)).Keys);
        (await Server.AskAsync($"{from}/$transfer-caseload", Ask.Reference("to", to))).ShouldBe(422);
        (await Server.AskAsync($"{from}/$transfer-caseload", Note, Ask.Reference("group", "Group/none"))).ShouldBe(422);
        (await Server.AskAsync("PractitionerRole/none/$transfer-caseload", Note)).ShouldBe(404);
        var batch = await Server.PostAsync(
            "",
            Given.Batch(
                Given.Entry("POST", $"{from}/$transfer-caseload", Ask.Parameters(Ask.Reference("to", to), Note))
            )
        );
        var response = Assert.Single(batch.ShouldBe(200).Entries).GetProperty("response");
        Assert.Equal("202 Accepted", response.GetProperty("status").GetString());
        await DoneAsync(Server, response.GetProperty("location").GetString()!);
    }

    [Fact]
    public async Task What_the_server_keeps_of_a_job_is_no_resource_and_cannot_be_made_up()
    {
        var ward = await Ward.OpenAsync(Server);
        var (from, to) = (await ward.ManagerAsync(), await ward.ManagerAsync());
        var patient = (await ward.PatientAsync(from)).Patient;
        var (other, _) = await ward.PatientAsync(from);
        var begun = await Server.AskAsync(
            $"{from}/$transfer-caseload",
            Ask.Reference("to", to),
            Note,
            Ask.Reference("patient", patient)
        );
        var status = begun.ShouldBe(202).Header("Content-Location")!;
        Assert.Equal([patient], Results(await DoneAsync(Server, status)).Keys);
        var job = (await Server.GetAsync(status[..status.LastIndexOf('/')])).ShouldBe(200);
        Assert.Empty((await Server.GetAsync($"Basic?subject=Task/{job.Id}")).Ids);

        // The Task of a job, with another patient, written by a client: nobody works on it.
        var forged = Given.Id();
        var body = job
            .Body.Replace(patient, other, StringComparison.Ordinal)
            .Replace($"\"id\":\"{job.Id}\"", $"\"id\":\"{forged}\"", StringComparison.Ordinal)
            .Replace("\"completed\"", "\"in-progress\"", StringComparison.Ordinal);
        var made = await Server.PutAsync($"Task/{forged}", body);
        Assert.True(made.Status is 201 or 422, made.Body);
        await DoneAsync(
            Server,
            (await Server.AskAsync($"{from}/$transfer-caseload", Note, Ask.Reference("patient", "Patient/nobody")))
                .ShouldBe(202)
                .Header("Content-Location")!
        );

        (await Server.GetAsync($"Task/{forged}/$async-status")).ShouldBe(404);
        Assert.Empty((await Server.GetAsync($"Task?code=transfer&patient={other}")).Ids);
    }

    [Fact]
    public async Task What_was_given_up_is_withdrawn_and_offers_nothing_more()
    {
        var ward = await Ward.OpenAsync(Server);
        var (from, to) = (await ward.ManagerAsync(), await ward.ManagerAsync());
        var patients = new List<string>();
        for (var i = 0; i < 8; i++)
            patients.Add((await ward.PatientAsync(from)).Patient);
        var begun = await Server.AskAsync($"{from}/$transfer-caseload", Ask.Reference("to", to), Note);
        var status = begun.ShouldBe(202).Header("Content-Location")!;

        var cancelled = await Server.DeleteAsync(status);

        // Whether it was done already is a matter of time; nothing of it is open in either case but what was done before.
        if (cancelled.Status == 202)
        {
            (await Server.GetAsync(status)).ShouldBe(404);
            foreach (var patient in patients)
                Assert.Empty((await Server.GetAsync($"Task?patient={patient}&status=requested")).Resources);
            Assert.Equal("cancelled", await Server.StatusOfAsync(status[..status.LastIndexOf('/')]));
        }
        else
        {
            cancelled.ShouldBe(422);
        }

        (await Server.GetAsync($"{await ward.TaskAsync(patients[0], "ready")}/$async-status")).ShouldBe(404);
    }

    internal static async Task<Answer> DoneAsync(TestServer server, string status)
    {
        for (var attempt = 0; ; attempt++)
        {
            var answer = await server.GetAsync(status);
            if (answer.Status != 202 || attempt == 300)
                return answer.ShouldBe(200);
            Assert.Matches("^[0-9]+ of [0-9]+ patients$", answer.Header("X-Progress"));
            await Task.Delay(50);
        }
    }

    /// <summary>Patient and offer; null where it was refused.</summary>
    internal static Dictionary<string, string?> Results(Answer report) =>
        report
            .Json.GetProperty("parameter")
            .EnumerateArray()
            .Where(p => p.GetProperty("name").GetString() == "result")
            .Select(p =>
                p.GetProperty("part").EnumerateArray().ToDictionary(part => part.GetProperty("name").GetString()!)
            )
            .ToDictionary(
                p => Reference(p["patient"])!,
                p => p.TryGetValue("task", out var task) ? Reference(task) : null
            );

    private static string? Reference(JsonElement part) =>
        part.GetProperty("valueReference").GetProperty("reference").GetString();

    private async Task<int> CountAsync(string role) =>
        (await Server.GetAsync($"{role}/$caseload"))
            .ShouldBe(200)
            .Json.GetProperty("parameter")
            .EnumerateArray()
            .Single(p => p.GetProperty("name").GetString() == "patients")
            .GetProperty("valueInteger")
            .GetInt32();
}

/// <summary>Bulk transfers and bad luck.</summary>
public sealed class TransferDurabilityTests
{
    private static readonly string Note = Ask.Text("handoffNote", "moving");

    [Fact]
    public async Task A_job_goes_on_after_the_server_was_killed_and_offers_each_patient_once()
    {
        var folder = Directory.CreateTempSubdirectory("care-transfer-").FullName;
        try
        {
            var file = Path.Combine(folder, "test.db");
            const int Patients = 60;
            string job;
            await using (var first = await ServerProcess.StartAsync(file))
            {
                (await first.SendAsync(HttpMethod.Post, "", Caseload(Patients))).ShouldBe(200);
                var begun = await first.SendAsync(
                    HttpMethod.Post,
                    "PractitionerRole/from/$transfer-caseload",
                    Ask.Parameters(Ask.Reference("to", "PractitionerRole/to"), Note)
                );
                job = begun.ShouldBe(202).Header("Content-Location")!.Split("/fhir/")[1];
                await first.KillAsync();
            }

            await using var second = await ServerProcess.StartAsync(file);
            Answer status;
            do status = await second.SendAsync(HttpMethod.Get, job);
            while (status.Status == 202);

            var results = TransferCaseloadTests.Results(status.ShouldBe(200));
            var offers = await second.SendAsync(HttpMethod.Get, "Task?code=transfer&_count=1000");
            Assert.Equal(Patients, results.Values.OfType<string>().Distinct().Count());
            Assert.Equal(Patients, offers.Ids.Count());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Several_nodes_work_on_one_job_and_offer_each_patient_once()
    {
        var database = $"--ConnectionStrings:CareCoordination={PostgreSqlCluster.Require().NewDatabase()}";
        string[] settings = ["--Storage:Provider=PostgreSql", database];
        Assert.Equal(0, await Program.Main(["migrate", .. settings]));
        const int Patients = 40;
        await using var first = await TestServer.StartAsync(settings);
        (await first.PostAsync("", Caseload(Patients))).ShouldBe(200);

        var begun = await first.AskAsync(
            "PractitionerRole/from/$transfer-caseload",
            Ask.Reference("to", "PractitionerRole/to"),
            Note
        );
        await using var second = await TestServer.StartAsync(settings);
        await using var third = await TestServer.StartAsync(settings);
        var status = begun.ShouldBe(202).Header("Content-Location")!.Split("/fhir/")[1];

        var results = TransferCaseloadTests.Results(await TransferCaseloadTests.DoneAsync(second, status));
        Assert.Equal(Patients, results.Values.OfType<string>().Distinct().Count());
        Assert.Equal(Patients, (await third.GetAsync("Task?code=transfer&_count=1000")).Ids.Count());
    }

    /// <summary>A caseload and somebody to take it over, as a transaction.</summary>
    private static string Caseload(int patients)
    {
        string[] roles =
        [
            .. new[] { "from", "to" }.Select(id =>
                Given.Entry(
                    "PUT",
                    $"PractitionerRole/{id}",
                    $$"""{"resourceType":"PractitionerRole","id":"{{id}}","code":[{"text":"care manager"}]}"""
                )
            ),
        ];
        return Given.Transaction([
            .. roles,
            .. Enumerable
                .Range(1, patients)
                .SelectMany(i =>
                    new[]
                    {
                        Given.Entry("PUT", $"Patient/p{i}", Given.Patient($"p{i}")),
                        Given.Entry(
                            "PUT",
                            $"EpisodeOfCare/e{i}",
                            $$$"""{"resourceType":"EpisodeOfCare","id":"e{{{i}}}","status":"active","patient":{"reference":"Patient/p{{{i}}}"},"careManager":{"reference":"PractitionerRole/from"}}"""
                        ),
                    }
                ),
        ]);
    }
}
