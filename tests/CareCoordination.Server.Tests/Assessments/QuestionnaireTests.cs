using CareCoordination.Server.Tests.Kit;
using CareCoordination.Workflow.Assessments;

namespace CareCoordination.Server.Tests.Assessments;

/// <summary>The instruments are served as what they are scored by.</summary>
public abstract class QuestionnaireTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class OnSqlite(SqliteServer shared) : QuestionnaireTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : QuestionnaireTests(shared);

    public static TheoryData<string> Codes => [.. Instruments.All.Select(i => i.Code)];

    [Theory, MemberData(nameof(Codes))]
    public async Task It_has_every_question_with_its_answers_and_points(string code)
    {
        var instrument = Instruments.Find(code)!;

        var json = (await Server.GetAsync($"Questionnaire/{code}")).ShouldBe(200).Json;

        Assert.Equal(
            instrument.Questions.SelectMany(q =>
                q.Choices.IsEmpty
                    ? [$"{q.LinkId} {q.Type} {q.Repeats}"]
                    : q.Choices.Select(c => $"{q.LinkId} {q.Type} {q.Repeats} {c.System}|{c.Code} {c.Points}")
            ),
            json.GetProperty("item")
                .EnumerateArray()
                .SelectMany(item =>
                {
                    var of =
                        $"{item.GetProperty("linkId").GetString()} {item.GetProperty("type").GetString()} {item.TryGetProperty("repeats", out var repeats) && repeats.GetBoolean()}";
                    return item.TryGetProperty("answerOption", out var options)
                        ? options
                            .EnumerateArray()
                            .Select(o => o.GetProperty("valueCoding"))
                            .Select(c =>
                                $"{of} {c.GetProperty("system").GetString()}|{c.GetProperty("code").GetString()} {(c.TryGetProperty("extension", out var e) ? e[0].GetProperty("valueDecimal").ToString() : "")}"
                            )
                        : [of];
                })
        );
        Assert.Equal(instrument.Version, json.GetProperty("version").GetString());
    }

    /// <summary>R4 finds a Questionnaire by the codes of its items. https://hl7.org/fhir/R4/questionnaire.html#search</summary>
    [Theory, MemberData(nameof(Codes))]
    public async Task It_is_found_by_the_code_of_every_question(string code)
    {
        foreach (var question in Instruments.Find(code)!.Questions)
            Assert.Contains(
                code,
                (await Server.GetAsync($"Questionnaire?code=http://loinc.org|{question.LinkId}")).ShouldBe(200).Ids
            );
    }

    [Fact]
    public async Task Nobody_writes_one()
    {
        var own = (await Server.GetAsync("Questionnaire/phq-9")).ShouldBe(200);

        (await Server.PutAsync("Questionnaire/phq-9", own.Body)).ShouldRefuse(
            422,
            "error business-rule: Questionnaire/phq-9 is a part of this server and stays as it is: choose another id."
        );
    }
}
