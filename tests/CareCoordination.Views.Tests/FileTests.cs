using System.Text;
using CareCoordination.Fhir.Budgets;
using CareCoordination.ParquetFiles;
using CareCoordination.Views.Files;
using CareCoordination.Views.Plans;
using Parquet;
using Parquet.Schema;

namespace CareCoordination.Views.Tests;

/// <summary>Rows as files.</summary>
public sealed class FileTests
{
    private const string View = """
        {"resource":"Observation","select":[{"column":[{"name":"id","path":"id"},{"name":"flag","path":"value.ofType(boolean)"},
        {"name":"whole","path":"value.ofType(integer)"},{"name":"number","path":"value.ofType(Quantity).value"},
        {"name":"when","path":"effective.ofType(dateTime)"},{"name":"many","path":"category.text","collection":true},
        {"name":"json","path":"code","type":"CodeableConcept"}]}]}
        """;

    private static readonly string[] Resources =
    [
        """{"resourceType":"Observation","id":"1","valueBoolean":true,"effectiveDateTime":"2026-01","category":[{"text":"a, \"b\""},{"text":"c\nd"}],"code":{"text":"é\u0041"}}""",
        """{"resourceType":"Observation","id":"2","valueInteger":-7}""",
        """{"resourceType":"Observation","id":"3","valueQuantity":{"value":7.10}}""",
    ];

