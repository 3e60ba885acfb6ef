using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Tests.Referrals;
using CareCoordination.Workflow.Writes;

namespace CareCoordination.Workflow.Tests.Writes;

/// <summary>What plain writes of patients, programmes, consents, requests and Tasks mean for the referrals of a patient.</summary>
public sealed class ReferralFamilyTests
{
    private const string Url = "https://carecoordination.example/fhir/StructureDefinition/";

    [Theory]
    [InlineData("'deceasedBoolean':true", "patient-died")]
    [InlineData("'deceasedDateTime':'2026-11-20'", "patient-died")]
    [InlineData("'deceasedBoolean':false", null)]
    [InlineData("'active':false", null)]
    public void The_death_of_a_patient_ends_what_is_open(string elements, string? reason)
    {
        var patient = Given.Resource("Patient", "p", elements);

        var ended = Apply([Write(null, patient)], Referral(1), Referral(2, "completed"), Referral(3, patient: "other"));

        Assert.Equal(reason is null ? null : "Patient/p", ReferralFamily.PatientOf(Write(null, patient)));
        Assert.Equal(
            reason is null ? [] : ["Task/t1 cancelled", "ServiceRequest/sr1 revoked", "ServiceRequest/sr2 revoked"],
            Changes(ended)
        );
        if (reason is not null)
            Assert.Equal(reason, (string?)Json(ended, "Task/t1")["statusReason"]!["coding"]![0]!["code"]);
    }

    [Theory]
    [InlineData("active", "finished", true)]
    [InlineData("active", "cancelled", true)]
    [InlineData("active", "onhold", false)]
    public void Leaving_the_programme_ends_what_is_open(string from, string to, bool ends)
    {
        Snapshot Episode(string status) =>
            Given.Resource("EpisodeOfCare", "e", $"'status':'{status}','patient':{{'reference':'Patient/p'}}");

        Assert.Equal(
            ends ? ["Task/t1 cancelled", "ServiceRequest/sr1 revoked"] : [],
            Changes(Apply([Write(Episode(from), Episode(to))], Referral(1)))
        );
        // A programme that is recorded as over never held a referral.
        Assert.Empty(Changes(Apply([Write(null, Episode(to))], Referral(1))));
    }

    [Theory]
    [InlineData("inactive", true)]
    [InlineData("rejected", true)]
    [InlineData("entered-in-error", true)]
    [InlineData("active", false)]
    public void A_consent_that_is_withdrawn_ends_what_rests_on_it(string status, bool ends)
    {
        var consent = Given.Resource("Consent", "c", $"'status':'{status}','patient':{{'reference':'Patient/p'}}");

        Assert.Equal(
            ends
                ? ["Task/t2 cancelled", "Task/t3 cancelled", "ServiceRequest/sr2 revoked", "ServiceRequest/sr3 revoked"]
                : [],
            Changes(
                Apply(
                    [Write(null, consent)],
                    Referral(1),
                    Referral(2, consent: "Consent/c"),
                    Referral(3, supporting: "Consent/c"),
                    Referral(4, consent: "Consent/other"),
                    Referral(5, consent: "Consent/c", patient: "other")
                )
            )
        );
    }

    [Theory]
    [InlineData("completed", "Task/t1 cancelled")]
    [InlineData("revoked", "Task/t1 cancelled")]
    [InlineData("entered-in-error", "Task/t1 entered-in-error|Task/new-1 requested")]
    [InlineData("on-hold", null)]
    public void A_request_that_ends_takes_its_attempts_along(string to, string? expected)
    {
        var (task, request) = Referral(1);
        var write = Write(request, Status(request, to));

        var changes = Changes(Apply([write], new OpenReferral(task, Status(request, to)), Referral(2)));

        Assert.Equal(expected is null ? [] : expected.Split('|'), changes);
    }

    [Fact]
    public void What_was_never_to_be_is_a_matter_of_privacy_where_a_partner_may_have_seen_it()
    {
        var (task, request) = Referral(1);
        var voided = Status(request, "entered-in-error");

        var seen = Apply([Write(request, voided)], known: true, new OpenReferral(task, voided));
        var unseen = Apply([Write(request, voided)], known: false, new OpenReferral(task, voided));

        Assert.Equal(["Task/t1 entered-in-error", "Task/new-1 requested"], Changes(seen));
        Assert.Equal(["Task/t1 entered-in-error"], Changes(unseen));
        Assert.Equal("privacy", (string?)Json(seen, "Task/new-1")["code"]!["coding"]![0]!["code"]);
    }

