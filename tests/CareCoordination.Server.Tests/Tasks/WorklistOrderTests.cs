using System.Globalization;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Server.Tests.Tasks;

/// <summary>The order that the database gives is the one that <see cref="WorklistKey"/> says, page by page and under every filter.</summary>
public abstract class WorklistOrderTests(SharedServer shared) : ServerTests(shared)
{
    private static readonly string?[] Priority = [null, "routine", "urgent", "asap", "stat"];
    private static readonly string[] Tier = ["low", "moderate", "high", "unheard-of"];
    private static readonly string[] Role = ["nurse", "pharmacist"];
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private readonly string _owner = $"Practitioner/{Given.Id("o")}";

    public sealed class OnSqlite(SqliteServer shared) : WorklistOrderTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : WorklistOrderTests(shared);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_tasks_come_as_their_keys_say(int seed)
    {
        var random = new Random(seed);
        var patients = Enumerable.Range(0, 8).Select(_ => $"Patient/{Given.Id("p")}").ToArray();
        var risks = await AssessAsync(patients, random);
        var tasks = Enumerable.Range(0, 150).Select(_ => Random(patients, random)).ToArray();
        await StoreAsync(tasks.Select(t => t.ToEntry(_owner)));

        await ShouldListAsync(tasks, risks, "");
        await ShouldListAsync(tasks.Where(t => t.Patient == patients[0]), risks, $"&patient={patients[0]}");
        await ShouldListAsync(tasks.Where(t => t.Role == "nurse"), risks, "&role=nurse");
        await ShouldListAsync(tasks.Where(t => t.Priority is "stat" or "asap"), risks, "&priority=stat,asap");
        var soon = Now.AddDays(1);
        await ShouldListAsync(
            tasks.Where(t => t.Due < soon),
            risks,
            $"&dueBefore={soon.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture)}"
        );
    }

    private async Task ShouldListAsync(IEnumerable<Work> tasks, Dictionary<string, string> risks, string filter)
    {
        var expected = tasks
            .OrderBy(t =>
                WorklistKey.Of(
                    t.Priority,
                    t.Due,
                    AssessedRisk.RankOf(risks.GetValueOrDefault(t.Patient ?? "")),
                    t.Id,
                    Now
                )
            )
            .Select(t => t.Id)
            .ToArray();
        var listed = new List<string>();
        for (var next = $"Task/$worklist?owner={_owner}&count=23{filter}"; next is not null; )
        {
            var page = (await Server.GetAsync(next)).ShouldBe(200);
            Assert.Equal(expected.Length.ToString(CultureInfo.InvariantCulture), page.Text("total"));
            listed.AddRange(page.Ids);
            next = page.Link("next")?[(Server.Base.Length + 1)..];
        }

        Assert.Equal(expected, listed);
    }

    /// <summary>Several assessments of most patients; the one about the latest time holds, not the one written last.</summary>
    private async Task<Dictionary<string, string>> AssessAsync(string[] patients, Random random)
    {
        var latest = new Dictionary<string, string>(StringComparer.Ordinal);
        var entries = new List<string>();
        foreach (var patient in patients[1..])
        {
            var days = Enumerable.Range(1, 3).OrderBy(_ => random.Next()).ToArray();
            foreach (var day in days)
            {
                var tier = Tier[random.Next(Tier.Length)];
                if (day == 3)
                    latest[patient] = tier;
                entries.Add(
                    Given.Entry(
                        "POST",
                        "RiskAssessment",
                        $$$"""{"resourceType":"RiskAssessment","status":"final","occurrenceDateTime":"2026-01-0{{{day}}}","subject":{"reference":"{{{patient}}}"},"prediction":[{"qualitativeRisk":{"coding":[{"code":"{{{tier}}}"}]}}]}"""
                    )
                );
            }
        }

        await StoreAsync(entries);
        return latest;
    }

    private async Task StoreAsync(IEnumerable<string> entries) =>
        (await Server.PostAsync("", Given.Transaction([.. entries]))).ShouldBe(200);

    /// <summary>Few different days, so that many differ in later parts of the key only; none near now.</summary>
    private static Work Random(string[] patients, Random random) =>
        new(
            Given.Id("w"),
            Priority[random.Next(Priority.Length)],
            random.Next(6) is var day && day == 5 ? null : Now.AddDays(day - 2).AddHours(1),
            random.Next(5) == 0 ? null : patients[random.Next(patients.Length)],
            Role[random.Next(Role.Length)]
        );

    private sealed record Work(string Id, string? Priority, DateTimeOffset? Due, string? Patient, string Role)
    {
        public string ToEntry(string owner) =>
            Given.Entry(
                "PUT",
                $"Task/{Id}",
                $$$"""{"resourceType":"Task","id":"{{{Id}}}","status":"ready","intent":"order"{{{(Priority is null ? "" : $",\"priority\":\"{Priority}\"")}}},"owner":{"reference":"{{{owner}}}"}{{{(Patient is null ? "" : $",\"for\":{{\"reference\":\"{Patient}\"}}")}}},"performerType":[{"coding":[{"code":"{{{Role}}}"}]}]{{{(Due is null ? "" : $",\"restriction\":{{\"period\":{{\"end\":\"{Due:O}\"}}}}")}}}}"""
            );
    }
}
