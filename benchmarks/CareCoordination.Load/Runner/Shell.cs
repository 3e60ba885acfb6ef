using System.Diagnostics;

namespace CareCoordination.Load.Runner;

/// <summary>Starts programs.</summary>
internal static class Shell
{
    /// <summary>Runs to the end and returns what was printed; throws with the program's complaint where it fails.</summary>
    public static async Task<string> RunAsync(
        string program,
        IEnumerable<string> args,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        using var process = Start(program, args, environment, captured: true);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? (await output).Trim()
            : throw new InvalidOperationException(
                $"{program} ended with {process.ExitCode}: {await errors}{await output}"
            );
    }

    public static Process Start(
        string program,
        IEnumerable<string> args,
        IReadOnlyDictionary<string, string>? environment,
        bool captured
    )
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardOutput = captured,
            RedirectStandardError = captured,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
