using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Rows;
using CareCoordination.Storage.Tables;

namespace CareCoordination.Storage.Tests;

/// <summary>What each engine makes of the parts of statements that engines write differently.</summary>
public sealed class DialectTests
{
    private static readonly string[] Texts =
    [
        "",
        " ",
        "a",
        "A",
        "ab",
        "abc",
        "abz",
        "ac",
        "b",
        "100%",
        "under_score",
        "quote's",
        "back\\slash",
        "\"double\"",
        "[bracket]",
        "zoë",
        "zo\u0308",
        "ß",
        "ÿ",
        "ﬁ",
        "中文",
        "é́",
        "\uFFFD",
        "line\nbreak",
        "tab\there",
        "NULL",
        "'; DROP TABLE x; --",
    ];

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_text_is_found_by_every_part_of_it_and_by_nothing_else(StorageProvider provider)
    {
        await using var table = await Table.OfAsync(provider, Texts);
        foreach (
            var part in (string[])["a", "b", "ab", "%", "_", "'", "\\", "\"", "[", "]", "ë", "文", "\n", "--", "A", "q"]
        )
        {
            var found = await table.TextsAsync(
                (sql, column) => sql.Dialect.Contains(sql.Add(" WHERE "), column, sql.Parameter(part))
            );

            Assert.Equal(
                Texts.Where(t => t.Contains(part, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
                found.Order(StringComparer.Ordinal)
            );
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task What_comes_after_a_prefix_comes_after_all_texts_that_start_with_it_and_before_all_others(
        StorageProvider provider
    )
    {
        string[] texts = [.. Texts.Where(t => t.Length > 0), "ab\uFFFD", "ab\uD7FF", "ab\uE000", "abÿÿÿ", "ab ab"];
        await using var table = await Table.OfAsync(provider, texts);
        foreach (var prefix in (string[])["a", "ab", "abc", "b", "z", "zo", "中", "ab\uD7FF", "\uFFFD", "1", "["])
        {
            var found = await table.TextsAsync(
                (sql, column) =>
                {
                    var name = new RawSql(column);
                    sql.Add($" WHERE {name} >= {prefix} AND {name} < {sql.Dialect.AfterPrefix(prefix)}");
                }
            );

            Assert.Equal(
                texts.Where(t => t.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
                found.Order(StringComparer.Ordinal)
            );
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_list_finds_exactly_its_members(StorageProvider provider)
    {
        await using var table = await Table.OfAsync(provider, Texts);
        foreach (
            var list in (string[][])
                [
                    ["a"],
                    ["a", "A"],
                    [.. Texts],
                    ["nobody", "'; DROP TABLE x; --", "\"double\""],
                    ["a", "a", "a"],
                    [.. Enumerable.Range(0, 5000).Select(i => $"x{i}"), "zoë"],
                ]
        )
        {
            var found = await table.TextsAsync((sql, column) => sql.Dialect.AnyOf(sql.Add(" WHERE "), column, list));

            Assert.Equal(Texts.Where(list.Contains).Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_list_of_numbers_finds_exactly_its_members(StorageProvider provider)
    {
        await using var table = await Table.OfAsync(provider, Texts);
        foreach (
            var list in (long[][])
                [
                    [0],
                    [0, 3, 26],
                    [long.MinValue, 5, long.MaxValue],
                    [99, 98],
                ]
        )
        {
            var found = await table.TextsAsync((sql, _) => sql.Dialect.AnyOf(sql.Add(" WHERE "), "\"Target\"", list));

            Assert.Equal(
                Texts.Where((_, i) => list.Contains(i)).Order(StringComparer.Ordinal),
                found.Order(StringComparer.Ordinal)
            );
        }
    }

    [Theory]
    [InlineData(StorageProvider.Sqlite, false)]
    [InlineData(StorageProvider.Sqlite, true)]
    [InlineData(StorageProvider.PostgreSql, false)]
    [InlineData(StorageProvider.PostgreSql, true)]
    [InlineData(StorageProvider.SqlServer, false)]
    [InlineData(StorageProvider.SqlServer, true)]
    public async Task Rows_without_a_value_are_the_last_in_either_order(StorageProvider provider, bool descending)
    {
        await using var table = await Table.OfAsync(provider, ["b", "c", "a", "", "d"]);
        const string Value = """CASE WHEN "Text" = '' THEN NULL ELSE "Text" END""";

        var found = await table.TextsAsync(
            (sql, _) => sql.Add($" ORDER BY {new RawSql(sql.Dialect.NullsLast(Value, descending))}")
        );

        Assert.Equal(descending ? ["d", "c", "b", "a", ""] : ["a", "b", "c", "d", ""], found);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task The_first_rows_are_taken_in_the_order_asked_for(StorageProvider provider)
    {
        await using var table = await Table.OfAsync(provider, ["b", "c", "a", "e", "d"]);
        foreach (var count in (int[])[1, 3, 5, 100])
        {
            var found = await table.TextsAsync(
                (sql, column) => sql.Dialect.Limit(sql.Add($" ORDER BY {new RawSql(column)}"), count)
            );

            Assert.Equal(((string[])["a", "b", "c", "d", "e"]).Take(count), found);
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Texts_come_back_as_they_went_in_and_sort_by_code_point(StorageProvider provider)
    {
        await using var table = await Table.OfAsync(provider, Texts);

        var found = await table.TextsAsync((sql, column) => sql.Add($" ORDER BY {new RawSql(column)}"));

        Assert.Equal(Texts.Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public void What_a_client_sent_is_always_a_parameter()
    {
        foreach (var dialect in (SqlDialect[])[new SqliteDialect(), new PostgreSqlDialect(), new SqlServerDialect()])
        {
            // Not a constant: what the compiler knows is text, and no client sends it.
            var evil = string.Concat("'; DROP ", "TABLE x; --");
            var builder = new SqlBuilder(dialect);
            builder.Add($"SELECT 1 WHERE x = {evil} AND ");
            dialect.Contains(builder, "y", builder.Parameter(evil));
            builder.Add(" AND ");
            dialect.AnyOf(builder, "z", [evil]);
            builder.Add(" AND ");
            dialect.AnyOf(builder, "z", [evil, evil + evil]);

            var sql = builder.Build();

            Assert.DoesNotContain("DROP", sql.Text, StringComparison.Ordinal);
            Assert.Equal(4, sql.Values.Count);
            for (var i = 0; i < sql.Values.Count; i++)
                Assert.Contains(dialect.Placeholder(i), sql.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ab", "ab")]
    [InlineData("a\0b", "a\uFFFDb")]
    [InlineData("\0\0", "\uFFFD\uFFFD")]
    public void A_null_character_is_replaced_in_rows_and_searches_alike(string text, string kept)
    {
        var sql = new SqlBuilder(new SqliteDialect()).Add($"SELECT {text}").Build();
        var rows = new RowBuffer(new TableShape("t", [new Column("x", ColumnType.Text)], ["x"], []));
        rows.Add(text);

        Assert.Equal(kept, Assert.Single(sql.Values));
        Assert.Equal(kept, rows.Value(0, 0));
        Assert.Equal(kept, DbText.Of(text));
    }

    /// <summary>Rows of texts, numbered, in a database of their own, with the collation of our tables.</summary>
    private sealed class Table : IAsyncDisposable
    {
        private readonly TestDatabase _database;
        private readonly DatabaseEngine _engine;
        private readonly CommitWriter _writer;

        private Table(TestDatabase database, DatabaseEngine engine, CommitWriter writer) =>
            (_database, _engine, _writer) = (database, engine, writer);

        public static async Task<Table> OfAsync(StorageProvider provider, IReadOnlyList<string> texts)
        {
            var database = await TestDatabase.CreateAsync(provider);
            var engine = DatabaseEngine.Create(database.Options);
            var table = new Table(database, engine, await engine.OpenWriterAsync(default));
            var collation = provider switch
            {
                StorageProvider.SqlServer => $"nvarchar(400) COLLATE {SqlServerFhirDbContext.Collation}",
                StorageProvider.PostgreSql => "text COLLATE \"C\"",
                _ => "text",
            };
            await table.ExecuteAsync(new Sql($"""CREATE TABLE "Texts" ("Target" bigint, "Text" {collation})""", []));
            for (var i = 0; i < texts.Count; i++)
                await table.ExecuteAsync(
                    new SqlBuilder(engine.Dialect)
                        .Add($"""INSERT INTO "Texts" VALUES ({(long)i}, {texts[i]})""")
                        .Build()
                );
            return table;
        }

        public async Task<List<string>> TextsAsync(Action<SqlBuilder, string> write)
        {
            var sql = new SqlBuilder(_engine.Dialect).Add("""SELECT "Text" FROM "Texts" """);
            write(sql, "\"Text\"");
            return await _writer.Session.QueryAsync(
                sql.Build(),
                row => row.GetString(0),
                TestContext.Current.CancellationToken
            );
        }

        public async ValueTask DisposeAsync()
        {
            await _writer.DisposeAsync();
            await _engine.DisposeAsync();
            await _database.DisposeAsync();
        }

        private Task ExecuteAsync(Sql sql) => _writer.Session.ExecuteAsync(sql, TestContext.Current.CancellationToken);
    }
}
