using CareCoordination.Fhir.R4;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search;
using CareCoordination.Storage.Tables;
using Npgsql;

namespace CareCoordination.Storage.Tests;

/// <summary>
/// A search by what resources refer to, or by what refers to them, reads what is on the way and not all that there is: what PostgreSQL says
/// itself that it reads is told, and no time is taken.
/// </summary>
public sealed class LinkedPlanTests
{
    private const int Patients = 1000;

    /// <summary>A search, and how many resources are on its way, each type of them counted.</summary>
    private static readonly (string Query, int OnTheWay)[] Searches =
    [
        ("Patient?_has:Observation:patient:code=c7", 8),
        ("Patient?_has:Observation:patient:code=none", 0),
        ("Patient?_has:Observation:patient:code=c7&gender=female", 8),
        ("Patient?_has:Observation:subject:identifier=http://x|o7&_sort=birthdate", 4),
        ("Patient?_id=p7,p8&_has:Observation:patient:code=common", 4),
        ("ServiceRequest?_has:Task:focus:owner=Practitioner/7", 20),
        ("ServiceRequest?_has:Task:focus:code=rare", 2),
        ("Organization?_has:Patient:organization:_has:Observation:subject:code=c7", 12),
        ("Encounter?patient._has:Observation:patient:code=c7", 8),
        ("Observation?patient._has:Observation:patient:identifier=http://x|o7", 8),
        ("Observation?patient.organization.name=org7", 100),
        ("Task?focus:ServiceRequest.subject:Patient.family=f99", 20),
    ];

    [Fact]
    public async Task What_is_not_on_the_way_is_not_read()
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.PostgreSql);
        await FillAsync(database);
        await using var connection = (NpgsqlConnection)await EarlierState.OpenAsync(database.Options);
        var search = new SearchSql(
            new PostgreSqlDialect(),
            new IndexSource(R4Definitions.Schema, TestDatabase.Extractor)
        );
        foreach (var isAnalyzed in (bool[])[false, true])
        {
            if (isAnalyzed)
            {
                await using var analyze = connection.CreateCommand();
                analyze.CommandText = "ANALYZE";
                await analyze.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }

            foreach (var (query, onTheWay) in Searches)
            {
                var asked = Given.Query(query) with { Count = 200 };
                var read = await PlanRows.ReadByStoreAsync(connection, search.Pages(asked).Last());
                // Each may be looked up for what it is, for what refers to it and for the page.
                Assert.True(read <= (3 * onTheWay) + 10, $"{query} reads {read} rows, analyzed: {isAnalyzed}");
            }
        }
    }

    private static async Task FillAsync(TestDatabase database)
    {
        var store = database.OpenStore();
        await store.CommitAsync(
            Given.Commit([
                .. Enumerable.Range(0, 50).Select(n => Given.Put($"Organization/org{n}", $$""" "name":"org{{n}}" """)),
                .. Enumerable.Range(0, 100).Select(n => Given.Put($"Practitioner/{n}", "")),
            ]),
            TestContext.Current.CancellationToken
        );
        for (var first = 0; first < Patients; first += 250)
        {
            await store.CommitAsync(
                Given.Commit([.. Enumerable.Range(first, 250).SelectMany(Record)]),
                TestContext.Current.CancellationToken
            );
        }
    }

    private static IEnumerable<Change> Record(int n)
    {
        yield return Given.Put(
            $"Patient/p{n}",
            $$""" "name":[{"family":"f{{n % 100}}"}],"gender":"{{(n % 2 == 0 ? "female" : "male")}}","birthDate":"19{{50 + (n % 40)}}-01-01","managingOrganization":{"reference":"Organization/org{{n % 50}}"} """
        );
        for (var o = 0; o < 4; o++)
            yield return Given.Put(
                $"Observation/o{n}-{o}",
                $$""" "status":"final","code":{"coding":[{"code":"{{(o == 0 ? "common" : $"c{((n * 4) + o) % 500}")}}"}]},"identifier":[{"system":"http://x","value":"o{{n}}"}],"subject":{"reference":"Patient/p{{n}}"},"effectiveDateTime":"2026-0{{1 + o}}-01" """
            );
        yield return Given.Put(
            $"ServiceRequest/r{n}",
            $$""" "status":"{{(n % 3 == 0 ? "active" : "completed")}}","intent":"order","subject":{"reference":"Patient/p{{n}}"} """
        );
        yield return Given.Put(
            $"Task/t{n}",
            $$""" "status":"{{(n % 5 == 0 ? "requested" : "completed")}}","intent":"order","code":{"coding":[{"code":"{{(n == 999 ? "rare" : "usual")}}"}]},"for":{"reference":"Patient/p{{n}}"},"focus":{"reference":"ServiceRequest/r{{n}}"},"owner":{"reference":"Practitioner/{{n % 100}}"} """
        );
    }
}
