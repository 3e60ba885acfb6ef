using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>https://hl7.org/fhir/R4/search.html#return and #errors</summary>
public sealed class SearchQueryParserTests
{
    [Theory]
    [InlineData("", "_count=50")]
    [InlineData("_count=10", "_count=10")]
    [InlineData("_count=5000", "_count=1000")]
    [InlineData("_count=0", "_summary=count")]
    [InlineData("_summary=count&_sort=-date", "_sort=-date&_summary=count")]
    [InlineData(
        "_total=accurate&_summary=text&_elements=status,intent,status",
        "_total=accurate&_summary=text&_elements=status,intent&_count=50"
    )]
    [InlineData("_sort=date,-_lastUpdated,_id", "_sort=date,-_lastUpdated,_id&_count=50")]
    [InlineData("_format=json&_pretty=true&status=active", "status=active&_count=50")]
    [InlineData(
        "_include=CarePlan:care-team:CareTeam&_include=CarePlan:care-team:CareTeam",
        "_include=CarePlan:care-team:CareTeam&_count=50"
    )]
    [InlineData("_include=*&_revinclude=Task:focus", "_include=CarePlan:*&_revinclude=Task:focus&_count=50")]
    [InlineData("_revinclude=Provenance:*", "_revinclude=Provenance:*&_count=50")]
    [InlineData(
        "_include=CarePlan:patient&_include:iterate=Patient:organization:Organization&_include:iterate=Patient:organization:Organization",
        "_include=CarePlan:patient&_include:iterate=Patient:organization:Organization&_count=50"
    )]
    [InlineData(
        "_revinclude:iterate=Task:part-of&_include:iterate=*",
        "_revinclude:iterate=Task:part-of&_include:iterate=CarePlan:*&_count=50"
    )]
    [InlineData("status=active,on-hold&status:not=draft", "status=active,on-hold&status:not=draft&_count=50")]
    [InlineData("category=http://snomed.info/sct|734163000", "category=http://snomed.info/sct%7C734163000&_count=50")]
    [InlineData(
        "date=eq2020&date=ge2020-01-01T00:00:00+02:00",
        "date=2020&date=ge2020-01-01T00:00:00%2B02:00&_count=50"
    )]
    [InlineData("subject=http://localhost:5080/fhir/Patient/1,2", "subject=Patient/1,2&_count=50")]
    [InlineData("subject:Patient=1", "subject=Patient/1&_count=50")]
    [InlineData("subject:Patient.name:exact=Ann", "subject:Patient.name:exact=Ann&_count=50")]
    [InlineData("patient.name=Ann Lee", "patient.name=Ann%20Lee&_count=50")]
    [InlineData(@"identifier=a\,b\|c\\d", @"identifier=a%5C,b%5C%7Cc%5C%5Cd&_count=50")]
    [InlineData(
        "subject:missing=true&_id=1,2&_lastUpdated=gt2020",
        "subject:missing=true&_id=1,2&_lastUpdated=gt2020&_count=50"
    )]
    [InlineData("instantiates-canonical=http://x/Ä", "instantiates-canonical=http://x/%C3%84&_count=50")]
    public void Prints_the_canonical_query(string query, string printed) =>
        Assert.Equal(printed, Query("CarePlan", query).ToString());

