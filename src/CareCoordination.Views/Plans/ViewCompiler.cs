using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;
using CareCoordination.Views.Definitions;
using CareCoordination.Views.Rows;

namespace CareCoordination.Views.Plans;

/// <summary>
/// A <see cref="ViewDefinition"/> held to the definitions of its resource type. Each fault is an issue that says where it is and what is
/// wrong; all are told at once.
/// </summary>
internal sealed class ViewCompiler(ViewDefinition view, FhirSchema schema)
{
    private readonly List<Issue> _faults = [];
    private readonly ExpressionCompiler _expressions = new(view, schema);

    /// <summary>422 with an issue for each fault.</summary>
    public static Result<ViewPlan> Compile(ViewDefinition view, FhirSchema schema)
    {
        var compiler = new ViewCompiler(view, schema);
        return compiler.Plan() is { } plan && compiler._faults.Count == 0
            ? plan
            : new Failure(422, [.. compiler._faults]);
    }

    private ViewPlan? Plan()
    {
        if (view.Name is not null)
            CheckName(view.Name, "view", $"{ViewDefinition.TypeName}.name");
        if (schema.FindResource(view.Resource) is not { } type)
        {
            Fault(
                IssueCode.CodeInvalid,
                $"{ViewDefinition.TypeName}.resource",
                $"'{view.Resource}' is no type of resource."
            );
            return null;
        }

        _faults.AddRange(_expressions.Faults);
        var focus = FhirPathType.Of(type);
        var conditions = view.Where.Select(where => Condition(where, focus)).ToList();
        var root = Selects(new ViewSelect(ViewDefinition.TypeName) { Select = view.Select }, focus, 0);
        CheckColumns(root.AllColumns);
        return _faults.Count > 0 ? null : new ViewPlan(view, type, root, [.. conditions.OfType<FhirPathExpression>()]);
    }

    private FhirPathExpression? Condition(ViewCondition where, FhirPathType focus)
    {
        if (Path(where.Path, focus, $"{where.Location}.path") is not { } path)
            return null;
        if (!path.Type.IsUnknown && path.Type.Kind != FhirPathKind.Boolean)
            Fault(
                IssueCode.Invalid,
                $"{where.Location}.path",
                $"A condition is true or false, and '{where.Path}' gives {path.Type}: compare it, or use exists()."
            );
        return path;
    }

    private CompiledSelect Selects(ViewSelect select, FhirPathType parent, int first)
    {
        var (iteration, focus) = Iterate(select, parent);
        var all = new List<CompiledColumn>();
        foreach (var column in select.Columns)
        {
            if (Column(column, focus, first + all.Count) is { } compiled)
                all.Add(compiled);
        }

        var own = all.ToImmutableArray();
        var nested = ImmutableArray.CreateBuilder<CompiledSelect>();
        foreach (var child in select.Select)
        {
            nested.Add(Selects(child, focus, first + all.Count));
            all.AddRange(nested[^1].AllColumns);
        }

        var union = select.UnionAll.Select(branch => Selects(branch, focus, first + all.Count)).ToImmutableArray();
        if (!union.IsEmpty)
        {
            CheckUnion(select, union);
            all.AddRange(union[0].AllColumns);
        }

        if (select.Columns.IsEmpty && select.Select.IsEmpty && union.IsEmpty)
            Fault(
                IssueCode.Required,
                select.Location,
                "A select gives a column, or has a select or unionAll that does."
            );
        return new CompiledSelect(iteration, own)
        {
            Selects = nested.ToImmutable(),
            Union = union,
            AllColumns = [.. all],
        };
    }

    private (Iteration Iteration, FhirPathType Focus) Iterate(ViewSelect select, FhirPathType parent)
    {
        var ways = new[] { select.ForEach is not null, select.ForEachOrNull is not null, !select.Repeat.IsEmpty };
        if (ways.Count(isUsed => isUsed) > 1)
            Fault(
                IssueCode.Invariant,
                select.Location,
                "A select has at most one of forEach, forEachOrNull and repeat."
            );
        if (!select.Repeat.IsEmpty)
            return Repeat(select, parent);
        var (text, name, kind) = select.ForEach is not null
            ? (select.ForEach, "forEach", IterationKind.ForEach)
            : (select.ForEachOrNull, "forEachOrNull", IterationKind.ForEachOrNull);
        if (text is null)
            return (new Iteration(IterationKind.None, []), parent);
        return Path(text, parent, $"{select.Location}.{name}") is { } path
            ? (new Iteration(kind, [path]), path.Type)
            : (new Iteration(kind, []), FhirPathType.Any);
    }

