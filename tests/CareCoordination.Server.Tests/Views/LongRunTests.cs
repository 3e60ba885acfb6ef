using System.Text.Json;
using CareCoordination.Server.Tests.Audit;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Views;

/// <summary>Runs that are longer than a page of what is read at once.</summary>
public sealed class LongRunTests
{
    /// <summary>More than two pages of 250.</summary>
    private const int Patients = 520;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_resource_gives_its_row_once_and_each_patient_is_told(bool isPostgreSql)
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql);
        await using var server = await TestServer.StartAsync([.. database.Settings, Trail.BeforeAnswer]);
        await FillAsync(server);

        var rows = (await server.GetAsync("ViewDefinition/observation/$run")).ShouldBe(200).Body;

        Assert.Equal(
            Enumerable.Range(0, Patients).Select(i => $"p{i}").Order(StringComparer.Ordinal),
            rows.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(row => JsonDocument.Parse(row).RootElement.GetProperty("patient_id").GetString())
                .Order(StringComparer.Ordinal)
        );
        var told = (await database.TrailAsync()).Where(r => r.Text("interaction") == "$run").ToList();
        Assert.Equal(
            Enumerable.Range(0, Patients).Select(i => $"p{i}").Order(StringComparer.Ordinal),
            told.SelectMany(r => r.Texts("patients")).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            301,
            (await server.GetAsync("ViewDefinition/observation/$run?_limit=300&_format=csv"))
                .ShouldBe(200)
                .Body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
                .Length
        );
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    public async Task What_is_found_wrong_on_a_later_page_is_told_or_breaks_the_answer_off(int text)
    {
        await using var server = await TestServer.OnSqliteAsync();
        // On the second page, by the order of ids and by that of time, forwards and backwards.
        await FillAsync(server, 800, 340);
        using var parameters = new StringContent(
            """{"resourceType":"Parameters","parameter":[{"name":"subjectResource","resource":{"resource":"Patient","select":[{"column":[{"name":"text","path":"'TEXT'"},{"name":"family","path":"name.family"}]}]}}]}""".Replace(
                "TEXT",
                new string('x', text),
                StringComparison.Ordinal
            ),
            new System.Net.Http.Headers.MediaTypeHeaderValue("application/fhir+json")
        );
        async Task<string> RunAsync()
        {
            using var answer = await server.Client.PostAsync(
                new Uri($"{server.Base}/$sql-run"),
                parameters,
                TestContext.Current.CancellationToken
            );
            Assert.Equal(422, (int)answer.StatusCode);
            return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        // A page of short rows fits into what is gathered before anything is sent.
        if (text == 10)
            Assert.Contains("The column 'family' gives 2 values", await RunAsync(), StringComparison.Ordinal);
        else
            await Assert.ThrowsAnyAsync<HttpRequestException>(RunAsync);
        (await server.GetAsync("metadata")).ShouldBe(200);
    }

    /// <param name="odd">The patient with two names.</param>
    private static async Task FillAsync(TestServer server, int patients = Patients, int odd = -1)
    {
        foreach (var part in Enumerable.Range(0, patients).Chunk(100))
            (
                await server.PostAsync(
                    "",
                    Given.Transaction([
                        .. part.SelectMany(i =>
                            (string[])
                                [
                                    Given.Entry(
                                        "PUT",
                                        $"Patient/p{i}",
                                        i == odd
                                            ? Given
                                                .Patient($"p{i}")
                                                .Replace("[{", "[{\"family\":\"A\"},{", StringComparison.Ordinal)
                                            : Given.Patient($"p{i}")
                                    ),
                                    Given.Entry("POST", "Observation", Given.Observation($"p{i}")),
                                ]
                        ),
                    ])
                )
            ).ShouldBe(200);
    }
}
