using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.CarePlans;

/// <summary>https://hl7.org/fhir/R4/consent.html</summary>
public sealed class PlanConsentTests
{
    private const string Permits = "'provision':{'type':'permit'}";

    private static readonly CareRules Rules = CareRules.Defaults with { ConsentCategories = ["ccm"] };

    [Theory]
    [InlineData(true, Permits)]
    [InlineData(true, "'policyRule':{'coding':[{'code':'OPTIN'}]}")]
    [InlineData(false, "'provision':{'type':'deny'}")]
    [InlineData(false, "'policyRule':{'coding':[{'code':'OPTOUT'}]}")]
    [InlineData(true, "'provision':{'type':'permit','period':{'start':'2026-11-23','end':'2026-11-23'}}")]
    [InlineData(false, "'provision':{'type':'permit','period':{'end':'2026-11-22'}}")]
    [InlineData(false, "'provision':{'type':'permit','period':{'start':'2026-11-24'}}")]
    [InlineData(true, "'provision':{'type':'permit','code':[{'coding':[{'system':'urn:p','code':'ccm'}]}]}")]
    [InlineData(false, "'provision':{'type':'permit','code':[{'coding':[{'system':'urn:p','code':'rpm'}]}]}")]
    [InlineData(
        false,
        "'provision':{'type':'permit','provision':[{'type':'deny','code':[{'coding':[{'system':'urn:p','code':'ccm'}]}]}]}"
    )]
    [InlineData(
        true,
        "'provision':{'type':'permit','provision':[{'type':'deny','code':[{'coding':[{'system':'urn:p','code':'rpm'}]}]}]}"
    )]
    [InlineData(
        true,
        "'provision':{'type':'permit','actor':[{'role':{'coding':[{'code':'PRCP'}]},'reference':{'reference':'Practitioner/any'}}]}"
    )]
    [InlineData(
        false,
        "'provision':{'type':'permit','actor':[{'role':{'coding':[{'code':'PRCP'}]},'reference':{'reference':'Organization/elsewhere'}}]}"
    )]
    [InlineData(true, Permits + ",'dateTime':'2026-11-23'")]
    [InlineData(false, Permits + ",'dateTime':'2026-11-24'")]
    [InlineData(false, Permits + ",'category':[{'coding':[{'code':'dnr'}]}]")]
    [InlineData(true, Permits + ",'category':[{'coding':[{'code':'dnr'}]},{'coding':[{'code':'59284-0'}]}]")]
    [InlineData(false, Permits + ",'scope':{'coding':[{'code':'research'}]}")]
    public void A_consent_counts_for_what_it_is_about_while_it_is_in_force(bool covers, string consent) =>
        Assert.Equal(covers, Activate(Rules, Consent(consent)).IsSuccess);

    [Fact]
    public void A_consent_of_another_patient_or_that_is_not_active_does_not_count()
    {
        Assert.False(Activate(Rules, Consent(Permits, patient: "Patient/2")).IsSuccess);
        Assert.False(Activate(Rules, Consent(Permits, status: "inactive")).IsSuccess);
        Assert.False(Activate(Rules).IsSuccess);
        Assert.True(Activate(CareRules.Defaults).IsSuccess);
    }

    [Fact]
    public void A_denial_stands_above_a_permission() =>
        Assert.Equal(
            "consent-missing",
            Activate(Rules, Consent(Permits), Consent("'provision':{'type':'deny'}", id: "d")).Rule()
        );

    [Fact]
    public void Which_kinds_count_is_a_rule()
    {
        var rules = Rules with { ConsentKinds = ["ccm-consent"] };

        Assert.False(Activate(rules, Consent(Permits + ",'category':[{'coding':[{'code':'59284-0'}]}]")).IsSuccess);
        Assert.True(Activate(rules, Consent(Permits + ",'category':[{'coding':[{'code':'ccm-consent'}]}]")).IsSuccess);
    }

    [Fact]
    public void The_decision_holds_only_while_the_consent_is_what_was_read() =>
        Assert.Contains(new ReliedOn(new("Consent", "c"), 3), Activate(Rules, Consent(Permits)).Value.ReliedOn);

    private static Fhir.Outcomes.Result<Decision> Activate(CareRules rules, params Snapshot[] consents)
    {
        var plan = PlanStepTests.Plan("draft", ",'category':[{'coding':[{'system':'urn:p','code':'ccm'}]}]");
        var members = new PlanMembers([PlanStepTests.Goal("g", "accepted")]);
        return PlanSteps.Activate(
            plan,
            members,
            new([.. consents], []),
            rules,
            new(Given.Anyone, Given.Now, new DateOnly(2026, 11, 23))
        );
    }

    private static Snapshot Consent(
        string more,
        string status = "active",
        string patient = "Patient/1",
        string id = "c"
    ) => Given.Resource("Consent", id, $"'status':'{status}','patient':{{'reference':'{patient}'}},{more}");
}
