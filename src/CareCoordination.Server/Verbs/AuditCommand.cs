using System.Globalization;
using CareCoordination.Application.Audit;
using CareCoordination.Application.Settings;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Options;
using CareCoordination.Storage;

namespace CareCoordination.Server.Verbs;

/// <summary>
/// <c>audit head</c> and <c>audit verify</c>: what the end of the audit trail is, to be noted elsewhere, and whether the trail is as it was
/// written; by this process, beside servers that run or without. Ends with 1 where it is not.
/// </summary>
internal static class AuditCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The options of each action.</summary>
    private static readonly Dictionary<string, string[]> Options = new(StringComparer.Ordinal)
    {
        ["head"] = ["file"],
        ["verify"] = ["from", "to", "against"],
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var action = args.FirstOrDefault();
        if (action is null || !Options.TryGetValue(action, out var own))
            throw new ConfigurationProblem(
                $"'audit' needs to know what to do: {string.Join(" or ", Options.Keys)}. --help tells of them."
            );
        var given = CommandLine.Parse(args[1..], own);
        if (given.Words is [var word, ..])
            throw new ConfigurationProblem($"'{word}' means nothing here: --help tells what 'audit {action}' takes.");
        var options = given.Settings.Where(s => own.Contains(s.Key)).ToDictionary(s => s.Key, s => s.Value);
        var builder = ServerStart.Configure(
            given with
            {
                Settings = [.. given.Settings.Where(s => !own.Contains(s.Key))],
            }
        );
        builder.AddFhir(TimeProvider.System);
        // What is printed is the answer.
        builder.Logging.AddFilter(level => level >= LogLevel.Warning);
        await using var app = builder.Build();
        await app.Services.GetRequiredService<StorageUpgrade>().RequireReadyAsync();
        var verifier = app.Services.GetRequiredService<AuditVerifier>();
        return action == "head" ? await HeadAsync(verifier, options) : await VerifyAsync(verifier, options);
    }

    private static async Task<int> HeadAsync(AuditVerifier verifier, Dictionary<string, string> options)
    {
        var head = await verifier.HeadAsync(CancellationToken.None);
        Console.WriteLine(head);
        if (!options.TryGetValue("file", out var file))
            return 0;
        try
        {
            await File.AppendAllTextAsync(file, $"{head}\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationProblem($"{file} cannot be written: {e.Message}");
        }

        return 0;
    }

    private static async Task<int> VerifyAsync(AuditVerifier verifier, Dictionary<string, string> options)
    {
        var first = Number(options, "from") ?? 1;
        var last = Number(options, "to");
        AuditHead? noted = options.TryGetValue("against", out var against) ? await NotedAsync(against) : null;
        var told = TimeProvider.System.GetTimestamp();
        var report = await verifier.VerifyAsync(
            first,
            last,
            noted,
            row =>
            {
                if (TimeProvider.System.GetElapsedTime(told) < Interval)
                    return;
                told = TimeProvider.System.GetTimestamp();
                Console.WriteLine($"Row {row.ToString(CultureInfo.InvariantCulture)}: goes on with --from {row + 1}");
            },
            CancellationToken.None
        );
        foreach (var problem in report.Problems)
            Console.WriteLine(problem);
        Console.WriteLine(
            report.Problems.IsEmpty
                ? $"{report.Rows} rows are as they were written, up to {report.Last}"
                : $"{report.Problems.Length} places of {report.Rows} rows are not as they were written."
        );
        return report.Problems.IsEmpty ? 0 : 1;
    }

    private static long? Number(Dictionary<string, string> options, string name)
    {
        if (!options.TryGetValue(name, out var text))
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ConfigurationProblem($"--{name} is '{text}'; it must be the number of a row, from 1.");
    }

    /// <summary>A head as <c>audit head</c> prints it, or the last line of a file of such.</summary>
    private static async Task<AuditHead> NotedAsync(string text)
    {
        if (HeadOf(text) is { } head)
            return head;
        if (!File.Exists(text))
            throw new ConfigurationProblem(
                $"--against is '{text}', which is neither a file nor what 'audit head' prints, such as 12:0a1b..."
            );
        var lines = await File.ReadAllLinesAsync(text);
        return lines.Select(HeadOf).LastOrDefault(h => h is not null)
            ?? throw new ConfigurationProblem($"{text} has no line as 'audit head' prints it, such as 12:0a1b...");
    }

    private static AuditHead? HeadOf(string line)
    {
        const int HashDigits = 64;
        var parts = line.Trim().Split(':');
        return
            parts is [var row, { Length: HashDigits } hash]
            && long.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            && hash.All(char.IsAsciiHexDigit)
            ? new AuditHead(sequence, Convert.FromHexString(hash))
            : null;
    }
}
