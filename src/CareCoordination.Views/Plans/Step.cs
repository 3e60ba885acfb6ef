using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Views.Plans;

/// <summary>A part of a plan: it fills its cells, and runs the next for each row it gives.</summary>
internal abstract class Step
{
    public abstract Failure? Run(ViewRun run);
}

/// <summary>The row is complete.</summary>
internal sealed class EmitStep : Step
{
    public override Failure? Run(ViewRun run)
    {
        run.Emit();
        return null;
    }
}

/// <summary>Columns of the item in a slot.</summary>
internal sealed class ColumnsStep(int slot, ImmutableArray<CompiledColumn> columns, Step next) : Step
{
    public override Failure? Run(ViewRun run)
    {
        foreach (var column in columns)
        {
            if (run.Fill(column, slot) is { } failure)
                return failure;
        }

        return next.Run(run);
    }
}

/// <summary>The rows of one branch after those of another.</summary>
internal sealed class UnionStep(ImmutableArray<Step> branches) : Step
{
    public override Failure? Run(ViewRun run)
    {
        foreach (var branch in branches)
        {
            if (run.IsStopped)
                return null;
            if (branch.Run(run) is { } failure)
                return failure;
        }

        return null;
    }
}

/// <summary>Where forEachOrNull finds nothing: nulls, and the row index 0. Nothing below it runs.</summary>
internal sealed class NullStep(ImmutableArray<CompiledColumn> columns, Step next) : Step
{
    public override Failure? Run(ViewRun run)
    {
        foreach (var column in columns)
            run.Clear(column);
        return next.Run(run);
    }
}

/// <summary><c>forEach</c>, and with <paramref name="empty"/> <c>forEachOrNull</c>.</summary>
internal sealed class ForEachStep(int parent, int slot, FhirPathExpression path, Step body, Step? empty) : Step
{
    public override Failure? Run(ViewRun run)
    {
        var items = run.Rent();
        var failure = run.Evaluate(path, parent, items);
        if (failure is null && items.IsEmpty && empty is not null)
            failure = empty.Run(run);
        for (var i = 0; failure is null && i < items.Count && !run.IsStopped; i++)
        {
            run.Enter(slot, items.Span[i], i);
            failure = body.Run(run);
        }

        run.Return(items);
        return failure;
    }
}

/// <summary>
/// <c>repeat</c>: all that the paths find, and what they find from there, a parent before its children.
/// </summary>
internal sealed class RepeatStep(int parent, int slot, ImmutableArray<FhirPathExpression> paths, Step body) : Step
{
    /// <summary>As deep as a document can be; what goes on is a path that finds where it starts, as <c>$this</c>.</summary>
    private const int MaxDepth = 256;

    public override Failure? Run(ViewRun run)
    {
        var index = 0;
        return Walk(run, run.Item(parent), 0, ref index);
    }

    private Failure? Walk(ViewRun run, FhirPathValue from, int depth, ref int index)
    {
        if (depth > MaxDepth)
            return Failure.Unprocessable(
                IssueCode.TooCostly,
                "A path of repeat goes deeper than any resource does: let it lead to children."
            );
        Failure? failure = null;
        foreach (var path in paths)
        {
            var items = run.Rent();
            failure = run.Evaluate(path, parent, from, items);
            for (var i = 0; failure is null && i < items.Count && !run.IsStopped; i++)
            {
                var item = items.Span[i];
                run.Enter(slot, item, index++);
                failure = body.Run(run) ?? Walk(run, item, depth + 1, ref index);
            }

            run.Return(items);
            if (failure is not null)
                break;
        }

        return failure;
    }
}
