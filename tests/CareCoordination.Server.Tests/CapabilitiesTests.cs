using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>What the CapabilityStatement claims is asked for. https://hl7.org/fhir/R4/http.html#capabilities</summary>
public sealed class CapabilitiesTests(SqliteServer shared) : ServerTests(shared)
{
    [Fact]
    public async Task The_statement_is_valid_and_names_this_server()
    {
        var statement = (await Server.GetAsync("metadata")).ShouldBe(200);

        Assert.Equal(Server.Base, statement.Json.GetProperty("implementation").GetProperty("url").GetString());
        Assert.Equal("4.0.1", statement.Text("fhirVersion"));
        // All of R4 but Parameters, which is never stored.
        Assert.Equal(145, Types(statement).Count);
        Assert.Equal(
            ["warning invariant CapabilityStatement: dom-6 does not hold: text.`div`.exists()"],
            (await Server.PostAsync("CapabilityStatement/$validate", statement.Body)).Issues
        );
    }

    [Fact]
    public async Task It_is_sent_once_to_who_keeps_it()
    {
        var statement = await Server.GetAsync("metadata");
        (await Server.GetAsync("metadata", $"If-None-Match: {statement.ETag}")).ShouldBe(304);
        (await Server.GetAsync("metadata?mode=full")).ShouldBe(200);
        (await Server.GetAsync("metadata?mode=terminology")).ShouldRefuse(
            400,
            "error not-supported: mode is full; normative and terminology are not offered."
        );
    }

    [Fact]
    public async Task It_is_sent_in_part_to_who_wants_no_more()
    {
        var summary = (await Server.GetAsync("metadata?_summary=true")).ShouldBe(200);
        Assert.Equal("4.0.1", summary.Text("fhirVersion"));
        Assert.Contains("SUBSETTED", summary.At("meta", "tag"), StringComparison.Ordinal);

        var elements = (await Server.GetAsync("metadata?_elements=fhirVersion,format")).ShouldBe(200);
        Assert.Equal("4.0.1", elements.Text("fhirVersion"));
        Assert.Null(elements.Text("rest"));
        Assert.NotNull(elements.Text("kind"));
        (await Server.GetAsync("metadata?_summary=count")).ShouldRefuse(
            400,
            "error value: _summary of a single resource is one of true, text, data and false."
        );
    }

    [Fact]
    public async Task Every_interaction_of_every_type_that_is_claimed_is_served()
    {
        var statement = await Server.GetAsync("metadata");
        foreach (var type in Types(statement))
        {
            var name = type.GetProperty("type").GetString()!;
            foreach (
                var interaction in type.GetProperty("interaction")
                    .EnumerateArray()
                    .Select(i => i.GetProperty("code").GetString()!)
            )
            {
                var answer = interaction switch
                {
                    "read" => await Server.GetAsync($"{name}/none"),
                    "vread" => await Server.GetAsync($"{name}/none/_history/1"),
                    "create" => await Server.PostAsync(name, "{}"),
                    "update" => await Server.PutAsync($"{name}/none", "{}"),
                    "patch" => await Server.PatchAsync($"{name}/none", "[]"),
                    "delete" => await Server.DeleteAsync($"{name}/none"),
                    "search-type" => await Server.GetAsync($"{name}?_id=none"),
                    "history-instance" => await Server.GetAsync($"{name}/none/_history"),
                    "history-type" => await Server.GetAsync($"{name}/_history?_count=1"),
                    _ => throw new InvalidOperationException($"{name} claims {interaction}, which no test knows."),
                };
                var expected = interaction switch
                {
                    "read" or "vread" or "patch" or "history-instance" => 404,
                    "create" or "update" => 400,
                    "delete" => 204,
                    _ => 200,
                };
                Assert.True(answer.Status == expected, $"{interaction} of {name} is {answer.Status}: {answer.Body}");
            }
        }
    }

    [Fact]
    public async Task Every_search_parameter_that_is_claimed_can_be_searched()
    {
        var statement = await Server.GetAsync("metadata");
        var failures = new List<string>();
        foreach (var type in Types(statement))
        {
            var name = type.GetProperty("type").GetString()!;
            // All parameters of a type in one search by presence, and one by one where that fails.
            foreach (var parameter in type.GetProperty("searchParam").EnumerateArray())
            {
                var code = parameter.GetProperty("name").GetString()!;
                var query = code is "_id" or "_lastUpdated"
                    ? $"{code}={(code == "_id" ? "x" : "2026")}"
                    : $"{code}:missing=false";
                var answer = await Server.GetAsync($"{name}?{query}&_count=1");
                if (answer.Status != 200)
                    failures.Add($"{name}?{query}: {answer.Body}");
            }
        }

        Assert.Empty(failures);
    }

    [Fact]
    public async Task Every_include_that_is_claimed_is_accepted()
    {
        var statement = await Server.GetAsync("metadata");
        var failures = new List<string>();
        foreach (var type in Types(statement))
        {
            var name = type.GetProperty("type").GetString()!;
            foreach (
                var (property, parameter) in (KeyValuePair<string, string>[])
                    [new("searchInclude", "_include"), new("searchRevInclude", "_revinclude")]
            )
            {
                if (!type.TryGetProperty(property, out var values))
                    continue;
                var query = string.Join(
                    '&',
                    values.EnumerateArray().Take(40).Select(v => $"{parameter}={v.GetString()}")
                );
                failures.AddRange(await RefusedAsync($"{name}?_id=none&{query}"));
            }
        }

        Assert.Empty(failures);
    }

    [Fact]
    public async Task Every_operation_that_is_claimed_is_served()
    {
        var statement = await Server.GetAsync("metadata");
        foreach (var type in Types(statement))
        {
            var name = type.GetProperty("type").GetString()!;
            foreach (
                var operation in type.GetProperty("operation")
                    .EnumerateArray()
                    .Select(o => o.GetProperty("name").GetString())
            )
            {
                var answer = operation switch
                {
                    "validate" => (await Server.PostAsync($"{name}/$validate", "{}")).Status == 200,
                    "everything" => (await Server.GetAsync($"{name}/none/$everything")).Status == 404,
                    _ => (await Server.GetAsync($"OperationDefinition/{name}-{operation}")).Status == 200,
                };
                Assert.True(answer, $"{name}/${operation}");
            }
        }
    }

    private async Task<IEnumerable<string>> RefusedAsync(string url)
    {
        var answer = await Server.GetAsync(url);
        return answer.Status == 200 ? [] : [$"{url}: {answer.Body}"];
    }

    private static List<JsonElement> Types(Answer statement) =>
        [.. statement.Json.GetProperty("rest")[0].GetProperty("resource").EnumerateArray()];
}
