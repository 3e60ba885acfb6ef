using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.OpenApi;

/// <summary>Every example is executed, as a person does who opens the page on a new server and begins with the transaction.</summary>
public sealed class OpenApiExampleTests
{
    private static readonly string[] Told =
    [
        "ETag",
        "Last-Modified",
        "Location",
        "Content-Location",
        "Retry-After",
        "X-Progress",
    ];

    // Their examples need an id that this server gave, as their description says.
    private static readonly Dictionary<string, (int Status, string Word)> NeedAnIdOfTheServer = new(
        StringComparer.Ordinal
    )
    {
        ["park-instance-post-Endpoint"] = (404, "delivery"),
        ["end-instance-post-Endpoint"] = (404, "delivery"),
        ["reapply-instance-post-Endpoint"] = (404, "what a partner sent"),
        ["replay-message-post-System"] = (422, "refused or is parked"),
        ["discard-message-post-System"] = (422, "refused or is parked"),
        ["process-message-post-System"] = (422, "identifiers"),
        ["import-post-System"] = (422, "Imports:Sources"),
        ["break-glass-instance-post-Patient"] = (422, "signed in"),
    };

    [Theory]
    [InlineData("v1")]
    [InlineData("any")]
    public async Task Every_example_is_accepted_on_a_new_server_and_answered_as_described(string document)
    {
        await using var server = await TestServer.OnSqliteAsync("--Exports:MaxRunning=100");
        var care = await DescribedOperation.AllAsync(server, "v1");
        Check(
            await care.Single(o => o.Id == "transaction-System").TryAsync(server),
            care.Single(o => o.Id == "transaction-System")
        );

        string? job = null;
        foreach (var operation in InOrder(await DescribedOperation.AllAsync(server, document)))
        {
            var isOfJob = operation.Path.EndsWith("/$async-status", StringComparison.Ordinal);
            if (isOfJob)
                Assert.Contains(
                    "Content-Location",
                    operation.Json.GetProperty("description").GetString(),
                    StringComparison.Ordinal
                );
            var answer = await operation.TryAsync(server, isOfJob ? job : null);
            if (NeedAnIdOfTheServer.TryGetValue(operation.Id, out var expected))
            {
                answer.ShouldBe(expected.Status);
                Assert.Contains(
                    expected.Word,
                    operation.Json.GetProperty("description").GetString(),
                    StringComparison.Ordinal
                );
                continue;
            }

            // What is done already cannot be given up.
            if (isOfJob && operation.Method == HttpMethod.Delete && answer.Status == 422)
                Assert.True(operation.Describes(422));
            else
                Check(answer, operation);
            if (operation.Id == "transfer-caseload-instance-post-PractitionerRole")
                job = answer.Header("Content-Location")!.Split('/')[^2];
        }
    }

    [Fact]
    public async Task A_delivery_can_be_parked_and_ended_by_the_id_that_operators_are_shown()
    {
        await using var server = await TestServer.OnSqliteAsync();
        var care = await DescribedOperation.AllAsync(server, "v1");
        foreach (var id in (string[])["transaction-System", "dispatch-instance-post-ServiceRequest"])
            Check(await care.Single(o => o.Id == id).TryAsync(server), care.Single(o => o.Id == id));
        var shown = await care.Single(o => o.Id == "deliveries-instance-get-Endpoint").TryAsync(server);
        var delivery = shown
            .Json.GetProperty("parameter")
            .EnumerateArray()
            .First(p => p.GetProperty("name").GetString() == "delivery")
            .GetProperty("part")
            .EnumerateArray()
            .First(p => p.GetProperty("name").GetString() == "id")
            .EnumerateObject()
            .Last()
            .Value.GetString();

        foreach (var id in (string[])["park-instance-post-Endpoint", "end-instance-post-Endpoint"])
        {
            var operation = care.Single(o => o.Id == id);
            var body = operation.Bodies.Single().Media.GetProperty("example").GetRawText();
            body = body.Replace("\"1\"", $"\"{delivery}\"", StringComparison.Ordinal);
            var answer = await operation.TryAsync(server, body: body);
            // One that is being sent can be neither, until it is known that nobody listens: that is tried more than once.
            for (var i = 0; i < 600 && answer.Status == 422; i++)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
                answer = await operation.TryAsync(server, body: body);
            }

            Check(answer, operation);
        }
    }

    [Fact]
    public async Task Both_kinds_of_patches_have_an_example_that_is_accepted()
    {
        await using var server = await TestServer.OnSqliteAsync();
        var care = await DescribedOperation.AllAsync(server, "v1");
        (await care.Single(o => o.Id == "transaction-System").TryAsync(server)).ShouldBe(200);

        foreach (var operation in care.Where(o => o.Method == HttpMethod.Patch))
        {
            Assert.Equal(
                ["application/json-patch+json", "application/fhir+json"],
                operation.Bodies.Select(b => b.MediaType)
            );
            foreach (var (type, media) in operation.Bodies)
            {
                var body = media.GetProperty("example").GetRawText();
                Check(
                    await server.SendAsync(HttpMethod.Patch, operation.Url(), body, $"Content-Type: {type}"),
                    operation
                );
            }
        }
    }

    /// <summary>What takes things away comes last; what needs the answer of another after that.</summary>
    private static IEnumerable<DescribedOperation> InOrder(IEnumerable<DescribedOperation> operations) =>
        operations.OrderBy(o =>
            o.Method == HttpMethod.Delete ? 3
            : o.Json.TryGetProperty("description", out _) ? 2
            : o.Path.EndsWith("/$transfer-caseload", StringComparison.Ordinal) ? 0
            : 1
        );

    private static void Check(Answer answer, DescribedOperation operation)
    {
        Assert.True(answer.Status is >= 200 and < 300, $"{operation}: {answer.Status} {answer.Body}");
        Assert.True(operation.Describes(answer.Status), $"{operation}: {answer.Status} is not described.");
        var described = operation.HeadersOf(answer.Status);
        var sent = Told.Where(h => answer.Header(h) is not null).ToHashSet();
        Assert.True(
            sent.IsSubsetOf(described),
            $"{operation} {answer.Status} sends {string.Join(", ", sent.Except(described))}, undescribed."
        );
        // Nothing is there to be deleted where the conditional form was tried before.
        if (operation.Method != HttpMethod.Delete)
            Assert.True(
                described.IsSubsetOf(sent),
                $"{operation} {answer.Status} lacks {string.Join(", ", described.Except(sent))}."
            );
    }
}
