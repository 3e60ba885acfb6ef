using System.Globalization;
using System.Runtime.InteropServices;
using CareCoordination.Load.Runner;
using CareCoordination.PartnerSimulator;

namespace CareCoordination.Load.Soak;

/// <summary>The verb <c>soak</c>: runs one, says how it went, and writes it down.</summary>
internal static class SoakCommand
{
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken cancel)
    {
        var settings = SoakSettings.From(arguments);
        var folder = Directory.CreateTempSubdirectory("care-soak-").FullName;
        try
        {
            var root = arguments["server", ""].Length == 0 ? Workbench.FindRoot() : "";
            var program = await Workbench.ServerProgramAsync(arguments, root, folder);
            await using var soak = new SoakRun(settings, program, folder);
            var result = await soak.RunAsync(cancel);
            var verdict = result.Verdict;
            Console.WriteLine(
                $"{settings.Referrals} referrals, {settings.Kills} kills: {verdict.Delivered} delivered, {verdict.Parked} parked, {verdict.Lost} lost, {verdict.Doubled} doubled, {verdict.Strange} strange in {result.Duration.TotalSeconds:0} s"
            );
            if (result.Answers is { } answers)
                Console.WriteLine(
                    $"{settings.Answers} answered: {answers.Completed} completed, {answers.CalledOff} called off in time, {answers.Wrong} wrong"
                );
            if (arguments["name", "report"] != "none")
                await WriteAsync(arguments, settings, result, cancel);
            return verdict.IsWell && result.Answers is not { Wrong: > 0 } ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task WriteAsync(
        Arguments arguments,
        SoakSettings settings,
        SoakResult result,
        CancellationToken cancel
    )
    {
        var root = Workbench.FindRoot();
        var date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var name = arguments[
            "name",
            $"{date}-soak-{settings.Provider.ToLowerInvariant()}-{settings.Nodes}{(settings.Partner == PartnerKind.Oracle ? "-oracle" : "")}"
        ];
        var (verdict, seconds) = (result.Verdict, result.Duration.TotalSeconds);
        var text = $"""
            # Soak: {settings.Referrals} referrals, {settings.Kills} kills, {settings.Nodes} {(
                settings.Nodes == 1 ? "node" : "nodes"
            )} on {settings.Provider}, {date}

            A partner that fails in all the ways below, and server processes that are killed with SIGKILL at random moments and started
            again. Every referral has to be at the partner exactly once, or be parked with a reason.

            | | |
            |---|---|
            | commit | {await Workbench.DescribeCommitAsync(root)} |
            | command | `dotnet run -c Release --project benchmarks/CareCoordination.Load -- soak {arguments.Without(
                "server",
                "name"
            )}` |
            | hardware | {Workbench.DescribeHardware()} |
            | software | {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription} |
            | database | {result.Database} |
            | duration | {seconds:0} s |

            | referrals | delivered | parked | lost | doubled | Tasks at the partner that nobody sent |
            |--:|--:|--:|--:|--:|--:|
            | {settings.Referrals} | {verdict.Delivered} | {verdict.Parked} | **{verdict.Lost}** | **{verdict.Doubled}** | **{verdict.Strange}** |

            | kills | attempts of the outbox | requests asked again by the client | faults of the partner |
            |--:|--:|--:|--:|
            | {settings.Kills} | {result.Attempts} | {result.Repeats} | {result.Faults.Values.Sum()} |

            | fault | times |
            |---|--:|
            {string.Join('\n', FaultScript.Mix.Select(f => $"| {f} | {result.Faults.GetValueOrDefault(f)} |"))}

            {(
                settings.Partner == PartnerKind.Oracle
                    ? $"The partner takes transactions under SMART tokens, which end after two seconds or with a kill: it handed out {result.Tokens}."
                    : "The partner takes Tasks, without authentication."
            )}

            {(
                result.Answers is { } told
                    ? $"Then the partner accepted, started and completed {settings.Answers} of them and told of each step by message, in random order and one of them twice, every tenth with a business status of its own, with a kill for every hundred; every seventh was called off here in the same moments. {told.Completed} stand completed and {told.CalledOff} called off, each with its one report; **{told.Wrong}** stand otherwise."
                    : "The partner did not answer."
            )}

            {(
                result.Reasons.Count == 0
                    ? "Nothing was parked."
                    : $"Parked because: {string.Join(" ", result.Reasons)}"
            )}

            """;
        var file = Path.Combine(root, "benchmarks", "results", $"{name}.md");
        await File.WriteAllTextAsync(file, text, cancel);
        Console.WriteLine($"Wrote {file}");
    }
}
