using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Projections;
using CareCoordination.Storage.Search;
using CareCoordination.Storage.Tables;
using CareCoordination.TestKit;

namespace CareCoordination.Storage.Tests;

/// <summary>
/// What a caller with limits asks is T-SQL: each way of seeing something by itself and all together, of callers who act as nobody, as some
/// and as many, in every statement that has a part of it.
/// </summary>
public sealed class SqlServerAccessGrammarTests
{
    private static readonly IndexSource Source = new(R4Definitions.Schema, TestDatabase.Extractor);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Asker Ana = new([Given.Key("Practitioner/ana")], [7, 8]);
    private static readonly Relations OfAna = new(Ana, [1, 2, 3]);

    /// <summary>Each way of seeing something, by a name.</summary>
    private static readonly (string Name, Sight Sight)[] Sights =
    [
        ("everything", new Sight()),
        ("labels", new Sight { Hidden = 12 }),
        ("nobody", new Sight { IsOfNobody = true }),
        ("one patient", new Sight { Patients = [new OnlyPatients([Given.Key("Patient/a")])] }),
        (
            "some patients",
            new Sight { Patients = [new OnlyPatients([Given.Key("Patient/a"), Given.Key("Patient/b")])] }
        ),
        ("related", new Sight { Patients = [new RelatedPatients(OfAna)] }),
        (
            "related and one",
            new Sight { Patients = [new RelatedPatients(OfAna), new OnlyPatients([Given.Key("Patient/a")])] }
        ),
        ("named", new Sight { Names = OfAna }),
        ("disclosed", new Sight { Disclosed = OfAna }),
        ("criteria", new Sight { Criteria = Given.Query("Task?status=requested&code=a").Criteria }),
        (
            "denied",
            new Sight
            {
                Patients = [new RelatedPatients(OfAna)],
                Consent = new ConsentQuestion(OfAna, 3),
                Hidden = 4,
            }
        ),
    ];

    public static TheoryData<string, int> Callers()
    {
        var data = new TheoryData<string, int>();
        foreach (var name in Sights.Select(s => s.Name).Append("all"))
        foreach (var parties in (int[])[0, 1, 3, 40])
            data.Add(name, parties);
        return data;
    }

    [Theory]
    [MemberData(nameof(Callers))]
    public void What_a_caller_with_limits_asks_is_T_SQL(string name, int parties)
    {
        var seen = Seen(name, parties);
        Assert.All(Searches(seen), TransactSql.AssertParses);
        Assert.All(Others(seen), TransactSql.AssertParses);
        Assert.All(Snapshots(seen), TransactSql.AssertParses);
    }

    private static Visibility Seen(string name, int parties)
    {
        var of = new TypeVisibility([.. Sights.Where(s => name == "all" || s.Name == name).Select(s => s.Sight)]);
        var types = (string[])
            ["Patient", "Task", "Observation", "RiskAssessment", "CarePlan", "EpisodeOfCare", "Practitioner"];
        return new Visibility(types.Select(type => KeyValuePair.Create(type, of)), Now).Knowing(
            new Dictionary<Asker, ImmutableArray<long>>
            {
                [Ana] = [.. Enumerable.Range(1, parties).Select(n => (long)n)],
            }
        );
    }

    private static IEnumerable<Sql> Searches(Visibility seen)
    {
        foreach (
            var query in (string[])
                [
                    "Task",
                    "Task?status=requested&_sort=-_lastUpdated",
                    "Task?patient:Patient.family=a&_sort=_id",
                    "Task?owner=Practitioner/1,Practitioner/2&code:not=a",
                    "Patient?family=a&_sort=-birthdate,family",
                    "Patient?general-practitioner:Practitioner.name=a",
                    "Patient?_has:Observation:patient:code=a",
                    "Patient?_has:Task:patient:owner=Practitioner/1&_sort=birthdate",
                    "Task?_has:Task:part-of:status=requested&_id=a",
                    "Task?_has:Task:part-of:owner=Practitioner/1",
                    "Task?patient._has:Observation:patient:_has:DiagnosticReport:result:date=2026",
                    "Task?patient:Patient.general-practitioner:Practitioner.name=a&status=requested",
                    "Observation?patient=Patient/a&code=a,b&date=ge2026",
                    "Observation?_id=a,b,c",
                ]
        )
        foreach (var guesses in (bool[])[false, true])
        {
            var asked = Given.Query(query) with { Visibility = seen, Count = 20 };
            var search = new SearchSql(TransactSql.Dialect, Source, guesses);
            foreach (var sql in search.Pages(asked).Append(search.Count(asked)).Append(search.Window(asked, 100)))
                yield return sql;
        }
    }

    private static IEnumerable<Sql> Others(Visibility seen)
    {
        var includes = new IncludeSql(TransactSql.Dialect, Source, maxIncluded: 1000);
        yield return includes.ByKeys([Given.Key("Patient/1"), Given.Key("Task/2")], seen);
        yield return includes.ByVersions([(Given.Key("Patient/1"), 2), (Given.Key("Task/2"), 1)], seen);
        yield return includes.Sources(Given.Query("Patient?_revinclude=Task:patient").Includes.Single(), [1, 2], seen);
        var history = new HistorySql(TransactSql.Dialect, Source);
        foreach (var (type, id) in ((string?, string?)[])[(null, null), ("Task", null), ("Task", "a")])
        {
            var past = new HistoryQuery(type, id, 20) { Visibility = seen };
            yield return history.Page(past, new SequenceRange(1, 9));
            yield return history.Count(past, new SequenceRange(1, 9));
        }

        yield return new EverythingSql(TransactSql.Dialect, Source).Page(
            new EverythingQuery(Given.Key("Patient/a"), 20) { Visibility = seen }
        );
        var nurse = new Party(Given.Key("Practitioner/ana"), "Practitioner/ana");
        var worklist = new WorklistQuery(Now, 20)
        {
            Owners = [nurse],
            Statuses = [1, 2],
            Criteria = Given.Query("Task?performer=nurse").Criteria,
            Visibility = seen,
        };
        yield return new WorklistSql(TransactSql.Dialect, Source).Page(worklist);
        yield return new WorklistSql(TransactSql.Dialect, Source).Count(worklist);
        var caseload = new CaseloadQuery([nurse], [1, 2], Now) { Visibility = seen };
        yield return new CaseloadSql(TransactSql.Dialect, Source).Patients(caseload);
        yield return new CaseloadSql(TransactSql.Dialect, Source).Overdue(caseload);
        yield return new ReadingSql(TransactSql.Dialect, Source).Page(
            new ReadingsQuery(nurse, new ReadingCode("http://loinc.org", "1"), 5) { Visibility = seen }
        );
    }

    private static IEnumerable<Sql> Snapshots(Visibility seen)
    {
        var snapshots = new SnapshotSql(TransactSql.Dialect, Source);
        foreach (
            var patients in (ImmutableArray<ResourceKey>?[])[null, [Given.Key("Patient/a"), Given.Key("Patient/b")]]
        )
        foreach (var isOfPatients in (bool[])[false, true])
            yield return snapshots.Page(
                new SnapshotQuery("Task", 7, 100)
                {
                    Visibility = seen,
                    Patients = patients,
                    OnlyOfPatients = isOfPatients,
                    WithDeletions = isOfPatients,
                    Since = isOfPatients ? Now : null,
                },
                1,
                9
            );
    }
}
