using System.Diagnostics;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>
/// A disk of so few bytes that it fills: a file system in memory. It takes Linux and the right to mount; where that is missing, the test is
/// skipped.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    /// <param name="size">As mount takes it: <c>64k</c>.</param>
    public static async Task<SmallDisk> NewAsync(string size)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A disk that is full is made on Linux alone.");
        var folder = Directory.CreateTempSubdirectory("care-disk-").FullName;
        var isMounted = await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder);
        if (!isMounted)
            Directory.Delete(folder);
        Assert.SkipUnless(isMounted, "A disk that is full takes the right to mount one.");
        return new SmallDisk(folder);
    }

    /// <summary>Somebody makes room.</summary>
    public async Task GrowAsync(string size) =>
        Assert.True(await RunAsync("mount", "-o", $"remount,size={size}", Folder));

    public long Bytes =>
        new DirectoryInfo(Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public async ValueTask DisposeAsync()
    {
        // Lazily: what still has a file open there keeps it.
        await RunAsync("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }
            )!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
