using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Tables;
using Microsoft.SqlServer.TransactSql.ScriptDom;
using ColumnType = CareCoordination.Storage.Tables.ColumnType;

namespace CareCoordination.Storage.Tests;

/// <param name="IsDone">What was sent has happened, and only the answer was lost.</param>
internal sealed record Failure(DbException Exception, bool IsDone = false, bool IsConnectionLost = false);

/// <summary>
/// The tables of a SQL Server, changed by the statements that the writer sends as Microsoft's parser reads them. It knows these
/// statements and no others, and is as strict as the server: a key twice, a row that is not there, a text that is too long, more
/// parameters or rows than it takes are errors.
/// </summary>
internal sealed class SqlServerTables : IRecordedDatabase
{
    private const int MaxParameters = 2_100;
    private const int MaxValuesRows = 1_000;

    private readonly Dictionary<string, Dictionary<string, object?[]>> _committed = Empty();
    private Dictionary<string, Dictionary<string, object?[]>>? _open;
    private readonly long[] _counters = [0, 0, 1, 0, 0];
    private long[]? _openCounters;
    private RecordedConnection? _owner;

    /// <summary>Everything that was sent since the connection was opened.</summary>
    public List<RoundTrip> RoundTrips { get; } = [];

    /// <summary>What a round trip is answered with instead.</summary>
    public Func<RoundTrip, Failure?> Fails { get; set; } = _ => null;

    public bool HasCounters { get; init; } = true;

    /// <summary>What the server's clock says.</summary>
    public long Clock { get; set; } = TimeProvider.System.GetUtcNow().UtcTicks;

    public int Connections { get; private set; }

    public bool IsInTransaction => _open is not null;

    /// <summary>The rows of a table, each as one text, in an order of their own.</summary>
    public List<string> Rows(TableShape table) =>
        [.. _committed[table.Name].Values.Select(Text).Order(StringComparer.Ordinal)];

    public static string Text(object?[] row) => string.Join('|', row.Select(Text));

    public DbConnection Connect(string connectionString)
    {
        Connections++;
        return new RecordedConnection(this);
    }

    public IReadOnlyList<DataTable> Answer(RecordedConnection connection, RoundTrip roundTrip)
    {
        RoundTrips.Add(roundTrip);
        if (Fails(roundTrip) is not { } failure)
            return Run(connection, roundTrip);
        if (failure.IsDone)
            Run(connection, roundTrip);
        // XACT_ABORT: an error ends the transaction, and a statement that is broken off is one.
        else if (_owner == connection)
            Rollback();
        if (failure.IsConnectionLost)
            connection.Close();
        throw failure.Exception;
    }

    public void Closed(RecordedConnection connection)
    {
        if (_owner == connection)
            Rollback();
    }

    private List<DataTable> Run(RecordedConnection connection, RoundTrip roundTrip)
    {
        Assert.True(_owner is null || _owner == connection, "The lock is held by another connection.");
        var results = new List<DataTable>();
        foreach (var statement in roundTrip.Statements)
            Run(statement, isCall: statement.Parameters.Length > 0 || roundTrip.IsBatch, results);
        _owner = _open is null ? null : connection;
        return results;
    }

    private void Run(RecordedStatement sent, bool isCall, List<DataTable> results)
    {
        Assert.True(sent.Parameters.Length <= MaxParameters);
        var script = (TSqlScript)
            new TSql160Parser(initialQuotedIdentifiers: true).Parse(new StringReader(sent.Text), out var errors);
        Assert.Empty(errors);
        if (sent.Text == SqlServerStatements.Begin)
        {
            Begin(sent.Values, results);
            return;
        }

        foreach (var statement in script.Batches.SelectMany(b => b.Statements))
        {
            switch (statement)
            {
                case PredicateSetStatement or SetCommandStatement:
                    break;
                case CommitTransactionStatement:
                    Assert.False(isCall, "error 266: a call must not commit");
                    Commit();
                    break;
                case IfStatement { ThenStatement: RollbackTransactionStatement }:
                    Rollback();
                    break;
                case InsertStatement insert:
                    Insert(insert.InsertSpecification, sent);
                    break;
                case DeleteStatement delete:
                    Delete(delete.DeleteSpecification, sent);
                    break;
                case SelectStatement { QueryExpression: QuerySpecification query }:
                    results.Add(Select(query, sent));
                    break;
                case UpdateStatement update:
                    Update(update.UpdateSpecification, sent);
                    break;
                default:
                    throw new NotSupportedException(sent.Text);
            }
        }
    }

