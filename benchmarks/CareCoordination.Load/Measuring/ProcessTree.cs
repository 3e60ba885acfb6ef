using System.Globalization;

namespace CareCoordination.Load.Measuring;

/// <summary>A process to account for, together with everything it started.</summary>
internal sealed record NamedProcess(string Name, int Pid);

/// <summary>Reads <c>/proc</c>. https://man7.org/linux/man-pages/man5/proc.5.html</summary>
internal static class ProcessTree
{
    // USER_HZ is 100 on every Linux that .NET runs on, whatever the kernel's own tick.
    private const double TicksPerSecond = 100;

    /// <summary>CPU seconds, user and system, of the process, its living descendants and the children it has waited for.</summary>
    public static double CpuSeconds(int root)
    {
        double ticks = 0;
        foreach (var pid in WithDescendants(root))
        {
            if (ReadStat(pid) is not { } stat)
                continue;
            ticks += Number(stat, 11) + Number(stat, 12);
            if (pid == root)
                ticks += Number(stat, 13) + Number(stat, 14);
        }

        return ticks / TicksPerSecond;
    }

    /// <summary>Proportional set size: shared pages count once, however many processes map them.</summary>
    public static double MemoryMegabytes(int root)
    {
        double kilobytes = 0;
        foreach (var pid in WithDescendants(root))
        {
            try
            {
                var line = File.ReadLines($"/proc/{pid}/smaps_rollup")
                    .FirstOrDefault(l => l.StartsWith("Pss:", StringComparison.Ordinal));
                if (line is not null)
                    kilobytes += double.Parse(
                        line.AsSpan(4).Trim().TrimEnd("kB ").ToString(),
                        CultureInfo.InvariantCulture
                    );
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The process ended between listing and reading, or belongs to another user.
            }
        }

        return kilobytes / 1024;
    }

    /// <summary>CPU seconds that all processors of the machine spent working.</summary>
    public static double MachineCpuSeconds()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int[] working = [1, 2, 3, 6, 7];
        return working.Sum(i => double.Parse(fields[i], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static List<int> WithDescendants(int root)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && ReadStat(pid) is { } stat
            )
            {
                var parent = (int)Number(stat, 1);
                if (!children.TryGetValue(parent, out var list))
                    children[parent] = list = [];
                list.Add(pid);
            }
        }

        var found = new List<int> { root };
        for (var i = 0; i < found.Count; i++)
            found.AddRange(children.GetValueOrDefault(found[i], []));
        return found;
    }

    /// <summary>The fields after the command name, which is in parentheses and may hold anything.</summary>
    private static string[]? ReadStat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static double Number(string[] stat, int field) => double.Parse(stat[field], CultureInfo.InvariantCulture);
}