    [Theory]
    [InlineData("statu=active", "CarePlan has no search parameter 'statu'. Did you mean 'status'?")]
    [InlineData("care_team=1", "CarePlan has no search parameter 'care_team'. Did you mean 'care-team'?")]
    [InlineData(
        "_has=x",
        "Search parameter '_has': It takes a type, a reference parameter and a condition in its name; use _has:Observation:patient:code=value."
    )]
    [InlineData(
        "_text=x",
        "Search parameter '_text': Searching the narrative is not offered; use the parameters of the type."
    )]
    [InlineData("_count=-1", "'_count' is a whole number from 0 (only the total) to 1000.")]
    [InlineData("_count=1&_count=2", "'_count' is given twice; give it once.")]
    [InlineData("_total=yes", "'_total' is none, estimate or accurate.")]
    [InlineData("_summary=yes", "'_summary' is true, text, data, count or false.")]
    [InlineData("_elements=statu", "'_elements' names 'statu', which CarePlan does not have. Did you mean 'status'?")]
    [InlineData(
        "_sort=category",
        "CarePlan cannot be sorted by 'category'; sort by _id, _lastUpdated, _profile, _source, activity-date, date, instantiates-uri, intent, status. References, and codes of any system, have no order."
    )]
    [InlineData(
        "_sort=nothing",
        "CarePlan cannot be sorted by 'nothing'; sort by _id, _lastUpdated, _profile, _source, activity-date, date, instantiates-uri, intent, status. References, and codes of any system, have no order."
    )]
    [InlineData(
        "_include=care-team",
        "'_include' needs a type and a reference parameter; use _include=Type:parameter, Type:parameter:TargetType or Type:*."
    )]
    [InlineData(
        "_include=CarePlan:careteam",
        "'_include' names 'careteam', which is no reference parameter of CarePlan. Did you mean 'care-team'?"
    )]
    [InlineData(
        "_include=CarePlan:status",
        "'_include' names 'status', which is no reference parameter of CarePlan. Known are activity-reference, based-on, care-team, condition, encounter, goal, instantiates-canonical, part-of, patient, performer, replaces, subject."
    )]
    [InlineData(
        "_include=Careplan:subject",
        "'_include' names 'Careplan', which is no resource type. Did you mean 'CarePlan'?"
    )]
    [InlineData(
        "_include=Task:focus",
        "'_include' starts from Task, but CarePlan is searched; use _include=CarePlan:parameter, or _include:iterate to start from what comes along."
    )]
    [InlineData(
        "_include:recurse=CarePlan:subject",
        "'_include' takes ':iterate' and no other modifier; leave ':recurse' out."
    )]
    [InlineData(
        "_include:iterate=Patient:nothing",
        "'_include:iterate' names 'nothing', which is no reference parameter of Patient. Known are general-practitioner, link, organization."
    )]
    [InlineData(
        "_revinclude:iterate=Patient",
        "'_revinclude:iterate' needs a type and a reference parameter; use _revinclude:iterate=Type:parameter, Type:parameter:TargetType or Type:*."
    )]
    [InlineData("_id=a b", "'_id' is not a resource id; use 1 to 64 letters, digits, '-' or '.'.")]
    [InlineData("_id:not=a", "'_id' takes no modifier and no chain; use _id=value.")]
    [InlineData(
        "_lastUpdated=",
        "'_lastUpdated' has no value; give one or leave it out. To find resources without a value use ':missing=true'."
    )]
    public void What_cannot_be_understood_is_refused(string query, string sentence) =>
        Assert.Equal([sentence], Refusal("CarePlan", query));

    [Fact]
    public void Every_problem_is_named()
    {
        var failure = Parse("CarePlan", "statu=active&status=active&_sort=category&date=never").Failure!;
        Assert.Equal(400, failure.Status);
        Assert.Equal(
            [IssueCode.NotSupported, IssueCode.NotSupported, IssueCode.Value],
            failure.Issues.Select(issue => issue.Code)
        );
        Assert.All(failure.Issues, issue => Assert.Equal(IssueSeverity.Error, issue.Severity));
    }

    [Fact]
    public void Lenient_handling_leaves_out_what_is_not_known_and_says_so()
    {
        var parsed = Parse(
            "CarePlan",
            "statu=x&status=active&subject:text=y&_sort=category&_include=Task:focus",
            lenient: true
        ).Value;
        Assert.Equal("status=active&_count=50", parsed.Query.ToString());
        Assert.Equal(
            [
                new Issue(
                    IssueSeverity.Warning,
                    IssueCode.NotSupported,
                    "CarePlan has no search parameter 'statu'. Did you mean 'status'? It was left out of the search."
                ),
                new Issue(
                    IssueSeverity.Warning,
                    IssueCode.NotSupported,
                    "Modifier ':text' is not offered for the reference parameter 'subject'; use :missing, :identifier, :Group, :Patient or none. It was left out of the search."
                ),
                new Issue(
                    IssueSeverity.Warning,
                    IssueCode.NotSupported,
                    "CarePlan cannot be sorted by 'category'; sort by _id, _lastUpdated, _profile, _source, activity-date, date, instantiates-uri, intent, status. References, and codes of any system, have no order. It was left out of the search."
                ),
                new Issue(
                    IssueSeverity.Warning,
                    IssueCode.NotSupported,
                    "'_include' starts from Task, but CarePlan is searched; use _include=CarePlan:parameter, or _include:iterate to start from what comes along. It was left out of the search."
                ),
            ],
            parsed.Warnings
        );
    }

    [Fact]
    public void Lenient_handling_still_refuses_a_malformed_value() =>
        Assert.False(Parse("CarePlan", "date=never", lenient: true).IsSuccess);

    [Fact]
    public void An_id_alone_may_mean_every_target_type()
    {
        var value = Assert.Single(
            Assert.IsType<ReferenceCriterion>(Assert.Single(Query("CarePlan", "subject=7").Criteria)).Values
        );
        Assert.Equal([new("Group", "7"), new("Patient", "7")], value.Targets);
    }

    [Fact]
    public void A_name_of_a_megabyte_is_not_repeated_in_the_answer() =>
        Assert.All(
            Refusal("CarePlan", $"{new string('x', 1_000_000)}=1"),
            sentence => Assert.InRange(sentence.Length, 1, 1000)
        );
}