    private void Begin(object?[] values, List<DataTable> results)
    {
        Assert.Null(_open);
        _open = _committed.ToDictionary(
            t => t.Key,
            t => new Dictionary<string, object?[]>(t.Value, StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        var node = (long)values[1]!;
        var now = node - Clock > (long)values[7]! ? Clock : node;
        _openCounters =
        [
            _counters[0] + (long)values[0]!,
            _counters[1] <= now ? now : _counters[1] + TimeSpan.TicksPerMillisecond,
            _counters[2] + (long)values[2]!,
            _counters[4],
            (long)values[4]!,
        ];
        results.Add(HasCounters ? Table([.. _openCounters[..4].Cast<object?>(), now, Clock]) : Table());
        var heads = new List<object?[]>();
        foreach (var wanted in JsonDocument.Parse((string)values[3]!).RootElement.EnumerateArray())
        {
            if (wanted[0].GetInt32() >= (int)values[5]! && _openCounters[3] == (long)values[6]!)
                continue;
            var (type, id) = (wanted[1].GetInt16(), wanted[2].GetString());
            var head = _open["Resource"].Values.SingleOrDefault(r => (short)r[1]! == type && (string?)r[2] == id);
            if (head is null)
                continue;
            object?[]? version = null;
            if (wanted[3].GetInt32() == 1)
                _open["ResourceVersion"].TryGetValue(Text(head[6]), out version);
            heads.Add([
                wanted[0].GetInt32(),
                head[0],
                head[3],
                head[5],
                head[4],
                head[6],
                head[9],
                head[10],
                version?[5],
                version?[6],
            ]);
        }

        results.Add(Table([.. heads]));
    }

    private void Commit()
    {
        Assert.NotNull(_open);
        foreach (var (name, rows) in _open)
            _committed[name] = rows;
        _openCounters!.CopyTo(_counters, 0);
        _open = null;
    }

    private void Rollback() => (_open, _owner) = (null, null);

    /// <summary>Columns of one table, of the rows whose columns equal parameters.</summary>
    private DataTable Select(QuerySpecification query, RecordedStatement sent)
    {
        var shape = Shape(Name((NamedTableReference)query.FromClause.TableReferences.Single()));
        var wanted = Equal(query.WhereClause.SearchCondition, shape, sent).ToList();
        var places = query
            .SelectElements.Cast<SelectScalarExpression>()
            .Select(e => shape.Ordinal(Column(e.Expression)))
            .ToList();
        var rows = (_open ?? _committed)[shape.Name]
            .Values.Where(row => wanted.All(w => Text(row[w.Place]) == w.Value));
        return Table([.. rows.Select(row => places.Select(p => row[p]).ToArray())]);
    }

    private static IEnumerable<(int Place, string Value)> Equal(
        BooleanExpression condition,
        TableShape shape,
        RecordedStatement sent
    )
    {
        if (condition is BooleanBinaryExpression { BinaryExpressionType: BooleanBinaryExpressionType.And } and)
            return Equal(and.FirstExpression, shape, sent).Concat(Equal(and.SecondExpression, shape, sent));
        var equal = (BooleanComparisonExpression)condition;
        Assert.Equal(BooleanComparisonType.Equals, equal.ComparisonType);
        var name = ((VariableReference)equal.SecondExpression).Name;
        var value = sent.Parameters.Single(p => p.ParameterName == name).Value;
        return [(shape.Ordinal(Column(equal.FirstExpression)), Text(value))];
    }

    private static string Column(ScalarExpression expression) =>
        ((ColumnReferenceExpression)expression).MultiPartIdentifier.Identifiers[^1].Value;

    private void Insert(InsertSpecification insert, RecordedStatement sent)
    {
        var shape = Shape(Name((NamedTableReference)insert.Target));
        Assert.Equal(
            shape.Columns.Select(c => c.Name),
            insert.Columns.Select(c => c.MultiPartIdentifier.Identifiers[^1].Value)
        );
        var rows = insert.InsertSource switch
        {
            ValuesInsertSource values => Values(values.RowValues, shape, sent),
            SelectInsertSource { Select: QuerySpecification query } => Selected(query, shape, sent),
            _ => throw new NotSupportedException(sent.Text),
        };
        foreach (var row in rows)
            Assert.True(_open![shape.Name].TryAdd(Key(shape, row), row), $"error 2627: {shape.Name} {Text(row)}");
    }

    private void Delete(DeleteSpecification delete, RecordedStatement sent)
    {
        var join = (QualifiedJoin)delete.FromClause.TableReferences.Single();
        var name = Name((NamedTableReference)join.FirstTableReference);
        var full = Shape(name);
        var (columns, rows) = Listed(join.SecondTableReference, full, sent);
        // By the whole key, or by what the store calls all rows of one resource.
        var compared = Compared(join.SearchCondition, full).ToArray();
        Assert.Contains(
            FhirTables.Written,
            w => w.Name == name && w.Key.SequenceEqual(compared, StringComparer.Ordinal)
        );
        foreach (var row in rows)
        {
            var wanted = compared.Select(k => (Place: full.Ordinal(k), Value: Text(row[columns.IndexOf(k)]))).ToArray();
            foreach (
                var key in _open!
                    [name]
                    .Where(stored => wanted.All(w => Text(stored.Value[w.Place]) == w.Value))
                    .Select(stored => stored.Key)
                    .ToArray()
            )
                _open[name].Remove(key);
        }
    }

    private void Update(UpdateSpecification update, RecordedStatement sent)
    {
        var join = (QualifiedJoin)update.FromClause.TableReferences.Single();
        var shape = FhirTables.Resource;
        var (columns, rows) = Listed(join.SecondTableReference, shape, sent);
        Assert.Equal(shape.Key, Compared(join.SearchCondition, shape), StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var stored = (object?[])_open![shape.Name][Text(row[columns.IndexOf("Key")])].Clone();
            foreach (var set in update.SetClauses.Cast<AssignmentSetClause>())
            {
                var column = set.Column.MultiPartIdentifier.Identifiers[^1].Value;
                var source = ((ColumnReferenceExpression)set.NewValue).MultiPartIdentifier.Identifiers[^1].Value;
                stored[shape.Ordinal(column)] = row[columns.IndexOf(source)];
            }

            _open[shape.Name][Key(shape, stored)] = stored;
        }
    }

    private static IEnumerable<object?[]> Selected(QuerySpecification query, TableShape shape, RecordedStatement sent)
    {
        var (columns, rows) = Listed(query.FromClause.TableReferences.Single(), shape, sent);
        var places = query
            .SelectElements.Cast<SelectScalarExpression>()
            .Select(e => ((ColumnReferenceExpression)e.Expression).MultiPartIdentifier.Identifiers[^1].Value)
            .Select(name => columns.IndexOf(name))
            .ToList();
        return rows.Select(row => places.Select(p => row[p]).ToArray());
    }

    /// <summary>The rows of OPENJSON or of a list of VALUES, and the names of their columns.</summary>
    private static (List<string> Columns, List<object?[]> Rows) Listed(
        TableReference table,
        TableShape shape,
        RecordedStatement sent
    )
    {
        switch (table)
        {
            case InlineDerivedTable values:
                var names = values.Columns.Select(c => c.Value).ToList();
                return (names, [.. Values(values.RowValues, shape, sent)]);
            case OpenJsonTableReference json:
                var items = json.SchemaDeclarationItems;
                var text = (string)sent.Values[0]!;
                var rows = JsonDocument.Parse(text).RootElement.EnumerateArray();
                return (
                    [.. items.Select(i => i.ColumnDefinition.ColumnIdentifier.Value)],
                    [.. rows.Select(row => items.Select(item => Value(item, row)).ToArray())]
                );
            default:
                throw new NotSupportedException(sent.Text);
        }
    }

    /// <summary>The value that a path of OPENJSON points at, in the type it is declared with.</summary>
    private static object? Value(SchemaDeclarationItem item, JsonElement row)
    {
        var path = ((StringLiteral)item.Mapping).Value;
        var value = row[int.Parse(path[2..^1], CultureInfo.InvariantCulture)];
        var type = (SqlDataTypeReference)item.ColumnDefinition.DataType;
        switch (type.SqlDataTypeOption)
        {
            case SqlDataTypeOption.BigInt:
                return value.GetInt64();
            case SqlDataTypeOption.Int:
                return value.GetInt32();
            case SqlDataTypeOption.SmallInt:
                return value.GetInt16();
            case SqlDataTypeOption.NVarChar:
                var text = value.GetString()!;
                Assert.True(text.Length <= int.Parse(type.Parameters[0].Value, CultureInfo.InvariantCulture), text);
                return text;
            default:
                throw new NotSupportedException($"{type.SqlDataTypeOption}");
        }
    }

    private static IEnumerable<object?[]> Values(IList<RowValue> rows, TableShape shape, RecordedStatement sent)
    {
        Assert.InRange(rows.Count, 1, MaxValuesRows);
        foreach (var row in rows)
        {
            var parameters = row
                .ColumnValues.Cast<VariableReference>()
                .Select(v => sent.Parameters.Single(p => p.ParameterName == v.Name))
                .ToList();
            for (var i = 0; i < parameters.Count; i++)
                AssertFits(shape.Columns[i], parameters[i]);
            yield return [.. parameters.Select(p => p.Value is DBNull ? null : p.Value)];
        }
    }

    /// <summary>A parameter says its type and size, and its value is not cut by them.</summary>
    private static void AssertFits(Column column, DbParameter parameter)
    {
        var (type, size) = column.Type switch
        {
            ColumnType.Short => (DbType.Int16, 0),
            ColumnType.Int => (DbType.Int32, 0),
            ColumnType.Long => (DbType.Int64, 0),
            ColumnType.Real => (DbType.Double, 0),
            ColumnType.Text => (DbType.String, column.MaxLength),
            _ => (DbType.Binary, -1),
        };
        Assert.Equal((type, size), (parameter.DbType, parameter.Size));
        Assert.True(parameter.Value is not string text || text.Length <= size);
    }

    /// <summary>The columns of the table that a join compares, each with the one of its name; texts with a collation.</summary>
    private static IEnumerable<string> Compared(BooleanExpression condition, TableShape shape)
    {
        if (condition is BooleanBinaryExpression { BinaryExpressionType: BooleanBinaryExpressionType.And } and)
            return Compared(and.FirstExpression, shape).Concat(Compared(and.SecondExpression, shape));
        var equal = (BooleanComparisonExpression)condition;
        var (left, right) = ((ColumnReferenceExpression)equal.FirstExpression, equal.SecondExpression);
        var other = (ColumnReferenceExpression)right;
        var name = left.MultiPartIdentifier.Identifiers[^1].Value;
        Assert.Equal(name, other.MultiPartIdentifier.Identifiers[^1].Value);
        var isText = shape.Columns[shape.Ordinal(name)].Type == ColumnType.Text;
        Assert.Equal(isText ? SqlServerFhirDbContext.Collation : null, other.Collation?.Value);
        return [name];
    }

    private static Dictionary<string, Dictionary<string, object?[]>> Empty() =>
        FhirTables.All.ToDictionary(
            t => t.Name,
            _ => new Dictionary<string, object?[]>(StringComparer.Ordinal),
            StringComparer.Ordinal
        );

    private static TableShape Shape(string name) => FhirTables.All.Single(t => t.Name == name);

    private static string Name(NamedTableReference table) => table.SchemaObject.BaseIdentifier.Value;

    private static string Key(TableShape shape, object?[] row) =>
        string.Join('|', shape.Key.Select(k => Text(row[shape.Ordinal(k)])));

    private static string Text(object? value) =>
        value switch
        {
            null or DBNull => "",
            byte[] bytes => Convert.ToHexString(bytes),
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private static DataTable Table(params object?[][] rows)
    {
        var table = new DataTable { Locale = CultureInfo.InvariantCulture };
        if (rows.Length == 0)
            return table;
        for (var i = 0; i < rows[0].Length; i++)
            table.Columns.Add(
                null,
                rows.Select(r => r[i]).FirstOrDefault(v => v is not null)?.GetType() ?? typeof(object)
            );
        foreach (var row in rows)
            table.Rows.Add([.. row.Select(v => v ?? DBNull.Value)]);
        return table;
    }
}
