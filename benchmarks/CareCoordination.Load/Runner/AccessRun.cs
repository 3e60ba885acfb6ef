using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CareCoordination.Load.Client;
using CareCoordination.Load.Measuring;

namespace CareCoordination.Load.Runner;

/// <summary>
/// What it costs to know who asks: an open server and one that takes tokens, on one database, are asked the same in turns within one run.
/// Whoever has the token is a care manager, who sees the patients of the role that they act in and nothing else, and leaves a row of the
/// audit trail with each request; the open server leaves none.
/// </summary>
internal static class AccessRun
{
    private const string Role = "care-manager";

    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        var data = new CareData(
            arguments.Number("managers", 50),
            arguments.Number("patients", 200),
            arguments.Number("tasks", 5)
        );
        var settings = LoadSettings.From(arguments) with
        {
            Duration = TimeSpan.FromSeconds(arguments.Number("seconds", 4)),
        };
        var turns = arguments.Number("turns", 5);
        var root = Workbench.FindRoot();
        var folder = Directory.CreateTempSubdirectory("care-benchmark-").FullName;
        try
        {
            var commit = await Workbench.DescribeCommitAsync(root);
            var program = await Workbench.ServerProgramAsync(arguments, root, folder);
            await using var cluster = await PostgreSqlCluster.StartAsync(["care"]);
            var environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Storage__Provider"] = "PostgreSql",
                ["ConnectionStrings__CareCoordination"] = cluster.ConnectionString("care"),
                ["Care__Timers__Enabled"] = "false",
            };
            await Shell.RunAsync(program, ["migrate"], environment);
            await CareRun.FillAsync(program, environment, data, folder, cluster, cancellationToken);
            using var issuer = new BenchmarkToken();
            await using var open = await StartAsync(program, [], environment, cancellationToken);
            await using var closed = await StartAsync(
                program,
                issuer.Settings(Role, folder),
                environment,
                cancellationToken
            );
            var token = issuer.Of(CareData.Person(0), Role, "user/*.rs", TimeProvider.System.GetUtcNow());
            var pair = new Pair(
                new Side(open, cluster.Pid, settings),
                new Side(closed, cluster.Pid, settings with { Token = token })
            );
            var lines = new List<ComparedScenario>();
            foreach (var scenario in Scenarios(data))
                lines.Add(await pair.CompareAsync(scenario, turns, cancellationToken));
            if (lines.SelectMany(l => l.Before.Concat(l.After)).FirstOrDefault(m => m.Failures > 0) is { } failed)
            {
                Console.Error.WriteLine(
                    $"{failed.Scenario}: {failed.FirstFailure}. What was not answered costs nothing."
                );
                return 1;
            }

            var report = Report(
                new ComparisonRun(
                    "open",
                    "with a token",
                    TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    $"dotnet run -c Release --project benchmarks/CareCoordination.Load -- access {arguments.Without("server", "name")}".TrimEnd(),
                    Workbench.DescribeHardware(),
                    $"{RuntimeInformation.FrameworkDescription}, PostgreSql ({cluster.Version}; {PostgreSqlCluster.Settings})",
                    $"{data.Patients:N0} patients of {data.Managers} care managers, {data.PatientsEach} each; {data.Tasks:N0} tasks",
                    $"{settings.Connections} connections, closed loop; {turns} turns of {settings.Warmup.TotalSeconds:0} s warm-up and {settings.Duration.TotalSeconds:0} s measured for each server and scenario, in alternating order"
                ),
                commit,
                lines
            );
            Console.WriteLine(report);
            var name = arguments["name", $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}-access"];
            var path = Path.Combine(root, "benchmarks", "results", $"{name}.md");
            await File.WriteAllTextAsync(path, report, cancellationToken);
            Console.WriteLine($"Wrote {path}");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What the first care manager asks, of patients whom they see.</summary>
    private static IEnumerable<Scenario> Scenarios(CareData data)
    {
        yield return Get("patient-read", APatient);
        yield return Get("tasks-of-patient", random => $"Task?patient={APatient(random)}&status=ready");
        yield return Get("tasks-of-panel", _ => $"Task?owner={CareData.Manager(0)}&status=ready&_count=20");
        yield return Get("newest-tasks", _ => "Task?status=ready&_sort=-_lastUpdated&_count=20");
        yield return Get("worklist", _ => $"Task/$worklist?owner={CareData.Manager(0)}&_count=50");
        yield return Get("caseload", _ => $"{CareData.Manager(0)}/$caseload");
        yield return Get("patients-by-name", r => $"Patient?family={Payloads.SeedFamily(r.Next(Payloads.Families))}");

        string APatient(Random random) => CareData.Patient(random.Next(data.PatientsEach) * data.Managers);
    }

