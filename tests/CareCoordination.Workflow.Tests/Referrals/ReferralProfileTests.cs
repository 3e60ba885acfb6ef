using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Partners;

namespace CareCoordination.Workflow.Tests.Referrals;

public sealed class ReferralProfileTests
{
    /// <summary>SDOH Clinical Care, written down a second time as a grid from (row) to (column): q requester, o owner, e either.</summary>
    private const string GravityGrid = """
                    requested accepted rejected in-progress on-hold completed failed cancelled
        draft       q         -        -        -           -       -         -      -
        requested   -         o        o        -           -       -         -      e
        accepted    -         -        o        o           o       o         o      e
        in-progress -         -        -        -           o       o         o      e
        on-hold     -         -        -        o           -       o         o      e
        rejected    -         -        -        -           -       -         -      -
        completed   -         -        -        -           -       -         -      -
        failed      -         -        -        -           -       -         -      -
        cancelled   -         -        -        -           -       -         -      -
        """;

    /// <summary>BSeR: rows and columns are business states; 1.0 stands for draft.</summary>
    private const string BserGrid = """
              2.0 3.0 4.0 5.1.1 5.1.2 5.1.3 5.1.4 5.2 6.0 7.0
        1.0   q   -   -   -     -     -     -     -   -   -
        2.0   -   o   o   -     -     -     -     q   -   -
        3.0   -   -   o   o     -     -     o     q   -   o
        5.1.1 -   -   o   o     o     o     o     q   -   o
        5.1.2 -   -   o   o     -     o     -     q   -   -
        5.1.3 -   -   o   o     -     -     -     q   -   -
        5.1.4 -   -   o   o     -     o     o     q   -   o
        5.2   -   -   -   -     -     -     -     -   o   o
        4.0   -   -   -   -     -     -     -     -   -   -
        6.0   -   -   -   -     -     -     -     -   -   -
        7.0   -   -   -   -     -     -     -     -   -   -
        """;

    [Fact]
    public void Gravity_has_the_steps_of_its_diagram_and_a_decline_after_acceptance() =>
        AssertGrid(GravityGrid, ReferralProfile.Gravity, s => s.Status);

    [Fact]
    public void BSeR_has_the_steps_of_the_harmonised_table() =>
        AssertGrid(BserGrid, ReferralProfile.Bser, s => s.Status == "draft" ? "1.0" : s.Business!);

    [Fact]
    public void Gravity_allows_neither_received_nor_ready_and_shows_them_as_what_was_before()
    {
        var gravity = ReferralProfile.Gravity;

        Assert.DoesNotContain("received", gravity.Statuses);
        Assert.DoesNotContain("ready", gravity.Statuses);
        Assert.Equal(new ReferralState("requested"), gravity.Show(new("received", "2.0")) with { Business = null });
        Assert.Equal(new ReferralState("accepted"), gravity.Show(new("ready")));
        Assert.Null(gravity.Read(new("received")));
        Assert.Null(gravity.Read(new("ready")));
    }

    [Fact]
    public void BSeR_begins_at_received_which_is_requested_here()
    {
        var bser = ReferralProfile.Bser;

        Assert.Equal(new ReferralState("received", "2.0"), bser.Show(new("requested")));
        Assert.Equal(new ReferralState("requested", "2.0"), bser.Read(new("received", "2.0")));
    }

    [Theory]
    [InlineData("accepted", null, "accepted", "3.0")]
    [InlineData("rejected", null, "rejected", "4.0")]
    [InlineData("failed", null, "rejected", "4.0")]
    [InlineData("cancelled", null, "cancelled", "6.0")]
    [InlineData("completed", null, "completed", "7.0")]
    [InlineData("on-hold", null, "in-progress", null)]
    [InlineData("in-progress", "5.1.2", "in-progress", "5.1.2")]
    [InlineData("in-progress", "5.2", "in-progress", "5.2")]
    public void BSeR_says_each_state_with_its_business_status(
        string status,
        string? code,
        string there,
        string? codeThere
    ) => Assert.Equal(new ReferralState(there, codeThere), ReferralProfile.Bser.Show(new(status, code)));

    [Fact]
    public void Every_word_that_is_shown_is_one_of_the_profile()
    {
        foreach (var profile in ReferralProfile.All)
        {
            foreach (var status in TaskLifecycle.Table.Statuses.Where(s => s != "draft"))
                Assert.Contains(profile.Show(new(status)).Status, profile.Statuses);
        }
    }

    [Fact]
    public void What_a_poll_skipped_is_reached_over_the_steps_between()
    {
        foreach (var profile in ReferralProfile.All)
        {
            Assert.True(
                profile.CanReach(profile.Show(new("requested")), profile.Show(new("completed")), ActorRelation.Owner)
            );
            Assert.False(profile.CanReach(profile.Show(new("completed")), new("in-progress"), ActorRelation.Owner));
            Assert.False(
                profile.CanReach(profile.Show(new("accepted")), profile.Show(new("requested")), ActorRelation.Owner)
            );
            Assert.False(
                profile.CanReach(profile.Show(new("requested")), new("entered-in-error"), ActorRelation.Owner)
            );
        }
    }

    [Fact]
    public void Only_BSeR_cancels_by_handshake() =>
        Assert.Equal([ReferralProfile.Bser], ReferralProfile.All.Where(p => p.CancelsByHandshake));

    private static void AssertGrid(string grid, ReferralProfile profile, Func<ReferralState, string> name)
    {
        var lines = grid.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var columns = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var expected = new List<string>();
        foreach (var line in lines[1..])
        {
            var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (var i = 0; i < columns.Length; i++)
            {
                if (cells[i + 1] != "-")
                    expected.Add($"{cells[0]} {columns[i]} {cells[i + 1]}");
            }
        }

        Assert.Equal(
            expected.Order(),
            profile.Steps.Select(s => $"{name(s.From)} {name(s.To)} {Letter(s.By)}").Order()
        );
    }

    private static char Letter(ActorRelation by) =>
        by switch
        {
            ActorRelation.Requester => 'q',
            ActorRelation.Owner => 'o',
            _ => 'e',
        };
}
