using CareCoordination.Fhir.Search;
using CareCoordination.TestKit;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>https://hl7.org/fhir/R4/search.html#sort</summary>
public sealed class SortKeyTests
{
    [Theory]
    [InlineData("_sort=status&_sort=-authored-on", "status,-authored-on")]
    [InlineData("_sort=-status,_id&_sort=_lastUpdated", "-status,_id,_lastUpdated")]
    [InlineData("_sort=status&_sort=-status", "status")]
    [InlineData("_sort=_id,-_id,status,_id", "_id,status")]
    public void Keys_of_several_parameters_are_one_list_and_each_orders_once(string query, string keys) =>
        Assert.StartsWith($"_sort={keys}&", Query("Task", query).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Keys_of_several_parameters_are_counted_together()
    {
        static string Keys(int count) => string.Join('&', Enumerable.Repeat("_sort=_id", count));
        Assert.Empty(Refusal("Task", Keys(16)));
        Assert.Equal(["The query has more than 16 keys in '_sort'; ask for fewer."], Refusal("Task", Keys(17)));
    }

    [Theory]
    [InlineData("Task", "status,intent,priority")]
    [InlineData("Patient", "gender,active,deceased")]
    [InlineData("CarePlan", "status,intent")]
    [InlineData("Observation", "status")]
    public void Codes_that_are_all_known_have_an_order(string type, string codes) =>
        Assert.Equal(codes.Split(','), Query(type, $"_sort={codes}").Sort.Select(key => key.Parameter!.Code));

    [Theory]
    [InlineData("CarePlan", "category")]
    [InlineData("CarePlan", "subject")]
    [InlineData("Patient", "identifier")]
    [InlineData("Patient", "telecom")]
    [InlineData("Observation", "code")]
    [InlineData("Observation", "code-value-quantity")]
    [InlineData("QuestionnaireResponse", "questionnaire")]
    public void What_has_no_order_is_refused(string type, string code)
    {
        var sentence = Assert.Single(Refusal(type, $"_sort={code}"));
        Assert.StartsWith(
            $"{type} cannot be sorted by '{code}'; sort by _id, _lastUpdated, ",
            sentence,
            StringComparison.Ordinal
        );
        Assert.EndsWith("References, and codes of any system, have no order.", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("_sort=status", "accepted,completed,draft,draft,none")]
    [InlineData("_sort=-status", "draft,draft,completed,accepted,none")]
    [InlineData("_sort=status&_sort=-_id", "accepted,completed,draft,draft,none")]
    public void Tokens_follow_the_text_of_their_codes_and_what_has_none_comes_last(string query, string order)
    {
        var oracle = new SearchOracle(Extractor);
        string[] statuses = ["draft", "", "completed", "draft", "accepted"];
        for (var i = 0; i < statuses.Length; i++)
            oracle.Put(
                new("Task", $"t{i}"),
                Resource("Task", statuses[i].Length == 0 ? "" : $"\"status\":\"{statuses[i]}\"", $"t{i}"),
                Options.Now
            );
        Assert.Equal(
            order,
            string.Join(
                ',',
                oracle
                    .Search(Query("Task", query))
                    .Select(key => statuses[key.Id[1] - '0'] is { Length: > 0 } status ? status : "none")
            )
        );
    }
}
