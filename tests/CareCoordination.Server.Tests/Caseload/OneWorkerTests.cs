using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Caseload;

/// <summary>A person and their roles are one worker, whichever of them a task, an episode or a question names.</summary>
public abstract class OneWorkerTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : OneWorkerTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : OneWorkerTests(shared);

    [Fact]
    public async Task A_worklist_is_of_the_person_and_of_each_role()
    {
        var (ward, names) = await WorkerAsync();
        var other = await ward.ManagerAsync();
        var (patient, _) = await ward.PatientAsync();
        var tasks = new List<string>();
        foreach (var name in names)
            tasks.Add(await ward.TaskAsync(patient, "ready", name));
        await ward.TaskAsync(patient, "ready", other);

        foreach (var name in names)
        {
            var list = (await Server.GetAsync($"Task/$worklist?owner={name}")).ShouldBe(200);
            Assert.Equal(
                tasks.Order(StringComparer.Ordinal),
                list.Ids.Select(i => $"Task/{i}").Order(StringComparer.Ordinal)
            );
            Assert.Equal("3", list.Text("total"));
        }
    }

    [Fact]
    public async Task A_caseload_is_found_and_counted_by_any_name()
    {
        var (ward, names) = await WorkerAsync();
        var episodes = new List<string>();
        foreach (var name in names)
            episodes.Add((await ward.PatientAsync(name)).Episode);
        await ward.PatientAsync(await ward.ManagerAsync());

        foreach (var name in names)
        {
            var found = (await Server.GetAsync($"EpisodeOfCare?manager={name}")).ShouldBe(200);
            Assert.Equal(
                episodes.Order(StringComparer.Ordinal),
                found.Ids.Select(i => $"EpisodeOfCare/{i}").Order(StringComparer.Ordinal)
            );
            Assert.Contains($"EpisodeOfCare?manager={name}&", found.Link("self"), StringComparison.Ordinal);
        }

        // What R4 names a person finds what names the person.
        Assert.Equal(
            [episodes[0]],
            (await Server.GetAsync($"EpisodeOfCare?care-manager={names[0]}")).Ids.Select(i => $"EpisodeOfCare/{i}")
        );
        foreach (var role in names[1..])
        {
            var caseload = (await Server.GetAsync($"{role}/$caseload")).ShouldBe(200);
            Assert.Contains("{\"name\":\"patients\",\"valueInteger\":3}", caseload.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Pages_of_a_caseload_hold_together()
    {
        var (ward, names) = await WorkerAsync();
        for (var i = 0; i < 5; i++)
            await ward.PatientAsync(names[i % names.Length]);
        var found = new List<string>();
        for (var next = $"EpisodeOfCare?manager={names[1]}&_count=2"; next is not null; )
        {
            var page = (await Server.GetAsync(next)).ShouldBe(200);
            found.AddRange(page.Ids);
            next = page.Link("next")?[(Server.Base.Length + 1)..];
        }

        Assert.Equal(5, found.Distinct().Count());
    }

    [Fact]
    public async Task Nobody_hands_over_to_themselves_in_another_role()
    {
        var (ward, names) = await WorkerAsync();
        var (patient, _) = await ward.PatientAsync(names[1]);
        var note = Ask.Text("handoffNote", "Calls on Mondays");

        var refused = await Server.AskAsync($"{patient}/$transfer", Ask.Reference("to", names[2]), note);
        var other = await ward.ManagerAsync();
        var offered = await Server.AskAsync(
            $"{patient}/$transfer",
            Ask.Reference("to", other),
            Ask.Reference("from", names[2]),
            note
        );

        Assert.Equal((422, "same-manager"), (refused.Status, Ward.Rule(refused)));
        offered.ShouldBe(200);
        var owned = await ward.TaskAsync(patient, "ready", names[0]);
        (await Server.AskAsync($"Task/{offered.Id}/$accept")).ShouldBe(200);
        Assert.Equal(other, await ward.OwnerAsync(owned));
    }

    /// <returns>The person and two roles of the person.</returns>
    private async Task<(Ward Ward, string[] Names)> WorkerAsync()
    {
        var ward = await Ward.OpenAsync(Server);
        var role = await ward.ManagerAsync();
        var person = role.Replace("Role", "", StringComparison.Ordinal);
        var second = Given.Id("second");
        (
            await Server.PutAsync(
                $"PractitionerRole/{second}",
                $$$"""{"resourceType":"PractitionerRole","id":"{{{second}}}","practitioner":{"reference":"{{{person}}}"}}"""
            )
        ).ShouldBe(201);
        return (ward, [person, role, $"PractitionerRole/{second}"]);
    }
}
