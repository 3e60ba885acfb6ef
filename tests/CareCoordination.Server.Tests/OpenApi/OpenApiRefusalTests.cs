using System.Text.Json.Nodes;
using CareCoordination.Rest.OpenApi;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CareCoordination.Server.Tests.OpenApi;

/// <summary>Each status that the documents say a client can be refused with is provoked, at every operation that says so.</summary>
public sealed class OpenApiRefusalTests
{
    private const string IfMatch99 = """
        ,"ifMatch":"W/\"99\""
        """;

    // Rows of R4's interactions are the same for all types.
    private static readonly string[] Types =
    [
        "/fhir/Task",
        "/fhir/EpisodeOfCare",
        "/fhir/{type}",
        "/fhir/Patient/{id}/Task",
    ];

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(406)]
    [InlineData(410)]
    [InlineData(412)]
    [InlineData(413)]
    [InlineData(415)]
    [InlineData(422)]
    public async Task Is_refused_as_described(int status)
    {
        await using var server = await TestServer.OnSqliteAsync(
            "--Limits:MaxBodyBytes=200000",
            "--Limits:MaxIndexRows=1000"
        );
        List<string> wrong = [];
        foreach (var document in (string[])["v1", "any"])
        {
            await StoreAsync(server);
            if (status == 422)
                await UseKeyAsync(server);
            var operations = (await DescribedOperation.AllAsync(server, document)).Where(o =>
                // What is done, or failed, cannot be given up: JobKindTests.
                IsMeant(o) && o.Describes(status) && (status != 422 || o.Method != HttpMethod.Delete)
            );
            foreach (var operation in operations)
            {
                var answer = await ProvokeAsync(server, operation, status);
                if (answer.Status != status || answer.Issues is [])
                    wrong.Add(
                        $"{operation.Path} {answer.Status} instead of {status} {answer.Body[..Math.Min(300, answer.Body.Length)]}"
                    );
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public async Task What_is_not_described_is_not_answered_either()
    {
        await using var server = await TestServer.OnSqliteAsync("--Limits:MaxBodyBytes=200000");
        await StoreAsync(server);
        int[] statuses = [404, 410, 413, 415];
        List<string> wrong = [];
        foreach (var operation in (await DescribedOperation.AllAsync(server, "v1")).Where(IsMeant))
        {
            foreach (var status in statuses.Where(s => !operation.Describes(s)))
            {
                var answer = await ProvokeAsync(server, operation, status);
                if (answer.Status == status)
                    wrong.Add($"{operation} is answered {status}, which it does not describe");
            }
        }

        Assert.Empty(wrong);
    }

    /// <summary>Every interaction leaves a line in the audit trail: where that fails, it fails.</summary>
    [Fact]
    public async Task A_fault_of_this_server_is_500_with_an_id_by_every_operation_that_says_so()
    {
        var fault = new FailingLog();
        await using var server = await TestServer.OnSqliteAsync(
            TimeProvider.System,
            services => services.AddSingleton<ILoggerProvider>(fault),
            "--Logging:LogLevel:CareCoordination.Application.Sessions.AuditTrail=Information"
        );
        await StoreAsync(server);
        List<string> wrong = [];
        foreach (var document in (string[])["v1", "any"])
        {
            fault.IsOn = false;
            var operations = await DescribedOperation.AllAsync(server, document);
            fault.IsOn = true;
            foreach (var operation in operations.Where(o => IsMeant(o) && o.Describes(500)))
            {
                var answer = await operation.TryAsync(server, headers: "Accept: application/fhir+json");
                if (answer.Status != 500 || !answer.Body.Contains("Report it with this id: ", StringComparison.Ordinal))
                    wrong.Add($"{operation} is answered {answer.Status} instead of 500");
                Assert.DoesNotContain(FailingLog.Secret, answer.Body, StringComparison.Ordinal);
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task A_database_that_is_away_is_503_by_every_operation_that_says_so_and_by_no_other()
    {
        using var cluster = PostgreSqlCluster.RequireOwn();
        var database = $"--ConnectionStrings:CareCoordination={cluster.NewDatabase()}";
        const string Provider = "--Storage:Provider=PostgreSql";
        Assert.Equal(0, await Program.Main(["migrate", Provider, database]));
        await using var server = await TestServer.StartAsync([
            Provider,
            database,
            "--Logging:LogLevel:Default=None",
            "--Storage:MaxAttempts=1",
            "--Imports:Sources:north:Url=https://north.example.org/fhir/",
        ]);
        await StoreAsync(server);
        List<DescribedOperation> operations =
        [
            .. await DescribedOperation.AllAsync(server, "v1"),
            .. await DescribedOperation.AllAsync(server, "any"),
        ];

        cluster.Stop();
        List<string> wrong = [];
        foreach (var operation in operations.Where(IsMeant))
        {
            var answer = await operation.TryAsync(
                server,
                body: operation.Path.Split('/')[^1] switch
                {
                    "$process-message" => OfAReferral(operation, server),
                    // Nothing has to be fetched to begin with it.
                    "$import" => FilesOfNorth,
                    _ => null,
                },
                headers: "Accept: application/fhir+json"
            );
            if (operation.Describes(503) != (answer.Status == 503 && answer.Header("Retry-After") is not null))
                wrong.Add($"{operation} is answered {answer.Status}");
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    private const string FilesOfNorth = """
        {"resourceType":"Parameters","parameter":[{"name":"input","part":[
          {"name":"type","valueCode":"Patient"},{"name":"url","valueUrl":"https://north.example.org/fhir/Patient.ndjson"}]}]}
        """;

    [Theory]
    [InlineData("create-Task", """{"resourceType":"Task"}""")]
    [InlineData("update-Task", """{"resourceType":"Task","id":"sample","status":"completed","intent":"order"}""")]
    [InlineData("patch-Task", """[{"op":"remove","path":"/nothing"}]""")]
    public async Task A_rule_of_FHIR_or_of_care_refuses_with_422_or_400(string id, string body)
    {
        await using var server = await TestServer.OnSqliteAsync();
        await StoreAsync(server);
        var operation = (await DescribedOperation.AllAsync(server, "v1")).Single(o => o.Id == id);

        var answer = await operation.TryAsync(server, body: body);

        Assert.True(answer.Status is 400 or 422, answer.Body);
        Assert.True(operation.Describes(answer.Status));
    }

    [Fact]
    public async Task A_command_refuses_a_key_that_was_used_for_something_else_with_422()
    {
        await using var server = await TestServer.OnSqliteAsync();
        await StoreAsync(server);
        var commands = (await DescribedOperation.AllAsync(server, "v1"))
            .Where(o => o.Parameters.Any(p => p.GetProperty("name").GetString() == "Idempotency-Key"))
            .ToList();
        (
            await server.PostAsync(
                "Task/sample/$reassign",
                """{"resourceType":"Parameters","parameter":[{"name":"release","valueBoolean":true}]}""",
                "Idempotency-Key: used"
            )
        ).ShouldBe(200);

        Assert.True(commands.Count > 40);
        foreach (var command in commands.Where(c => c.Method == HttpMethod.Post))
        {
            Assert.True(command.Describes(422), command.Id);
            if (
                command.Bodies.Single().Media.GetProperty("example").TryGetProperty("parameter", out _)
                && !command.Id.Contains("-Endpoint", StringComparison.Ordinal)
            )
                (await command.TryAsync(server, null, null, "Idempotency-Key: used")).ShouldBe(422);
        }
    }

    [Fact]
    public async Task Somebody_was_first_is_409_by_commands_writes_deletions_and_transactions()
    {
        await using var server = await TestServer.OnSqliteAsync();
        await StoreAsync(server);
        const string Second =
            """{"resourceType":"EpisodeOfCare","id":"second","status":"active","patient":{"reference":"Patient/sample"},"managingOrganization":{"reference":"Organization/sample"},"careManager":{"reference":"Practitioner/sample-other"}}""";
        (await server.AskAsync("Task/sample-claim/$claim", Ask.Reference("owner", "Practitioner/sample"))).ShouldBe(
            200
        );
        var sent = (
            await server.AskAsync(
                "ServiceRequest/sample-dispatch/$dispatch",
                Ask.Reference("endpoint", "Endpoint/sample")
            )
        ).ShouldBe(201);

        (
            await server.AskAsync("Task/sample-claim/$claim", Ask.Reference("owner", "Practitioner/sample-other"))
        ).ShouldBe(409);
        (
            await server.PutAsync(
                "EpisodeOfCare/second",
                Second.Replace("\"active\"", "\"planned\"", StringComparison.Ordinal)
            )
        ).ShouldBe(201);
        (await server.PutAsync("EpisodeOfCare/second", Second)).ShouldBe(409);
        (await server.PostAsync("", Given.Transaction(Given.Entry("PUT", "EpisodeOfCare/second", Second)))).ShouldBe(
            409
        );
        (await server.DeleteAsync($"Task/{sent.Id}")).ShouldBe(409);
        var care = await DescribedOperation.AllAsync(server, "v1");
        foreach (
            var id in (string[])
                ["claim-instance-post-Task", "update-EpisodeOfCare", "transaction-System", "delete-Task"]
        )
            Assert.True(care.Single(o => o.Id == id).Describes(409), id);
    }

    /// <summary>Where two may want the same. What else is refused is refused whoever was first.</summary>
    [Fact]
    public void Conflicts_are_described_where_a_rule_makes_them_and_nowhere_else()
    {
        var conflict = Refusal.All.Single(r => r.Status == 409);

        Assert.Equal(
            [
                "CarePlan-activate",
                "CarePlan-reconcile",
                "CarePlan-reopen",
                "CarePlan-resume",
                "CarePlan-revise",
                "Endpoint-poll",
                "Endpoint-reapply",
                "Patient-assign-care-manager",
                "Patient-enroll",
                "Patient-transfer",
                "PractitionerRole-transfer-caseload",
                "ServiceRequest-dispatch",
                "Task-accept",
                "Task-claim",
                "Task-complete",
            ],
            Composition
                .Interactions.All.Where(row => row.Operation is not null && conflict.Meets(row))
                .Select(row => row.Operation!.Id)
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["create", "delete", "patch", "transaction", "update"],
            Composition
                .Interactions.All.Where(row => row.Operation is null && conflict.Meets(row))
                .Select(row => row.Code)
                .Distinct()
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void The_table_of_refusals_has_each_status_once_and_each_is_of_some_row()
    {
        Assert.Equal(Refusal.All.Select(r => r.Status).Order(), Refusal.All.Select(r => r.Status));
        Assert.Equal(Refusal.All.Length, Refusal.All.Select(r => r.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Refusal.All, r => Assert.Contains(Composition.Interactions.All, row => r.Meets(row)));
        Assert.Equal([500, 503], Refusal.All.Where(r => !r.IsOfClients).Select(r => r.Status));
    }

    private static bool IsMeant(DescribedOperation operation) =>
        operation.Path.Contains('$', StringComparison.Ordinal)
            && !operation.Path.Contains("$validate", StringComparison.Ordinal)
        || operation.Path is "/fhir" or "/fhir/metadata" or "/fhir/_history"
        || Types.Any(t => operation.Path == t || operation.Path.StartsWith($"{t}/", StringComparison.Ordinal));

    private static async Task StoreAsync(TestServer server)
    {
        var transaction = (await DescribedOperation.AllAsync(server, "v1")).Single(o => o.Id == "transaction-System");
        (await transaction.TryAsync(server)).ShouldBe(200);
        await server.PutAsync(
            "Basic/sample-other",
            """{"resourceType":"Basic","id":"sample-other","code":{"text":"x"}}"""
        );
        foreach (
            var type in (string[])
                [
                    "Basic",
                    "Task",
                    "Patient",
                    "Goal",
                    "CarePlan",
                    "EpisodeOfCare",
                    "Endpoint",
                    "ServiceRequest",
                    "PractitionerRole",
                    "PlanDefinition",
                    "ActivityDefinition",
                    "QuestionnaireResponse",
                ]
        )
        {
            var copy = (await server.GetAsync($"{type}/sample"))
                .ShouldBe(200)
                .Body.Replace("\"sample\"", "\"gone\"", StringComparison.Ordinal);
            await server.PutAsync($"{type}/gone", copy);
            (await server.DeleteAsync($"{type}/gone")).ShouldBe(204);
        }
    }

    /// <summary>The example, wrong in the one way that leads to this status.</summary>
    private static Task<Answer> ProvokeAsync(TestServer server, DescribedOperation operation, int status)
    {
        var hasBody = operation.Bodies.Any();
        return status switch
        {
            400 when operation.Path.EndsWith("$validate", StringComparison.Ordinal) => With(
                server,
                operation,
                "no-such-parameter=1"
            ),
            400 when hasBody && operation.Bodies.First().MediaType != "application/x-www-form-urlencoded" =>
                operation.TryAsync(server, body: "{\"resourceType\":"),
            400 when hasBody => operation.TryAsync(server, body: "no-such-parameter=1"),
            400 => With(server, operation, "no-such-parameter=1"),
            403 => operation.TryAsync(server, headers: "Origin: https://elsewhere.example"),
            404 when operation.Path.Contains("{id}", StringComparison.Ordinal) => operation.TryAsync(
                server,
                id: "never-was"
            ),
            404 => At(server, operation, operation.Url().Replace("=sample", "=never-was", StringComparison.Ordinal)),
            // Rows are answered in any format, but in no envelope.
            406 when $"-{operation.Id}".Contains("-run-", StringComparison.Ordinal) => At(
                server,
                operation,
                $"{operation.Url()}{(operation.Url().Contains('?', StringComparison.Ordinal) ? '&' : '?')}_format=csv",
                "Accept: application/fhir+json"
            ),
            406 => operation.TryAsync(server, headers: "Accept: text/csv"),
            410 when operation.Id.StartsWith("vread-", StringComparison.Ordinal) => At(
                server,
                operation,
                operation.Url("gone").Replace("/_history/1", "/_history/2", StringComparison.Ordinal)
            ),
            410 => operation.TryAsync(server, id: "gone"),
            412 when operation.Id.StartsWith("create-", StringComparison.Ordinal) => operation.TryAsync(
                server,
                headers: "If-None-Exist: _id=sample,sample-claim,sample-moving,sample-other"
            ),
            412 when operation.Id == "transaction-System" => operation.TryAsync(
                server,
                body: Given.Transaction(Given.Entry("PUT", "Patient/sample", Given.Patient("sample"), more: IfMatch99))
            ),
            412 => operation.TryAsync(server, headers: "If-Match: W/\"99\""),
            413 when hasBody => operation.TryAsync(
                server,
                body: new string(' ', 200_001),
                headers: "Expect: 100-continue"
            ),
            422 when Is(operation, "patch") => operation.TryAsync(
                server,
                body: """[{"op":"test","path":"/resourceType","value":"Nothing"}]"""
            ),
            422 when operation.Id == "transaction-System" => operation.TryAsync(
                server,
                body: Given.Transaction(Given.Entry("PUT", "Basic/sample-other", Overlong("Basic", "sample-other")))
            ),
            422 when Is(operation, "create") => operation.TryAsync(server, body: Overlong(operation)),
            422 when Is(operation, "update") => operation.TryAsync(server, body: Overlong(operation)),
            422 when operation.Path.EndsWith("$process-message", StringComparison.Ordinal) => operation.TryAsync(
                server
            ),
            422 => operation.TryAsync(server, headers: "Idempotency-Key: used"),
            415 when hasBody => operation.TryAsync(server, headers: "Content-Type: text/csv"),
            _ => operation.TryAsync(server),
        };
    }

    private sealed class FailingLog : ILoggerProvider, ILogger
    {
        public const string Secret = "Vandermeer";

        public bool IsOn { get; set; }

        public ILogger CreateLogger(string categoryName) =>
            categoryName.EndsWith("AuditTrail", StringComparison.Ordinal) ? this : NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsOn)
                throw new InvalidOperationException(Secret);
        }

        public void Dispose() { }
    }

    private static bool Is(DescribedOperation operation, string interaction) =>
        operation.Id.StartsWith($"{interaction}-", StringComparison.Ordinal)
        || operation.Id.StartsWith($"conditional-{interaction}-", StringComparison.Ordinal);

    private static async Task UseKeyAsync(TestServer server) =>
        await server.PostAsync(
            "Task/sample/$reassign",
            """{"resourceType":"Parameters","parameter":[{"name":"release","valueBoolean":true}]}""",
            "Idempotency-Key: used"
        );

    /// <summary>The example with more values than a resource may be found by.</summary>
    private static string Overlong(DescribedOperation operation)
    {
        var resource = JsonNode.Parse(operation.Bodies.First().Media.GetProperty("example").GetRawText())!.AsObject();
        resource["identifier"] = new JsonArray([
            .. Enumerable.Range(0, 1100).Select(i => new JsonObject { ["value"] = $"{i}" }),
        ]);
        return resource.ToJsonString();
    }

    private static string Overlong(string type, string id)
    {
        var identifiers = string.Join(',', Enumerable.Range(0, 1100).Select(i => $$"""{"value":"{{i}}"}"""));
        return $$$"""{"resourceType":"{{{type}}}","id":"{{{id}}}","identifier":[{{{identifiers}}}],"code":{"text":"x"}}""";
    }

    /// <summary>The example as it would be of a referral that was sent, so that the store is asked for it.</summary>
    private static string OfAReferral(DescribedOperation operation, TestServer server) =>
        operation
            .Bodies.First()
            .Media.GetProperty("example")
            .GetRawText()
            .Replace(
                "\"intent\"",
                $$"""
                "identifier":[{"system":"{{server.Base}}/Task","value":"sample"}],"intent"
                """,
                StringComparison.Ordinal
            );

    private static Task<Answer> With(TestServer server, DescribedOperation operation, string parameter)
    {
        var url = operation.Url();
        return At(server, operation, $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{parameter}");
    }

    private static Task<Answer> At(
        TestServer server,
        DescribedOperation operation,
        string url,
        params string[] headers
    ) =>
        operation.Bodies.FirstOrDefault() is { MediaType: { } type } first
            ? server.SendAsync(
                operation.Method,
                url,
                first.Media.GetProperty("example").GetRawText(),
                [$"Content-Type: {type}", .. headers]
            )
            : server.SendAsync(operation.Method, url, (string?)null, headers);
}
