using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search.Indexing;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>
/// A resource has only so many rows in the search index. Composite parameters make products, so a small body could ask for millions.
/// </summary>
public sealed class IndexLimitTests
{
    private static readonly IndexExtractor Small = new(Registry, maxRows: 100);

    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(5, 4000)]
    [InlineData(4000, 5)]
    [InlineData(3000, 3000)]
    public void Codes_times_codes_are_too_many(int codes, int values) =>
        Refuses(
            Extractor,
            Resource(
                "Observation",
                $$""" "code":{{Concept("c", codes)}},"valueCodeableConcept":{{Concept("v", values)}} """
            ),
            "'(combo-)?code-value-concept'"
        );

    /// <summary>Each parameter that can be given many values, and the composite that some of them make.</summary>
    public static TheoryData<string, string, string, string> Kinds =>
        new()
        {
            { "Observation", "\"code\":{0}", "concept", "(combo-)?code" },
            { "Patient", "\"name\":[{0}]", """{"family":"n~"}""", "(family|name|phonetic)" },
            { "Patient", "\"identifier\":[{0}]", """{"system":"urn:~","value":"~"}""", "identifier" },
            { "Patient", "\"telecom\":[{0}]", """{"system":"phone","value":"~"}""", "(phone|telecom)" },
            {
                "Patient",
                "\"generalPractitioner\":[{0}]",
                """{"reference":"Practitioner/p~"}""",
                "general-practitioner"
            },
            { "Group", "\"member\":[{0}]", """{"entity":{"reference":"Patient/p~"}}""", "member" },
            { "CarePlan", "\"instantiatesUri\":[{0}]", "\"urn:~\"", "instantiates-uri" },
            { "PlanDefinition", "\"library\":[{0}]", "\"http://a.example/l~|1\"", "depends-on" },
            {
                "CarePlan",
                "\"activity\":[{0}]",
                """{"detail":{"status":"scheduled","scheduledPeriod":{"start":"@"}}}""",
                "activity-date"
            },
            { "RiskAssessment", "\"prediction\":[{0}]", """{"probabilityDecimal":0.~}""", "probability" },
            {
                "Observation",
                "\"component\":[{0}]",
                """{"code":{"coding":[{"code":"c~"}]},"valueQuantity":{"value":~,"system":"http://a.example","code":"kg"}}""",
                "(combo|component)-.*"
            },
            { "CodeSystem", "\"concept\":[{0}]", """{"code":"c~"}""", "code" },
        };

    [Theory, MemberData(nameof(Kinds))]
    public void Too_many_values_are_refused_with_the_parameter_that_has_most_of_them(
        string type,
        string members,
        string item,
        string parameter
    )
    {
        ResourceDocument Of(int count) =>
            Resource(type, members.Replace("{0}", Items(item, count), StringComparison.Ordinal));

        Refuses(Small, Of(150), $"'{parameter}'");
        Refuses(new IndexExtractor(Registry), Of(15_000), $"'{parameter}'");
        Assert.True(Small.Extract(new ResourceKey(type, "1"), Of(3)).IsSuccess);
    }

    [Fact]
    public void As_many_rows_as_the_limit_are_taken_and_not_one_more()
    {
        // One is of every patient: that it is not deceased.
        var most = Resource("Patient", $"\"telecom\":[{Items("""{"value":"~"}""", 99)}]");
        var more = Resource("Patient", $"\"telecom\":[{Items("""{"value":"~"}""", 100)}]");

        Assert.Equal(100, Small.Extract(new ResourceKey("Patient", "1"), most).Value.Count);
        Refuses(Small, more, "'telecom'");
    }

    [Fact]
    public void The_limit_counts_a_value_once_however_often_it_is_said()
    {
        var repeated = Resource("Patient", $"\"identifier\":[{Items("""{"value":"same"}""", 20_000)}]");

        Assert.Equal(2, Extractor.Extract(new ResourceKey("Patient", "1"), repeated).Value.Count);
    }

    [Fact]
    public void A_product_of_repeated_parts_is_small()
    {
        var observation = Resource(
            "Observation",
            $$""" "code":{{Concept("c", 1000, 1)}},"valueCodeableConcept":{{Concept("v", 1000, 3)}} """
        );

        // Two parameters of a code with a value.
        Assert.Equal(6, Extractor.Extract(new ResourceKey("Observation", "1"), observation).Value.Composites.Count);
    }

    [Fact]
    public void What_is_found_at_the_limit_is_what_is_found_without_one()
    {
        var resource = Resource(
            "Observation",
            $$"""
            "code":{{Concept("c", 20, 7)}},"valueCodeableConcept":{{Concept("v", 9)}},
            "subject":{"reference":"Patient/1"},"performer":[{"reference":"Patient/1"},{"reference":"Patient/2"}]
            """
        );
        var key = new ResourceKey("Observation", "1");
        var all = Extractor.ExtractAll(key, resource);

        // Repetitions leave no room at first, and it is looked again.
        var limited = new IndexExtractor(Registry, all.Count).Extract(key, resource).Value;

        Assert.Equal(all.Tokens, limited.Tokens);
        Assert.Equal(all.References, limited.References);
        Assert.Equal(all.Patients, limited.Patients);
        Assert.Equal(all.Composites, limited.Composites);
        Assert.Equal(all.Presence, limited.Presence);
        Refuses(new IndexExtractor(Registry, all.Count - 1), resource, ".*");
    }

    [Fact]
    public void What_is_stored_already_is_found_whole_whatever_the_limit()
    {
        var stored = Resource("Patient", $"\"telecom\":[{Items("""{"system":"other","value":"~"}""", 500)}]");

        Assert.Equal(502, Small.ExtractAll(new ResourceKey("Patient", "1"), stored).Count);
    }

    [Fact]
    public void References_to_contained_resources_are_told_apart_however_many_there_are()
    {
        var contained = Items("""{"resourceType":"Practitioner","id":"c~"}""", 2000);
        var plan = Resource(
            "CarePlan",
            $$"""
            "contained":[{{contained}},{"resourceType":"Patient","id":"p"}],
            "subject":{"reference":"#p"},"contributor":[{{Items("""{"reference":"#c~"}""", 2000)}}]
            """
        );

        Assert.Empty(Extract(plan).References);
    }

    [Theory]
    [InlineData("Infinity")]
    [InlineData("NaN 1")]
    [InlineData("1e308 1")]
    public void Samples_without_an_end_are_left_out(string data)
    {
        var entries = Extract(
            "Observation",
            $$""" "valueSampledData":{"origin":{"value":0},"period":1,"factor":10,"dimensions":1,"data":"{{data}}"} """
        );

        Assert.All(entries.Quantities, q => Assert.Equal((10, 10), (q.Low, q.High)));
    }

    private static void Refuses(IndexExtractor extractor, ResourceDocument document, string parameter)
    {
        var type = System.Text.Encoding.UTF8.GetString(document.ResourceTypeUtf8);
        var failure = extractor.Extract(new ResourceKey(type, "1"), document).Failure;
        var issue = Assert.Single(failure!.Issues);
        Assert.Equal((422, IssueCode.TooCostly), (failure.Status, issue.Code));
        Assert.Matches(
            $"^Search may find a resource by at most [0-9]+ values, and this {type} has more, most of them for {parameter}\\. ",
            issue.Diagnostics
        );
    }

    /// <summary>A CodeableConcept with codings, of which so many differ.</summary>
    private static string Concept(string prefix, int codings, int different = int.MaxValue) =>
        $$"""{"coding":[{{string.Join(',', Enumerable.Range(0, codings).Select(i => $$"""{"code":"{{prefix}}{{i % different}}"}"""))}}]}""";

    /// <summary>So many of the same, with a number in place of <c>~</c> and a month in place of <c>@</c>.</summary>
    private static string Items(string item, int count) =>
        item == "concept"
            ? Concept("c", count)
            : string.Join(
                ',',
                Enumerable
                    .Range(0, count)
                    .Select(i =>
                        item.Replace("~", $"{i}", StringComparison.Ordinal)
                            .Replace("@", $"{1000 + (i / 12)}-{1 + (i % 12):00}", StringComparison.Ordinal)
                    )
            );
}
