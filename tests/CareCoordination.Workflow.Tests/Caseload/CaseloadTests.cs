using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Lifecycles;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Caseload;

public sealed class CaseloadTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);
    private static readonly CareManagerNeed Need = new(new CaseloadPatient("moderate", false))
    {
        State = "NY",
        Language = "es",
        Specialty = "geriatrics",
    };

    [Fact]
    public void A_caseload_is_weighed_by_tier_and_transition()
    {
        CaseloadPatient[] patients =
        [
            new("low", false),
            new("moderate", false),
            new("high", false),
            new("high", true),
            new(null, false),
            new("odd", true),
        ];

        var load = CaseloadCount.Of(patients, overdueTasks: 3, CareRules.Defaults);

        Assert.Equal(
            (6, 1 + 2 + 4 + 7 + 1 + 4, 164, 281),
            (load.Patients, load.Points, load.PatientsLeft, load.PointsLeft)
        );
        Given.AssertJson(
            """{"resourceType":"Parameters","parameter":[{"name":"practitionerRole","valueReference":{"reference":"PractitionerRole/1"}},{"name":"patients","valueInteger":6},{"name":"weightedLoad","valueInteger":19},{"name":"overdue","valueInteger":3},{"name":"capacityPatients","valueInteger":164},{"name":"capacityPoints","valueInteger":281},{"name":"state","valueCode":"below-cap"},{"name":"tier","part":[{"name":"code","valueCode":"high"},{"name":"count","valueInteger":2}]},{"name":"tier","part":[{"name":"code","valueCode":"low"},{"name":"count","valueInteger":1}]},{"name":"tier","part":[{"name":"code","valueCode":"moderate"},{"name":"count","valueInteger":1}]},{"name":"tier","part":[{"name":"code","valueCode":"odd"},{"name":"count","valueInteger":1}]},{"name":"tier","part":[{"name":"code","valueCode":"unknown"},{"name":"count","valueInteger":1}]}]}""",
            JsonNode.Parse(load.ToParameters("PractitionerRole/1").ToUtf8Json())
        );
    }

    [Theory]
    [InlineData(135, CaseloadState.BelowCap)]
    [InlineData(136, CaseloadState.NearCap)]
    [InlineData(169, CaseloadState.NearCap)]
    [InlineData(170, CaseloadState.AtCap)]
    [InlineData(171, CaseloadState.OverCap)]
    public void A_caseload_warns_at_its_cap_of_patients(int patients, CaseloadState state) =>
        Assert.Equal(
            state,
            CaseloadCount
                .Of(Enumerable.Repeat(new CaseloadPatient("low", false), patients), 0, CareRules.Defaults)
                .State
        );

    [Fact]
    public void The_points_of_few_heavy_patients_reach_the_cap_too() =>
        Assert.Equal(
            CaseloadState.AtCap,
            CaseloadCount.Of(Enumerable.Repeat(new CaseloadPatient("high", false), 75), 0, CareRules.Defaults).State
        );

    [Fact]
    public void Continuity_goes_before_language_before_specialty_before_room()
    {
        CareManagerCandidate[] candidates =
        [
            new("room", 10, 20),
            new("full", 100, 200),
            new("specialist", 120, 240) { Specialties = ["geriatrics"] },
            new("speaker", 130, 260) { Languages = ["en", "es"] },
            new("known", 140, 280) { KnowsPatient = true },
            new("away", 1, 1) { IsAway = true, KnowsPatient = true },
            new("expired", 1, 1) { LicensedUntil = Today.AddDays(-1) },
            new("elsewhere", 1, 1) { LicensedIn = ["NJ"] },
            new("heavy", 10, 299),
            new("many", 170, 170),
        ];

        var ranked = CareManagerChoice.Rank(Need, candidates.Reverse(), Today, CareRules.Defaults);

        Assert.Equal(
            ["known", "speaker", "specialist", "room", "full"],
            ranked.Where(r => r.CanTake).Select(r => r.Candidate.PractitionerRole)
        );
        Assert.Equal(
            [
                "away: away",
                "elsewhere: licence-state",
                "expired: licence-expired",
                "heavy: cap-exceeded",
                "many: cap-exceeded",
            ],
            ranked
                .Where(r => !r.CanTake)
                .Select(r => $"{r.Candidate.PractitionerRole}: {string.Join(',', r.Obstacles)}")
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(["continuity"], ranked[0].Merits);
    }

    [Fact]
    public void A_licence_is_valid_on_its_last_day_and_a_lead_goes_beyond_the_cap()
    {
        Assert.True(
            CareManagerChoice.Judge(Need, new("a", 0, 0) { LicensedUntil = Today }, Today, CareRules.Defaults).CanTake
        );
        Assert.True(
            CareManagerChoice
                .Judge(Need with { OverrideCap = true }, new("a", 170, 170), Today, CareRules.Defaults)
                .CanTake
        );
    }

    [Fact]
    public void An_assignment_tells_the_episode_and_the_team_and_takes_tasks_nobody_owns()
    {
        Snapshot[] tasks =
        [
            Given.Task("free", "requested"),
            Given.Task("owned", "ready", "'owner':{'reference':'Practitioner/x'}"),
        ];

        var decision = CareManagerAssignment
            .Assign(Can("PractitionerRole/1"), new(Episode(), null, [.. tasks], []), Given.Now, Today, "team")
            .Value;

        Assert.Equal("PractitionerRole/1", (string?)decision.Written("EpisodeOfCare/e")["careManager"]!["reference"]);
        Assert.Equal("CareTeam/team", (string?)decision.Written("EpisodeOfCare/e")["team"]![0]!["reference"]);
        Given.AssertJson(
            """{"resourceType":"CareTeam","id":"team","status":"active","subject":{"reference":"Patient/1"},"participant":[{"role":[{"coding":[{"system":"http://snomed.info/sct","code":"768820003","display":"Care coordinator"},{"system":"http://nucc.org/provider-taxonomy","code":"171M00000X"}]}],"member":{"reference":"PractitionerRole/1"},"period":{"start":"2026-11-23"}}]}""",
            decision.Written("CareTeam/team")
        );
        Assert.Equal("PractitionerRole/1", (string?)decision.Written("Task/free")["owner"]!["reference"]);
        Assert.Equal(["Task/owned"], decision.ReliedOn.Select(r => r.Key.ToString()));
    }

    [Fact]
    public void There_is_one_accountable_manager()
    {
        var other = Episode("'careManager':{'reference':'PractitionerRole/2'},");

        Assert.Equal((409, "other-manager"), Told(Assign(other, [])));
        Assert.Equal((409, "other-manager"), Told(Assign(Episode(), [Other("PractitionerRole/2")])));
        Assert.True(
            Assign(
                Episode("'careManager':{'reference':'PractitionerRole/1'},"),
                [Other("PractitionerRole/1")]
            ).IsSuccess
        );
        Assert.Equal(
            (422, "episode-not-active"),
            Told(
                Assign(
                    Given.Resource("EpisodeOfCare", "e", "'status':'finished','patient':{'reference':'Patient/1'}"),
                    []
                )
            )
        );
        Assert.Equal(
            (422, "cap-exceeded"),
            Told(
                CareManagerAssignment.Assign(
                    new(new("PractitionerRole/1", 170, 170), ["cap-exceeded"], [], 2),
                    new(Episode(), null, [], []),
                    Given.Now,
                    Today,
                    "t"
                )
            )
        );
    }

    [Fact]
    public void A_handover_is_done_when_it_is_accepted()
    {
        var episode = Episode("'careManager':{'reference':'PractitionerRole/1'},");
        var team = Given.Resource(
            "CareTeam",
            "t",
            "'status':'active','participant':[{'role':[{'coding':[{'system':'http://snomed.info/sct','code':'768820003'}]}],'member':{'reference':'PractitionerRole/1'},'period':{'start':'2026-01-01'}}]"
        );
        Snapshot[] tasks =
        [
            Given.Task("working", "in-progress", "'owner':{'reference':'PractitionerRole/1'}"),
            Given.Task("claimed", "received", "'owner':{'reference':'PractitionerRole/1'}"),
            Given.Task("nurse", "ready", "'owner':{'reference':'Practitioner/nurse'}"),
        ];
        var plan = Given.Resource(
            "CarePlan",
            "p",
            "'status':'active','intent':'plan','subject':{'reference':'Patient/1'}"
        );

        var offer = PatientTransfer
            .Offer(
                episode,
                ["PractitionerRole/1"],
                Can("PractitionerRole/2"),
                new HandoverTerms("prefers mornings", Given.Now.AddDays(1)),
                false,
                Given.Now,
                "offer"
            )
            .Value;
        var scope = new TransferScope(offer.After("EpisodeOfCare/e"), team, [plan], [.. tasks]);
        var stranger = PatientTransfer.Accept(
            offer.After("Task/offer"),
            scope,
            new Agent("Practitioner/9"),
            Given.Now,
            Workflow.Calendars.BusinessCalendar.UnitedStates(Given.NewYork),
            Given.Ids()
        );
        var accepted = PatientTransfer
            .Accept(
                offer.After("Task/offer"),
                scope,
                new Agent("Practitioner/2") { ActsAs = ["PractitionerRole/2"] },
                Given.Now,
                Workflow.Calendars.BusinessCalendar.UnitedStates(Given.NewYork),
                Given.Ids()
            )
            .Value;

        Assert.Equal(["Task/offer", "EpisodeOfCare/e"], offer.Writes.Select(w => w.Key.ToString()));
        Assert.Equal("Task/offer", Handover.LastOffer(offer.After("EpisodeOfCare/e")));
        Assert.Equal(403, stranger.Failure!.Status);
        Assert.Null(accepted.Written("EpisodeOfCare/e")["extension"]);
        Assert.Equal("PractitionerRole/2", (string?)accepted.Written("EpisodeOfCare/e")["careManager"]!["reference"]);
        var participants = accepted.Written("CareTeam/t")["participant"]!.AsArray();
        Assert.Equal("2026-11-23", (string?)participants[0]!["period"]!["end"]);
        Assert.Equal("PractitionerRole/2", (string?)participants[1]!["member"]!["reference"]);
        Assert.Equal(("ready", "requested"), (accepted.Status("Task/working"), accepted.Status("Task/claimed")));
        Assert.Equal("PractitionerRole/2", (string?)accepted.Written("Task/working")["owner"]!["reference"]);
        Assert.Equal("PractitionerRole/2", (string?)accepted.Written("CarePlan/p")["contributor"]![0]!["reference"]);
        Assert.Equal("completed", accepted.Status("Task/offer"));
        Assert.Equal(["Task/nurse"], accepted.ReliedOn.Select(r => r.Key.ToString()));
    }

    [Fact]
    public void A_handover_needs_a_note_the_right_manager_and_no_other_handover()
    {
        var episode = Episode("'careManager':{'reference':'PractitionerRole/1'},");
        (int, string?) Offer(string from, string? note, bool pending, string to = "PractitionerRole/2") =>
            Told(
                PatientTransfer.Offer(
                    episode,
                    [from],
                    Can(to),
                    new HandoverTerms(note, Given.Now.AddDays(1)),
                    pending,
                    Given.Now,
                    "o"
                )
            );

        Assert.Equal((422, "note-required"), Offer("PractitionerRole/1", " ", false));
        Assert.Equal((422, "not-manager"), Offer("PractitionerRole/3", "note", false));
        Assert.Equal((409, "transfer-pending"), Offer("PractitionerRole/1", "note", true));
        Assert.Equal((422, "same-manager"), Offer("PractitionerRole/1", "note", false, to: "PractitionerRole/1"));
    }

    [Fact]
    public void A_handover_that_would_be_due_after_all_dates_is_refused() =>
        Assert.Equal(
            (422, "time-range"),
            Told(
                PatientTransfer.Offer(
                    Episode("'careManager':{'reference':'PractitionerRole/1'},"),
                    ["PractitionerRole/1"],
                    Can("PractitionerRole/2"),
                    new HandoverTerms("note", null),
                    false,
                    Given.Now,
                    "o"
                )
            )
        );

    [Fact]
    public void A_plain_write_does_not_accept_a_handover()
    {
        var episode = Episode("'careManager':{'reference':'PractitionerRole/1'},");
        var offer = PatientTransfer
            .Offer(
                episode,
                [],
                Can("PractitionerRole/2"),
                new HandoverTerms("note", Given.Now.AddDays(1)),
                false,
                Given.Now,
                "o"
            )
            .Value.Written("Task/o");
        string? Written(string status)
        {
            var before = ResourceDocument.Parse(Encoding.UTF8.GetBytes(offer.ToJsonString())).Value;
            var after = offer.DeepClone();
            after["status"] = status;
            return StatusGuard
                .Check(before, ResourceDocument.Parse(Encoding.UTF8.GetBytes(after.ToJsonString())).Value)
                ?.Issues[0]
                .Details;
        }

        Assert.Equal(
            ["handover-by-command", "handover-by-command", null, null],
            new[] { "accepted", "completed", "rejected", "cancelled" }.Select(Written)
        );
    }

    private static (int, string?) Told(Fhir.Outcomes.Result<Decision> result) =>
        (result.Failure!.Status, result.Rule());

    private static Fhir.Outcomes.Result<Decision> Assign(Snapshot episode, ImmutableArray<Snapshot> others) =>
        CareManagerAssignment.Assign(
            Can("PractitionerRole/1"),
            new(episode, null, [], others),
            Given.Now,
            Today,
            "team"
        );

    private static Snapshot Other(string manager) =>
        Given.Resource(
            "EpisodeOfCare",
            "o",
            $"'status':'active','patient':{{'reference':'Patient/1'}},'careManager':{{'reference':'{manager}'}}"
        );

    private static RankedCandidate Can(string role) => new(new(role, 0, 0), [], [], 0);

    private static Snapshot Episode(string more = "") =>
        Given.Resource("EpisodeOfCare", "e", more + "'status':'active','patient':{'reference':'Patient/1'}");
}