    private static Scenario Get(string name, Func<Random, string> path) =>
        new(name, [200], random => new LoadRequest("GET", path(random), null));

    private static Task<ServerProcess> StartAsync(
        string program,
        string[] settings,
        Dictionary<string, string> environment,
        CancellationToken cancellationToken
    ) => ServerProcess.StartAsync(program, settings, environment, "/metadata", cancellationToken);

    private static string Report(ComparisonRun run, string commit, List<ComparedScenario> scenarios)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            # What knowing who asks costs: {run.Date}

            | | |
            |---|---|
            | commit | {commit} |
            | command | `{run.Command}` |
            | hardware | {run.Hardware} |
            | software | {run.Software} |
            | data set | {run.DataSet} |
            | load | {run.Load} |

            CPU is in microseconds per request, medians over the turns; "dearer" is the median of the turns' own ratios of server and database together. With a token each
            request leaves a row of the audit trail, whose writing is counted in. "Other" is the largest share of one core that the rest of the machine used during a turn.

            | scenario | open: server | database | with a token: server | database | dearer | other |
            |---|--:|--:|--:|--:|--:|--:|

            """
        );
        foreach (var s in scenarios)
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {s.Scenario} | {Of(s.Before, "server")} | {Of(s.Before, "database")} | {Of(s.After, "server")} | {Of(s.After, "database")} | {s.DearerPercent:+0;-0} % | {s.Before.Concat(s.After).Max(m => m.OtherCpuPercent):0} % |\n"
            );
        return text.ToString();

        static string Of(IReadOnlyList<Measurement> turns, string process) =>
            $"{1000 * ComparedScenario.Median(turns, m => m.CpuMsPerRequest[process]):0}";
    }

    /// <summary>A server, and how it is asked.</summary>
    private sealed record Side(ServerProcess Server, int Database, LoadSettings Settings)
    {
        public async Task<Measurement> MeasureAsync(Scenario scenario, CancellationToken cancellationToken) =>
            (
                await ClientCommand.MeasureAllAsync(
                    Server.BaseUrl,
                    [scenario],
                    Settings,
                    [new NamedProcess("server", Server.Pid), new NamedProcess("database", Database)],
                    cancellationToken
                )
            )[0];
    }

    private sealed record Pair(Side Open, Side Closed)
    {
        public async Task<ComparedScenario> CompareAsync(
            Scenario scenario,
            int turns,
            CancellationToken cancellationToken
        )
        {
            var (before, after) = (new List<Measurement>(), new List<Measurement>());
            // The first turn of each is for the compiler alone.
            await Open.MeasureAsync(scenario, cancellationToken);
            await Closed.MeasureAsync(scenario, cancellationToken);
            for (var turn = 0; turn < turns; turn++)
            {
                if (turn % 2 == 0)
                    before.Add(await Open.MeasureAsync(scenario, cancellationToken));
                after.Add(await Closed.MeasureAsync(scenario, cancellationToken));
                if (turn % 2 == 1)
                    before.Add(await Open.MeasureAsync(scenario, cancellationToken));
            }

            return new ComparedScenario(scenario.Name, before, after);
        }
    }
}
