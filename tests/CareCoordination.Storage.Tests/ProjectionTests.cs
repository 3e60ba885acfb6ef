using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Storage.Tests;

/// <summary>What is kept of a resource beside its index is that of its current version, and goes with it.</summary>
public sealed class ProjectionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly Party Nurse = new(Given.Key("Practitioner/nurse"), "Practitioner/nurse");
    private static readonly Party Elsewhere = new(null, "http://a.example/fhir/Practitioner/1");

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task The_last_write_decides_what_is_kept(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        await store.OneAsync(WorkOf("t", 1, Projection(Nurse, Now)));
        Assert.Equal(["t"], await WorklistAsync(store, Nurse));
        Assert.Equal([new(Given.Key("Task/t"), Now)], await store.DueTimersAsync(Now, 10, default));

        await store.OneAsync(WorkOf("t", 2, Projection(Elsewhere, Now.AddTicks(1))));
        Assert.Empty(await WorklistAsync(store, Nurse));
        Assert.Equal(["t"], await WorklistAsync(store, Elsewhere));
        Assert.Empty(await store.DueTimersAsync(Now, 10, default));

        var kept = await store.OneAsync(new Project(Given.Key("Task/t"), Projection(null, Now)));
        Assert.Equal((ChangeOutcome.Unchanged, 2), (kept.Outcome, kept.Resource.Version));
        Assert.Equal(["t"], await WorklistAsync(store, null));
        Assert.Single(await store.DueTimersAsync(Now, 10, default));

        await store.OneAsync(WorkOf("t", 3, ProjectionRows.None));
        Assert.Empty(await WorklistAsync(store, null));
        await store.OneAsync(WorkOf("t", 4, Projection(null, Now)));
        await store.OneAsync(Given.Delete("Task/t"));
        await store.OneAsync(new Project(Given.Key("Task/t"), Projection(null, Now)));
        Assert.Empty(await WorklistAsync(store, null));
        Assert.Empty(await store.DueTimersAsync(Now, 10, default));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Rows_are_kept_again_only_while_the_version_is_current(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        await store.OneAsync(WorkOf("t", 1, Projection(Nurse, Now)));
        var keep = new Project(Given.Key("Task/t"), Projection(Nurse, Now.AddDays(1)));

        var stale = await store.CommitAsync(Given.Commit(keep).When(new VersionIs(keep.Key, 7)), default);
        Assert.False(stale.IsCommitted);
        Assert.Single(await store.DueTimersAsync(Now, 10, default));

        // A precondition that needs a search writes what came before it first.
        var both = await Task.WhenAll(
            store.CommitAsync(Given.Commit(keep), default),
            store.CommitAsync(
                Given
                    .Commit(WorkOf("t", 2, Projection(Nurse, Now)))
                    .When(new SearchFinds(Given.Query("Task?status=draft"), null)),
                default
            )
        );
        Assert.All(both, r => Assert.True(r.IsCommitted));
        Assert.Equal(["t"], await WorklistAsync(store, Nurse));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Timers_come_in_the_order_of_their_times(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        foreach (var minute in (int[])[3, 1, 2, 9])
            await store.OneAsync(
                WorkOf(minute.ToString(CultureInfo.InvariantCulture), 1, Projection(Nurse, Now.AddMinutes(minute)))
            );

        var due = await store.DueTimersAsync(Now.AddMinutes(5), 2, default);

        Assert.Equal(["Task/1", "Task/2"], due.Select(d => d.Key.ToString()));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_caseload_counts_each_patient_once_by_the_latest_risk(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        foreach (var (patient, episodes) in (ValueTuple<string, int>[])[("a", 2), ("b", 1), ("c", 1)])
        {
            for (var i = 0; i < episodes; i++)
                await FactAsync(
                    store,
                    "EpisodeOfCare",
                    new(PatientFactKind.Managed, Patient(patient)) { Manager = Nurse }
                );
        }

        await FactAsync(store, "EpisodeOfCare", new(PatientFactKind.Managed, Patient("d")) { Manager = Elsewhere });
        await FactAsync(store, "RiskAssessment", Risk("a", "high", 4, Now));
        await FactAsync(store, "RiskAssessment", Risk("a", "low", 1, Now.AddDays(-1)));
        await FactAsync(store, "CarePlan", new(PatientFactKind.Transition, Patient("b")));
        await store.OneAsync(WorkOf("late", 1, Projection(Nurse, Now, status: 2)));
        await store.OneAsync(WorkOf("held", 1, Projection(Nurse, Now, status: 9)));

        var load = await store.CaseloadAsync(new([Nurse], [1, 2], Now.AddTicks(1)), default);

        Assert.Equal(1, load.Overdue);
        Assert.Equal(
            [(null, false, 1), (null, true, 1), ("high", false, 1)],
            load.Patients.Select(p => (p.Tier, p.InTransition, p.Patients)).Order()
        );
        Assert.Equal(
            2,
            (await store.CaseloadAsync(new([Nurse, Elsewhere], [1], Now), default)).Patients.Max(p => p.Patients)
        );
    }

    private static ResourceKey Patient(string id) => Given.Key($"Patient/{id}");

    private static PatientFact Risk(string patient, string tier, short rank, DateTimeOffset at) =>
        new(PatientFactKind.Risk, Patient(patient))
        {
            Tier = tier,
            Rank = rank,
            At = at,
        };

    private static ProjectionRows Projection(Party? owner, DateTimeOffset due, short status = 1) =>
        new() { Work = new WorkItem(owner, null, status, 0, due), Timer = due };

    private static PutResource WorkOf(string id, int version, ProjectionRows kept) =>
        Given.Put($"Task/{id}", $""" "status":"requested","intent":"order","description":"{version}" """) with
        {
            Projection = kept,
        };

    private static Task FactAsync(ResourceStore store, string type, PatientFact fact) =>
        store.OneAsync(
            Given.Put($"{type}/{Guid.NewGuid():N}") with
            {
                Projection = new ProjectionRows { Fact = fact },
            }
        );

    private static async Task<IEnumerable<string>> WorklistAsync(ResourceStore store, Party? owner)
    {
        var query = new WorklistQuery(Now, 10) { IsUnowned = owner is null, Owners = owner is { } one ? [one] : [] };
        var page = await store.WorklistAsync(query, default);
        Assert.Equal(page.Tasks.Length, page.Total);
        return page.Tasks.Select(t => t.Key.Id);
    }
}