    [Theory]
    [InlineData("requested", "accepted", "t1 accepted")]
    [InlineData("requested", "rejected", "t1 rejected|new-1 requested")]
    [InlineData("in-progress", "completed", "t1 completed|new-1 requested")]
    public void A_partner_that_moves_its_task_by_a_plain_write_has_done_as_with_a_poll(
        string from,
        string to,
        string expected
    )
    {
        var (task, request) = Referral(1, from);
        var after = Status(task, to);

        var written = Apply([Write(task, after)], new OpenReferral(after, request));

        Assert.True(ReferralFamily.Moves(Write(task, after)));
        Assert.Equal(
            expected.Split('|').Select(e => "Task/" + e),
            Changes(written, also: after).Where(c => c.StartsWith("Task/", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void A_task_that_is_no_referral_of_a_partner_moves_alone()
    {
        var own = Given.Task("t1", "requested", "'focus':{'reference':'ServiceRequest/sr1'}");

        Assert.Empty(Apply([Write(own, Status(own, "accepted"))], new OpenReferral(own, Referral(1).Request)));
        Assert.Empty(Apply([Write(own, Status(own, "accepted"))]));
    }

    [Fact]
    public void Several_reasons_in_one_commit_end_a_referral_once_with_the_first()
    {
        var patient = Given.Resource("Patient", "p", "'deceasedBoolean':true");
        var consent = Given.Resource("Consent", "c", "'status':'inactive','patient':{'reference':'Patient/p'}");

        var ended = Apply(
            [Write(null, consent), Write(null, patient), Write(null, patient)],
            Referral(1, consent: "Consent/c"),
            Referral(2)
        );

        Assert.Equal(4, ended.Length);
        Assert.Equal("consent-withdrawn", (string?)Json(ended, "Task/t1")["statusReason"]!["coding"]![0]!["code"]);
        Assert.Equal("patient-died", (string?)Json(ended, "Task/t2")["statusReason"]!["coding"]![0]!["code"]);
    }

    /// <summary>Counted in bytes allocated, which time and other tests do not change.</summary>
    [Fact]
    public void Work_grows_with_the_referrals_and_the_writes_and_not_with_their_product()
    {
        long Allocated(int count)
        {
            RestWrite[] writes =
            [
                .. Enumerable
                    .Range(0, count)
                    .SelectMany(i =>
                        new[]
                        {
                            Write(
                                null,
                                Given.Resource(
                                    "Consent",
                                    $"c{i}",
                                    "'status':'inactive','patient':{'reference':'Patient/p'}"
                                )
                            ),
                            Write(
                                Referral(i, consent: $"Consent/c{i}").Task,
                                Status(Referral(i, consent: $"Consent/c{i}").Task, "accepted")
                            ),
                        }
                    ),
            ];
            OpenReferral[] referrals =
            [
                .. Enumerable.Range(0, count).Select(i => Referral(i, consent: $"Consent/c{i}")),
            ];
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.NotEmpty(Apply(writes, referrals));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        var (small, large) = (Allocated(100), Allocated(800));
        Assert.True(large < small * 12, $"{small} {large}");
    }

    private static ImmutableArray<ResourceWrite> Apply(RestWrite[] writes, params OpenReferral[] referrals) =>
        Apply(writes, known: true, referrals);

    /// <summary>What changes besides the writes, or of them.</summary>
    private static ImmutableArray<ResourceWrite> Apply(RestWrite[] writes, bool known, params OpenReferral[] referrals)
    {
        var around = new WrittenReferrals([.. referrals], _ => known, Referred.Context());
        var outcome = RestWrites.Apply([.. writes], new WriteSurroundings([], []) { Referrals = around }, Given.Now);
        return
        [
            .. outcome.Followers,
            .. writes
                .Select((w, i) => new ResourceWrite(w.Key, w.Version, outcome.Written[i].Utf8))
                .Where((w, i) => !w.Utf8Json.Span.SequenceEqual(writes[i].After.Utf8.Span)),
        ];
    }

    private static string[] Changes(ImmutableArray<ResourceWrite> writes, Snapshot? also = null) =>
        [
            .. writes
                .Select(w => (w.Key, w.Utf8Json))
                .Concat(
                    also is { } written && writes.All(w => w.Key != written.Key)
                        ? [(written.Key, written.Utf8Json)]
                        : Array.Empty<(ResourceKey, ReadOnlyMemory<byte>)>()
                )
                .OrderBy(w => w.Item1.Type == "ServiceRequest")
                .ThenBy(w => w.Item1.Id.StartsWith("new", StringComparison.Ordinal))
                .Select(w => $"{w.Item1} {(string?)System.Text.Json.Nodes.JsonNode.Parse(w.Item2.Span)!["status"]}"),
        ];

    private static System.Text.Json.Nodes.JsonNode Json(ImmutableArray<ResourceWrite> writes, string reference) =>
        System.Text.Json.Nodes.JsonNode.Parse(writes.Single(w => w.Key.ToString() == reference).Utf8Json.Span)!;

    private static OpenReferral Referral(
        int number,
        string status = "requested",
        string? consent = null,
        string? supporting = null,
        string patient = "p"
    )
    {
        var task = Referred.Task(ReferralProfile.R4, status);
        var more = supporting is null ? "" : $",'supportingInfo':[{{'reference':'{supporting}'}}]";
        var request = Referred.Request("active", more);
        return new OpenReferral(
            Renamed(task, "Task", $"t{number}", number, patient, consent),
            Renamed(request, "ServiceRequest", $"sr{number}", number, patient, null)
        );
    }

    private static Snapshot Renamed(Snapshot read, string type, string id, int number, string patient, string? consent)
    {
        var text = System
            .Text.Encoding.UTF8.GetString(read.Utf8Json.Span)
            .Replace($"\"id\":\"{read.Key.Id}\"", $"\"id\":\"{id}\"", StringComparison.Ordinal)
            .Replace("ServiceRequest/sr", $"ServiceRequest/sr{number}", StringComparison.Ordinal)
            .Replace("Patient/p", $"Patient/{patient}", StringComparison.Ordinal);
        if (consent is not null)
            text = text.Replace(
                "\"extension\":[",
                $"\"extension\":[{{\"url\":\"{Url}rests-on-consent\",\"valueReference\":{{\"reference\":\"{consent}\"}}}},",
                StringComparison.Ordinal
            );
        return new(new(type, id), 3, System.Text.Encoding.UTF8.GetBytes(text));
    }

    private static Snapshot Status(Snapshot read, string status)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(read.Utf8Json.Span)!;
        json["status"] = status;
        return read with { Utf8Json = System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()) };
    }

    private static RestWrite Write(Snapshot? before, Snapshot after) =>
        new(
            after.Key,
            before?.Version ?? 0,
            before is { } read ? ResourceDocument.Parse(read.Utf8Json).Value : null,
            ResourceDocument.Parse(after.Utf8Json).Value
        );
}
