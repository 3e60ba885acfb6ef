using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Validation;

namespace CareCoordination.Fhir.Tests.Validation;

public sealed class InvariantTests
{
    private static ValidationOptions WithInvariants => ValidationOptions.Full(new WorkBudget());

    [Fact]
    public void Are_evaluated_only_where_asked_for() =>
        Check.Issues("""{"resourceType":"Patient","contact":[{"gender":"male"}]}""");

    [Fact]
    public void Name_the_rule_and_the_element_that_breaks_it() =>
        Check.Issues(
            """{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},"contact":[{"name":{"text":"x"}},{"gender":"male"}]}""",
            WithInvariants,
            "Invariant Patient.contact[1]: pat-1 does not hold: name.exists() or telecom.exists() or address.exists() or organization.exists()"
        );

    [Fact]
    public void Hold_in_data_types_contained_resources_and_entries() =>
        Check.Issues(
            """
            {"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Basic","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},
            "contained":[{"resourceType":"Observation","id":"o","status":"final","code":{"text":"x"},"effectivePeriod":{"start":"2021","end":"2020"}}],
            "code":{"text":"x"},"subject":{"reference":"#o"}}}]}
            """,
            WithInvariants,
            "Invariant Bundle.entry[0].resource.contained[0].effective: per-1 does not hold: start.hasValue().not() or end.hasValue().not() or (start <= end)"
        );

    [Theory]
    [InlineData(1, "", false)]
    [InlineData(2, "", true)]
    [InlineData(3, "", true)]
    [InlineData(2, ",\"enableBehavior\":\"all\"", false)]
    public void Several_conditions_of_a_question_say_how_they_go_together(int count, string behavior, bool isBroken)
    {
        var conditions = string.Join(
            ',',
            Enumerable.Repeat("{\"question\":\"a\",\"operator\":\"exists\",\"answerBoolean\":true}", count)
        );

        Check.Issues(
            $$$"""{"resourceType":"Questionnaire","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},"status":"draft","item":[{"linkId":"a","type":"string"},{"linkId":"b","type":"string","enableWhen":[{{{conditions}}}]{{{behavior}}}}]}""",
            WithInvariants,
            isBroken
                ?
                [
                    "Invariant Questionnaire.item[1]: que-12 does not hold: enableWhen.count() > 1 implies enableBehavior.exists()",
                ]
                : []
        );
    }

    [Fact]
    public void Of_less_weight_are_warnings() =>
        Check.Issues(
            """{"resourceType":"Basic","code":{"text":"x"}}""",
            WithInvariants,
            "Invariant Basic: dom-6 does not hold: text.`div`.exists()"
        );

    [Fact]
    public void Hold_in_all_official_examples()
    {
        var broken = new List<string>();
        foreach (var file in Conformance.Files("r4-examples", "*.json"))
        {
            var document = ResourceDocument.Parse(Conformance.Read(file)).Value;
            var known = Check.Validator.Validate(document);
            foreach (var issue in Check.Validator.Validate(document, WithInvariants).Except(known))
            {
                if (issue.IsError || issue.Diagnostics.Contains("could not be evaluated", StringComparison.Ordinal))
                    broken.Add($"{Path.GetFileName(file)} {issue.Expression}: {issue.Diagnostics}");
            }
        }

        Assert.Empty(broken);
    }
}
