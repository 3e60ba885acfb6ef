using System.Collections.Immutable;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Referrals;

public sealed class DisclosureTests
{
    private const string Label = "{'system':'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'ETH'}";
    private const string ForFood = "'code':[{'coding':[{'system':'c','code':'food-insecurity'}]}]";
    private const string ForHousing = "'code':[{'coding':[{'system':'c','code':'housing'}]}]";

    private static readonly Snapshot Plain = Given.Resource("Condition", "c", "'subject':{'reference':'Patient/p'}");

    private static readonly Snapshot Sensitive = Given.Resource(
        "Condition",
        "s",
        $"'meta':{{'security':[{Label}]}},'subject':{{'reference':'Patient/p'}}"
    );

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "consent-missing")]
    public void Without_a_consent_it_depends_on_who_gets_it(bool needsConsent, string? withheld) =>
        Assert.Equal(withheld, Of(Plain, needsConsent).Withheld);

    [Theory]
    [InlineData("active", "", null)] // no provision: the patient agreed
    [InlineData("inactive", "", "consent-missing")]
    [InlineData("draft", "", "consent-missing")]
    [InlineData(
        "active",
        "'type':'permit','actor':[{'role':{'coding':[{'code':'IRCP'}]},'reference':{'reference':'Organization/cbo'}}]",
        null
    )]
    [InlineData(
        "active",
        "'type':'permit','actor':[{'role':{'coding':[{'code':'IRCP'}]},'reference':{'reference':'Organization/else'}}]",
        "consent-missing"
    )]
    [InlineData(
        "active",
        "'type':'permit','actor':[{'role':{'coding':[{'code':'CST'}]},'reference':{'reference':'Organization/keeper'}}]",
        null
    )]
    [InlineData("active", "'type':'permit'," + ForFood, null)]
    [InlineData("active", "'type':'permit'," + ForHousing, "consent-missing")]
    [InlineData("active", "'type':'permit','period':{'start':'2026-01-01','end':'2026-12-31'}", null)]
    [InlineData("active", "'type':'permit','period':{'end':'2026-11-22'}", "consent-missing")]
    [InlineData(
        "active",
        "'type':'permit','class':[{'system':'http://hl7.org/fhir/resource-types','code':'Condition'}]",
        null
    )]
    [InlineData(
        "active",
        "'type':'permit','class':[{'system':'http://hl7.org/fhir/resource-types','code':'Goal'}]",
        "consent-missing"
    )]
    [InlineData(
        "active",
        "'type':'permit','data':[{'meaning':'instance','reference':{'reference':'Condition/c'}}]",
        null
    )]
    [InlineData(
        "active",
        "'type':'permit','data':[{'meaning':'instance','reference':{'reference':'Condition/x'}}]",
        "consent-missing"
    )]
    [InlineData("active", "'type':'deny'", "consent-denies")]
    [InlineData("active", "'type':'permit','provision':[{'type':'deny'," + ForFood + "}]", "consent-denies")]
    [InlineData("active", "'type':'deny','provision':[{'type':'permit'," + ForFood + "}]", null)]
    [InlineData("active", "'type':'permit','provision':[{'type':'deny'," + ForHousing + "}]", null)]
    public void A_consent_covers_what_all_limits_of_its_provision_let_through(
        string status,
        string provision,
        string? withheld
    ) => Assert.Equal(withheld, Of(Plain, needsConsent: true, Consent("one", status, provision)).Withheld);

    [Fact]
    public void A_policy_of_opting_out_denies() =>
        Assert.Equal(
            "consent-denies",
            Of(
                Plain,
                needsConsent: false,
                Consent("out", "active", "", ",'policyRule':{'coding':[{'code':'OPTOUT'}]}")
            ).Withheld
        );

    [Fact]
    public void A_denial_stands_above_every_permission()
    {
        var verdict = Of(
            Plain,
            needsConsent: true,
            Consent("yes", "active", ""),
            Consent("no", "active", "'type':'deny'")
        );

        Assert.Equal(new DisclosureVerdict("consent-denies", null), verdict);
    }

    [Fact]
    public void A_denial_for_another_recipient_says_nothing_of_this_one() =>
        Assert.True(
            Of(
                Plain,
                needsConsent: false,
                Consent(
                    "no",
                    "active",
                    "'type':'deny','actor':[{'role':{'text':'x'},'reference':{'reference':'Organization/else'}}]"
                )
            ).MayGo
        );

    [Fact]
    public void What_is_labelled_goes_only_by_a_consent_that_names_the_label()
    {
        Assert.Equal("security-label", Of(Sensitive, needsConsent: false).Withheld);
        Assert.Equal("security-label", Of(Sensitive, needsConsent: false, Consent("any", "active", "")).Withheld);
        Assert.Equal(
            "security-label",
            Of(Sensitive, needsConsent: false, Consent("any", "active", "'type':'permit'")).Withheld
        );
        Assert.Equal(
            new DisclosureVerdict(null, "Consent/named"),
            Of(Sensitive, needsConsent: false, Consent("named", "active", $"'type':'permit','securityLabel':[{Label}]"))
        );
    }

    [Fact]
    public void Nothing_of_another_patient_goes_along()
    {
        var other = Given.Resource("Condition", "o", "'subject':{'reference':'Patient/q'}");
        var relative = Given.Resource("Patient", "q", "");

        Assert.Equal("other-patient", Of(other, needsConsent: false).Withheld);
        Assert.Equal("other-patient", Of(relative, needsConsent: false).Withheld);
        Assert.True(Of(Given.Resource("Organization", "o", ""), needsConsent: false).MayGo);
    }

    [Fact]
    public void A_consent_of_another_patient_permits_nothing()
    {
        var foreign = Given.Resource("Consent", "f", "'status':'active','patient':{'reference':'Patient/q'}");

        Assert.Equal("consent-missing", Of(Plain, needsConsent: true, foreign).Withheld);
    }

    private static DisclosureVerdict Of(Snapshot resource, bool needsConsent, params Snapshot[] consents) =>
        Disclosure.Of(
            resource,
            Referred.Request(),
            Recipient.Of(Referred.Task(ReferralProfile.R4), Referred.Endpoint(), needsConsent),
            consents,
            CareRules.Defaults,
            Given.Now,
            TimeZoneInfo.Utc
        );

    private static Snapshot Consent(string id, string status, string provision, string more = "") =>
        Given.Resource(
            "Consent",
            id,
            $"'status':'{status}','scope':{{'coding':[{{'code':'patient-privacy'}}]}},'patient':{{'reference':'Patient/p'}}"
                + (provision.Length == 0 ? "" : $",'provision':{{{provision}}}")
                + more
        );
}