    [Theory]
    [InlineData(
        "ndjson",
        """
            {"id":"1","flag":true,"whole":null,"number":null,"when":"2026-01","many":["a, \"b\"","c\nd"],"json":{"text":"é\u0041"}}
            {"id":"2","flag":null,"whole":-7,"number":null,"when":null,"many":[],"json":null}
            {"id":"3","flag":null,"whole":null,"number":7.10,"when":null,"many":[],"json":null}

            """
    )]
    [InlineData(
        "json",
        """
            [{"id":"1","flag":true,"whole":null,"number":null,"when":"2026-01","many":["a, \"b\"","c\nd"],"json":{"text":"é\u0041"}},
            {"id":"2","flag":null,"whole":-7,"number":null,"when":null,"many":[],"json":null},
            {"id":"3","flag":null,"whole":null,"number":7.10,"when":null,"many":[],"json":null}]
            """
    )]
    [InlineData(
        "csv",
        "id,flag,whole,number,when,many,json\r\n1,true,,,2026-01,\"[\"\"a, \\\"\"b\\\"\"\"\",\"\"c\\nd\"\"]\",\"{\"\"text\"\":\"\"é\\u0041\"\"}\"\r\n2,,-7,,,[],\r\n3,,,7.10,,[],\r\n"
    )]
    [InlineData(
        "fhir",
        """{"resourceType":"Parameters","parameter":[{"name":"row","part":[{"name":"id","valueId":"1"},{"name":"flag","valueBoolean":true},{"name":"when","valueDateTime":"2026-01"},{"name":"many","valueString":"a, \"b\""},{"name":"many","valueString":"c\nd"},{"name":"json","valueCodeableConcept":{"text":"é\u0041"}}]},{"name":"row","part":[{"name":"id","valueId":"2"},{"name":"whole","valueInteger":-7}]},{"name":"row","part":[{"name":"id","valueId":"3"},{"name":"number","valueDecimal":7.10}]}]}"""
    )]
    public async Task Text_is_written_as_its_format_has_it(string code, string expected)
    {
        var format = new[] { RowFormat.NdJson, RowFormat.Json, RowFormat.Csv, RowFormat.Fhir }.Single(f =>
            f.Code == code
        );

        Assert.Equal(
            expected.ReplaceLineEndings("\n").Replace("\\r", "\r", StringComparison.Ordinal),
            Encoding.UTF8.GetString(await WriteAsync(format, Resources)).Replace("\r\n", "\n", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Parquet_is_read_by_others_with_its_types()
    {
        using var bytes = new MemoryStream(await WriteAsync(ParquetFile.Format, Resources));
        await using var reader = await ParquetReader.CreateAsync(
            bytes,
            cancellationToken: TestContext.Current.CancellationToken
        );
        var fields = reader.Schema.DataFields;
        using var group = reader.OpenRowGroupReader(0);

        Assert.Equal(
            ["id String", "flag Boolean", "whole Int64", "number Double", "when String", "many String", "json String"],
            fields.Select(f => $"{f.Name} {(f.ClrType == typeof(ReadOnlyMemory<char>) ? "String" : f.ClrType.Name)}")
        );
        Assert.Equal(["1", "2", "3"], await TextsAsync(group, fields[0]));
        Assert.Equal([true, null, null], await ValuesAsync<bool>(group, fields[1]));
        Assert.Equal([null, -7L, null], await ValuesAsync<long>(group, fields[2]));
        Assert.Equal([null, null, 7.1], await ValuesAsync<double>(group, fields[3]));
        Assert.Equal(["2026-01", null, null], await TextsAsync(group, fields[4]));
        Assert.Equal("[]", (await TextsAsync(group, fields[5])).ElementAt(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(120_000)]
    public async Task Parquet_holds_any_number_of_rows_in_groups_that_fit_into_memory(int rows)
    {
        var one =
            """{"resourceType":"Observation","id":"1","effectiveDateTime":"2026-01-02T10:00:00.000+01:00","code":{"text":"TEXT"}}""";

        using var bytes = new MemoryStream(
            await WriteAsync(
                ParquetFile.Format,
                Enumerable.Repeat(one.Replace("TEXT", new string('x', 60), StringComparison.Ordinal), rows)
            )
        );

        await using var reader = await ParquetReader.CreateAsync(
            bytes,
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(rows, reader.RowGroups.Sum(g => g.RowCount));
        Assert.Equal(rows > 100_000, reader.RowGroupCount > 1);
    }

    [Theory]
    [InlineData("ndjson")]
    [InlineData("json")]
    [InlineData("csv")]
    [InlineData("parquet")]
    [InlineData("fhir")]
    public async Task No_more_rows_are_taken_than_are_wanted(string code)
    {
        var format = new[]
        {
            RowFormat.NdJson,
            RowFormat.Json,
            RowFormat.Csv,
            RowFormat.Fhir,
            ParquetFile.Format,
        }.Single(f => f.Code == code);

        Assert.Equal(2, (await FileAsync(format, Resources, new MemoryStream(), 2)).Rows);
    }

    private static async Task<byte[]> WriteAsync(RowFormat format, IEnumerable<string> resources)
    {
        using var output = new MemoryStream();
        await FileAsync(format, resources, output, long.MaxValue);
        return output.ToArray();
    }

    private static async Task<RowFile> FileAsync(
        RowFormat format,
        IEnumerable<string> resources,
        Stream output,
        long most
    )
    {
        var plan = RowList.Plan(View).Value;
        var file = format.New(new(plan.Columns, most));
        var run = new ViewRun(plan, file, new WorkBudget(WorkLimits.None));
        foreach (var resource in resources)
        {
            Assert.Null(run.Add(RowList.Parse(resource).Value));
            await file.FlushAsync(output, TestContext.Current.CancellationToken);
        }

        await file.EndAsync(output, TestContext.Current.CancellationToken);
        return file;
    }

    private static async Task<IEnumerable<string?>> TextsAsync(ParquetRowGroupReader group, DataField field)
    {
        var values = new string?[group.RowCount];
        await group.ReadAsync(field, values.AsMemory()!, cancellationToken: TestContext.Current.CancellationToken);
        return values;
    }

    private static async Task<T?[]> ValuesAsync<T>(ParquetRowGroupReader group, DataField field)
        where T : struct
    {
        var values = new T?[group.RowCount];
        await group.ReadAsync<T>(field, values.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
        return values;
    }
}
