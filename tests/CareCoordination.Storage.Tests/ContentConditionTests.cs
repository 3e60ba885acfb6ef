using System.Collections.Concurrent;
using System.Globalization;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage.Stores;

namespace CareCoordination.Storage.Tests;

/// <summary>A condition on the content of a resource is answered of what is there when the commit is decided, whoever has written it.</summary>
public sealed class ContentConditionTests
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Of_two_at_once_the_second_is_asked_of_what_the_first_wrote(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        await store.OneAsync(Given.Put("Patient/a", "\"active\":true"));

        for (var round = 0; round < 20; round++)
        {
            var isStill = new ContentIs(Given.Key("Patient/a"), new(IsActive));
            await store.OneAsync(Given.Put("Patient/a", "\"active\":true"));
            var ended = store.OneAsync(Given.Put("Patient/a", "\"active\":false"));
            var begun = await Task.WhenAll(
                Enumerable
                    .Range(0, 8)
                    .Select(i =>
                        store.CommitAsync(Given.Commit(Given.Put($"Patient/r{round}-{i}")).When(isStill), default)
                    )
            );
            var end = (await ended).Resource.Sequence;

            Assert.All(
                begun.Where(b => b.IsCommitted),
                b => Assert.True(b.Changes[0].Resource.Sequence < end, "It was stored after what it must not follow.")
            );
            Assert.All(begun.Where(b => !b.IsCommitted), b => Assert.Same(isStill, b.Failed));
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task What_a_condition_was_answered_counts_until_the_content_changes(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var (store, other) = (database.OpenStore(), database.OpenStore());
        var asked = 0;
        var condition = new ContentCondition(json =>
        {
            asked++;
            return IsActive(json);
        });
        var content = new ContentIs(Given.Key("Patient/a"), condition);
        await store.OneAsync(Given.Put("Patient/a", "\"active\":true"));

        await CommitsAsync(holds: true, askedUntil: 1);
        await CommitsAsync(holds: true, askedUntil: 1);
        await other.OneAsync(Given.Put("Patient/elsewhere"));
        await CommitsAsync(holds: true, askedUntil: 2);
        await CommitsAsync(holds: true, askedUntil: 2);
        await store.OneAsync(Given.Put("Patient/a", "\"active\":false"));
        await CommitsAsync(holds: false, askedUntil: 3);
        await other.OneAsync(Given.Put("Patient/a", "\"active\":true"));
        await CommitsAsync(holds: true, askedUntil: 4);
        await other.OneAsync(Given.Put("Patient/a", "\"active\":false"));
        await CommitsAsync(holds: false, askedUntil: 5);
        await store.OneAsync(Given.Delete("Patient/a"));
        await CommitsAsync(holds: true, askedUntil: 5);
        await store.OneAsync(Given.Put("Patient/a", "\"active\":false"));
        await CommitsAsync(holds: false, askedUntil: 6);

        async Task CommitsAsync(bool holds, int askedUntil)
        {
            var commit = Given.Commit(Given.Put($"Patient/{Guid.NewGuid()}")).When(content);
            var result = await store.CommitAsync(commit, default);

            Assert.Equal(holds ? null : content, result.Failed);
            Assert.Equal(askedUntil, asked);
        }
    }

    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task Two_nodes_that_write_at_random_answer_a_condition_as_the_content_is(StorageProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var stores = new[] { database.OpenStore(), database.OpenStore() };
        ContentCondition[] conditions = [new(IsActive), new(json => !IsActive(json))];
        var random = new Random(20261129);
        var isActive = new bool?[3];
        for (var step = 0; step < 400; step++)
        {
            var (store, patient, answer) = (stores[random.Next(5) / 4], random.Next(3), random.Next(2));
            var at = $"Patient/{(char)('a' + patient)}";
            var condition = new ContentIs(Given.Key(at), conditions[answer]);
            var holds = isActive[patient] is not { } active || active == (answer == 0);
            var next = random.Next(2) == 0;
            var (commit, after) = random.Next(6) switch
            {
                0 => (Given.Commit(Given.Put(at, Active(next))), next),
                1 => (Given.Commit(Given.Delete(at)), (bool?)null),
                2 => (Given.Commit(Given.Put(at, Active(next))).When(condition), holds ? next : isActive[patient]),
                _ => (Given.Commit(Given.Put("Patient/z", Referring(at))).When(condition), isActive[patient]),
            };

            var result = await store.CommitAsync(commit, default);

            Assert.True(
                result.IsCommitted == (commit.Preconditions.IsEmpty || holds),
                $"Step {step}: {at} is {isActive[patient]}, asked {answer}."
            );
            isActive[patient] = after;
        }

        static string Active(bool isActive) => isActive ? "\"active\":true" : "\"active\":false";
        static string Referring(string at) => $$""" "managingOrganization":{"reference":"{{at}}"} """;
    }

    private static bool IsActive(ReadOnlyMemory<byte> json) => json.Span.IndexOf("\"active\":true"u8) >= 0;
}
