using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Referrals;

public sealed class DispatchReferralTests
{
    [Fact]
    public void Makes_the_task_that_asks_the_partner_and_the_message_that_takes_it_there()
    {
        var decision = DispatchReferral
            .Dispatch(Referred.Request(), Referred.Order(ReferralProfile.Gravity), Referred.Reads(), Referred.Context())
            .Value;

        Assert.Equal("Task/new-1", decision.Answer.ToString());
        Given.AssertJson(
            """
            {"resourceType":"Task","id":"new-1","extension":[{"url":"https://carecoordination.example/fhir/StructureDefinition/partner","valueReference":{"reference":"Endpoint/cbo"}},{"url":"https://carecoordination.example/fhir/StructureDefinition/partner-profile","valueCode":"gravity"},{"url":"https://carecoordination.example/fhir/StructureDefinition/referral-attempt","valuePositiveInt":1}],"status":"requested","intent":"order","priority":"routine","code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill","display":"Fulfill the focal request"}],"text":"Fulfill the focal request"},"focus":{"reference":"ServiceRequest/sr"},"basedOn":[{"reference":"ServiceRequest/sr"}],"groupIdentifier":{"system":"http://here/fhir/ServiceRequest","value":"sr"},"for":{"reference":"Patient/p"},"authoredOn":"2026-11-23T15:00:00Z","lastModified":"2026-11-23T15:00:00Z","requester":{"reference":"PractitionerRole/asker"},"owner":{"reference":"Organization/cbo"},"restriction":{"period":{"end":"2026-12-01T23:59:59Z"}}}
            """,
            decision.Written("Task/new-1")
        );
        Given.AssertJson(
            """[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"PLAC"}]},"system":"http://here/fhir/ServiceRequest","value":"sr"}]""",
            decision.Written("ServiceRequest/sr")["identifier"]
        );
        Assert.Equal(
            [new Outgoing("cbo", new("Task", "new-1"), new("ServiceRequest", "sr"), OutgoingKind.Send)],
            decision.Outgoing
        );
    }

    [Theory]
    [InlineData("routine", "2026-12-01T23:59:59Z")] // Thanksgiving lies between
    [InlineData("urgent", "2026-11-25T23:59:59Z")]
    [InlineData("asap", "2026-11-25T23:59:59Z")]
    [InlineData("stat", "2026-11-24T23:59:59Z")]
    public void The_partner_has_business_days_by_priority_to_answer(string priority, string due)
    {
        var request = Referred.Request(more: $",'priority':'{priority}'");

        var task = Dispatch(request).Value.Written("Task/new-1");

        Assert.Equal(due, task["restriction"]!["period"]!["end"]!.GetValue<string>());
        Assert.Equal(priority, task["priority"]!.GetValue<string>());
    }

    [Fact]
    public void The_performer_of_the_request_owns_it_and_a_named_one_before_that()
    {
        var request = Referred.Request(more: ",'performer':[{'reference':'Organization/other'}]");

        Assert.Equal("Organization/other", Owner(Dispatch(request).Value));
        Assert.Equal(
            "Organization/named",
            Owner(Dispatch(request, Referred.Order() with { Performer = "Organization/named" }).Value)
        );

        static string Owner(Decision decision) =>
            decision.Written("Task/new-1")["owner"]!["reference"]!.GetValue<string>();
    }

    [Theory]
    [InlineData("draft")]
    [InlineData("on-hold")]
    [InlineData("revoked")]
    [InlineData("completed")]
    [InlineData("entered-in-error")]
    [InlineData("unknown")]
    public void Refuses_a_request_that_is_not_active(string status) =>
        Assert.Equal("request-not-active", Dispatch(Referred.Request(status)).Rule());

    [Fact]
    public void Says_all_that_is_wrong_at_once()
    {
        var request = Given.Resource(
            "ServiceRequest",
            "sr",
            "'status':'draft','intent':'proposal','subject':{'reference':'Patient/p'},'category':[{'coding':[{'code':'dme'}]}]"
        );
        var rules = CareRules.Defaults with { Referrals = new() { AuthorizationCategories = ["dme"] } };

        var refused = DispatchReferral.Dispatch(
            request,
            new DispatchOrder(
                Given.Resource("Endpoint", "cbo", "'status':'off','address':''"),
                ReferralProfile.Bser,
                Referred.Base
            )
            {
                NeedsCoverage = true,
            },
            new() { Patient = Given.Resource("Patient", "p") },
            Referred.Context(rules)
        );

        Assert.Equal(422, refused.Failure!.Status);
        Assert.Equal(
            [
                "request-not-active",
                "request-intent",
                "performer-required",
                "demographics-missing",
                "demographics-missing",
                "demographics-missing",
                "endpoint-not-active",
                "endpoint-not-active",
                "coverage-missing",
                "authorization-missing",
            ],
            refused.Failure.Issues.Select(i => i.Details)
        );
    }

    [Fact]
    public void Refuses_a_subject_that_is_not_here() =>
        Assert.Equal("patient-missing", Dispatch(Referred.Request(), reads: new()).Rule());

    [Fact]
    public void A_bare_endpoint_is_enough()
    {
        var endpoint = Given.Resource("Endpoint", "bare", "'status':'active','address':'http://there/fhir'");

        var decision = Dispatch(Referred.Request(), new(endpoint, ReferralProfile.R4, Referred.Base)).Value;

        Assert.Null(decision.Written("Task/new-1")["owner"]);
        Assert.Equal("bare", decision.Outgoing[0].Partner);
    }

