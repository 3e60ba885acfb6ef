using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Workflow.Transitions;

namespace CareCoordination.Workflow.Tests.Transitions;

/// <summary>What is not kept of a stay makes no difference: not now, and not to whatever comes later, in any order.</summary>
public sealed class StayHistoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 8, 0, 0, TimeSpan.Zero);

    private static readonly TransitionEvent[] Events =
    [
        TransitionEvent.Update,
        TransitionEvent.Update,
        TransitionEvent.Update,
        TransitionEvent.Update,
        TransitionEvent.Admit,
        TransitionEvent.Transfer,
        TransitionEvent.CancelTransfer,
        TransitionEvent.Discharge,
        TransitionEvent.CancelDischarge,
        TransitionEvent.CancelAdmit,
    ];

    private static readonly string[] Parts =
    [
        """ "class":{"code":"IMP"} """,
        """ "priority":{"text":"#"} """,
        """ "period":{"start":"2026-11-01"} """,
        """ "period":{"end":"2026-11-05"} """,
        """ "period":{"start":"2026-11-02","end":"2026-11-06"} """,
        """ "hospitalization":{"dischargeDisposition":{"text":"#"}} """,
        """ "hospitalization":{"admitSource":{"text":"#"}} """,
        """ "location":[{"location":{"display":"#"}}] """,
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_dropped_makes_no_difference_to_whatever_comes_later(int seed)
    {
        var random = new Random(seed);
        for (var story = 0; story < 300; story++)
        {
            var all = new List<StayNotice>();
            var kept = new List<StayNotice>();
            for (var i = 0; i < 30; i++)
            {
                var notice = Random(random, i);
                all.Add(notice);
                kept.Add(notice);
                if (random.Next(3) == 0)
                {
                    var superfluous = StayHistory.Superfluous(kept);
                    kept.RemoveAll(n => superfluous.Contains(n.Record));
                }

                var (whole, rest) = (Stay.Of(all)!, Stay.Of(kept)!);
                Assert.Equal((whole.Status, whole.Generation), (rest.Status, rest.Generation));
                Assert.True(
                    JsonNode.DeepEquals(whole.Encounter, rest.Encounter),
                    $"{whole.Encounter.ToJsonString()} is not {rest.Encounter.ToJsonString()}"
                );
                Assert.Equal(all.Max(n => n.At), kept.Max(n => n.At));
            }
        }
    }

    [Fact]
    public void Two_thousand_updates_are_few_to_read()
    {
        var kept = new List<StayNotice> { Notice(TransitionEvent.Admit, 0, 0) };
        var most = 0;
        for (var i = 1; i <= 2000; i++)
        {
            kept.Add(Notice(TransitionEvent.Update, i, i));
            most = Math.Max(most, kept.Count);
            if (kept.Count > StayHistory.KeptAnyway)
            {
                var superfluous = StayHistory.Superfluous(kept);
                kept.RemoveAll(n => superfluous.Contains(n.Record));
            }
        }

        Assert.InRange(most, 1, StayHistory.KeptAnyway + 1);
        Assert.Equal("2000", (string?)Stay.Of(kept)!.Encounter["priority"]!["text"]);
    }

    [Theory]
    [InlineData(TransitionEvent.Transfer, false)]
    [InlineData(TransitionEvent.CancelTransfer, false)]
    [InlineData(TransitionEvent.Update, true)]
    [InlineData(TransitionEvent.Discharge, true)]
    [InlineData(TransitionEvent.Admit, true)]
    public void Only_what_cannot_be_taken_back_makes_an_update_superfluous(TransitionEvent later, bool isSuperfluous) =>
        Assert.Equal(
            isSuperfluous ? ["1"] : [],
            StayHistory.Superfluous([
                Notice(TransitionEvent.Admit, 0, 0),
                Notice(TransitionEvent.Update, 1, 1),
                Notice(later, 2, 2),
            ])
        );

    [Theory]
    [InlineData(TransitionEvent.Admit)]
    [InlineData(TransitionEvent.Transfer)]
    [InlineData(TransitionEvent.Discharge)]
    [InlineData(TransitionEvent.CancelDischarge)]
    public void What_is_an_event_of_its_own_is_kept(TransitionEvent kept) =>
        Assert.Empty(
            StayHistory.Superfluous([
                Notice(TransitionEvent.Admit, 0, 0),
                Notice(kept, 1, 1),
                Notice(TransitionEvent.Update, 2, 2),
            ])
        );

    private static StayNotice Notice(TransitionEvent what, int minute, int number) =>
        new(
            what,
            Start.AddMinutes(minute),
            number.ToString(CultureInfo.InvariantCulture),
            JsonNode.Parse($$$"""{"resourceType":"Encounter","priority":{"text":"{{{number}}}"}}""")!.AsObject()
        );

    private static StayNotice Random(Random random, int number)
    {
        var parts = Parts
            .Where(_ => random.Next(3) == 0)
            .DistinctBy(p => p.Split(':')[0])
            .Select(p => p.Replace("#", $"{number}", StringComparison.Ordinal));
        return new StayNotice(
            Events[random.Next(Events.Length)],
            Start.AddMinutes(random.Next(40)),
            number.ToString("00", CultureInfo.InvariantCulture),
            JsonNode
                .Parse($$"""{ {{string.Join(',', parts.Prepend("\"resourceType\":\"Encounter\""))}} }""")!
                .AsObject()
        );
    }
}
