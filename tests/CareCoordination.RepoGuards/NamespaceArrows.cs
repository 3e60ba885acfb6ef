using System.Text.RegularExpressions;

namespace CareCoordination.RepoGuards;

/// <summary>Which namespaces of a project use which others, each with one example.</summary>
internal sealed partial class NamespaceArrows
{
    private readonly SortedDictionary<string, SortedDictionary<string, string>> _arrows = new(StringComparer.Ordinal);

    public static NamespaceArrows Of(string project)
    {
        var arrows = new NamespaceArrows();
        var assembly = Path.Combine(AppContext.BaseDirectory, $"{project}.dll");
        foreach (var (user, used) in TypeUses.Of(assembly))
            arrows.Add(NamespaceOf(user), NamespaceOf(used), $"{NameOf(user)} uses {NameOf(used)}");
        // Constants leave no trace in the assembly.
        var namespaces = TypeUses.Types(assembly).Select(NamespaceOf).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Repository.Files.Where(f => IsSourceOf(f, project)))
            arrows.AddUsings(file, namespaces);
        return arrows;
    }

    public void Add(string user, string used, string example)
    {
        // What the compiler makes for itself is in no namespace.
        if (user == used || user.Length == 0 || used.Length == 0)
            return;
        if (!_arrows.TryGetValue(user, out var targets))
            _arrows[user] = targets = new(StringComparer.Ordinal);
        targets.TryAdd(used, example);
    }

    /// <summary>The shortest ways round, an arrow a line; each arrow is told once.</summary>
    public IEnumerable<string> Cycles()
    {
        var told = new HashSet<(string, string)>();
        foreach (var start in _arrows.Keys)
        {
            if (WayRound(start) is not { } way)
                continue;
            var arrows = way.Zip(way.Skip(1).Append(start)).ToList();
            if (arrows.Exists(told.Contains))
                continue;
            told.UnionWith(arrows);
            yield return string.Join(
                '\n',
                arrows.Select(a => $"{a.First} -> {a.Second}: {_arrows[a.First][a.Second]}")
            );
        }
    }

    private List<string>? WayRound(string start)
    {
        var cameFrom = new Dictionary<string, string>(StringComparer.Ordinal);
        var queue = new Queue<string>([start]);
        while (queue.TryDequeue(out var at))
        {
            foreach (var next in _arrows.GetValueOrDefault(at)?.Keys ?? Enumerable.Empty<string>())
            {
                if (next == start)
                    return Back(start, at, cameFrom);
                if (cameFrom.TryAdd(next, at))
                    queue.Enqueue(next);
            }
        }

        return null;
    }

    private static List<string> Back(string start, string last, Dictionary<string, string> cameFrom)
    {
        var way = new List<string>();
        for (var at = last; at != start; at = cameFrom[at])
            way.Add(at);
        way.Add(start);
        way.Reverse();
        return way;
    }

    private void AddUsings(string file, HashSet<string> namespaces)
    {
        var text = Repository.Read(file);
        if (Declaration().Match(text) is not { Success: true } own)
            return;
        foreach (Match match in UsingDirective().Matches(text))
        {
            var used = match.Groups["name"].Value;
            // Of a static or an alias: the namespace of the type.
            if (match.Groups["static"].Success || match.Groups["alias"].Success)
                used = NamespaceOf(used);
            if (namespaces.Contains(used))
                Add(own.Groups["name"].Value, used, $"{Path.GetFileName(file)} has using {used}");
        }
    }

    private static bool IsSourceOf(string file, string project) =>
        file.StartsWith($"src/{project}/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal);

    private static string NamespaceOf(string type) => type[..Math.Max(0, type.LastIndexOf('.'))];

    private static string NameOf(string type) => type[(type.LastIndexOf('.') + 1)..];

    [GeneratedRegex(
        @"^namespace\s+(?<name>[\w.]+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Declaration();

    [GeneratedRegex(
        @"^(global\s+)?using\s+(?<static>static\s+)?(?<alias>\w+\s*=\s*)?(?<name>[\w.]+)\s*;",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex UsingDirective();
}
