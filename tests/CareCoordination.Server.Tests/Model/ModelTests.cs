using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Caseload;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Server.Tests.Model;

/// <summary>
/// Random sequences of commands and plain writes of every kind, held against a small model: whatever clients do, no illegal state
/// is reached, a refused step changes nothing and says why, parts follow what they are part of, a patient has one active care
/// manager, and every change of a status is told. A sequence follows from its seed; a failure prints both. CARE_MODEL_SEEDS says
/// how many are tried.
/// </summary>
public abstract class ModelTests(SharedServer shared) : ServerTests(shared)
{
    private const int StepsPerWorld = 80;

    public sealed class OnSqlite(SqliteServer shared) : ModelTests(shared);

    public sealed class OnPostgreSql(PostgreSqlServer shared) : ModelTests(shared);

    public static TheoryData<int> Seeds =>
        [
            .. Enumerable.Range(
                1,
                int.TryParse(Environment.GetEnvironmentVariable("CARE_MODEL_SEEDS"), out var count) ? count : 12
            ),
        ];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_clients_do_the_rules_hold(int seed)
    {
        var random = new Random(seed);
        var world = await ModelWorld.CreateAsync(Server, random);
        var done = new List<string>();
        try
        {
            for (var i = 0; i < StepsPerWorld; i++)
            {
                var step = world.Next(random);
                done.Add($"{step}");
                done[^1] = $"{step}: {await world.TakeAsync(step)}";
            }

            await world.ShouldBeToldAsync();
        }
        catch (Xunit.Sdk.XunitException e)
        {
            Assert.Fail($"Seed {seed}: {e.Message}\n{string.Join('\n', done)}\n{world}");
        }
    }
}

/// <summary>The resources of one sequence, as they are and as the model says they are.</summary>
internal sealed class ModelWorld
{
    private readonly TestServer _server;
    private readonly string _patient;
    private readonly string[] _managers;
    private CareModel _model;
    private Dictionary<string, JsonObject> _stored = [];

    private ModelWorld(TestServer server, string patient, string[] managers, CareModel model)
    {
        _server = server;
        _patient = patient;
        _managers = managers;
        _model = model;
    }

