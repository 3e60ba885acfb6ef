using CareCoordination.Fhir.Budgets;
using CareCoordination.Views.Plans;

namespace CareCoordination.Views.Tests;

/// <summary>What rows a resource gives, beyond the cases of the specification.</summary>
public sealed class RowTests
{
    private const string Ada = """
        {"resourceType":"Patient","id":"ada","active":true,"gender":"female","birthDate":"1815-12",
         "_gender":{"extension":[{"url":"http://example.org/x","valueString":"y"}]},
         "name":[{"use":"official","family":"Lovelace","given":["Augusta","Ada \"the\" first\n"]},{"family":"Byron"}],
         "contact":[{"name":{"family":"One"},"telecom":[{"value":"1"},{"value":"2"}]},{"name":{"family":"Two"}}],
         "managingOrganization":{"reference":"Organization/o1/_history/3"},
         "generalPractitioner":[{"reference":"Practitioner/p1"},{"reference":"Organization/o2"},{"reference":"#c"},
           {"reference":"https://other.example.org/fhir/Practitioner/p9"},{"identifier":{"value":"x"}},{"reference":"urn:uuid:7c1c5e2c-0f4b-4f4d-9d5f-3a3d8f0f7f10"}]}
        """;

    [Fact]
    public void Selects_side_by_side_join_each_row_with_each()
    {
        var rows = RowList.Lines(
            """{"resource":"Patient","select":[{"forEach":"name","column":[{"name":"family","path":"family"}]},{"forEach":"contact","column":[{"name":"contact","path":"name.family"}]}]}""",
            Ada
        );

        Assert.Equal(
            [
                """{"family":"Lovelace","contact":"One"}""",
                """{"family":"Lovelace","contact":"Two"}""",
                """{"family":"Byron","contact":"One"}""",
                """{"family":"Byron","contact":"Two"}""",
            ],
            rows
        );
    }

    [Fact]
    public void An_iteration_or_null_that_is_empty_leaves_the_others_their_rows()
    {
        var rows = RowList.Lines(
            """{"resource":"Patient","select":[{"forEach":"contact","column":[{"name":"contact","path":"name.family"}],"select":[{"forEachOrNull":"telecom","column":[{"name":"n","path":"%rowIndex"},{"name":"kind","path":"'tel'"}],"select":[{"forEach":"extension","column":[{"name":"never","path":"url"}]},{"forEachOrNull":"$this","column":[{"name":"value","path":"value"}]}]}]},{"column":[{"name":"id","path":"id"}]}]}""",
            Ada
        );

        // The telecoms of One have no extension, so forEach below them gives no row; Two has no telecom, and all below is null.
        Assert.Equal(["""{"contact":"Two","n":0,"kind":null,"never":null,"value":null,"id":"ada"}"""], rows);
    }

