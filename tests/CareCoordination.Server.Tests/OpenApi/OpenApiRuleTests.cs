using System.Text.Json;
using System.Text.RegularExpressions;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.OpenApi;

/// <summary>
/// What tools hold a document to: the recommended rules of Redocly that something here could break, and what generators make of it. Redocly
/// itself is run where npm is, by openapi/lint.sh.
/// </summary>
public sealed partial class OpenApiRuleTests(SqliteServer server) : ServerTests(server)
{
    public static readonly TheoryData<string> Documents = ["v1", "any"];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task It_says_where_the_server_is_who_may_ask_and_by_what_licence_it_comes(string document)
    {
        var json = await DocumentAsync(document);

        Assert.StartsWith("3.0.", json.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(json.GetProperty("servers").EnumerateArray());
        // An open server asks for nothing, and says so.
        Assert.Equal("[]", json.GetProperty("security").GetRawText());
        Assert.Equal("Apache-2.0", json.GetProperty("info").GetProperty("license").GetProperty("name").GetString());
        Assert.True(
            Uri.IsWellFormedUriString(
                json.GetProperty("info").GetProperty("license").GetProperty("url").GetString(),
                UriKind.Absolute
            )
        );
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Every_operation_has_a_name_of_its_own_a_summary_and_a_tag_that_is_described(string document)
    {
        var json = await DocumentAsync(document);
        var operations = await DescribedOperation.AllAsync(Server, document);
        var tags = json.GetProperty("tags")
            .EnumerateArray()
            .ToDictionary(t => t.GetProperty("name").GetString()!, t => t.GetProperty("description").GetString()!);

        Assert.Equal(operations.Count, operations.Select(o => o.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(operations, o => Assert.Matches(Name(), o.Id));
        Assert.All(operations, o => Assert.NotEmpty(o.Json.GetProperty("summary").GetString()!));
        Assert.All(
            operations,
            o => Assert.NotEmpty(tags[Assert.Single(o.Json.GetProperty("tags").EnumerateArray()).GetString()!])
        );
        Assert.Equal(
            tags.Keys.Order(StringComparer.Ordinal),
            operations.Select(o => o.Json.GetProperty("tags")[0].GetString()!).Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task No_two_paths_could_mean_the_same_address(string document)
    {
        var paths = (await DocumentAsync(document))
            .GetProperty("paths")
            .EnumerateObject()
            .Select(p => p.Name.Split('/'))
            .ToList();

        Assert.Empty(
            from a in paths
            from b in paths
            where !ReferenceEquals(a, b) && a.Length == b.Length && Variables(a) == Variables(b)
            where a.Zip(b).All(pair => pair.First == pair.Second || IsVariable(pair.First) || IsVariable(pair.Second))
            select $"{string.Join('/', a)} and {string.Join('/', b)}"
        );
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Every_operation_tells_what_it_answers_well_and_what_it_refuses(string document)
    {
        foreach (var operation in await DescribedOperation.AllAsync(Server, document))
        {
            Assert.Contains(operation.Answers, a => a.Status is >= 200 and < 300);
            Assert.Contains(operation.Answers, a => a.Status is >= 400 and < 500);
            if (operation.Describes(503))
                Assert.Contains("Retry-After", operation.HeadersOf(503));
            foreach (var (status, answer) in operation.Answers)
            {
                Assert.NotEmpty(answer.GetProperty("description").GetString()!);
                if (status >= 400)
                    Assert.Equal(
                        "#/components/schemas/OperationOutcome",
                        answer
                            .GetProperty("content")
                            .GetProperty("application/fhir+json")
                            .GetProperty("schema")
                            .GetProperty("$ref")
                            .GetString()
                    );
            }
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Variables_of_paths_are_declared_and_have_an_example(string document)
    {
        foreach (var operation in await DescribedOperation.AllAsync(Server, document))
        {
            var declared = operation
                .Parameters.Where(p => p.GetProperty("in").GetString() == "path")
                .ToDictionary(p => p.GetProperty("name").GetString()!, p => p.GetProperty("example").ToString());

            Assert.Equal(operation.Path.Split('/').Where(IsVariable).Select(v => v.Trim('{', '}')), declared.Keys);
            Assert.DoesNotContain('{', operation.Url());
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task References_lead_somewhere_and_no_component_is_for_nothing(string document)
    {
        var json = await DocumentAsync(document);
        var used = Strings(json).Where(s => s.Name == "$ref").Select(s => s.Value).ToHashSet(StringComparer.Ordinal);
        var there = (
            from kind in json.GetProperty("components").EnumerateObject()
            from component in kind.Value.EnumerateObject()
            select $"#/components/{kind.Name}/{component.Name}"
        ).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(used.Except(there, StringComparer.Ordinal));
        Assert.Empty(there.Except(used, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Names_of_schemas_make_classes_of_their_own()
    {
        var names = (await SchemasAsync()).Select(s => s.Name).ToList();

        Assert.All(names, n => Assert.Matches(ClassName(), n));
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.DoesNotContain("Exception", names);
        Assert.DoesNotContain("Resource2", names);
        Assert.Contains("TaskRestriction", names);
    }

    /// <summary>orval calls <c>_source</c> and <c>source</c> the same; NSwag and Kiota make members of what is left of a name.</summary>
    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Names_differ_by_their_letters_and_figures_alone(string document)
    {
        var json = await DocumentAsync(document);

        foreach (var kind in json.GetProperty("components").EnumerateObject())
            Assert.Empty(SameLetters(kind.Value.EnumerateObject().Select(c => c.Name)));
        Assert.Empty(SameLetters((await DescribedOperation.AllAsync(Server, document)).Select(o => o.Id)));
    }

    [Fact]
    public async Task What_every_type_is_searched_by_is_described_once()
    {
        var parameters = (await DocumentAsync("v1")).GetProperty("components").GetProperty("parameters");

        Assert.DoesNotContain(parameters.EnumerateObject(), p => p.Name.Contains('_', StringComparison.Ordinal));
        foreach (var name in (string[])["profile", "security", "source", "tag"])
            Assert.Equal($"_{name}", parameters.GetProperty($"Resource-{name}").GetProperty("name").GetString());
        Assert.Equal("source", parameters.GetProperty("AuditEvent-source").GetProperty("name").GetString());
    }

    [Fact]
    public async Task What_may_be_left_out_may_be_null_so_that_no_generator_sends_false_or_0_for_it()
    {
        foreach (var schema in await SchemasAsync())
        {
            if (!schema.Value.TryGetProperty("properties", out var properties))
                continue;
            var required = schema.Value.TryGetProperty("required", out var list)
                ? list.EnumerateArray().Select(r => r.GetString()!).ToHashSet()
                : [];
            foreach (var property in properties.EnumerateObject().Where(p => p.Value.TryGetProperty("type", out _)))
            {
                var isNullable = property.Value.TryGetProperty("nullable", out var nullable) && nullable.GetBoolean();
                Assert.True(isNullable != required.Contains(property.Name), $"{schema.Name}.{property.Name}");
            }
        }
    }

    [Fact]
    public async Task Searches_are_typed_and_their_parameters_can_be_repeated()
    {
        var search = await OperationAsync("search-type-Task");
        var bundle = search.Follow(
            search
                .Answers.Single(a => a.Status == 200)
                .Answer.GetProperty("content")
                .GetProperty("application/fhir+json")
                .GetProperty("schema")
        );
        var entry = search.Follow(bundle.GetProperty("properties").GetProperty("entry").GetProperty("items"));

        Assert.Equal(
            "#/components/schemas/Task",
            entry.GetProperty("properties").GetProperty("resource").GetProperty("$ref").GetString()
        );
        foreach (
            var name in (string[])["_id", "_lastUpdated", "owner", "status", "based-on", "_include", "_revinclude"]
        )
        {
            var parameter = search.Parameters.Single(p => p.GetProperty("name").GetString() == name);
            Assert.Equal("array", parameter.GetProperty("schema").GetProperty("type").GetString());
            // Form and explode are what OpenAPI takes where nothing is said.
            Assert.True(!parameter.TryGetProperty("explode", out var explode) || explode.GetBoolean());
        }
    }

    [Fact]
    public async Task Operations_take_their_own_parameters_by_name_and_type()
    {
        var hold = await OperationAsync("hold-instance-post-Goal");
        var body = hold.Follow(hold.Bodies.Single().Media.GetProperty("schema"));
        var item = hold.Follow(body.GetProperty("properties").GetProperty("parameter").GetProperty("items"));

        Assert.Equal(
            ["note", "reason", "practitioner"],
            item.GetProperty("properties")
                .GetProperty("name")
                .GetProperty("enum")
                .EnumerateArray()
                .Select(e => e.GetString()!)
        );
        Assert.Equal(
            ["name", "valueMarkdown", "valueString", "valueCodeableConcept", "valueReference"],
            item.GetProperty("properties").EnumerateObject().Select(p => p.Name)
        );
    }

    [Fact]
    public async Task Every_body_and_every_answer_with_a_body_has_an_example_so_that_no_tool_makes_one_up()
    {
        foreach (var document in Documents)
        {
            foreach (var operation in await DescribedOperation.AllAsync(Server, document))
            {
                Assert.All(operation.Bodies, b => Assert.True(b.Media.TryGetProperty("example", out _), operation.Id));
                Assert.All(
                    operation.Answers.Where(a => a.Answer.TryGetProperty("content", out _)),
                    a =>
                        Assert.All(
                            a.Answer.GetProperty("content").EnumerateObject(),
                            c => Assert.True(c.Value.TryGetProperty("example", out _), $"{operation.Id} {a.Status}")
                        )
                );
            }
        }
    }

    private async Task<DescribedOperation> OperationAsync(string id) =>
        (await DescribedOperation.AllAsync(Server, "v1")).Single(o => o.Id == id);

    private async Task<JsonElement> DocumentAsync(string document) =>
        (await Server.GetAsync($"/swagger/{document}/swagger.json")).ShouldBe(200).Json;

    private async Task<IEnumerable<JsonProperty>> SchemasAsync() =>
        (await DocumentAsync("v1")).GetProperty("components").GetProperty("schemas").EnumerateObject();

    private static IEnumerable<string> SameLetters(IEnumerable<string> names) =>
        names
            .GroupBy(n => string.Concat(n.Where(char.IsAsciiLetterOrDigit)), StringComparer.OrdinalIgnoreCase)
            .Where(same => same.Count() > 1)
            .Select(same => string.Join(" and ", same));

    private static bool IsVariable(string segment) => segment.StartsWith('{');

    private static int Variables(string[] path) => path.Count(IsVariable);

    private static IEnumerable<(string Name, string Value)> Strings(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(p =>
                    p.Value.ValueKind == JsonValueKind.String ? [(p.Name, p.Value.GetString()!)] : Strings(p.Value)
                ),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
            _ => [],
        };

    [GeneratedRegex("^[A-Za-z0-9-]+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*$", RegexOptions.ExplicitCapture)]
    private static partial Regex ClassName();
}
