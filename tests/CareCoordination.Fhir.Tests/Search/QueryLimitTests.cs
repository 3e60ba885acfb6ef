using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>What goes beyond the limits is refused with one sentence that names the limit; what just reaches them is understood.</summary>
public sealed class QueryLimitTests
{
    private static readonly SearchLimits Limits = new();

    /// <summary>A condition without its values, what makes the n-th value, and how much one counts.</summary>
    public static TheoryData<string, string, string, int> Values =>
        new()
        {
            { "Patient", "_id=", "{0}", 1 },
            { "Patient", "_lastUpdated=", "ge20{0:00}", 1 },
            { "Patient", "family=", "n{0}", 1 },
            { "Patient", "family:exact=", "n{0}", 1 },
            { "Patient", "family:contains=", "n{0}", 1 },
            { "Patient", "identifier=", "http://a.example|{0}", 1 },
            { "Patient", "identifier:not=", "{0}", 1 },
            { "Patient", "birthdate=", "lt19{0:00}", 1 },
            { "CarePlan", "instantiates-uri=", "urn:{0}", 1 },
            { "CarePlan", "subject=", "Patient/{0}", 1 },
            { "CarePlan", "subject:Patient=", "{0}", 1 },
            { "CarePlan", "subject=", "{0}", 2 },
            { "CarePlan", "subject=", "http://b.example/Patient/{0}", 1 },
            { "RiskAssessment", "probability=", "gt0.{0}", 1 },
            { "Observation", "value-quantity=", "{0}|http://unitsofmeasure.org|kg", 1 },
            { "Observation", "code-value-quantity=", "c{0}$ge{0}", 2 },
            { "CarePlan", "patient.identifier=", "{0}", 1 },
            { "CarePlan", "subject.identifier=", "{0}", 2 },
        };

    [Theory, MemberData(nameof(Values))]
    public void A_query_has_as_many_values_as_the_limit_and_not_one_more(
        string type,
        string condition,
        string value,
        int weight
    )
    {
        var most = Limits.MaxValues / weight;
        Assert.True(Parse(type, condition + Many(most, value)).IsSuccess);
        IsTooCostly(type, condition + Many(most + 1, value), "more than 1000 values");
        IsTooCostly(type, $"{condition}{Many(most, value)}&_id=x", "more than 1000 values");
    }

    [Fact]
    public void A_comma_within_a_value_makes_no_second_one() =>
        Assert.True(Parse("Patient", $"family:exact={string.Join("\\,", Enumerable.Repeat("a", 3000))}").IsSuccess);

    [Theory]
    [InlineData("family=a")]
    [InlineData("_id=a")]
    [InlineData("gender:missing=true")]
    [InlineData("organization.name=a")]
    public void A_query_has_as_many_conditions_as_the_limit_and_not_one_more(string condition)
    {
        Assert.Equal(Limits.MaxConditions, Query("Patient", Repeated(condition, Limits.MaxConditions)).Criteria.Length);
        IsTooCostly("Patient", Repeated(condition, Limits.MaxConditions + 1), "more than 200 conditions");
    }

    [Fact]
    public void A_chain_is_a_condition_for_each_type_it_may_lead_to()
    {
        Assert.Equal(100, Query("CarePlan", Repeated("subject.identifier=1", 100)).Criteria.Length);
        IsTooCostly("CarePlan", Repeated("subject.identifier=1", 101), "name the type in a chain");
        Assert.Equal(200, Query("CarePlan", Repeated("subject:Patient.identifier=1", 200)).Criteria.Length);
    }

    /// <summary>What a chain passes is a condition as what it leads to, and contained resources are asked too.</summary>
    [Theory]
    [InlineData("CarePlan", "subject:Patient.organization.name=1", 3)]
    [InlineData("CarePlan", "subject:Patient.organization.partof.name=1", 6)]
    [InlineData("CarePlan", "patient.general-practitioner:Practitioner.name=1", 3)]
    [InlineData("Patient", "_has:Observation:patient:code=1", 2)]
    [InlineData("Patient", "_has:Observation:patient:_has:AuditEvent:entity:agent-name=1", 3)]
    [InlineData("Encounter", "patient._has:Group:member:_id=1", 3)]
    public void A_resource_on_the_way_of_a_chain_is_a_condition(string type, string chain, int weight)
    {
        Assert.True(Parse(type, Repeated(chain, 200 / weight)).IsSuccess);
        IsTooCostly(type, Repeated(chain, (200 / weight) + 1), "more than 200 conditions");
    }

