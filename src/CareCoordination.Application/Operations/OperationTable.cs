using System.Collections.Immutable;

namespace CareCoordination.Application.Operations;

/// <summary>
/// The operations of this server, once: their routes, their OperationDefinitions and what the CapabilityStatement says of them
/// come from here.
/// </summary>
public sealed class OperationTable(params IEnumerable<Operation> operations)
{
    private readonly Dictionary<string, Operation> _byId = operations.ToDictionary(o => o.Id, StringComparer.Ordinal);

    public ImmutableArray<Operation> All { get; } = [.. operations];

    /// <summary>The operation that an OperationDefinition's id names.</summary>
    public Operation? Find(string id) => _byId.GetValueOrDefault(id);
}
