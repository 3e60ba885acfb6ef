using System.Diagnostics;
using System.Text;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>The program as a person or a script meets it: a process with an exit code and lines of text.</summary>
internal static class ProgramRun
{
    /// <summary>For the slowest: the installation of the clients of others from npm and NuGet.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

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
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        // Nobody is there to answer what a program asks.
        process.StandardInput.Close();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var (output, error) = (new StringBuilder(), new StringBuilder());
        try
        {
            await Task.WhenAll(
                ReadAsync(process.StandardOutput, output, patience.Token),
                ReadAsync(process.StandardError, error, patience.Token),
                process.WaitForExitAsync(patience.Token)
            );
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', args)} did not end within {Patience}:\n{output}\n{error}");
        }

        return (process.ExitCode, output.ToString(), error.ToString());
    }

    private static async Task ReadAsync(StreamReader from, StringBuilder to, CancellationToken cancellationToken)
    {
        var buffer = new char[4096];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            to.Append(buffer, 0, count);
    }
}