    /// <summary>The types that four references may pass are millions: what they would cost is seen before they are all tried.</summary>
    [Theory]
    [InlineData("Task", "focus.subject.subject.subject.name=x")]
    [InlineData("Task", "focus.focus.focus.focus.name=x")]
    [InlineData("Task", "focus.subject.subject.subject.nothing=x")]
    [InlineData("Provenance", "target.subject.subject.encounter._id=x")]
    public void A_chain_through_every_type_is_refused_at_once(string type, string chain)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var failure = Parse(type, Repeated(chain, 20)).Failure;
        Assert.NotNull(failure);
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 5);
        if (!chain.Contains("nothing", StringComparison.Ordinal))
            Assert.Contains("name the type in a chain", failure.Issues[0].Diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void A_condition_follows_as_many_references_as_the_limit_and_not_one_more()
    {
        Assert.Single(Query("Organization", "partof.partof.partof.partof.name=x").Criteria);
        IsTooCostly("Organization", "partof.partof.partof.partof.partof.name=x", "follows 4 references at most");
        IsTooCostly("Organization", "partof.partof.partof.partof.partof.name=x", "4 references", lenient: true);
        const string Link = "_has:Patient:link:";
        Assert.Single(Query("Patient", $"{Link}{Link}{Link}{Link}name=x").Criteria);
        IsTooCostly("Patient", $"{Link}{Link}{Link}{Link}{Link}name=x", "follows 4 references at most");
        Assert.Single(Query("Patient", $"link:Patient.{Link}link:Patient.{Link}name=x").Criteria);
        IsTooCostly("Patient", $"link:Patient.{Link}link:Patient.{Link}link:Patient.name=x", "4 references at most");
    }

    [Theory]
    [InlineData("nonsense=1")]
    [InlineData("family:nonsense=1")]
    [InlineData("birthdate=nonsense")]
    public void Not_more_parameters_are_read_than_could_be_conditions(string parameter)
    {
        IsTooCostly("Patient", Repeated(parameter, 1000), "more than 200 conditions");
        IsTooCostly("Patient", Repeated(parameter, 1000), "more than 200 conditions", lenient: true);
    }

    [Fact]
    public void What_shapes_the_result_is_no_condition()
    {
        var conditions = Repeated("family=a", Limits.MaxConditions);
        Assert.True(
            Parse("Patient", $"_count=1&_total=none&_summary=false&_elements=id&_sort=family&{conditions}").IsSuccess
        );
    }

    [Fact]
    public void A_search_is_sorted_by_as_many_keys_as_the_limit_and_not_one_more()
    {
        var codes = Registry.Of("Patient").Where(p => p.IsSortable).Select(p => p.Code).Take(16);
        Assert.Equal(16, Query("Patient", $"_sort={string.Join(',', codes)}").Sort.Length);
        IsTooCostly("Patient", $"_sort={Many(17, "family")}", "more than 16 keys in '_sort'");
        IsTooCostly("Patient", $"_sort={Many(665, "-birthdate")}", "more than 16 keys in '_sort'");
    }

    [Theory]
    [InlineData("_include=Patient:organization")]
    [InlineData("_revinclude=CarePlan:subject")]
    [InlineData("_include:iterate=Patient:organization")]
    [InlineData("_revinclude:iterate=CarePlan:replaces")]
    public void A_query_names_as_many_includes_as_the_limit_and_not_one_more(string include)
    {
        Assert.Single(Query("Patient", Repeated(include, Limits.MaxIncludes)).Includes);
        IsTooCostly("Patient", Repeated(include, Limits.MaxIncludes + 1), "more than 64 includes");
    }

    [Fact]
    public void A_list_of_elements_is_as_long_as_one_of_values() =>
        IsTooCostly("Patient", $"_elements={Many(1001, "name")}", "more than 1000 values");

    [Fact]
    public void The_smaller_of_two_limits_holds()
    {
        var engine = new SearchLimits
        {
            MaxValues = int.MaxValue,
            MaxConditions = 140,
            MaxSortKeys = 32,
            MaxIncludes = 5,
        };

        var both = new SearchLimits { MaxValues = 2000 }.Within(engine);

        Assert.Equal((2000, 140, 16, 5), (both.MaxValues, both.MaxConditions, both.MaxSortKeys, both.MaxIncludes));
    }

    private static void IsTooCostly(string type, string query, string sentence, bool lenient = false)
    {
        var failure = Parse(type, query, lenient).Failure;
        var issue = Assert.Single(failure!.Issues);
        Assert.Equal((400, IssueCode.TooCostly), (failure.Status, issue.Code));
        Assert.Contains(sentence, issue.Diagnostics, StringComparison.Ordinal);
    }

    private static string Many(int count, string value) =>
        string.Join(',', Enumerable.Range(0, count).Select(i => string.Format(null, value, i % 100)));

    private static string Repeated(string parameter, int count) =>
        string.Join('&', Enumerable.Repeat(parameter, count));
}