    /// <summary>
    /// A path is followed from the parent and from all that any path finds: it has to mean something on one of those types, as
    /// <c>answer.item</c> does on an item of a QuestionnaireResponse, but not on the resource.
    /// </summary>
    private (Iteration Iteration, FhirPathType Focus) Repeat(ViewSelect select, FhirPathType parent)
    {
        FhirPathType? found = null;
        for (var known = -1; found is not { IsUnknown: true } && known != (found?.FhirTypes.Count ?? 0); )
        {
            known = found?.FhirTypes.Count ?? 0;
            var from = found is { } types ? parent.Or(types) : parent;
            foreach (var text in select.Repeat)
            {
                if (_expressions.Compile(text, from).TryGet(out var path, out _))
                    found = found is { } others ? others.Or(path.Type) : path.Type;
            }
        }

        // One that means nothing on any of them finds nothing, where it means something on another type: so the cases of the
        // specification have it (repeat.json, "empty expression").
        var all = found is { } reached ? parent.Or(reached) : FhirPathType.Any;
        var paths = select.Repeat.Select((text, i) => Path(text, all, $"{select.Location}.repeat[{i}]"));
        return (
            new Iteration(IterationKind.Repeat, [.. paths.OfType<FhirPathExpression>()]),
            found ?? FhirPathType.Any
        );
    }

    private CompiledColumn? Column(ViewColumnDefinition column, FhirPathType focus, int cell)
    {
        CheckName(column.Name, "column", $"{column.Location}.name");
        if (Path(column.Path, focus, $"{column.Location}.path") is not { } path)
            return null;
        var (typed, fault) = ColumnTypes.Of(column, path.Type, schema);
        if (typed is not null)
            return new CompiledColumn(typed, path, cell, column.Location);
        Fault(IssueCode.Invalid, column.Location, fault!);
        return null;
    }

    private void CheckUnion(ViewSelect select, ImmutableArray<CompiledSelect> branches)
    {
        // A branch with a fault of its own has a column less, which is no second fault.
        if (_faults.Count > 0)
            return;
        var expected = branches[0].AllColumns;
        for (var i = 1; i < branches.Length; i++)
        {
            if (Difference(expected, branches[i].AllColumns) is { } sentence)
                Fault(IssueCode.Invalid, $"{select.Location}.unionAll[{i}]", sentence);
        }
    }

    private static string? Difference(ImmutableArray<CompiledColumn> first, ImmutableArray<CompiledColumn> other)
    {
        if (!first.Select(c => c.Column.Name).SequenceEqual(other.Select(c => c.Column.Name), StringComparer.Ordinal))
            return $"The branches of a union have the same columns in the same order: {Names(first)}, and not {Names(other)}.";
        foreach (var (a, b) in first.Zip(other, (x, y) => (x.Column, y.Column)))
        {
            if (
                a.Type != b.Type
                || a.IsCollection != b.IsCollection
                || (a.Type == ViewColumnType.Json && a.FhirType != b.FhirType)
            )
                return $"The column '{a.Name}' of a union is of one type in all branches: {Describe(a)}, and not {Describe(b)}.";
        }

        return null;
    }

    private static string Names(ImmutableArray<CompiledColumn> columns) =>
        columns.IsEmpty ? "none" : string.Join(", ", columns.Select(c => c.Column.Name));

    private static string Describe(ViewColumn column) =>
        column.IsCollection ? $"a collection of {column.FhirType}" : column.FhirType;

    /// <summary>Engines of SQL do not tell letters by their case in names.</summary>
    private void CheckColumns(ImmutableArray<CompiledColumn> columns)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var column in columns)
        {
            if (!seen.Add(column.Column.Name))
                Fault(
                    IssueCode.Duplicate,
                    $"{column.Location}.name",
                    $"There are two columns of the name '{column.Column.Name}'."
                );
        }
    }

    private FhirPathExpression? Path(string text, FhirPathType focus, string location)
    {
        if (_expressions.Compile(text, focus).TryGet(out var path, out var failure))
            return path;
        Fault(IssueCode.Invalid, location, failure.Issues[0].Diagnostics);
        return null;
    }

    private void CheckName(string name, string what, string location)
    {
        if (name.Length > 0 && !SqlName.IsMatch(name))
            Fault(IssueCode.Value, location, SqlName.Sentence(name, what));
    }

    private void Fault(IssueCode code, string location, string sentence) =>
        _faults.Add(Issue.Error(code, sentence, location));
}
