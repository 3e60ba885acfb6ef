using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Search;
using CareCoordination.Storage.Tables;
using Npgsql;

namespace CareCoordination.Storage.Tests;

/// <summary>
/// A search by somebody who sees some patients reads what its criteria find and what they see, and not all that there is: what PostgreSQL
/// says itself that it reads is told, and no time is taken.
/// </summary>
public sealed class SeenSearchTests
{
    private const short Manages = 1;
    private const short BreaksGlass = 7;
    private const int Patients = 3_000;
    private const int Families = 60;
    private const int Each = Patients / Families;
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly ResourceKey Ana = Given.Key("Practitioner/ana");
    private static readonly ResourceKey Bob = Given.Key("Practitioner/bob");
    private static readonly Asker Asker = new([Ana], [20]);

    [Theory]
    [InlineData("Patient?family=f7", Each)]
    [InlineData("Patient?family=f7,f8", 2 * Each)]
    [InlineData("Patient?family=f7&_sort=-birthdate", Each)]
    [InlineData("Patient?family=f7&_sort=-_lastUpdated", Each)]
    [InlineData("Patient?name=f7&gender=female", Each)]
    [InlineData("Patient?identifier=http://x|n7", Each)]
    [InlineData("Patient?identifier=http://x|n7&_sort=birthdate", Each)]
    [InlineData("Observation?subject:Patient.family=f7", 2 * Each)]
    [InlineData("Observation?subject:Patient.identifier=http://x|n7", 2 * Each)]
    [InlineData("Observation?subject:Patient.organization.name=org7", 2 * Each + 1)]
    [InlineData("Observation?patient.organization.identifier=http://x|org7&status=final", 2 * Each + 1)]
    [InlineData("Patient?_has:Observation:patient:identifier=http://x|o7", 4 * Each)]
    [InlineData("Patient?_has:Observation:patient:status=final", 2 * Patients / Each)]
    [InlineData("Organization?_has:Patient:organization:family=f7", 2 * Each + 1)]
    public async Task What_is_not_found_is_not_read(string query, int found)
    {
        await using var database = await TestDatabase.CreateAsync(StorageProvider.PostgreSql);
        await FillAsync(database);
        await using var connection = (NpgsqlConnection)await EarlierState.OpenAsync(database.Options);
        var seen = await VisibleAsync(connection);
        var source = new IndexSource(R4Definitions.Schema, TestDatabase.Extractor);
        foreach (
            var (isAnalyzed, guesses) in ((bool, bool)[])[(false, false), (false, true), (true, false), (true, true)]
        )
        {
            if (isAnalyzed)
                await ExecuteAsync(connection, "ANALYZE");
            var search = new SearchSql(new PostgreSqlDialect(), source, guesses);
            var asked = Given.Query(query) with { Count = 20, Visibility = seen };
            var read = await PlanRows.ReadByStoreAsync(connection, search.Pages(asked).Last());

            // What is found, what is seen, and a few rows that are looked up for the question itself.
            Assert.True(
                read <= found + Patients / Each + 20,
                $"{query} reads {read} rows, analyzed: {isAnalyzed}, guessed: {guesses}"
            );
        }
    }

    /// <summary>Every patient is of Bob; every fiftieth is of Ana too. Each has an observation.</summary>
    private static async Task FillAsync(TestDatabase database)
    {
        var store = database.OpenStore();
        await store.OneAsync(Given.Put(Ana.ToString()));
        await store.OneAsync(Given.Put(Bob.ToString()));
        await store.CommitAsync(
            Given.Commit([.. Enumerable.Range(0, Families).Select(Organization)]),
            TestContext.Current.CancellationToken
        );
        for (var first = 0; first < Patients; first += 500)
        {
            await store.CommitAsync(
                Given.Commit([.. Enumerable.Range(first, 500).Select(Patient)]),
                TestContext.Current.CancellationToken
            );
            await store.CommitAsync(
                Given.Commit([.. Enumerable.Range(first, 500).Select(Observation)]),
                TestContext.Current.CancellationToken
            );
        }
    }

    private static Change Organization(int n) =>
        Given.Put(
            $"Organization/org{n}",
            $$""" "name":"org{{n}}","identifier":[{"system":"http://x","value":"org{{n}}"}] """
        );

    private static Change Patient(int n)
    {
        var key = Given.Key($"Patient/p{n}");
        var family = n % Families;
        return Given.Put(
            key.ToString(),
            $$$""" "name":[{"family":"f{{{family}}}"}],"gender":"female","birthDate":"19{{{50 + n % 40}}}-01-01","identifier":[{"system":"http://x","value":"n{{{family}}}"}],"managingOrganization":{"reference":"Organization/org{{{family}}}"} """
        ) with
        {
            Projection = new ProjectionRows
            {
                Relations =
                [
                    .. (n % Each == 0 ? (ResourceKey[])[Ana, Bob] : [Bob]).Select(by => new ProjectedRelation(
                        by,
                        Manages,
                        key,
                        DateTimeOffset.MinValue,
                        DateTimeOffset.MaxValue
                    )),
                ],
            },
        };
    }

    private static Change Observation(int n) =>
        Given.Put(
            $"Observation/o{n}",
            $$""" "status":"final","identifier":[{"system":"http://x","value":"o{{n % Families}}"}],"subject":{"reference":"Patient/p{{n}}"} """
        );

    private static async Task<Visibility> VisibleAsync(NpgsqlConnection connection)
    {
        // As the policy makes it of a care manager: whom they care for, and whose glass they broke.
        var ofAna = new TypeVisibility([
            new Sight { Hidden = 8, Patients = [new RelatedPatients(new Relations(Asker, [Manages, 3, 4]))] },
            new Sight { Patients = [new RelatedPatients(new Relations(Asker, [BreaksGlass]))] },
        ]);
        await using var command = connection.CreateCommand();
        command.CommandText = """SELECT "Key" FROM "Resource" WHERE "Id" = 'ana'""";
        var key = (long)(await command.ExecuteScalarAsync())!;
        return new Visibility(
            [new("Patient", ofAna), new("Observation", ofAna), new("Organization", TypeVisibility.Everything)],
            Now
        ).Knowing(new Dictionary<Asker, System.Collections.Immutable.ImmutableArray<long>> { [Asker] = [key] });
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
