using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Connections;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Outbox;
using CareCoordination.Storage.Projections;
using CareCoordination.Storage.Search;
using CareCoordination.Storage.ServerState;
using CareCoordination.Storage.Tables;
using CareCoordination.TestKit;

namespace CareCoordination.Storage.Tests;

/// <summary>
/// Every statement for SQL Server is read by Microsoft's own parser, with the grammar of SQL Server 2022: what is no T-SQL is found
/// without a server.
/// </summary>
public sealed class SqlServerGrammarTests
{
    private static readonly SqlServerDialect Dialect = new();
    private static readonly IndexSource Source = new(R4Definitions.Schema, TestDatabase.Extractor);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_parser_refuses_what_is_no_T_SQL()
    {
        Assert.NotEmpty(TransactSql.Errors("SELECT 1 LIMIT 1"));
        Assert.NotEmpty(TransactSql.Errors("""SELECT (a, b) = (1, 2) FROM "t" """));
        Assert.NotEmpty(TransactSql.Errors("SELECT a FROM t ORDER BY a NULLS LAST"));
        Assert.Empty(TransactSql.Errors("""SELECT "a" FROM "t" ORDER BY "a" OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY"""));
    }

    [Fact]
    public void The_migrations_are_T_SQL() =>
        Assert.Empty(
            TransactSql.Errors(
                File.ReadAllText(InRepository("src/CareCoordination.Storage/Migrations/SqlServer/create.sql"))
            )
        );

