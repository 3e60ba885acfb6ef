using CareCoordination.Views.Rows;

namespace CareCoordination.Views.Tests;

/// <summary>A column has its type before there is a row.</summary>
public sealed class ColumnTypeTests
{
    [Theory]
    [InlineData("Patient", "active", ViewColumnType.Boolean, "boolean", "BOOLEAN")]
    [InlineData("Patient", "id", ViewColumnType.Text, "id", "CHARACTER VARYING")]
    [InlineData("Patient", "gender", ViewColumnType.Text, "code", "CHARACTER VARYING")]
    [InlineData("Patient", "birthDate", ViewColumnType.Date, "date", "CHARACTER VARYING")]
    [InlineData("Patient", "meta.lastUpdated", ViewColumnType.Instant, "instant", "TIMESTAMP WITH TIME ZONE")]
    [InlineData("Patient", "deceased.ofType(dateTime)", ViewColumnType.DateTime, "dateTime", "CHARACTER VARYING")]
    [InlineData("Patient", "(deceased as boolean)", ViewColumnType.Boolean, "boolean", "BOOLEAN")]
    [InlineData("Patient", "multipleBirth.ofType(integer)", ViewColumnType.Integer, "integer", "INT")]
    [InlineData("Patient", "photo.first().data", ViewColumnType.Text, "base64Binary", "BINARY")]
    [InlineData("Observation", "value.ofType(Quantity).value", ViewColumnType.Decimal, "decimal", "CHARACTER VARYING")]
    [InlineData("Observation", "value.ofType(time)", ViewColumnType.Time, "time", "CHARACTER VARYING")]
    // Functions and operators.
    [InlineData("Patient", "getResourceKey()", ViewColumnType.Text, "string", "CHARACTER VARYING")]
    [InlineData(
        "Patient",
        "link.first().other.getReferenceKey(Patient)",
        ViewColumnType.Text,
        "string",
        "CHARACTER VARYING"
    )]
    [InlineData("Patient", "name.count()", ViewColumnType.Integer, "integer", "INT")]
    [InlineData("Patient", "name.exists()", ViewColumnType.Boolean, "boolean", "BOOLEAN")]
    [InlineData("Patient", "name.empty().not()", ViewColumnType.Boolean, "boolean", "BOOLEAN")]
    [InlineData("Patient", "name.first().family.startsWith('A')", ViewColumnType.Boolean, "boolean", "BOOLEAN")]
    [InlineData("Patient", "name.first().family.matches('A')", ViewColumnType.Boolean, "boolean", "BOOLEAN")]
    [InlineData("Patient", "name.first().family.length()", ViewColumnType.Integer, "integer", "INT")]
    [InlineData("Patient", "name.first().given.join(' ')", ViewColumnType.Text, "string", "CHARACTER VARYING")]
    [InlineData(
        "Patient",
        "name.first().family & ', ' & name.first().given.first()",
        ViewColumnType.Text,
        "string",
        "CHARACTER VARYING"
    )]
    [InlineData("Patient", "name.first().family + 'x'", ViewColumnType.Text, "string", "CHARACTER VARYING")]
    [InlineData("Patient", "name.count() + 1", ViewColumnType.Integer, "integer", "INT")]
    [InlineData("Patient", "-name.count()", ViewColumnType.Integer, "integer", "INT")]
    [InlineData("Patient", "name.count() / 2", ViewColumnType.Decimal, "decimal", "CHARACTER VARYING")]
    [InlineData("Patient", "name.count() * 1.5", ViewColumnType.Decimal, "decimal", "CHARACTER VARYING")]
    [InlineData("Patient", "gender = 'female' and active", ViewColumnType.Boolean, "boolean", "BOOLEAN")]
    [InlineData("Patient", "gender is code", ViewColumnType.Boolean, "boolean", "BOOLEAN")]
    [InlineData("Patient", "birthDate.lowBoundary()", ViewColumnType.Date, "date", "CHARACTER VARYING")]
    [InlineData(
        "Observation",
        "value.ofType(Quantity).value.highBoundary()",
        ViewColumnType.Decimal,
        "decimal",
        "CHARACTER VARYING"
    )]
    [InlineData("Patient", "iif(active, 'yes', 'no')", ViewColumnType.Text, "string", "CHARACTER VARYING")]
    [InlineData("Patient", "iif(active, gender, 'no')", ViewColumnType.Text, "string", "CHARACTER VARYING")]
    [InlineData("Patient", "name.select(family).first()", ViewColumnType.Text, "string", "CHARACTER VARYING")]
    [InlineData(
        "Patient",
        "(name.first().family | name.first().given).first()",
        ViewColumnType.Text,
        "string",
        "CHARACTER VARYING"
    )]
    [InlineData("Patient", "birthDate.toString()", ViewColumnType.Text, "string", "CHARACTER VARYING")]
    [InlineData("Patient", "'A'", ViewColumnType.Text, "string", "CHARACTER VARYING")]
    [InlineData("Patient", "42", ViewColumnType.Integer, "integer", "INT")]
    [InlineData("Patient", "@2020-01-01", ViewColumnType.Date, "date", "CHARACTER VARYING")]
    [InlineData("Patient", "%rowIndex", ViewColumnType.Integer, "integer", "INT")]
    [InlineData("Patient", "%ucum", ViewColumnType.Text, "string", "CHARACTER VARYING")]
    [InlineData("Patient", "%a_code", ViewColumnType.Text, "string", "CHARACTER VARYING")]
    [InlineData("Patient", "%a_date", ViewColumnType.Date, "date", "CHARACTER VARYING")]
    [InlineData(
        "Patient",
        "extension('http://example.org/x').value.ofType(code)",
        ViewColumnType.Text,
        "code",
        "CHARACTER VARYING"
    )]
    [InlineData(
        "Patient",
        "extension.where(url = 'http://example.org/x').value.ofType(Coding).code",
        ViewColumnType.Text,
        "code",
        "CHARACTER VARYING"
    )]
    public void What_a_path_gives_is_the_type_of_its_column(
        string resource,
        string path,
        ViewColumnType type,
        string fhirType,
        string sqlType
    )
    {
        var column = Only(resource, $$"""{"name":"it","path":"{{path}}"}""");

        Assert.Equal((type, fhirType, sqlType), (column.Type, column.FhirType, column.SqlType));
    }

