namespace CareCoordination.Storage.Tests;

/// <summary>Whoever keeps a copy is told of each version whom it is about.</summary>
public sealed class ChangesTests
{
    [Theory, MemberData(nameof(Engines.All), MemberType = typeof(Engines))]
    public async Task A_change_names_all_patients_whom_it_is_about_and_a_deletion_those_of_before(
        StorageProvider provider
    )
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var store = database.OpenStore();
        const string OfTwo = """
            "status":"booked","participant":[{"actor":{"reference":"Patient/a"},"status":"accepted"},{"actor":{"reference":"Patient/unknown"},"status":"accepted"}]
            """;
        await store.OneAsync(Given.Put("Patient/a"));
        await store.OneAsync(Given.Put("Organization/o"));
        await store.OneAsync(Given.Put("Condition/c", """ "subject":{"reference":"Patient/a"} """));
        await store.OneAsync(Given.Put("Appointment/two", OfTwo));
        await store.OneAsync(Given.Delete("Condition/c"));
        await store.OneAsync(Given.Delete("Appointment/two"));
        await store.OneAsync(Given.Put("Appointment/two", """ "status":"booked","participant":[] """));

        var page = await store.ChangesAsync(new ChangesQuery(0, 100), TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                "Patient/a:a",
                "Organization/o:",
                "Condition/c:a",
                "Appointment/two:a,unknown",
                "Condition/c:a",
                "Appointment/two:a,unknown",
                "Appointment/two:",
            ],
            page.Changes.Select(change => $"{change.Resource.Key}:{string.Join(',', change.Patients.Order())}")
        );
        var behind = await store.ChangesAsync(new ChangesQuery(page.Last - 1, 1), default);
        Assert.Empty(Assert.Single(behind.Changes).Patients);
    }
}