public sealed class ReferralClosureTests
{
    [Fact]
    public void Follows_references_of_the_allowed_types_until_there_are_no_more()
    {
        var store = new[]
        {
            Given.Resource(
                "Patient",
                "p",
                "'link':[{'other':{'reference':'Patient/q'}}],'managingOrganization':{'reference':'Organization/1'}"
            ),
            Given.Resource("Patient", "q"),
            Given.Resource("Organization", "1", "'partOf':{'reference':'Organization/2'}"),
            Given.Resource("Organization", "2", "'partOf':{'reference':'Organization/1'}"),
            Given.Resource(
                "Condition",
                "c",
                "'subject':{'reference':'Patient/p'},'encounter':{'reference':'Encounter/e'}"
            ),
            Given.Resource("Encounter", "e"),
        }.ToDictionary(s => s.Key.ToString());
        var request = Referred.Request(
            more: ",'reasonReference':[{'reference':'Condition/c'}],'insurance':[{'reference':'Coverage/none'}],'supportingInfo':[{'reference':'http://elsewhere/fhir/Condition/x'},{'reference':'#contained'}]"
        );
        var task = Referred.Task(ReferralProfile.R4);
        var asked = new HashSet<string>();
        var have = new List<Snapshot>();

        for (
            ImmutableArray<string> next;
            (next = ReferralClosure.Next(task, request, have, asked, ReferralClosure.DefaultTypes)).Length > 0;

        )
        {
            asked.UnionWith(next);
            have.AddRange(next.Where(store.ContainsKey).Select(r => store[r]));
        }

        Assert.Equal(
            ["Condition/c", "Organization/1", "Organization/2", "Patient/p"],
            have.Select(h => h.Key.ToString()).Order()
        );
        Assert.DoesNotContain("Patient/q", asked);
        Assert.DoesNotContain("Encounter/e", asked);
        Assert.Contains("Coverage/none", asked);
    }
}
