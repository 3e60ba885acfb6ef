using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Routing;

/// <summary>An address at which something is offered.</summary>
public sealed class RouteAddress
{
    private readonly RouteNode _node;
    private readonly ImmutableArray<string> _path;

    internal RouteAddress(RouteNode node, ImmutableArray<string> path) => (_node, _path) = (node, path);

    /// <summary>The base itself, to which Bundles are posted.</summary>
    public bool IsBase => _path.IsEmpty;

    /// <summary>The methods that are offered, as the Allow header has them. https://www.rfc-editor.org/rfc/rfc9110#section-10.2.1</summary>
    public string Allow => _node.Allow;

    /// <summary>405 for a method that is not offered; methods are told apart by case.</summary>
    public Result<RouteMatch> Find(string method)
    {
        if (_node.Row(method) is not { } definition)
            return Failure.From(
                405,
                IssueCode.NotSupported,
                $"{(method.Length > 32 ? method[..32] + "..." : method)} is not offered at this address; what is: {Allow}."
            );
        var (type, id, version) = (definition.OnlyType ?? "", "", "");
        for (var i = 0; i < _path.Length; i++)
        {
            switch (definition.Segments[i])
            {
                case "{type}":
                    type = _path[i];
                    break;
                case "{id}":
                    id = _path[i];
                    break;
                case "{vid}":
                    version = _path[i];
                    break;
            }
        }

        return new RouteMatch(definition, type, id, version);
    }
}

/// <summary>A row of the table with what the URL says for its variables.</summary>
public readonly record struct RouteMatch(InteractionDefinition Definition, string Type, string Id, string Version);
