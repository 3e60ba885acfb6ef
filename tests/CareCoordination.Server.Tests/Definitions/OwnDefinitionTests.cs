using System.Text.Json;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Canonicals;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Extensions.Configuration;

namespace CareCoordination.Server.Tests.Definitions;

/// <summary>What this server writes of its own is defined by it, and what it defines is written.</summary>
public abstract class OwnDefinitionTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : OwnDefinitionTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : OwnDefinitionTests(shared);

    private static readonly string[] Types =
    [
        "StructureDefinition",
        "CodeSystem",
        "ValueSet",
        "NamingSystem",
        "Questionnaire",
    ];

    public static TheoryData<string> Keys =>
        [
            .. ServedDefinitions
                .Of(Composition.Operations, CareOptions.Read(new ConfigurationBuilder().Build()))
                .Select(d => d.Key)
                .Where(k => Types.Contains(k.Type))
                .Select(k => k.ToString()),
        ];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Each_is_read_is_found_by_its_url_and_is_valid(string key)
    {
        var read = (await Server.GetAsync(key)).ShouldBe(200);
        var type = key.Split('/')[0];
        var (parameter, url) =
            type == "NamingSystem"
                ? ("value:exact", read.Json.GetProperty("uniqueId")[0].GetProperty("value").GetString()!)
                : ("url", read.Text("url")!);

        Assert.Equal([read.Id], (await Server.GetAsync($"{type}?{parameter}={Uri.EscapeDataString(url)}")).Ids);
        Assert.Equal(
            type == "NamingSystem" ? $"{Server.Base}/{read.Id}" : $"{OwnCanonical.Base}/{type}/{read.Id}",
            url
        );
        Assert.Equal(
            ["information informational: All OK"],
            (await Server.PostAsync($"{type}/$validate", read.Body)).ShouldBe(200).Issues
        );
    }

    [Fact]
    public async Task What_the_workflows_write_is_defined_and_what_is_defined_is_written()
    {
        var clock = new ShiftedClock(new DateTimeOffset(2026, 11, 23, 15, 0, 0, TimeSpan.Zero));
        await using var server = await TestServer.OnSqliteAsync(clock);
        await using var partner = await SimulatedPartner.StartAsync(new SimulatorOptions());
        var story = new CareStory(server, clock, partner);
        await story.TellAsync();
        var words = new OwnWords(server.Base);
        foreach (var resource in story.Said)
            words.Add(resource);

        var definitions = await DefinitionsAsync(server);
        Assert.Empty(words.Canonicals.Except(definitions.Keys));
        foreach (var used in words.Extensions)
            Assert.Contains(used, Allowed(definitions[used.Url], used));
        foreach (var used in words.Codes)
            Assert.Contains(used.Code, CodesOf(definitions[used.System]));
        foreach (var used in words.Identifiers)
            Assert.Single(
                (await server.GetAsync($"NamingSystem?value:exact={Uri.EscapeDataString(used)}")).ShouldBe(200).Ids
            );

        // What an extension is bound to is written with it.
        for (var before = 0; before < words.Canonicals.Count; )
        {
            before = words.Canonicals.Count;
            foreach (var named in words.Canonicals.ToArray())
                words.Add(definitions[named]);
        }

        Assert.Empty(definitions.Keys.Except(words.Canonicals));
    }

    [Fact]
    public async Task Codes_of_rules_that_a_deployment_names_are_in_the_code_system()
    {
        await using var server = await TestServer.OnSqliteAsync(
            "--Care:Organizations:clinic:Rules:0:EffectiveFrom=2020-01-01",
            "--Care:Organizations:clinic:Rules:0:Lateness:0:Code=patience",
            "--Care:Organizations:clinic:Rules:0:Lateness:0:BusinessDaysAfterDue=3",
            "--Care:Organizations:clinic:Rules:0:Lateness:0:ToLead=true"
        );

        var codes = CodesOf((await server.GetAsync("CodeSystem/lateness-threshold")).ShouldBe(200).Json);

        Assert.Contains("patience", codes);
        Assert.Contains("overdue-lead", codes);
        Assert.Equal(codes.Distinct(), codes);
    }

    [Fact]
    public async Task Every_command_and_every_rule_has_a_code()
    {
        var acts = CodesOf((await Server.GetAsync("CodeSystem/care-command")).ShouldBe(200).Json);
        var rules = CodesOf((await Server.GetAsync("CodeSystem/care-rule")).ShouldBe(200).Json);

        Assert.Superset(
            Composition.Operations.All.Where(o => o.AffectsState).Select(o => o.Name).ToHashSet(),
            acts.ToHashSet()
        );
        Assert.Superset(
            Composition.Operations.All.SelectMany(o => OperationRefusals.Of(o)).Select(r => r.Code).ToHashSet(),
            rules.ToHashSet()
        );
        Assert.Equal(acts.Distinct().Order(StringComparer.Ordinal), acts);
    }

    public static TheoryData<string> Extensions =>
        [.. Keys.Select(k => k.Data).Where(k => k.StartsWith("Str", StringComparison.Ordinal))];

    /// <summary>Who does not put a differential over its base reads the snapshot: it has each element once, whole, and says the same.</summary>
    [Theory]
    [MemberData(nameof(Extensions))]
    public async Task The_snapshot_of_an_extension_has_all_elements_of_Extension_and_what_the_differential_says(
        string key
    )
    {
        var definition = (await Server.GetAsync(key)).ShouldBe(200).Json;
        var snapshot = Elements(definition, "snapshot");
        var differential = Elements(definition, "differential");

        Assert.Equal(snapshot.Keys.Distinct(), snapshot.Keys);
        Assert.Equal("Extension", snapshot.Keys.First());
        string[] all = ["Extension.id", "Extension.extension", "Extension.url", "Extension.value[x]"];
        Assert.Empty(all.Except(snapshot.Keys));
        foreach (var (id, element) in snapshot)
        {
            Assert.NotEqual("", element.GetProperty("definition").GetString());
            var (min, max) = (element.GetProperty("min").GetInt32(), element.GetProperty("max").GetString()!);
            var of = element.GetProperty("base");
            // No element may be more often, nor less, than what it rests on.
            Assert.True(min >= of.GetProperty("min").GetInt32() || max == "0", id);
            Assert.True(of.GetProperty("max").GetString() == "*" || max is "0" or "1", id);
            Assert.True(max is "*" || min <= int.Parse(max, System.Globalization.CultureInfo.InvariantCulture), id);
            // The path is the id without the names of slices, and those come behind the element that they are of.
            var path = element.GetProperty("path").GetString()!;
            Assert.Equal(string.Join('.', id.Split('.').Select(step => step.Split(':')[0])), path);
            if (id.Contains(':', StringComparison.Ordinal))
                Assert.True(snapshot.ContainsKey(id.Split(':')[0]), id);
            var hasValue = max != "0" && id != "Extension";
            Assert.True(!hasValue || element.GetProperty("type").GetArrayLength() > 0, id);
        }

        foreach (var (id, element) in differential)
        {
            foreach (var said in element.EnumerateObject())
                Assert.True(
                    JsonElement.DeepEquals(said.Value, snapshot[id].GetProperty(said.Name)),
                    $"{key} {id}.{said.Name}"
                );
        }
    }

    /// <summary>What HL7 publishes of its own extensions, of both kinds, has the same elements in the same order.</summary>
    [Theory]
    [InlineData("held-from")]
    [InlineData("escalated")]
    public async Task A_snapshot_has_its_elements_in_the_order_of_HL7(string name)
    {
        var answer = await Server.GetAsync($"StructureDefinition/{name}");
        var ids = Elements(answer.ShouldBe(200).Json, "snapshot").Keys.ToList();
        var parts = ids.Where(id =>
                id.EndsWith(".url", StringComparison.Ordinal) && id.Contains(':', StringComparison.Ordinal)
            )
            .Select(id => id[..^".url".Length])
            .SelectMany(part => (string[])[part, $"{part}.id", $"{part}.extension", $"{part}.url", $"{part}.value[x]"]);

        Assert.Equal(
            ["Extension", "Extension.id", "Extension.extension", .. parts, "Extension.url", "Extension.value[x]"],
            ids
        );
    }

    private static Dictionary<string, JsonElement> Elements(JsonElement definition, string view) =>
        definition
            .GetProperty(view)
            .GetProperty("element")
            .EnumerateArray()
            .ToDictionary(e => e.GetProperty("id").GetString()!, StringComparer.Ordinal);

    /// <summary>By their canonical.</summary>
    private static async Task<Dictionary<string, JsonElement>> DefinitionsAsync(TestServer server)
    {
        var all = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var type in Types.Except(["NamingSystem"]))
        foreach (var resource in (await server.GetAsync($"{type}?_count=200")).ShouldBe(200).Resources)
            all.Add(resource.GetProperty("url").GetString()!, resource);
        return all;
    }

    /// <summary>What the definition lets an extension be, where it is used.</summary>
    private static IEnumerable<UsedExtension> Allowed(JsonElement definition, UsedExtension used)
    {
        var elements = definition.GetProperty("differential").GetProperty("element").EnumerateArray().ToArray();
        var parts = elements
            .Where(e => e.TryGetProperty("sliceName", out _))
            .Where(e => !IsLeftOut(e))
            .Select(e => e.GetProperty("id").GetString()!);
        var values = parts.DefaultIfEmpty("Extension").Select(id => $"{PartOf(id)}:{TypeOf(id)}");
        return definition
            .GetProperty("context")
            .EnumerateArray()
            .Select(c => new UsedExtension(
                used.Url,
                c.GetProperty("expression").GetString()!,
                string.Join(' ', values.Order(StringComparer.Ordinal))
            ));

        // A part that need not be there, and is not.
        bool IsLeftOut(JsonElement part) =>
            part.TryGetProperty("min", out var min)
            && min.GetInt32() == 0
            && !used
                .Values.Split(' ')
                .Any(v => v.StartsWith($"{PartOf(part.GetProperty("id").GetString()!)}:", StringComparison.Ordinal));

        static string PartOf(string id) => id.Contains(':', StringComparison.Ordinal) ? id.Split(':')[1] : "";

        string TypeOf(string id)
        {
            var type = elements
                .Single(e => e.GetProperty("id").GetString() == $"{id}.value[x]")
                .GetProperty("type")[0]
                .GetProperty("code")
                .GetString()!;
            return char.ToUpperInvariant(type[0]) + type[1..];
        }
    }

    private static string[] CodesOf(JsonElement system) =>
        [.. system.GetProperty("concept").EnumerateArray().Select(c => c.GetProperty("code").GetString()!)];
}
