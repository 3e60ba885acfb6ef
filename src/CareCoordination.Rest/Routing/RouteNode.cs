using System.Collections.Frozen;

namespace CareCoordination.Rest.Routing;

/// <summary>
/// An address of the table, and those below it. There is a branch for every resource type, so that each segment of a path is looked up
/// once, and what is there for a type is all there is.
/// </summary>
internal sealed class RouteNode
{
    /// <summary>A type of which there are no resources, but in requests and answers.</summary>
    public const string NeverStored = "Parameters";

    private readonly Dictionary<string, RouteNode> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InteractionDefinition> _rows = new(StringComparer.Ordinal);
    private FrozenDictionary<string, RouteNode> _children = FrozenDictionary<string, RouteNode>.Empty;
    private RouteNode? _variable;

    private RouteNode() { }

    /// <summary>The methods with something to do here, as a header names them; empty where there is none.</summary>
    public string Allow { get; private set; } = "";

    /// <summary>The operations at this address, alphabetical.</summary>
    public IEnumerable<string> Operations => _named.Keys.Where(IsOperation).Order(StringComparer.Ordinal);

    public static RouteNode Of(InteractionTable table, IEnumerable<string> types)
    {
        var root = new RouteNode();
        string[] all = [.. types];
        foreach (var row in table.All)
        {
            if (row.Segments is ["{type}", ..])
            {
                // https://hl7.org/fhir/R4/parameters.html: it goes to operations and comes from them, and nothing else is done with it.
                foreach (var type in all.Where(t => t != NeverStored || row.IsOperation))
                    root.Add([type, .. row.Segments[1..]], row);
            }
            else
                root.Add([.. row.Segments], row);
        }

        root.Freeze();
        return root;
    }

    /// <summary>What a segment leads to from here. No id begins like the name of an operation, which is told of as one.</summary>
    public RouteNode? Find(string segment) =>
        _children.TryGetValue(segment, out var named) ? named
        : segment.Length == 0 || IsOperation(segment) ? null
        : _variable;

    /// <summary>HEAD is what GET is.</summary>
    public InteractionDefinition? Row(string method) => _rows.GetValueOrDefault(method == "HEAD" ? "GET" : method);

    public static bool IsOperation(string segment) => segment.StartsWith('$');

    private void Add(ReadOnlySpan<string> segments, InteractionDefinition row)
    {
        if (segments.IsEmpty)
        {
            _rows.Add(row.Method, row);
            return;
        }

        RouteNode? next;
        if (segments[0][0] == '{')
            next = _variable ??= new RouteNode();
        else if (!_named.TryGetValue(segments[0], out next))
            _named.Add(segments[0], next = new RouteNode());
        next.Add(segments[1..], row);
    }

    private void Freeze()
    {
        var methods = _rows.ContainsKey("GET") ? _rows.Keys.Append("HEAD") : _rows.Keys;
        Allow = string.Join(", ", methods.Order(StringComparer.Ordinal));
        _children = _named.ToFrozenDictionary(StringComparer.Ordinal);
        foreach (var child in _named.Values)
            child.Freeze();
        _variable?.Freeze();
    }
}
