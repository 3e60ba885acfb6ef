using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Caseload;

/// <summary>The worklist of a full caseload, while its patients move to another care manager.</summary>
public abstract class MovingWorklistTests(SharedServer shared) : ServerTests(shared)
{
    private const int Patients = 170;

    private readonly string _from = $"PractitionerRole/{Given.Id("from")}";
    private readonly string _to = $"PractitionerRole/{Given.Id("to")}";

    public sealed class OnSqlite(SqliteServer shared) : MovingWorklistTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : MovingWorklistTests(shared);

    [Fact]
    public async Task One_request_shows_170_patients_in_a_stable_order_and_nothing_is_lost_or_doubled_on_the_way()
    {
        (await Server.PostAsync("", Caseload())).ShouldBe(200);
        var before = await WorklistAsync($"owner={_from}");
        Assert.Equal(Patients, before.Length);
        Assert.Equal(before, await WorklistAsync($"owner={_from}"));

        var begun = await Server.AskAsync(
            $"{_from}/$transfer-caseload",
            Ask.Reference("to", _to),
            Ask.Text("handoffNote", "moving")
        );
        var status = begun.ShouldBe(202).Header("Content-Location")!;
        var offers = TransferCaseloadTests.Results(await TransferCaseloadTests.DoneAsync(Server, status));
        var accepting = Task.WhenAll(offers.Values.Chunk(20).Select(AcceptAsync));
        var left = Patients;
        do
        {
            // One statement sees every task once, wherever it is.
            Assert.Equal(before, await WorklistAsync($"owner={_from}&owner={_to}"));
            var here = await WorklistAsync($"owner={_from}");
            Assert.Equal(before.Where(here.Contains), here);
            Assert.InRange(here.Length, 0, left);
            left = here.Length;
            var (mine, theirs) = (await PatientsAsync(_from), await PatientsAsync(_to));
            // The first was counted before the second: who moved in between is in both.
            Assert.InRange(mine + theirs, Patients, 2 * Patients);
        } while (!accepting.IsCompleted);
        await accepting;

        Assert.Empty(await WorklistAsync($"owner={_from}"));
        Assert.Equal(before, await WorklistAsync($"owner={_to}"));
        Assert.Equal((0, Patients), (await PatientsAsync(_from), await PatientsAsync(_to)));
    }

    private async Task AcceptAsync(string?[] offers)
    {
        var batch = Given.Batch([.. offers.Select(o => Given.Entry("POST", $"{o}/$accept"))]);
        Assert.All(
            (await Server.PostAsync("", batch)).ShouldBe(200).Entries,
            e =>
                Assert.StartsWith(
                    "200",
                    e.GetProperty("response").GetProperty("status").GetString(),
                    StringComparison.Ordinal
                )
        );
    }

    /// <summary>Ready tasks, on one page.</summary>
    private async Task<string[]> WorklistAsync(string owners) =>
        [.. (await Server.GetAsync($"Task/$worklist?{owners}&status=ready&count=1000")).ShouldBe(200).Ids];

    private async Task<int> PatientsAsync(string role) =>
        (await Server.GetAsync($"{role}/$caseload"))
            .ShouldBe(200)
            .Json.GetProperty("parameter")
            .EnumerateArray()
            .Single(p => p.GetProperty("name").GetString() == "patients")
            .GetProperty("valueInteger")
            .GetInt32();

    private string Caseload()
    {
        var mark = Given.Id("m");
        return Given.Transaction([
            .. new[] { _from, _to }.Select(role =>
                Given.Entry(
                    "PUT",
                    role,
                    $$"""{"resourceType":"PractitionerRole","id":"{{role.Split('/')[1]}}","code":[{"text":"care manager"}]}"""
                )
            ),
            .. Enumerable
                .Range(1, Patients)
                .SelectMany(i =>
                    new[]
                    {
                        Given.Entry("PUT", $"Patient/{mark}-{i}", Given.Patient($"{mark}-{i}")),
                        Given.Entry(
                            "POST",
                            "EpisodeOfCare",
                            $$$"""{"resourceType":"EpisodeOfCare","status":"active","patient":{"reference":"Patient/{{{mark}}}-{{{i}}}"},"careManager":{"reference":"{{{_from}}}"}}"""
                        ),
                        Given.Entry(
                            "POST",
                            "Task",
                            $$$"""{"resourceType":"Task","status":"ready","intent":"order","priority":"{{{(i % 7 == 0 ? "urgent" : "routine")}}}","for":{"reference":"Patient/{{{mark}}}-{{{i}}}"},"owner":{"reference":"{{{_from}}}"}}"""
                        ),
                    }
                ),
        ]);
    }
}