    [Fact]
    public void Unions_inside_unions_fill_the_same_cells()
    {
        var rows = RowList.Lines(
            """{"resource":"Patient","select":[{"column":[{"name":"id","path":"id"}],"unionAll":[{"forEach":"name","column":[{"name":"v","path":"family"}]},{"unionAll":[{"forEach":"contact","column":[{"name":"v","path":"name.family"}]},{"select":[{"forEachOrNull":"photo","column":[{"name":"v","path":"title"}]}]}]}]},{"column":[{"name":"last","path":"gender"}]}]}""",
            Ada
        );

        Assert.Equal(
            ["Lovelace", "Byron", "One", "Two", null],
            rows.Select(r => (string?)System.Text.Json.Nodes.JsonNode.Parse(r)!["v"])
        );
        Assert.All(rows, r => Assert.EndsWith(""","last":"female"}""", r, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("managingOrganization.getReferenceKey()", "o1")]
    [InlineData("managingOrganization.getReferenceKey(Organization)", "o1")]
    [InlineData("managingOrganization.getReferenceKey(Practitioner)", null)]
    [InlineData("generalPractitioner.getReferenceKey(Practitioner)", "p1")]
    [InlineData("generalPractitioner.getReferenceKey(Organization)", "o2")]
    [InlineData("generalPractitioner[2].getReferenceKey()", null)]
    [InlineData("generalPractitioner[3].getReferenceKey()", null)]
    [InlineData("generalPractitioner[4].getReferenceKey()", null)]
    [InlineData("generalPractitioner[5].getReferenceKey()", null)]
    [InlineData("name.first().getReferenceKey()", null)]
    [InlineData("getResourceKey()", "ada")]
    [InlineData("name.first().getResourceKey()", null)]
    [InlineData("(managingOrganization.getReferenceKey() = 'o1').toString()", "true")]
    public void A_key_is_the_id_of_what_is_stored_here(string path, string? key) => Assert.Equal(key, Only(path));

    [Theory]
    [InlineData("name[0].given[1]", "Ada \"the\" first\n")]
    [InlineData("birthDate", "1815-12")]
    [InlineData("birthDate.lowBoundary()", "1815-12-01")]
    [InlineData("birthDate.highBoundary()", "1815-12-31")]
    [InlineData("name.given.join('|')", "Augusta|Ada \"the\" first\n")]
    [InlineData("name.where(use = 'nickname').given.join()", "")]
    [InlineData("gender.extension('http://example.org/x').value.ofType(string)", "y")]
    [InlineData("%resource.name.first().family", "Lovelace")]
    [InlineData("name.first().select(family & '/' & %context.id)", "Lovelace/ada")]
    public void A_text_is_what_the_resource_says(string path, string text) => Assert.Equal(text, Only(path));

    [Fact]
    public void A_collection_is_a_list_whatever_is_in_it()
    {
        var rows = RowList.Lines(
            """{"resource":"Patient","select":[{"column":[{"name":"many","path":"name.given","collection":true},{"name":"one","path":"gender","collection":true},{"name":"none","path":"photo.url","collection":true},{"name":"numbers","path":"1 | 2","collection":true},{"name":"json","path":"name","type":"HumanName","collection":true}]}]}""",
            """{"resourceType":"Patient","gender":"male","name":[{"given":["A","B"]},{"family":"C"}]}"""
        );

        Assert.Equal(
            [
                """{"many":["A","B"],"one":["male"],"none":[],"numbers":[1,2],"json":[{"given":["A","B"]},{"family":"C"}]}""",
            ],
            rows
        );
    }

    [Theory]
    [InlineData("name.family", "gives 2 values: choose one with first()")]
    [InlineData("name.family + 'x'", "One item is expected, but there are 2")]
    public void A_value_too_many_names_column_and_resource(string path, string part)
    {
        var failure = RowList
            .Of($$"""{"resource":"Patient","select":[{"column":[{"name":"it","path":"{{path}}"}]}]}""", Ada)
            .Failure!;

        var issue = Assert.Single(failure.Issues);
        Assert.Equal(422, failure.Status);
        Assert.Contains("The column 'it'", issue.Diagnostics, StringComparison.Ordinal);
        Assert.Contains(part, issue.Diagnostics, StringComparison.Ordinal);
        Assert.Equal("ViewDefinition.select[0].column[0]", issue.Expression);
    }

    [Theory]
    [InlineData("active", true)]
    [InlineData("active = false", false)]
    [InlineData("deceased.ofType(boolean)", false)]
    [InlineData("name.where(use = 'old').exists().not()", true)]
    public void A_resource_has_rows_where_its_conditions_hold(string condition, bool hasRows) =>
        Assert.Equal(
            hasRows ? 1 : 0,
            RowList
                .Lines(
                    $$"""{"resource":"Patient","where":[{"path":"{{condition}}"}],"select":[{"column":[{"name":"id","path":"id"}]}]}""",
                    Ada
                )
                .Length
        );

    [Fact]
    public void A_condition_that_turns_out_to_be_no_Boolean_is_refused() =>
        Assert.Contains(
            "true or false for Patient/ada",
            RowList
                .Of(
                    """{"resource":"Patient","where":[{"path":"descendants().first()"}],"select":[{"column":[{"name":"id","path":"id"}]}]}""",
                    Ada
                )
                .Failure!.Issues[0]
                .Diagnostics,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_resource_of_another_type_gives_no_row() =>
        Assert.Empty(
            RowList.Lines(
                """{"resource":"Patient","select":[{"column":[{"name":"id","path":"id"}]}]}""",
                """{"resourceType":"Practitioner","id":"p1"}""",
                """{"resourceType":"Nothing","id":"p1"}"""
            )
        );

    [Theory]
    [InlineData("$this")]
    [InlineData("%resource")]
    public void A_repeat_that_goes_round_ends_with_a_sentence(string path) =>
        Assert.Contains(
            RowList
                .Of(
                    $$"""{"resource":"Patient","select":[{"repeat":["{{path}}"],"column":[{"name":"id","path":"id","type":"id"}]}]}""",
                    Ada
                )
                .Failure!.Issues,
            i => i.Code == CareCoordination.Fhir.Outcomes.IssueCode.TooCostly
        );

    [Fact]
    public void A_repeat_that_goes_round_and_branches_ends_with_the_budget()
    {
        var result = RowList.Of(
            """{"resource":"Patient","select":[{"repeat":["$this","$this","name"],"column":[{"name":"id","path":"id","type":"id"}]}]}""",
            Ada
        );

        Assert.Contains(result.Failure!.Issues, i => i.Code == CareCoordination.Fhir.Outcomes.IssueCode.TooCostly);
    }

    [Fact]
    public void A_budget_that_is_spent_stops_the_run()
    {
        var plan = RowList
            .Plan("""{"resource":"Patient","select":[{"column":[{"name":"n","path":"descendants().count()"}]}]}""")
            .Value;
        var budget = new WorkBudget(new WorkLimits { MaxEvaluationSteps = 30 });

        var failure = plan.Run(RowList.Parse(Ada).Value, new RowList(plan.Columns), budget);

        Assert.Equal(CareCoordination.Fhir.Outcomes.IssueCode.TooCostly, failure!.Issues[0].Code);
    }

    [Fact]
    public void No_more_rows_are_made_than_the_sink_wants()
    {
        var plan = RowList
            .Plan(
                """{"resource":"Patient","select":[{"forEach":"name","column":[{"name":"a","path":"family"}]},{"unionAll":[{"forEach":"contact","column":[{"name":"b","path":"name.family"}]},{"column":[{"name":"b","path":"id"}]}]}]}"""
            )
            .Value;
        var rows = new RowList(plan.Columns) { Most = 2 };
        var run = new ViewRun(plan, rows, new WorkBudget());

        Assert.Null(run.Add(RowList.Parse(Ada).Value));
        Assert.Null(run.Add(RowList.Parse(Ada).Value));
        Assert.Equal(2, rows.Rows.Count);
        Assert.Equal(2, run.Rows);
    }

    [Fact]
    public void Today_is_told_from_outside()
    {
        var plan = RowList
            .Plan("""{"resource":"Patient","select":[{"column":[{"name":"day","path":"today()"}]}]}""")
            .Value;
        var rows = new RowList(plan.Columns);
        var run = new ViewRun(plan, rows, new WorkBudget())
        {
            Now = new DateTimeOffset(2026, 11, 30, 1, 0, 0, TimeSpan.Zero),
        };

        Assert.Null(run.Add(RowList.Parse(Ada).Value));
        Assert.Equal("2026-11-30", (string?)rows.Rows[0]["day"]);
    }

    [Fact]
    public void Decimals_keep_their_digits()
    {
        var rows = RowList.Lines(
            """{"resource":"Observation","select":[{"column":[{"name":"v","path":"value.ofType(Quantity).value"},{"name":"w","path":"value.ofType(Quantity).value","type":"decimal","collection":true}]}]}""",
            """{"resourceType":"Observation","valueQuantity":{"value":7.10}}""",
            """{"resourceType":"Observation","valueQuantity":{"value":123456789012345678901234567890.5}}""",
            """{"resourceType":"Observation","valueQuantity":{"value":-0.000000000000000000000000000001}}"""
        );

        Assert.Equal(
            [
                """{"v":7.10,"w":[7.10]}""",
                """{"v":123456789012345678901234567890.5,"w":[123456789012345678901234567890.5]}""",
                """{"v":-0.000000000000000000000000000001,"w":[-0.000000000000000000000000000001]}""",
            ],
            rows
        );
    }

    private static string? Only(string path)
    {
        var escaped = System.Text.Json.JsonEncodedText.Encode(path).ToString();
        var row = Assert.Single(
            RowList
                .Of(
                    $$"""{"resource":"Patient","select":[{"column":[{"name":"it","path":"{{escaped}}","type":"string"}]}]}""",
                    Ada
                )
                .Value
        );
        return (string?)row["it"];
    }
}
