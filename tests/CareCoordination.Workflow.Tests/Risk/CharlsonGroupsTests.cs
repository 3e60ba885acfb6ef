using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Risk;

namespace CareCoordination.Workflow.Tests.Risk;

public sealed class CharlsonGroupsTests
{
    private const string Icd = "http://hl7.org/fhir/sid/icd-10-cm";
    private const string Sct = "http://snomed.info/sct";

    [Theory]
    [InlineData("I21.4", "myocardial-infarction")]
    [InlineData("I25.2", "myocardial-infarction")]
    [InlineData("i252", "myocardial-infarction")]
    [InlineData("I25.10", "")]
    [InlineData("I50.9", "heart-failure")]
    [InlineData("I50.23", "heart-failure")]
    [InlineData("I13.2", "heart-failure severe-liver-or-renal-disease")]
    [InlineData("I70.0", "peripheral-vascular-disease")]
    [InlineData("I63.9", "cerebrovascular-disease")]
    [InlineData("E11.9", "diabetes")]
    [InlineData("E11.65", "diabetes")]
    [InlineData("E10.10", "diabetes")]
    [InlineData("E11.22", "diabetes-with-organ-damage")]
    [InlineData("E11.319", "diabetes-with-organ-damage")]
    [InlineData("E14.5", "diabetes-with-organ-damage")]
    [InlineData("J44.1", "chronic-pulmonary-disease")]
    [InlineData("J18.9", "")]
    [InlineData("K70.30", "mild-liver-or-renal-disease")]
    [InlineData("K76.6", "severe-liver-or-renal-disease")]
    [InlineData("N18.31", "mild-liver-or-renal-disease")]
    [InlineData("N18.4", "severe-liver-or-renal-disease")]
    [InlineData("N18.6", "severe-liver-or-renal-disease")]
    [InlineData("N18.9", "mild-liver-or-renal-disease")]
    [InlineData("C50.911", "cancer")]
    [InlineData("C44.91", "")]
    [InlineData("C91.00", "cancer")]
    [InlineData("C78.7", "metastatic-cancer")]
    [InlineData("G30.9", "dementia")]
    [InlineData("F03.90", "dementia")]
    [InlineData("M06.9", "connective-tissue-disease")]
    [InlineData("B20", "aids")]
    [InlineData("Z21", "")]
    public void Codes_of_ICD_belong_to_groups(string code, string groups) => Assert.Equal(groups, GroupsOf(Icd, code));

    [Theory]
    [InlineData("22298006", "myocardial-infarction")]
    [InlineData("44054006", "diabetes")]
    [InlineData("127013003", "diabetes-with-organ-damage")]
    [InlineData("46177005", "severe-liver-or-renal-disease")]
    [InlineData("38341003", "")]
    public void Codes_of_SNOMED_belong_to_groups(string code, string groups) =>
        Assert.Equal(groups, GroupsOf(Sct, code));

    [Fact]
    public void Codes_of_other_systems_belong_to_none() => Assert.Equal("", GroupsOf("http://a.example", "I21"));

    [Fact]
    public void No_code_of_SNOMED_is_in_two_groups_and_the_worse_form_is_in_the_table()
    {
        var codes = CharlsonGroups.All.SelectMany(g => g.Snomed).ToArray();

        Assert.Equal(codes.Distinct(), codes);
        Assert.All(
            CharlsonGroups.All.Select(g => g.Instead).OfType<string>(),
            instead => Assert.Contains(CharlsonGroups.All, g => g.Code == instead)
        );
    }

    private static string GroupsOf(string system, string code)
    {
        var condition = ConditionView.From(
            ResourceDocument
                .Parse(
                    Given
                        .Resource("Condition", "c", $"'code':{{'coding':[{{'system':'{system}','code':'{code}'}}]}}")
                        .Utf8Json
                )
                .Value
        );
        return string.Join(' ', CharlsonGroups.Of(condition.Code.Coding.First()).Select(g => g.Code));
    }
}