    public static async Task<ModelWorld> CreateAsync(TestServer server, Random random)
    {
        var ward = await Ward.OpenAsync(server);
        string[] managers = [await ward.ManagerAsync(), await ward.ManagerAsync()];
        var patient = $"Patient/{Given.Id("p")}";
        string[] tasks = [.. Enumerable.Range(0, 6).Select(_ => $"Task/{Given.Id("m")}")];
        string[] goals = [$"Goal/{Given.Id("m")}", $"Goal/{Given.Id("m")}"];
        string[] plans = [$"CarePlan/{Given.Id("m")}", $"CarePlan/{Given.Id("m")}"];
        string[] episodes = [$"EpisodeOfCare/{Given.Id("m")}", $"EpisodeOfCare/{Given.Id("m")}"];
        // One with two parts, the first of which has a part; one that a plan has, with a part.
        var parents = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [tasks[1]] = tasks[0],
            [tasks[2]] = tasks[0],
            [tasks[3]] = tasks[1],
            [tasks[5]] = tasks[4],
        };
        var model = new CareModel(
            [
                .. tasks.Select(t => new Known(
                    t,
                    Pick(random, "draft", "requested", "ready", "accepted", "in-progress")
                )),
                .. goals.Select(g => new Known(g, Pick(random, "proposed", "accepted", "active"))),
                .. plans.Select(p => new Known(p, Pick(random, "draft", "active"))),
                .. episodes.Select(e => new Known(e, Pick(random, "planned", "waitlist", "active"))),
            ],
            parents
        )
        {
            Plan = plans[0],
            Members = [goals[0], tasks[4]],
        };
        var world = new ModelWorld(server, patient, managers, model);
        (
            await server.PostAsync(
                "",
                Given.Transaction([
                    Given.Entry("PUT", patient, Given.Patient(patient["Patient/".Length..])),
                    .. model.All.Select(k =>
                        Given.Entry("PUT", k.Reference, world.Resource(k, parents.GetValueOrDefault(k.Reference)))
                    ),
                ])
            )
        ).ShouldBe(200);
        world._stored = await world.ReadAsync();
        return world;
    }

    /// <summary>Mostly steps that may be legal, so that sequences lead somewhere; ends are rare.</summary>
    public ModelStep Next(Random random)
    {
        var all = _model.All.ToArray();
        switch (random.Next(10))
        {
            case 0:
                return new ModelStep.Assign(_patient, Pick(random, _managers));
            case < 5:
                var commanded = Pick(random, all.Where(k => k.Type != "EpisodeOfCare"));
                var commands = ModelTables.CommandsOf(commanded.Type);
                var legal = commands.Where(c => _model.Run(commanded.Reference, c) is not null).ToArray();
                return new ModelStep.Run(
                    commanded.Reference,
                    Pick(random, legal.Length > 0 && random.Next(4) > 0 ? legal : commands)
                );
            case < 8:
                return new ModelStep.Write([Change(Pick(random, all))], Pick(random, ModelStep.Ways));
            default:
                var some = all.OrderBy(_ => random.Next()).Take(random.Next(2, 4));
                return new ModelStep.Write([.. some.Select(Change)], "transaction");
        }

        (string, string) Change(Known known)
        {
            var allowed = ModelTables.Allowed(known.Type, known.Status, known.HeldFrom);
            var mild = allowed.Where(s => !ModelTables.IsOver(s)).ToArray();
            var choice = random.Next(10) switch
            {
                < 8 when mild.Length > 0 => mild,
                < 9 when allowed.Length > 0 => allowed,
                _ => ModelTables.Statuses(known.Type),
            };
            return (known.Reference, Pick(random, choice));
        }
    }

    /// <summary>Takes the step and compares; the status of the answer.</summary>
    public async Task<int> TakeAsync(ModelStep step)
    {
        var (status, next) = step switch
        {
            ModelStep.Run run => _model.Run(run.Reference, run.Command) is { } done ? (200, done) : (422, _model),
            ModelStep.Assign assign => _model.Assign(assign.Manager),
            ModelStep.Write write => _model.Write(write.Changes),
            _ => throw new InvalidOperationException($"The model does not know {step}."),
        };
        var answer = await step.SendAsync(_server, _stored);
        var before = _stored;
        _stored = await ReadAsync();

        Assert.True(StatusOf(answer) == status, $"{step} is {StatusOf(answer)} instead of {status}: {answer.Body}");
        if (status != 200)
        {
            ShouldExplain(step, answer);
            Assert.Equal(before.Select(b => b.Value.ToJsonString()), _stored.Select(s => s.Value.ToJsonString()));
        }

        Assert.Equal(next.All.Select(Describe), next.All.Select(k => Describe(k.Reference)));
        _model = next;
        return status;
    }

    /// <summary>Of each resource: all versions are steps of the model, and each change of a status is told once.</summary>
    public async Task ShouldBeToldAsync()
    {
        foreach (var known in _model.All)
        {
            var versions = (await _server.GetAsync($"{known.Reference}/_history?_count=200"))
                .ShouldBe(200)
                .Resources.Select(r => r.GetProperty(ModelStep.ElementOf(known.Type)).GetString()!)
                .Reverse()
                .ToArray();
            for (var version = 2; version <= versions.Length; version++)
            {
                var (from, to) = (versions[version - 2], versions[version - 1]);
                if (from == to)
                    continue;
                Assert.True(
                    ModelTables.IsStep(known.Type, from, to),
                    $"{known.Reference} went from {from} to {to} in version {version}."
                );
                var told = (
                    (await _server.ProvenanceOfAsync(known.Reference, version)).Length,
                    (await _server.AuditEventsOfAsync(known.Reference, version)).Length
                );
                Assert.True(told == (1, 1), $"{known.Reference} version {version} is told {told} times.");
            }
        }
    }

    public override string ToString() => string.Join('\n', _model.All.Select(Describe));

    /// <summary>Status, hold and manager, as the model has them.</summary>
    private static string Describe(Known known) =>
        $"{known.Reference} {known.Status} {known.HeldFrom} {known.HeldBy} {known.Manager}";

    /// <summary>The same, as the server has them.</summary>
    private string Describe(string reference)
    {
        var stored = _stored[reference];
        var extensions = stored["extension"]?.AsArray() ?? [];
        string? Extension(string url) =>
            extensions
                .Where(e => (string?)e!["url"] == url)
                .Select(e => (string?)e!["valueCode"] ?? (string?)e["valueReference"]?["reference"])
                .FirstOrDefault();
        var status = stored[ModelStep.ElementOf(reference.Split('/')[0])];
        var heldBy = CareExtensions.HeldFrom.Replace("held-from", "held-by", StringComparison.Ordinal);
        return $"{reference} {status} {Extension(CareExtensions.HeldFrom)} {Extension(heldBy)} {stored["careManager"]?["reference"]}";
    }

    /// <summary>All at one moment, by one request.</summary>
    private async Task<Dictionary<string, JsonObject>> ReadAsync()
    {
        var answer = await _server.PostAsync(
            "",
            Given.Batch([.. _model.All.Select(k => Given.Entry("GET", k.Reference))])
        );
        return answer
            .ShouldBe(200)
            .Resources.Select(r => (JsonObject)JsonNode.Parse(r.GetRawText())!)
            .ToDictionary(r => $"{r["resourceType"]}/{r["id"]}", StringComparer.Ordinal);
    }

    /// <summary>The status of the one entry of a batch, or of the answer.</summary>
    private static int StatusOf(Answer answer)
    {
        if (answer.Text("type") != "batch-response")
            return answer.Status;
        var status = answer.Entries.Single().GetProperty("response").GetProperty("status").GetString()!;
        return int.Parse(status[..3], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A refused plain write says from, to and what is allowed.</summary>
    private void ShouldExplain(ModelStep step, Answer answer)
    {
        if (step is not ModelStep.Write write || StatusOf(answer) == 409)
            return;
        var sentence = Outcome(answer).GetProperty("issue")[0].GetProperty("diagnostics").GetString()!;
        var expected =
            from change in write.Changes
            let known = _model[change.Reference]
            let ways = ModelTables.Allowed(known.Type, known.Status, known.HeldFrom)
            where known.Status != change.Status && !ways.Contains(change.Status)
            select (Start: $"cannot go from '{known.Status}' to '{change.Status}'", Ways: ways);
        var byCommand =
            from change in write.Changes
            let known = _model[change.Reference]
            where known.Type == "CarePlan" && known.Status != change.Status
            select (Start: $"take it from '{known.Status}' to '{change.Status}' with $", Ways: Array.Empty<string>());
        expected = expected.Concat(byCommand);
        Assert.Contains(
            expected,
            e =>
                sentence.Contains(e.Start, StringComparison.Ordinal)
                && Array.TrueForAll(e.Ways, w => sentence.Contains($"'{w}'", StringComparison.Ordinal))
        );
    }

    private static JsonElement Outcome(Answer answer) =>
        answer.Text("type") == "batch-response"
            ? answer.Entries.Single().GetProperty("response").GetProperty("outcome")
            : answer.Json;

    private string Resource(Known known, string? parent)
    {
        var (type, id) = (known.Type, known.Reference.Split('/')[1]);
        var subject = new JsonObject { ["reference"] = _patient };
        var resource = new JsonObject
        {
            ["resourceType"] = type,
            ["id"] = id,
            ["identifier"] = new JsonArray(new JsonObject { ["system"] = "urn:model", ["value"] = id }),
            [ModelStep.ElementOf(type)] = known.Status,
        };
        switch (type)
        {
            case "Task":
                (resource["intent"], resource["for"]) = ("order", subject);
                if (parent is not null)
                    resource["partOf"] = new JsonArray(new JsonObject { ["reference"] = parent });
                break;
            case "Goal":
                (resource["description"], resource["subject"]) = (new JsonObject { ["text"] = "Walks" }, subject);
                break;
            case "EpisodeOfCare":
                resource["patient"] = subject;
                break;
            default:
                (resource["intent"], resource["subject"]) = ("plan", subject);
                if (known.Reference != _model.Plan)
                    break;
                resource["goal"] = new JsonArray(new JsonObject { ["reference"] = _model.Members[0] });
                resource["activity"] = new JsonArray(
                    new JsonObject { ["reference"] = new JsonObject { ["reference"] = _model.Members[1] } }
                );
                break;
        }

        return resource.ToJsonString();
    }

    private static T Pick<T>(Random random, params IEnumerable<T> from)
    {
        var all = from.ToArray();
        return all[random.Next(all.Length)];
    }
}
