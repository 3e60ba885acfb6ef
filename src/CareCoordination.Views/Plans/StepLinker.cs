using System.Collections.Immutable;

namespace CareCoordination.Views.Plans;

/// <summary>
/// Makes steps of selects: each knows the step that comes after it, so that the rows of siblings are joined by running the next for each
/// row of the one before, and no partial rows are kept.
/// </summary>
internal sealed class StepLinker
{
    /// <summary>Slot 0 holds the resource.</summary>
    public int Slots { get; private set; } = 1;

    public Step Link(CompiledSelect root) => Link(root, 0, new EmitStep());

    private Step Link(CompiledSelect select, int parent, Step next)
    {
        var slot = select.Iteration.Kind == IterationKind.None ? parent : Slots++;
        var body = next;
        if (!select.Union.IsEmpty)
            body = new UnionStep([.. select.Union.Select(branch => Link(branch, slot, next))]);
        foreach (var child in select.Selects.Reverse())
            body = Link(child, slot, body);
        if (!select.Columns.IsEmpty)
            body = new ColumnsStep(slot, select.Columns, body);
        return select.Iteration.Kind switch
        {
            IterationKind.None => body,
            IterationKind.Repeat => new RepeatStep(parent, slot, select.Iteration.Paths, body),
            _ => new ForEachStep(
                parent,
                slot,
                select.Iteration.Paths[0],
                body,
                select.Iteration.Kind == IterationKind.ForEachOrNull ? new NullStep(select.AllColumns, next) : null
            ),
        };
    }
}
