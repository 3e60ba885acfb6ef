using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Workflow.Tests.Writes;

public sealed class SingleCareManagerRuleTests
{
    private static readonly ImmutableDictionary<string, string> People = ImmutableDictionary<string, string>.Empty.Add(
        "PractitionerRole/a",
        "Practitioner/a"
    );

    [Theory]
    // An episode begins or resumes beside one that somebody else manages.
    [InlineData("planned", "PractitionerRole/b", "active", "PractitionerRole/b", true)]
    [InlineData("onhold", "PractitionerRole/b", "active", "PractitionerRole/b", true)]
    // The manager of one of two changes.
    [InlineData("active", "PractitionerRole/a", "active", "PractitionerRole/b", true)]
    [InlineData("active", null, "active", "PractitionerRole/b", true)]
    // The same person, as person or as role.
    [InlineData("planned", null, "active", "PractitionerRole/a", false)]
    [InlineData("planned", null, "active", "Practitioner/a", false)]
    // No manager, not active, or as it was.
    [InlineData("planned", "PractitionerRole/b", "active", null, false)]
    [InlineData("planned", null, "waitlist", "PractitionerRole/b", false)]
    [InlineData("active", "PractitionerRole/b", "active", "PractitionerRole/b", false)]
    public void A_second_manager_is_refused(string from, string? was, string to, string? becomes, bool isRefused)
    {
        var other = Episode("other", "active", "PractitionerRole/a");
        var write = Write(Episode("e", from, was), Episode("e", to, becomes));

        var refused = SingleCareManagerRule.Check(
            [write],
            new ManagedEpisodes([other, Episode("e", from, was)], People)
        );

        Assert.Equal(isRefused, refused is not null);
        if (refused is { } second)
            Assert.Equal(
                (409, "other-manager", "EpisodeOfCare.careManager"),
                (second.Failure.Status, second.Failure.Issues[0].Details, second.Failure.Issues[0].Expression)
            );
    }

    [Fact]
    public void Episodes_of_one_commit_are_seen_as_they_are_written()
    {
        var mine = Write(Episode("e", "active", "Practitioner/x"), Episode("e", "active", "Practitioner/y"));
        var other = Write(Episode("o", "active", "Practitioner/x"), Episode("o", "active", "Practitioner/y"));
        ManagedEpisodes stored = new(
            [Episode("e", "active", "Practitioner/x"), Episode("o", "active", "Practitioner/x")],
            People
        );

        Assert.Null(SingleCareManagerRule.Check([mine, other], stored));
        Assert.Equal("e", SingleCareManagerRule.Check([mine], stored)?.Write.Key.Id);
    }

    [Fact]
    public void Other_patients_have_other_managers()
    {
        var write = Write(Episode("e", "planned", null), Episode("e", "active", "Practitioner/y"));

        Assert.Null(
            SingleCareManagerRule.Check(
                [write],
                new ManagedEpisodes([Episode("o", "active", "Practitioner/x", "2")], People)
            )
        );
    }

    [Fact]
    public void An_episode_may_be_created_as_it_is_elsewhere()
    {
        var episode = Episode("e", "active", "Practitioner/y");

        Assert.Null(SingleCareManagerRule.PatientOf(new RestWrite(episode.Key, 0, null, Document(episode))));
    }

    private static RestWrite Write(Snapshot before, Snapshot after) =>
        new(before.Key, before.Version, Document(before), Document(after));

    private static Snapshot Episode(string id, string status, string? manager, string patient = "1") =>
        Given.Resource(
            "EpisodeOfCare",
            id,
            $"'status':'{status}','patient':{{'reference':'Patient/{patient}'}}{(manager is null ? "" : $",'careManager':{{'reference':'{manager}'}}")}"
        );

    private static ResourceDocument Document(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
