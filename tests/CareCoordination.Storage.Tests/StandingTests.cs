using System.Collections.Immutable;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Storage.Tests;

/// <summary>
/// Whom a caller acts as is remembered, and what they see is asked for in the shortest way that is certain: the answers are those of a
/// node that remembers nothing, at once, whoever changed it and how.
/// </summary>
public sealed class StandingTests
{
    private const short Manages = 1;
    private const short ActsAs = 20;
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly ResourceKey Ana = Given.Key("Practitioner/ana");
    private static readonly ResourceKey Role = Given.Key("PractitionerRole/role");
    private static readonly ResourceKey Team = Given.Key("CareTeam/team");

    private static readonly Relations OfAna = new(new Asker([Ana], [ActsAs]), [Manages]);

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Another_node_knows_at_once_whom_somebody_acts_as(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (writer, reader) = (database.OpenStore(), database.OpenStore());
        await writer.OneAsync(Given.Put("Practitioner/ana"));
        await writer.OneAsync(Managed("a", Team));
        Assert.Empty(await SeenAsync(reader, Now));

        // One step, two, and each of the ways by which a row goes.
        await writer.OneAsync(Acting(Role, Ana));
        Assert.Empty(await SeenAsync(reader, Now));
        await writer.OneAsync(Acting(Team, Role));
        Assert.Equal(["a"], await SeenAsync(reader, Now));
        await writer.OneAsync(new Project(Team, new ProjectionRows()));
        Assert.Empty(await SeenAsync(reader, Now));
        await writer.OneAsync(new Project(Team, Acts(Team, Role)));
        Assert.Equal(["a"], await SeenAsync(reader, Now));
        await writer.OneAsync(new DeleteResource(Role));
        Assert.Empty(await SeenAsync(reader, Now));
        await writer.OneAsync(Acting(Role, Ana));
        Assert.Equal(["a"], await SeenAsync(reader, Now));
        await writer.OneAsync(
            Given.Put("CareTeam/team", """ "name":"x" """) with
            {
                Projection = new ProjectionRows(),
            }
        );
        Assert.Empty(await SeenAsync(reader, Now));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Somebody_acts_as_another_by_the_clock_alone(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        await store.OneAsync(Given.Put("Practitioner/ana"));
        await store.OneAsync(Managed("a", Role));
        await store.OneAsync(Acting(Role, Ana, Now, Now.AddHours(1)));

        foreach (
            var (minutes, isSeen) in ((int, bool)[])
                [(-1, false), (0, true), (59, true), (60, false), (30, true), (-1, false), (61, false)]
        )
            Assert.Equal(isSeen, (await SeenAsync(store, Now.AddMinutes(minutes))).Count > 0);
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Somebody_of_whom_the_store_had_not_heard_is_known_once_it_has(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (writer, reader) = (database.OpenStore(), database.OpenStore());
        Assert.Empty(await SeenAsync(reader, Now));
        Assert.Empty(await SeenAsync(reader, Now));

        await writer.OneAsync(Managed("a", Ana));

        Assert.Equal(["a"], await SeenAsync(reader, Now));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_database_that_went_back_is_asked_anew(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (writer, reader) = (database.OpenStore(), database.OpenStore());
        await writer.OneAsync(Given.Put("Practitioner/ana"));
        await writer.OneAsync(Managed("a", Role));
        var earlier = await EarlierState.KeepAsync(database, WayBack.RowsRestored);
        await writer.OneAsync(Acting(Role, Ana));
        Assert.Equal(["a"], await SeenAsync(reader, Now));

        await earlier.GoBackAsync();

        Assert.Empty(await SeenAsync(reader, Now));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task What_is_rare_is_asked_where_it_is_met(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (writer, reader) = (database.OpenStore(), database.OpenStore());
        await writer.OneAsync(Given.Put("Practitioner/ana"));
        // Of eight patients the even are Ana's; then one of them denies, another denies to somebody else, and one but for a type.
        for (var i = 0; i < 8; i++)
            await writer.OneAsync(Managed($"p{i}", i % 2 == 0 ? Ana : Role));
        for (var i = 0; i < 8; i++)
            await writer.OneAsync(About($"one-{i}", $"p{i}"));
        await writer.OneAsync(About("both-seen", "p0", "p4"));
        await writer.OneAsync(About("one-unseen", "p0", "p1"));
        await writer.OneAsync(About("of-nobody"));
        Assert.Equal(["both-seen", "one-0", "one-2", "one-4", "one-6"], await AppointmentsAsync(reader));

        await writer.OneAsync(Denied("p2"));
        Assert.Equal(["both-seen", "one-0", "one-4", "one-6"], await AppointmentsAsync(reader));
        await writer.OneAsync(Denied("p6", to: Role));
        Assert.Equal(["both-seen", "one-0", "one-4", "one-6"], await AppointmentsAsync(reader));
        await writer.OneAsync(Denied("p4", type: "Observation"));
        Assert.Equal(["both-seen", "one-0", "one-4", "one-6"], await AppointmentsAsync(reader));
        await writer.OneAsync(Denied("p4", type: "Appointment"));
        Assert.Equal(["one-0", "one-6"], await AppointmentsAsync(reader));
        await writer.OneAsync(Given.Delete("Consent/p4"));
        Assert.Equal(["both-seen", "one-0", "one-4", "one-6"], await AppointmentsAsync(reader));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Somebody_who_acts_as_hundreds_sees_what_each_of_them_sees(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (writer, reader) = (database.OpenStore(), database.OpenStore());
        await writer.OneAsync(Given.Put("Practitioner/ana"));
        var teams = Enumerable.Range(0, 300).Select(i => Given.Key($"CareTeam/t{i}")).ToList();
        await writer.CommitAsync(Given.Commit([.. teams.Select(team => Acting(team, Ana))]), default);
        for (var i = 0; i < 8; i++)
            await writer.OneAsync(Managed($"p{i}", i % 2 == 0 ? teams[i * 40] : Role));
        for (var i = 0; i < 8; i++)
            await writer.OneAsync(About($"one-{i}", $"p{i}"));
        await writer.OneAsync(About("both-seen", "p0", "p4"));
        await writer.OneAsync(About("one-unseen", "p0", "p1"));
        Assert.Equal(["both-seen", "one-0", "one-2", "one-4", "one-6"], await AppointmentsAsync(reader));

        await writer.OneAsync(new DeleteResource(teams[160]));

        Assert.Equal(["one-0", "one-2", "one-6"], await AppointmentsAsync(reader));
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task What_depends_on_no_relation_does_not_change_with_them(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        await store.OneAsync(Given.Put("Practitioner/ana"));
        for (var i = 0; i < 2; i++)
        {
            await store.OneAsync(Managed($"p{i}", Role));
            await store.OneAsync(About($"one-{i}", $"p{i}"));
        }

        var own = new Visibility(
            [
                KeyValuePair.Create(
                    "Appointment",
                    new TypeVisibility([new Sight { Patients = [new OnlyPatients([Given.Key("Patient/p0")])] }])
                ),
            ],
            Now
        );
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(["one-0"], await PagesAsync(store, Given.Query("Appointment"), own));
            Assert.NotNull(await store.ReadAsync(Given.Key("Appointment/one-0"), own, default));
            Assert.Null(await store.ReadAsync(Given.Key("Appointment/one-1"), own, default));
            await store.OneAsync(Acting(Role, Ana));
        }
    }

    /// <summary>Appointments by every way in which they are read: by page of each size and order, by one criterion and by key, together.</summary>
    private static async Task<List<string>> AppointmentsAsync(ResourceStore store)
    {
        var visibility = Visible();
        var whole = await PagesAsync(store, Given.Query("Appointment?_count=50"), visibility);
        foreach (
            var text in (string[])["_count=1", "_count=3", "_count=2&_sort=-_lastUpdated", "_sort=_id", "status=booked"]
        )
            Assert.Equal(
                whole,
                await PagesAsync(
                    store,
                    Given.Query($"Appointment?{text}{(text.Contains("_count") ? "" : "&_count=2")}"),
                    visibility
                )
            );
        var counted = await store.SearchAsync(
            Given.Query("Appointment?_summary=count") with
            {
                Visibility = visibility,
            },
            default
        );
        Assert.Equal(whole.Count, counted.Total);

        string[] ids =
        [
            .. Enumerable.Range(0, 8).Select(i => $"one-{i}"),
            "both-seen",
            "one-unseen",
            "of-nobody",
            "never",
        ];
        var read = await Task.WhenAll(
            ids.Select(id =>
                store.ReadAsync(Given.Key($"Appointment/{id}"), visibility, TestContext.Current.CancellationToken)
            )
        );
        Assert.Equal(whole, [.. read.Where(found => found is not null).Select(found => found!.Value.Key.Id).Order()]);
        return whole;
    }

    private static async Task<List<string>> PagesAsync(ResourceStore store, SearchQuery query, Visibility visibility)
    {
        var ids = new List<string>();
        PageCursor? after = null;
        do
        {
            var page = await store.SearchAsync(query with { Visibility = visibility, After = after }, default);
            ids.AddRange(page.Matches.Select(match => match.Key.Id));
            after = page.Next;
        } while (after is not null);
        return [.. ids.Order(StringComparer.Ordinal)];
    }

    private static Visibility Visible(DateTimeOffset? now = null) =>
        new(
            ((string[])["Patient", "Appointment"]).Select(type =>
                KeyValuePair.Create(
                    type,
                    new TypeVisibility([
                        new Sight { Patients = [new RelatedPatients(OfAna)], Consent = new ConsentQuestion(OfAna, 0) },
                    ])
                )
            ),
            now ?? Now
        );

    /// <summary>The patients that Ana sees, by a search and by their keys.</summary>
    private static async Task<List<string>> SeenAsync(ResourceStore store, DateTimeOffset now)
    {
        var visibility = Visible(now);
        var found = await PagesAsync(store, Given.Query("Patient"), visibility);
        var read = await store.ReadAsync(Given.Key("Patient/a"), visibility, TestContext.Current.CancellationToken);
        Assert.Equal(found.Contains("a"), read is not null);
        return found;
    }

    private static PutResource Managed(string patient, ResourceKey by)
    {
        var key = Given.Key($"Patient/{patient}");
        return Given.Put(key.ToString()) with
        {
            Projection = new ProjectionRows
            {
                Relations = [new(by, Manages, key, DateTimeOffset.MinValue, DateTimeOffset.MaxValue)],
            },
        };
    }

    private static PutResource Acting(
        ResourceKey role,
        ResourceKey by,
        DateTimeOffset? start = null,
        DateTimeOffset? end = null
    ) => Given.Put(role.ToString()) with { Projection = Acts(role, by, start, end) };

    private static ProjectionRows Acts(
        ResourceKey role,
        ResourceKey by,
        DateTimeOffset? start = null,
        DateTimeOffset? end = null
    ) =>
        new() { Relations = [new(by, ActsAs, role, start ?? DateTimeOffset.MinValue, end ?? DateTimeOffset.MaxValue)] };

    private static PutResource Denied(string patient, ResourceKey? to = null, string? type = null) =>
        Given.Put($"Consent/{patient}", $""" "status":"{type ?? "active"}" """) with
        {
            Projection = new ProjectionRows
            {
                Consents =
                [
                    new ProjectedConsent(
                        Given.Key($"Patient/{patient}"),
                        DateTimeOffset.MinValue,
                        DateTimeOffset.MaxValue
                    )
                    {
                        Party = to,
                        ResourceType = type,
                    },
                ],
            },
        };

    private static PutResource About(string id, params ImmutableArray<string> patients)
    {
        var participants = patients.Select(patient =>
            $$"""{"actor":{"reference":"Patient/{{patient}}"},"status":"accepted"}"""
        );
        return Given.Put(
            $"Appointment/{id}",
            $""" "status":"booked","participant":[{string.Join(',', participants)}] """
        );
    }
}
