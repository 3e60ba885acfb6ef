namespace CareCoordination.Views.Tests;

/// <summary>What is wrong with a view is a sentence that names the column or the rule, and says where.</summary>
public sealed class FaultTests
{
    [Theory]
    // The form.
    [InlineData(
        """{"select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.resource",
        "'resource' is missing"
    )]
    [InlineData("""{"resource":"Patient"}""", "ViewDefinition.select", "has a select")]
    [InlineData("""{"resource":"Patient","select":{}}""", "ViewDefinition.select", "JSON array")]
    [InlineData("""{"resource":"Patient","select":["x"]}""", "ViewDefinition.select[0]", "JSON object")]
    [InlineData("""{"resource":"Patient","select":[{"colum":[]}]}""", "ViewDefinition.select[0]", "no element 'colum'")]
    [InlineData(
        """{"resource":"Patient","select":[{"column":[{"path":"id"}]}]}""",
        "ViewDefinition.select[0].column[0].name",
        "'name' is missing"
    )]
    [InlineData(
        """{"resource":"Patient","select":[{"column":[{"name":"id"}]}]}""",
        "ViewDefinition.select[0].column[0].path",
        "'path' is missing"
    )]
    [InlineData(
        """{"resource":"Patient","select":[{"column":[{"name":"id","path":"id","collection":"yes"}]}]}""",
        "ViewDefinition.select[0].column[0].collection",
        "true or false"
    )]
    [InlineData(
        """{"resource":"Patient","select":[{"forEach":1,"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.select[0].forEach",
        "is a string"
    )]
    [InlineData(
        """{"resource":"Patient","select":[{"repeat":"link","column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.select[0].repeat",
        "array of paths"
    )]
    [InlineData(
        """{"resourceType":"Patient","resource":"Patient","select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition",
        "is a Patient"
    )]
    [InlineData(
        """{"resource":"Patient","constant":[{"name":"a"}],"select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.constant[0]",
        "'a' has no value"
    )]
    [InlineData(
        """{"resource":"Patient","constant":[{"name":"a","valueCode":"x","valueId":"y"}],"select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.constant[0]",
        "two values"
    )]
    [InlineData(
        """{"resource":"Patient","constant":[{"name":"a","valueCoding":{}}],"select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.constant[0]",
        "not of a primitive type"
    )]
    // The meaning.
    [InlineData(
        """{"resource":"Patinet","select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.resource",
        "'Patinet' is no type of resource"
    )]
    [InlineData(
        """{"resource":"Patient","name":"1st","select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.name",
        "'1st'"
    )]
    [InlineData("""{"resource":"Patient","select":[{}]}""", "ViewDefinition.select[0]", "gives a column")]
    [InlineData(
        """{"resource":"Patient","constant":[{"name":"a","valueDate":"soon"}],"select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.constant[0]",
        "is no date"
    )]
    [InlineData(
        """{"resource":"Patient","constant":[{"name":"a","valueAge":"1"}],"select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.constant[0]",
        "type age"
    )]
    [InlineData(
        """{"resource":"Patient","constant":[{"name":"rowIndex","valueInteger":1}],"select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.constant[0]",
        "meaning of its own"
    )]
    [InlineData(
        """{"resource":"Patient","constant":[{"name":"a","valueCode":"x"},{"name":"a","valueCode":"y"}],"select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.constant[1]",
        "two constants"
    )]
    [InlineData(
        """{"resource":"Patient","constant":[{"name":"a","valuePositiveInt":0}],"select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.constant[0]",
        "no positiveInt"
    )]
    [InlineData(
        """{"resource":"Patient","where":[{"path":"name.family"}],"select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.where[0].path",
        "true or false"
    )]
    [InlineData(
        """{"resource":"Patient","where":[{"path":"status = 'x'"}],"select":[{"column":[{"name":"id","path":"id"}]}]}""",
        "ViewDefinition.where[0].path",
        "no element 'status'"
    )]
    public void A_fault_says_where_and_what(string view, string location, string part) => Refused(view, location, part);

    [Theory]
    [InlineData("birthDay", "Patient has no element 'birthDay'")]
    [InlineData("name.famly", "HumanName has no element 'famly'")]
    [InlineData("name.first(", "position")]
    [InlineData("name.frist()", "no function frist()")]
    [InlineData("name.where(use = %use).exists()", "no constant %use")]
    [InlineData("name.first(1)", "first() takes no argument")]
    [InlineData("managingOrganization.getReferenceKey(HumanName)", "no resource type")]
    [InlineData("managingOrganization.getReferenceKey(Organisation)", "no type 'Organisation'")]
    [InlineData("managingOrganization.getReferenceKey(Patient, Group)", "one type name at most")]
    [InlineData("deceased", "may give boolean or dateTime")]
    [InlineData("name", "gives HumanName, which is no primitive")]
    [InlineData("resolve()", "cannot be told")]
    public void A_wrong_path_of_a_column_is_refused(string path, string part) =>
        Refused(Column($$"""{"name":"it","path":"{{path}}"}"""), "ViewDefinition.select[0].column[0]", part);

    [Theory]
    [InlineData("birthDate", "boolean")]
    [InlineData("birthDate", "integer")]
    [InlineData("birthDate", "instant")]
    [InlineData("active", "string")]
    [InlineData("active", "date")]
    [InlineData("gender", "date")]
    [InlineData("gender", "boolean")]
    [InlineData("multipleBirth.ofType(integer)", "dateTime")]
    [InlineData("multipleBirth.ofType(integer)", "string")]
    [InlineData("meta.lastUpdated", "date")]
    [InlineData("name", "Address")]
    [InlineData("name.first().family", "HumanName")]
    [InlineData("name.exists()", "code")]
    [InlineData("name.count()", "boolean")]
    public void A_type_that_does_not_fit_is_refused(string path, string type) =>
        Refused(
            Column($$"""{"name":"it","path":"{{path}}","type":"{{type}}"}"""),
            "ViewDefinition.select[0].column[0]",
            $"'it' has the type {type}, and its path gives"
        );

    [Fact]
    public void A_type_that_there_is_not_is_refused() =>
        Refused(
            Column("""{"name":"it","path":"id","type":"text"}"""),
            "ViewDefinition.select[0].column[0]",
            "the type 'text', which there is not"
        );

    [Theory]
    [InlineData("birthDate", "TIMESTAMP")]
    [InlineData("gender", "INTEGER")]
    [InlineData("active", "DATE")]
    [InlineData("id", "UNIQUEIDENTIFIER")]
    [InlineData("id", "VARCHAR(x)")]
    public void A_tag_that_a_column_cannot_be_is_refused(string path, string tag) =>
        Refused(
            Column($$"""{"name":"it","path":"{{path}}","tag":[{"name":"ansi/type","value":"{{tag}}"}]}"""),
            "ViewDefinition.select[0].column[0]",
            $"ansi/type cannot make '{tag}'"
        );

    [Theory]
    [InlineData("forEach", "forEachOrNull", "\"name\"", "\"name\"")]
    [InlineData("forEach", "repeat", "\"name\"", "[\"link\"]")]
    [InlineData("forEachOrNull", "repeat", "\"name\"", "[\"link\"]")]
    public void Two_iterations_of_one_select_are_refused(string first, string second, string a, string b) =>
        Refused(
            $$"""{"resource":"Patient","select":[{"{{first}}":{{a}},"{{second}}":{{b}},"column":[{"name":"id","path":"id"}]}]}""",
            "ViewDefinition.select[0]",
            "at most one of forEach, forEachOrNull and repeat"
        );

    [Theory]
    [InlineData("id", "id")]
    [InlineData("id", "ID")]
    public void Two_columns_of_one_name_are_refused(string first, string second) =>
        Refused(
            $$"""{"resource":"Patient","select":[{"column":[{"name":"{{first}}","path":"id"}]},{"forEach":"name","select":[{"column":[{"name":"{{second}}","path":"family"}]}]}]}""",
            "ViewDefinition.select[1].select[0].column[0].name",
            $"two columns of the name '{second}'"
        );

    [Theory]
    [InlineData("""{"name":"b","path":"id"}""", "same columns in the same order: a, and not b")]
    [InlineData(
        """{"name":"a","path":"active"}""",
        "'a' of a union is of one type in all branches: id, and not boolean"
    )]
    [InlineData(
        """{"name":"a","path":"birthDate"}""",
        "'a' of a union is of one type in all branches: id, and not date"
    )]
    [InlineData("""{"name":"a","path":"id","collection":true}""", "id, and not a collection of id")]
    [InlineData(
        """{"name":"a","path":"id"},{"name":"c","path":"id"}""",
        "same columns in the same order: a, and not a, c"
    )]
    public void Branches_of_a_union_that_differ_are_refused(string columns, string part) =>
        Refused(
            $$"""{"resource":"Patient","select":[{"unionAll":[{"column":[{"name":"a","path":"id"}]},{"column":[{{columns}}]}]}]}""",
            "ViewDefinition.select[0].unionAll[1]",
            part
        );

    [Theory]
    [InlineData(
        """{"forEach":"nome","column":[{"name":"a","path":"family"}]}""",
        "select[0].forEach",
        "no element 'nome'"
    )]
    [InlineData(
        """{"forEachOrNull":"@@","column":[{"name":"a","path":"family"}]}""",
        "select[0].forEachOrNull",
        "position"
    )]
    [InlineData(
        """{"repeat":["lnik"],"column":[{"name":"a","path":"id"}]}""",
        "select[0].repeat[0]",
        "no element 'lnik'"
    )]
    [InlineData(
        """{"forEach":"name","column":[{"name":"a","path":"birthDate"}]}""",
        "select[0].column[0].path",
        "HumanName has no element 'birthDate'"
    )]
    public void A_wrong_path_of_an_iteration_is_refused(string select, string location, string part) =>
        Refused($$"""{"resource":"Patient","select":[{{select}}]}""", $"ViewDefinition.{location}", part);

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var failure = RowList
            .Plan(
                """{"resource":"Patient","where":[{"path":"gender"}],"select":[{"column":[{"name":"a b","path":"nothing"},{"name":"c","path":"name"}]}]}"""
            )
            .Failure!;

        Assert.Equal(
            [
                "ViewDefinition.where[0].path",
                "ViewDefinition.select[0].column[0].name",
                "ViewDefinition.select[0].column[0].path",
                "ViewDefinition.select[0].column[1]",
            ],
            failure.Issues.Select(i => i.Expression)
        );
    }

    [Fact]
    public void A_view_is_not_nested_without_end()
    {
        var view = """{"column":[{"name":"id","path":"id"}]}""";
        for (var i = 0; i < 40; i++)
            view = $$"""{"select":[{{view}}]}""";

        Refused($$"""{"resource":"Patient","select":[{{view}}]}""", null, "levels deep");
    }

    [Fact]
    public void A_view_has_not_columns_without_end()
    {
        var columns = string.Join(',', Enumerable.Range(0, 2001).Select(i => $$"""{"name":"c{{i}}","path":"id"}"""));

        Refused(Column(columns), "ViewDefinition.select[0].column[2000]", "at most 2000 columns");
    }

    private static string Column(string columns) => $$"""{"resource":"Patient","select":[{"column":[{{columns}}]}]}""";

    private static void Refused(string view, string? location, string part)
    {
        var failure = RowList.Plan(view).Failure;

        Assert.NotNull(failure);
        Assert.Contains(
            failure.Issues,
            i =>
                i.Diagnostics.Contains(part, StringComparison.Ordinal)
                && (location is null || i.Expression!.StartsWith(location, StringComparison.Ordinal))
        );
        Assert.All(failure.Issues, i => Assert.EndsWith(".", i.Diagnostics, StringComparison.Ordinal));
    }
}
