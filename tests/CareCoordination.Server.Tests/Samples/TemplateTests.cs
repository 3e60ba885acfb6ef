using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Validation;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Samples;

/// <summary>The care plans of <c>samples/templates</c>: valid, loaded as often as one likes, applied to a patient.</summary>
public sealed class TemplateTests(SqliteServer shared) : ServerTests(shared)
{
    private static readonly string Folder = Path.Combine(SharedMaterial.Repository, "samples", "templates");

    /// <summary>What each makes for a patient of 78 years who speaks Portuguese and has somebody looking after them.</summary>
    public static TheoryData<string, int, int> Templates =>
        new()
        {
            { "copd", 3, 10 },
            { "depression", 3, 9 },
            { "heart-failure", 3, 10 },
            { "hypertension", 3, 9 },
            { "social-needs", 3, 10 },
            { "transitional-care-30-days", 3, 14 },
            { "type-2-diabetes", 4, 11 },
        };

    [Fact]
    public void All_are_tested() =>
        Assert.Equal(
            Directory.GetFiles(Folder).Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal),
            Templates.Select(t => t.Data.Item1)
        );

    [Theory]
    [MemberData(nameof(Templates))]
    public async Task A_template_makes_a_plan_each_time_it_is_applied(string template, int goals, int activities)
    {
        var bundle = await File.ReadAllTextAsync(Path.Combine(Folder, template + ".json"));
        var document = ResourceDocument.Parse(System.Text.Encoding.UTF8.GetBytes(bundle)).Value;
        Assert.Empty(
            new Validator(R4Definitions.Schema).Validate(document).Select(i => $"{i.Expression}: {i.Diagnostics}")
        );

        (await Server.PostAsync("", bundle)).ShouldBe(200);
        var again = (await Server.PostAsync("", bundle)).ShouldBe(200);
        Assert.All(
            again.Entries,
            e => Assert.Equal("W/\"1\"", e.GetProperty("response").GetProperty("etag").GetString())
        );

        var patient = await PatientAsync("1948-04-17", "pt");
        var first = await ApplyAsync(template, patient);
        var second = await ApplyAsync(template, patient);

        Assert.NotEqual(first.Id, second.Id);
        foreach (var plan in new[] { first, second })
        {
            Assert.Equal((goals, activities), (References(plan, "goal").Length, References(plan, "activity").Length));
            Assert.Contains(References(plan, "activity"), a => a.StartsWith("Task/", StringComparison.Ordinal));
            (await Server.AskAsync($"CarePlan/{plan.Id}/$activate", Concurrent)).ShouldBe(200);
        }
    }

    [Fact]
    public async Task What_does_not_apply_to_the_patient_is_not_made()
    {
        const string Template = "transitional-care-30-days";
        var bundle = await File.ReadAllTextAsync(Path.Combine(Folder, Template + ".json"));
        (await Server.PostAsync("", bundle)).ShouldBe(200);

        var foreign = await ApplyAsync(Template, await PatientAsync("1990-04-17", "pt"));
        var english = await ApplyAsync(Template, await PatientAsync("1990-04-17", "en-US"));

        Assert.Equal((13, 12), (References(foreign, "activity").Length, References(english, "activity").Length));
        var interpreter = await Server.GetAsync(References(foreign, "activity")[2]);
        Assert.Contains("\"orderDetail\":[{\"text\":\"pt\"}]", interpreter.Body, StringComparison.Ordinal);
    }

    private static readonly string Concurrent = Ask.Value("allowConcurrent", "valueBoolean", "true");

    private async Task<string> PatientAsync(string birthDate, string language)
    {
        var id = Given.Id("p");
        (
            await Server.PutAsync(
                $"Patient/{id}",
                $$$"""
                {"resourceType":"Patient","id":"{{{id}}}","birthDate":"{{{birthDate}}}","contact":[{"name":{"family":"Carer"}}],
                 "communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"{{{language}}}"}]},"preferred":true}]}
                """
            )
        ).ShouldBe(201);
        return $"Patient/{id}";
    }

    private async Task<Answer> ApplyAsync(string template, string patient) =>
        (await Server.AskAsync($"PlanDefinition/{template}/$apply", Ask.Text("subject", patient))).ShouldBe(200);

    private static string[] References(Answer plan, string list) =>
        [
            .. plan
                .Json.GetProperty(list)
                .EnumerateArray()
                .Select(e => e.GetProperty("reference"))
                .Select(r => r.ValueKind == System.Text.Json.JsonValueKind.Object ? r.GetProperty("reference") : r)
                .Select(r => r.GetString()!),
        ];
}