    [Fact]
    public void A_second_referral_for_the_same_is_a_duplicate_unless_it_is_meant()
    {
        var other = new OpenReferral(
            Given.Task("o", "in-progress", "'authoredOn':'2026-11-01T00:00:00Z'"),
            Given.Resource(
                "ServiceRequest",
                "other",
                "'status':'active','intent':'order','code':{'coding':[{'system':'s','code':'food'}]},'subject':{'reference':'Patient/p'}"
            )
        );
        var reads = Referred.Reads() with { Others = [other] };

        var refused = Dispatch(Referred.Request(), reads: reads);
        var meant = Dispatch(Referred.Request(), Referred.Order() with { AllowsDuplicate = true }, reads);

        Assert.Equal((409, "duplicate"), (refused.Failure!.Status, refused.Rule()));
        Assert.Equal("The patient is referred for the same with Task/o.", Assert.Single(meant.Value.Notes).Diagnostics);
    }

    [Theory]
    [InlineData("completed", "2026-11-01T00:00:00Z", "food")]
    [InlineData("requested", "2026-10-01T00:00:00Z", "food")] // more than 30 days ago
    [InlineData("requested", "2026-11-01T00:00:00Z", "housing")]
    public void What_is_over_old_or_for_something_else_is_no_duplicate(string status, string authored, string code)
    {
        var other = new OpenReferral(
            Given.Task("o", status, $"'authoredOn':'{authored}'"),
            Given.Resource(
                "ServiceRequest",
                "other",
                $"'status':'active','intent':'order','code':{{'coding':[{{'system':'s','code':'{code}'}}]}},'subject':{{'reference':'Patient/p'}}"
            )
        );

        Assert.True(Dispatch(Referred.Request(), reads: Referred.Reads() with { Others = [other] }).IsSuccess);
    }

    [Fact]
    public void A_request_that_is_under_way_is_redirected_not_dispatched_again()
    {
        var reads = Referred.Reads() with { Attempts = [Referred.Task(ReferralProfile.R4, "accepted")] };

        var refused = Dispatch(Referred.Request(), reads: reads);

        Assert.Equal((409, "already-dispatched"), (refused.Failure!.Status, refused.Rule()));
    }

    [Fact]
    public void A_later_attempt_is_counted_and_keeps_the_number_of_the_request()
    {
        var reads = Referred.Reads() with { Attempts = [Referred.Task(ReferralProfile.R4, "rejected")] };
        var request = Referred.Request(
            more: ",'identifier':[{'type':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'PLAC'}]},'system':'urn:x','value':'7'}]"
        );

        var decision = Dispatch(request, reads: reads).Value;

        Assert.Equal(2, decision.Written("Task/new-1")["extension"]![2]!["valuePositiveInt"]!.GetValue<int>());
        Given.AssertJson("""{"system":"urn:x","value":"7"}""", decision.Written("Task/new-1")["groupIdentifier"]);
        Assert.DoesNotContain(decision.Writes, w => w.Key.Type == "ServiceRequest");
    }

    [Theory]
    [InlineData("two", null, "Organization/two")]
    [InlineData("two", "Organization/named", "Organization/named")]
    [InlineData("two", "Organization/cbo", "Organization/cbo")]
    [InlineData("cbo", null, "Organization/cbo")]
    public void A_further_attempt_is_not_in_the_name_of_who_was_asked_through_another_partner(
        string endpoint,
        string? performer,
        string owner
    )
    {
        var request = Referred.Request(more: ",'performer':[{'reference':'Organization/cbo'}]");
        var reads = Referred.Reads() with { Attempts = [Referred.Task(ReferralProfile.R4, "rejected")] };
        var to = Given.Resource(
            "Endpoint",
            endpoint,
            $"'status':'active','connectionType':{{'system':'http://terminology.hl7.org/CodeSystem/endpoint-connection-type','code':'hl7-fhir-rest'}},'payloadType':[{{'text':'any'}}],'address':'http://{endpoint}/fhir','managingOrganization':{{'reference':'Organization/{endpoint}'}}"
        );
        var order = Referred.Order() with { Endpoint = to, Performer = performer };

        var again = Dispatch(request, order, reads).Value;
        var redirected = RedirectReferral
            .Redirect(request, order, reads, _ => true, [], Referred.Because, Referred.Context())
            .Value;

        Assert.Equal(owner, (string?)again.Written("Task/new-1")["owner"]!["reference"]);
        Assert.Equal(owner, (string?)redirected.Written("Task/new-1")["owner"]!["reference"]);
    }

    [Fact]
    public void What_rests_on_a_consent_remembers_it()
    {
        var order = Referred.Order() with { NeedsConsent = true };
        var consent = Given.Resource(
            "Consent",
            "yes",
            "'status':'active','scope':{'coding':[{'code':'patient-privacy'}]},'patient':{'reference':'Patient/p'}"
        );

        Assert.Equal("consent-missing", Dispatch(Referred.Request(), order).Rule());
        var extensions = Dispatch(Referred.Request(), order, Referred.Reads() with { Consents = [consent] })
            .Value.Written("Task/new-1")["extension"]!;
        Given.AssertJson(
            """{"url":"https://carecoordination.example/fhir/StructureDefinition/rests-on-consent","valueReference":{"reference":"Consent/yes"}}""",
            extensions[3]
        );
    }

    private static Fhir.Outcomes.Result<Decision> Dispatch(
        Snapshot request,
        DispatchOrder? order = null,
        DispatchReads? reads = null
    ) => DispatchReferral.Dispatch(request, order ?? Referred.Order(), reads ?? Referred.Reads(), Referred.Context());
}