    [Fact]
    public void Every_recorded_statement_is_T_SQL()
    {
        var files = Directory.GetFiles(
            InRepository("tests/CareCoordination.Storage.Tests/Snapshots"),
            "*.SqlServer.sql"
        );
        Assert.NotEmpty(files);

        foreach (var file in files)
        foreach (var statement in File.ReadAllText(file).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
            TransactSql.AssertParses(statement);
    }

    [Fact]
    public void Every_search_by_every_parameter_is_T_SQL()
    {
        var search = new SearchSql(Dialect, Source);
        var (count, texts) = (0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var query in SearchQueries().Select(Given.Query))
        {
            count++;
            foreach (var sql in search.Pages(query).Append(search.Count(query)))
            {
                Assert.True(sql.Values.Count <= Dialect.MaxParameters);
                texts.Add(sql.Text);
            }
        }

        foreach (var query in LongQueries().Select(Given.Query))
        foreach (var sql in search.Pages(query).Append(search.Count(query)))
            texts.Add(sql.Text);

        Assert.InRange(count, 10_000, 1_000_000);
        Assert.All(texts, TransactSql.AssertParses);
    }

    [Fact]
    public void Every_sort_and_every_next_page_is_T_SQL()
    {
        var search = new SearchSql(Dialect, Source);
        foreach (
            var sort in (string[])
                [
                    "_id",
                    "-_id",
                    "_lastUpdated",
                    "-_lastUpdated",
                    "family",
                    "-birthdate,given",
                    "-family,_id",
                    "gender",
                    "-active,family",
                ]
        )
        {
            var query = Given.Query($"Patient?gender=male&_sort={sort}");
            var values = query.Sort.Select(s => s.By == SortBy.Id ? "\"a\"" : "\"7\"").ToArray();
            for (var nulls = 0; nulls <= values.Length; nulls++)
            {
                var cursor = $"[{string.Join(',', values.Select((v, i) => i < values.Length - nulls ? v : "null"))}]";
                if (nulls > 0 && query.Sort.Any(s => s.Parameter is null))
                    continue;
                foreach (var sql in search.Pages(query with { After = new PageCursor(cursor, 42) }))
                    TransactSql.AssertParses(sql);
            }
        }
    }

    [Fact]
    public void Every_include_is_T_SQL()
    {
        var includes = new IncludeSql(Dialect, Source, maxIncluded: 1000);
        foreach (var include in (string[])["Task:*", "Task:focus", "Goal:subject", "Task:owner:Practitioner"])
        {
            var parsed = Given.Query($"Patient?_revinclude={include}").Includes.Single();
            TransactSql.AssertParses(includes.Sources(parsed, [1]));
            TransactSql.AssertParses(includes.Sources(parsed, [1, 2, 3]));
        }

        TransactSql.AssertParses(includes.ByVersions([(Given.Key("Patient/1"), 2)]));
        TransactSql.AssertParses(includes.ByVersions([(Given.Key("Patient/1"), 2), (Given.Key("Task/2"), 1)]));
        TransactSql.AssertParses(includes.ByKeys([Given.Key("Patient/1")]));
        TransactSql.AssertParses(includes.ByKeys([Given.Key("Patient/1"), Given.Key("Task/2")]));
    }

    [Fact]
    public void Histories_and_compartments_are_T_SQL()
    {
        var history = new HistorySql(Dialect, Source);
        foreach (var (type, id) in ((string?, string?)[])[(null, null), ("Patient", null), ("Patient", "a")])
        foreach (var since in (DateTimeOffset?[])[null, Now])
        foreach (var at in (DateRange?[])[null, new DateRange(1, 2)])
        foreach (var before in (long?[])[null, 7])
        {
            var query = new HistoryQuery(type, id, 20)
            {
                Since = since,
                At = at,
                Before = before,
            };
            foreach (var within in (SequenceRange[])[new(null, null), new(1, null), new(null, 9), new(1, 9)])
            {
                TransactSql.AssertParses(history.Page(query, within));
                TransactSql.AssertParses(history.Count(query, within));
            }
        }

        var everything = new EverythingSql(Dialect, Source);
        foreach (
            var types in (ImmutableArray<string>[])
                [
                    [],
                    ["Task"],
                    ["Task", "Goal", "CarePlan"],
                ]
        )
        foreach (var since in (DateTimeOffset?[])[null, Now])
            TransactSql.AssertParses(
                everything.Page(
                    new EverythingQuery(Given.Key("Patient/a"), 20)
                    {
                        Types = types,
                        Since = since,
                        After = 7,
                    }
                )
            );
    }

    [Fact]
    public void Worklists_and_caseloads_are_T_SQL()
    {
        var (worklist, caseload) = (new WorklistSql(Dialect, Source), new CaseloadSql(Dialect, Source));
        foreach (var owners in Parties())
        foreach (
            var codes in (ImmutableArray<short>[])
                [
                    [],
                    [1],
                    [1, 2, 3],
                ]
        )
        foreach (var after in (WorkPlace?[])[null, new WorkPlace(3, true, 1, Now, "a")])
        {
            var query = new WorklistQuery(Now, 20)
            {
                Owners = owners,
                IsUnowned = owners.IsEmpty,
                Patient = after is null ? null : Given.Key("Patient/1"),
                Statuses = codes,
                Priorities = codes,
                DueBefore = after is null ? null : Now,
                Criteria = Given.Query("Task?performer=nurse&code=a,b,c").Criteria,
                After = after,
            };
            TransactSql.AssertParses(worklist.Page(query));
            TransactSql.AssertParses(worklist.Count(query));
            if (owners.IsEmpty || codes.IsEmpty)
                continue;
            TransactSql.AssertParses(caseload.Patients(new CaseloadQuery(owners, codes, Now)));
            TransactSql.AssertParses(caseload.Overdue(new CaseloadQuery(owners, codes, Now)));
        }

        TransactSql.AssertParses(new TimerSql(Dialect, Source).Due(Now, 10));
    }

    [Fact]
    public void Questions_about_messages_are_T_SQL()
    {
        var sql = new OutboxSql(Dialect);
        var full = new OutboxQuery(10)
        {
            Topic = "x",
            Subject = Given.Key("Task/t"),
            About = Given.Key("ServiceRequest/r"),
            Destination = "p",
            State = MessageState.Parked,
            Since = Now,
            Before = 7,
        };
        Sql[] all =
        [
            sql.NextDestination("x", ""),
            sql.NextPartnerWithCopies(""),
            sql.Due("x", "p", 7, 20),
            sql.Oldest("x", "p"),
            sql.Find("a"),
            sql.ByIds(["a"]),
            sql.ByIds(["a", "b", "c"]),
            sql.OfSubjects(["a"]),
            sql.OfSubjects(["a", "b", "c"]),
            sql.Page(new OutboxQuery(10)),
            sql.Page(full),
            sql.Depth("x", "p"),
            sql.Copy("p", "t"),
            sql.CopyAt("p", "r"),
            sql.Inbound("p", "r", "1"),
            sql.InboundAt(7),
            sql.InboundPage(InboundState.Applied, null, null, 10),
            sql.InboundPage(InboundState.Applied, "p", 7, 10),
            sql.PartnerStatuses(["a"]),
            sql.PartnerStatuses(["a", "b", "c"]),
            sql.Done(7, 10),
            sql.DoneInbound(7, 10),
            sql.RefusedBefore(7, 10),
            sql.RefusedOf("p", 10),
            sql.RefusedThrough("p", 7, 10),
        ];

        Assert.All(all, TransactSql.AssertParses);
    }

    [Fact]
    public void Questions_about_what_the_server_remembers_are_T_SQL()
    {
        var sql = new StateSql(Dialect);
        Sql[] all =
        [
            sql.Answers(["a"]),
            sql.Answers(["a", "b", "c"]),
            sql.ExpiredAnswers(7, 10),
            sql.JobById("j"),
            sql.Steps(StepRange.All("j")),
            sql.Steps(StepRange.Only("j", 3)),
            sql.RunningJobs("k"),
            sql.EndedJobs(7, 10),
        ];

        Assert.All(all, TransactSql.AssertParses);
    }

    [Fact]
    public void Questions_about_the_database_are_T_SQL() =>
        Assert.All(
            [SqlServerSettings.SettingsSql, SqlServerSettings.JsonSql, SqlServerSettings.TurnSnapshotsOn],
            TransactSql.AssertParses
        );

    /// <summary>Every search parameter of every resource type, with every modifier and prefix it has and one, two and three values.</summary>
    private static IEnumerable<string> LongQueries() =>
        from length in (int[])[128, 129, 300, 1024]
        from more in (string[])["", ",b"]
        select $"Patient?family={new string('a', length)}{more}";

    private static IEnumerable<string> SearchQueries()
    {
        foreach (var type in R4Definitions.Schema.Types.Values.Where(t => t is { IsResource: true, IsAbstract: false }))
        foreach (var parameter in TestDatabase.Registry.Of(type.Name))
        foreach (var (modifier, values) in Values(parameter))
        {
            yield return $"{type.Name}?{parameter.Code}{modifier}={values[0]}";
            yield return $"{type.Name}?{parameter.Code}{modifier}={values[0]},{values[^1]}";
            yield return $"{type.Name}?{parameter.Code}{modifier}={values[0]},{values[^1]},{string.Join(',', values)}";
            yield return $"{type.Name}?{parameter.Code}:missing=true&{parameter.Code}{modifier}={values[0]}";
        }
    }

    private static IEnumerable<(string Modifier, string[] Values)> Values(SearchParameter parameter) =>
        parameter switch
        {
            { Components.Length: 3 } => [("", ["a$1$2", "http://s|a$ne1$ne2", "|a$ap1$gt2"])],
            { Type: SearchParameterType.Composite } => Tuples(parameter),
            { Type: SearchParameterType.Token, Forms.IsOpen: false } => Tokens(parameter.Forms),
            { IsPhonetic: true } => [("", ["a"])],
            { HasIdentifiers: true } =>
            [
                .. Values(parameter.Type, parameter.Targets),
                ("", ["Patient/1/_history/2", "http://elsewhere/Patient/1/_history/2"]),
                (":identifier", ["a", "http://s|a", "http://s|", "|a"]),
            ],
            _ => Values(parameter.Type, parameter.Targets),
        };

    /// <summary>What elements of such a kind can have.</summary>
    private static IEnumerable<(string Modifier, string[] Values)> Tokens(TokenForms forms) =>
        forms switch
        {
            { Codes: [{ Codes: [var code, ..] }, ..] } =>
            [
                ("", [code.Value, $"{code.System}|{code.Value}", $"{code.System}|", $"|{code.Value}"]),
                (":not", [$"{code.System}|", code.Value]),
            ],
            { HasContactPoints: true } => [("", ["a", "email|a", "email|", "|a"]), (":not", ["email|"])],
            { HasBooleans: true } => [("", ["true", "|false"]), (":not", ["true"])],
            _ => [("", ["a", "|a"]), (":not", ["a"])],
        };

    private static IEnumerable<(string Modifier, string[] Values)> Tuples(SearchParameter parameter) =>
        Values(parameter.Components[1].Type, parameter.Targets)
            .Where(second => second.Modifier.Length == 0)
            .Select(second =>
                (
                    "",
                    (string[])
                        [
                            .. second.Values.Where(v => !v.EndsWith('|')).Select(v => $"a${v}"),
                            $"http://s|b${second.Values[0]}",
                        ]
                )
            );

    private static IEnumerable<(string Modifier, string[] Values)> Values(
        SearchParameterType type,
        ImmutableArray<string> targets
    )
    {
        string[] prefixes = ["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];
        return type switch
        {
            SearchParameterType.Token => [("", ["a", "http://s|a", "http://s|", "|a"]), (":not", ["a", "http://s|a"])],
            SearchParameterType.String => [("", ["a"]), (":exact", ["A"]), (":contains", ["b"])],
            SearchParameterType.Date => prefixes.Select(p => ("", (string[])[$"{p}2024", $"{p}2024-02-29"])),
            SearchParameterType.Number => prefixes.Select(p => ("", (string[])[$"{p}5", $"{p}5.40"])),
            SearchParameterType.Quantity => prefixes.Select(p =>
                ("", (string[])[$"{p}5", $"{p}5.4|http://u|mg", $"{p}5||mg"])
            ),
            SearchParameterType.Reference => [("", [$"{targets.FirstOrDefault("Patient")}/1", "http://elsewhere/1"])],
            SearchParameterType.Uri => [("", ["http://a", "http://a|1"])],
            _ => [],
        };
    }

    private static IEnumerable<ImmutableArray<Party>> Parties()
    {
        var here = new Party(Given.Key("Practitioner/1"), "Practitioner/1");
        var elsewhere = new Party(null, "http://a.example/Practitioner/2");
        return
        [
            [],
            [here],
            [elsewhere],
            [here, elsewhere],
            [here, here, elsewhere, elsewhere],
        ];
    }

    private static string InRepository(string path) => Path.Combine(SharedMaterial.Repository, path);
}
