using System.Diagnostics;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>The program as a person or a script meets it: a process with an exit code and lines of text.</summary>
internal static class ProgramRun
{
    public static Task<(int Code, string Output, string Error)> OfAsync(string folder, params string[] args) =>
        OfAsync(folder, "dotnet", [typeof(Program).Assembly.Location, .. args]);

    public static async Task<(int Code, string Output, string Error)> OfAsync(
        string folder,
        string program,
        string[] args,
        params (string Name, string Value)[] environment
    )
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }
}