    [Theory]
    [InlineData("birthDate", "string", ViewColumnType.Text)]
    [InlineData("birthDate", "dateTime", ViewColumnType.DateTime)]
    [InlineData("gender", "string", ViewColumnType.Text)]
    [InlineData("gender", "http://hl7.org/fhir/StructureDefinition/code", ViewColumnType.Text)]
    [InlineData("name.count()", "positiveInt", ViewColumnType.Integer)]
    [InlineData("name.count()", "integer64", ViewColumnType.Integer)]
    [InlineData("name.count()", "decimal", ViewColumnType.Decimal)]
    [InlineData("name.exists()", "http://hl7.org/fhirpath/System.Boolean", ViewColumnType.Boolean)]
    [InlineData("name.first()", "HumanName", ViewColumnType.Json)]
    [InlineData("contact.first()", "Patient.contact", ViewColumnType.Json)]
    [InlineData("name.first()", "Element", ViewColumnType.Json)]
    [InlineData("descendants().first()", "code", ViewColumnType.Text)]
    public void A_declared_type_that_fits_is_taken(string path, string declared, ViewColumnType type) =>
        Assert.Equal(type, Only("Patient", $$"""{"name":"it","path":"{{path}}","type":"{{declared}}"}""").Type);

    [Theory]
    [InlineData("birthDate", "DATE", "DATE")]
    [InlineData("birthDate", "varchar(10)", "VARCHAR(10)")]
    [InlineData("meta.lastUpdated", "timestamp(3)  with time zone", "TIMESTAMP(3) WITH TIME ZONE")]
    [InlineData("deceased.ofType(dateTime)", "TIMESTAMP", "TIMESTAMP")]
    [InlineData("name.count()", "SMALLINT", "SMALLINT")]
    [InlineData("name.count()", "DECIMAL(10, 2)", "DECIMAL(10, 2)")]
    [InlineData("active", "BOOLEAN", "BOOLEAN")]
    public void A_tag_chooses_the_type_of_SQL(string path, string tag, string sqlType)
    {
        var column = Only(
            "Patient",
            $$"""{"name":"it","path":"{{path}}","tag":[{"name":"other","value":"x"},{"name":"ansi/type","value":"{{tag}}"}]}"""
        );

        Assert.Equal((sqlType, true), (column.SqlType, column.IsTagged));
    }

    private static ViewColumn Only(string resource, string column) =>
        Assert.Single(
            RowList
                .Plan(
                    $$"""{"resource":"{{resource}}","constant":[{"name":"a_code","valueCode":"x"},{"name":"a_date","valueDate":"2020-02"}],"select":[{"column":[{{column}}]}]}"""
                )
                .Value.Columns
        );
}
