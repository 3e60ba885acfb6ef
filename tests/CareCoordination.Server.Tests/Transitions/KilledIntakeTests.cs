using System.Collections.Concurrent;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>
/// A server that is killed in the middle of taking in discharges leaves of each nothing or all: who sends again is answered as the first
/// time, or for the first time.
/// </summary>
public sealed class KilledIntakeTests
{
    private const int Rounds = 5;
    private const int Senders = 4;
    private const int Discharges = 60;

    /// <summary>What one discharge leaves: by where it is looked for.</summary>
    private static readonly (string Query, int Count)[] Whole =
    [
        ("CarePlan?subject={0}", 1),
        ("Goal?subject={0}", 4),
        ("Task?patient={0}&code=https://carecoordination.example/fhir/CodeSystem/transition-work|", 11),
        ("Task?patient={0}&code=submit-transition", 1),
        ("EpisodeOfCare?patient={0}", 1),
        ("CareTeam?patient={0}", 1),
        ("Condition?patient={0}", 1),
        ("RiskAssessment?subject={0}", 2),
        ("Encounter?patient={0}", 1),
    ];

    [Fact]
    public async Task Leaves_nothing_or_all_on_SQLite()
    {
        var folder = Directory.CreateTempSubdirectory("care-killed-");
        try
        {
            await PlayAsync(
                $"--ConnectionStrings:CareCoordination=Data Source={Path.Combine(folder.FullName, "care.db")}"
            );
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Leaves_nothing_or_all_on_PostgreSql()
    {
        string[] database =
        [
            "--Storage:Provider=PostgreSql",
            $"--ConnectionStrings:CareCoordination={PostgreSqlCluster.Require().NewDatabase()}",
        ];
        Assert.Equal(0, await Program.Main(["migrate", .. database]));
        await PlayAsync(database);
    }

    private static async Task PlayAsync(params string[] database)
    {
        var random = new Random(20);
        var sent = new List<Sent>();
        for (var round = 0; round < Rounds; round++)
        {
            await using var server = await ServerProcess.StartWithAsync(database);
            foreach (var one in sent)
                await CheckAsync(server, one);
            sent = await SendUntilKilledAsync(server, answersBefore: 1 + round * 3, random.Next(0, 25));
            Assert.Contains(sent, s => s.Answer is not null);
            Assert.Contains(sent, s => s.Answer is null);
        }

        await using var last = await ServerProcess.StartWithAsync(database);
        foreach (var one in sent)
            await CheckAsync(last, one);
    }

    /// <summary>Several send at once; the server is killed after so many answers and a moment, whatever it is doing.</summary>
    private static async Task<List<Sent>> SendUntilKilledAsync(ServerProcess server, int answersBefore, int moment)
    {
        var sent = new ConcurrentQueue<Sent>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answers = 0;
        var senders = Enumerable
            .Range(0, Senders)
            .Select(_ =>
                Task.Run(async () =>
                {
                    for (var i = 0; i < Discharges; i++)
                    {
                        var one = new Sent(Discharge(out var hospital), hospital);
                        sent.Enqueue(one);
                        try
                        {
                            one.Answer = await server.SendAsync(HttpMethod.Post, "$submit-transition", one.Message);
                        }
                        catch (HttpRequestException)
                        {
                            return;
                        }

                        if (Interlocked.Increment(ref answers) == answersBefore)
                            enough.SetResult();
                    }
                })
            )
            .ToArray();
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await Task.Delay(moment);
        await server.KillAsync();
        await Task.WhenAll(senders);
        return [.. sent];
    }

    private static async Task CheckAsync(ServerProcess server, Sent sent)
    {
        var before = await CountsAsync(server, sent.Hospital);
        var isThere = before.Any(c => c != 0);
        Assert.Equal(isThere ? Expected : Nothing, before);
        if (sent.Answer is not null)
            Assert.True(isThere, "What was answered is not there.");

        var again = (await server.SendAsync(HttpMethod.Post, "$submit-transition", sent.Message)).ShouldBe(200);

        if (sent.Answer is { } first)
            Assert.Equal(first.ShouldBe(200).Body, again.Body);
        Assert.Equal("1", again.At("meta", "versionId"));
        Assert.Equal(Expected, await CountsAsync(server, sent.Hospital));
        (await server.SendAsync(HttpMethod.Get, $"Bundle/{again.Id}")).ShouldBe(200);
    }

    private static int[] Expected => [1, .. Whole.Select(w => w.Count)];

    private static int[] Nothing => [0, .. Whole.Select(_ => 0)];

    private static async Task<int[]> CountsAsync(ServerProcess server, Hospital hospital)
    {
        var patients = (
            await server.SendAsync(HttpMethod.Get, $"Patient?identifier=urn:hospital:mrn|{hospital.Person}")
        )
            .ShouldBe(200)
            .Ids.ToArray();
        if (patients is not [var patient])
        {
            // Of a discharge whose patient is not there nothing else may be.
            var stays = await server.SendAsync(
                HttpMethod.Get,
                $"Encounter?identifier=urn:hospital:visit|{hospital.Visit}"
            );
            return [patients.Length + stays.ShouldBe(200).Ids.Count(), .. Whole.Select(_ => 0)];
        }

        var counts = new List<int> { 1 };
        foreach (var (query, _) in Whole)
            counts.Add(
                (
                    await server.SendAsync(
                        HttpMethod.Get,
                        query.Replace("{0}", $"Patient/{patient}", StringComparison.Ordinal) + "&_count=100"
                    )
                )
                    .ShouldBe(200)
                    .Ids.Count()
            );
        return [.. counts];
    }

    private static string Discharge(out Hospital hospital)
    {
        hospital = new Hospital { Start = Given.Days(-4), End = Given.Days(-1) };
        hospital.More.Add(
            $$$"""{"resourceType":"Condition","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I50.9"}]},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"subject":{{{hospital.Reference("p")}}},"encounter":{{{hospital.Reference("e")}}}}"""
        );
        return hospital.Discharge(Given.Days(-1));
    }

    /// <param name="Message">As it is sent, and sent again.</param>
    private sealed record Sent(string Message, Hospital Hospital)
    {
        /// <summary>Null where the server was killed before it came.</summary>
        public Answer? Answer { get; set; }
    }
}
