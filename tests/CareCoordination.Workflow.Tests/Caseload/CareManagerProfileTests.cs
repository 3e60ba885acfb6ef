using System.Collections.Immutable;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Caseload;

/// <summary>What the resources of a care manager say, as they are read.</summary>
public sealed class CareManagerProfileTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);

    [Fact]
    public void A_role_and_the_person_behind_it_make_one_candidate()
    {
        var role = Given.Resource(
            "PractitionerRole",
            "r",
            "'active':true,'specialty':[{'coding':[{'code':'geriatrics'},{'code':'geriatrics'}]}]"
        );
        var person = Given.Resource(
            "Practitioner",
            "p",
            "'communication':[{'coding':[{'code':'es-MX'},{'code':'EN'}]}],'qualification':["
                + Licence("2027-06-30", "US-NY")
                + ","
                + Licence("2026-11-22", "NJ")
                + ",{'code':{'text':'degree'}}]"
        );

        var candidate = CareManagerProfile.Of(role, person, Today, Given.NewYork);

        Assert.Equal(
            ("PractitionerRole/r", "Practitioner/p", new DateOnly(2027, 6, 30), false),
            (candidate.PractitionerRole, candidate.Person, candidate.LicensedUntil, candidate.IsAway)
        );
        Assert.Equal(["NY"], candidate.LicensedIn);
        Assert.Equal(["es", "en"], candidate.Languages);
        Assert.Equal(["geriatrics"], candidate.Specialties);
    }

    [Theory]
    [InlineData("2026-11-22", "2026-11-22", true)]
    [InlineData("2026-11-23", "2026-11-23", false)]
    [InlineData("2026-11", "2026-11-30", false)]
    [InlineData("2026", "2026-12-31", false)]
    [InlineData("2026-11-24T00:00:00Z", "2026-11-23", false)]
    [InlineData("2026-11-24T00:00:00+14:00", "2026-11-23", false)]
    [InlineData("0001-01-01T00:00:00+14:00", "0001-01-01", true)]
    [InlineData("0001", "0001-12-31", true)]
    [InlineData("9999-12-31T23:59:59.999-14:00", "9999-12-31", false)]
    public void A_licence_ends_with_the_last_day_of_its_period(string end, string day, bool isExpired)
    {
        var person = Given.Resource("Practitioner", "p", $"'qualification':[{Licence(end, "NY")}]");

        var candidate = CareManagerProfile.Of(person, null, Today, Given.NewYork);

        Assert.Equal(DateOnly.Parse(day), candidate.LicensedUntil);
        Assert.Equal(isExpired ? [] : ["NY"], candidate.LicensedIn.ToArray());
        var judged = CareManagerChoice.Judge(new(new("low", false)), candidate, Today, CareRules.Defaults);
        Assert.Equal(isExpired, judged.Obstacles.Contains(CareManagerChoice.LicenceExpired));
    }

    [Fact]
    public void Every_date_of_a_care_manager_is_read()
    {
        foreach (var date in Hostile.Dates)
        {
            var period = $"{{'start':'{date}','end':'{date}'}}";
            foreach (var today in (DateOnly[])[Today, DateOnly.MinValue, DateOnly.MaxValue])
            {
                _ = CareManagerProfile.Of(
                    Given.Resource(
                        "PractitionerRole",
                        "r",
                        $"'period':{period},'notAvailable':[{{'description':'away','during':{period}}}]"
                    ),
                    Given.Resource("Practitioner", "p", $"'qualification':[{Licence(date, "NY")}]"),
                    today,
                    Given.NewYork
                );
            }
        }
    }

    [Theory]
    [InlineData("'active':false", true)]
    [InlineData("'period':{'end':'2026-11-22'}", true)]
    [InlineData("'period':{'start':'2026-11-24'}", true)]
    [InlineData("'period':{'start':'2026-11-23','end':'2026-11-23'}", false)]
    [InlineData("'notAvailable':[{'description':'leave','during':{'start':'2026-11-20','end':'2026-11-25'}}]", true)]
    [InlineData("'notAvailable':[{'description':'leave','during':{'start':'2026-11-24'}}]", false)]
    [InlineData("'notAvailable':[{'description':'sometimes'}]", false)]
    public void Who_is_away_today_is_away(string elements, bool isAway) =>
        Assert.Equal(
            isAway,
            CareManagerProfile.Of(Given.Resource("PractitionerRole", "r", elements), null, Today, Given.NewYork).IsAway
        );

    [Theory]
    [InlineData("'address':[{'use':'old','state':'NJ'},{'state':'ny'}]", "NY")]
    [InlineData("'address':[{'use':'work','state':'NJ'},{'use':'home','state':'NY'}]", "NY")]
    [InlineData("'address':[{'state':'New York'}]", null)]
    public void A_patient_needs_a_licence_in_the_state_of_the_home(string elements, string? state) =>
        Assert.Equal(state, Need(elements).State);

    [Theory]
    [InlineData(
        "'communication':[{'language':{'coding':[{'code':'fr'}]}},{'language':{'coding':[{'code':'es-US'}]},'preferred':true}]",
        "es"
    )]
    [InlineData("'communication':[{'language':{'coding':[{'code':'fr-CA'}]}}]", "fr")]
    [InlineData("'communication':[{'language':{'text':'Signs'}}]", null)]
    public void A_patient_needs_the_language_that_is_preferred(string elements, string? language) =>
        Assert.Equal(language, Need(elements).Language);

    private static CareManagerNeed Need(string elements) =>
        CareManagerProfile.NeedOf(Given.Resource("Patient", "1", elements), new("low", false));

    private static string Licence(string end, string state) =>
        "{'extension':[{'url':'http://hl7.org/fhir/us/davinci-pdex-plan-net/StructureDefinition/practitioner-qualification',"
        + $"'extension':[{{'url':'whereValid','valueCodeableConcept':{{'coding':[{{'code':'{state}'}}]}}}}]}}],"
        + $"'code':{{'text':'RN'}},'period':{{'end':'{end}'}}}}";
}
