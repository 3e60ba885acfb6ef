using System.Text.RegularExpressions;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>What the server answers is the same whatever the language of its machine, letter for letter.</summary>
public sealed partial class LanguageTests : IDisposable
{
    private static readonly (string Method, string Path, string? Body)[] Requests =
    [
        (
            "PUT",
            "Patient/p",
            """{"resourceType":"Patient","id":"p","name":[{"family":"ISTANBULLU","given":["Iğdır"]}],"birthDate":"1990-02-28"}"""
        ),
        (
            "PUT",
            "Observation/o",
            """{"resourceType":"Observation","id":"o","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8302-2"}]},"subject":{"reference":"Patient/p"},"effectiveDateTime":"2026-01-31T23:30:00-05:00","valueQuantity":{"value":-1234.50,"unit":"g","system":"http://unitsofmeasure.org","code":"g"}}"""
        ),
        ("GET", "Patient?family=istanbullu", null),
        ("GET", "Patient?given=IĞDIR", null),
        ("GET", "Patient?birthdate=lt1990-03", null),
        ("GET", "Observation?value-quantity=lt-1234.4||g&date=2026-02-01&_sort=-value-quantity,date", null),
        ("GET", "Observation?value-quantity=1,5", null),
        ("GET", "Patient?_count=99999999999", null),
        ("GET", "Patient?birthdate=31.12.1990", null),
        ("GET", "Observation/o/_history/1", null),
        ("GET", "Patient/p/$everything", null),
        (
            "POST",
            "Patient/$validate",
            """{"resourceType":"Patient","multipleBirthInteger":"zwei","name":[{"family":"a"},{"family":1}]}"""
        ),
        ("GET", "metadata", null),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("care-language-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Answers_do_not_depend_on_the_language_of_the_machine()
    {
        var expected = await AnswersAsync("C");
        Assert.Contains("\"id\":\"p\"", expected[2], StringComparison.Ordinal);

        foreach (var language in (string[])["tr_TR.UTF-8", "sv_SE.UTF-8", "ar_SA.UTF-8", "th_TH.UTF-8"])
            Assert.Equal(expected, await AnswersAsync(language));
    }

    private async Task<List<string>> AnswersAsync(string language)
    {
        var answers = new List<string>();
        await using var server = await ServerProcess.StartAsync(Path.Combine(_folder, $"{language}.db"), language);
        foreach (var (method, path, body) in Requests)
        {
            var answer = await server.SendAsync(new HttpMethod(method), path, body);
            var modified = answer.Header("Last-Modified");
            Assert.True(modified is null || Rfc1123().IsMatch(modified), modified);
            answers.Add($"{method} {path}: {answer.Status} {Instants().Replace(answer.Body, "*")}");
        }

        return answers;
    }

    /// <summary>What differs from run to run: times, ids of Bundles, the port.</summary>
    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z|""id"":""[0-9a-f-]{32,36}""|127\.0\.0\.1:\d+")]
    private static partial Regex Instants();

    [GeneratedRegex(@"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d GMT$")]
    private static partial Regex Rfc1123();
}
