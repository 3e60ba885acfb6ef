using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Assessments;

/// <summary>A published response to PRAPARE, with linkIds of paths, groups and all, is taken, held against its published Questionnaire and scored.</summary>
public abstract class PublishedResponseTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : PublishedResponseTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : PublishedResponseTests(shared);

    private const string Guide = "ig/sdoh-clinicalcare-3.0.0/";

    private readonly string _id = Given.Id();

    [Fact]
    public async Task Prapare_of_the_Gravity_guide_gives_its_needs()
    {
        await StoreQuestionnaireAsync();
        (await Server.PutAsync($"QuestionnaireResponse/{_id}", Response().ToJsonString())).ShouldBe(201);

        var score = (await Server.AskAsync($"QuestionnaireResponse/{_id}/$score")).ShouldBe(200);

        Assert.Equal(
            [
                "homelessness",
                "transportation-insecurity",
                "educational-attainment",
                "employment-status",
                "material-hardship",
                "social-connection",
                "sdoh-category-unspecified",
                "financial-insecurity",
            ],
            Parameters(score, "need").Select(p => p.GetProperty("valueCoding").GetProperty("code").GetString())
        );
        Assert.Equal(["93033-9"], Parameters(score, "declined").Select(p => p.GetProperty("valueString").GetString()));
        Assert.Equal(
            ["violence-check"],
            Parameters(score, "task")
                .Select(p =>
                    p.GetProperty("resource")
                        .GetProperty("code")
                        .GetProperty("coding")[0]
                        .GetProperty("code")
                        .GetString()
                )
        );
    }

    [Theory]
    [InlineData("/93042-0/71802-3", "LA31994-9", "has an answer that is not offered.")]
    [InlineData("/93043-8/93034-7", "LA30189-7", "has an answer that is not offered.")]
    public async Task An_answer_that_its_Questionnaire_does_not_offer_is_refused(string linkId, string code, string why)
    {
        await StoreQuestionnaireAsync();
        var response = Response();
        Find(response["item"]!.AsArray(), linkId)["answer"]![0]!["valueCoding"]!["code"] = code;

        var refused = (await Server.PutAsync($"QuestionnaireResponse/{_id}", response.ToJsonString())).ShouldBe(422);

        Assert.Contains($"Item '{linkId}' {why}", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_outside_of_its_group_is_refused()
    {
        await StoreQuestionnaireAsync();
        var response = Response();
        var moved = Find(response["item"]!.AsArray(), "/93039-6/93028-9");
        moved.Parent!.AsArray().Remove(moved);
        response["item"]!.AsArray().Add(moved);

        var refused = (await Server.PutAsync($"QuestionnaireResponse/{_id}", response.ToJsonString())).ShouldBe(422);

        Assert.Contains(
            "Item '/93039-6/93028-9' stands elsewhere in the Questionnaire",
            refused.Body,
            StringComparison.Ordinal
        );
    }

    private async Task StoreQuestionnaireAsync()
    {
        await Server.PutAsync($"Patient/{_id}", Given.Patient(_id));
        var questionnaire = Read("Questionnaire-SDOHCC-QuestionnairePRAPARE.json");
        questionnaire["id"] = $"{_id}-q";
        questionnaire["url"] = $"http://a.example/Questionnaire/{_id}";
        (await Server.PutAsync($"Questionnaire/{_id}-q", questionnaire.ToJsonString())).ShouldBe(201);
    }

    private JsonObject Response()
    {
        var response = Read("QuestionnaireResponse-SDOHCC-QuestionnaireResponsePRAPAREExample.json");
        response["id"] = _id;
        response["questionnaire"] = $"http://a.example/Questionnaire/{_id}";
        response["subject"] = new JsonObject { ["reference"] = $"Patient/{_id}" };
        response.Remove("author");
        return response;
    }

    private static JsonObject Find(JsonArray items, string linkId) =>
        items
            .Select(i => i!.AsObject())
            .Select(i =>
                i["linkId"]!.GetValue<string>() == linkId ? i
                : i["item"] is JsonArray inner ? Find(inner, linkId)
                : null
            )
            .FirstOrDefault(i => i is not null)!;

    private static IEnumerable<System.Text.Json.JsonElement> Parameters(Answer answer, string name) =>
        answer.Json.GetProperty("parameter").EnumerateArray().Where(p => p.GetProperty("name").GetString() == name);

    private static JsonObject Read(string file) =>
        JsonNode.Parse(File.ReadAllText(SharedMaterial.Require(Guide + file)))!.AsObject();
}
