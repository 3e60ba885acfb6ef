using System.Globalization;
using System.Text.Json;
using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Requests;
using CareCoordination.Rest.Http;
using CareCoordination.Server.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Access;

/// <summary>What an auditor is told of somebody's access is what that somebody is answered.</summary>
public sealed class ExplainAccessTests(ExplainAccessTests.World world) : IClassFixture<ExplainAccessTests.World>
{
    private static readonly Dictionary<string, Caller> Callers = new(AccessCallers.All)
    {
        ["an auditor"] = new Caller(CallerKind.User, "auditor")
        {
            Roles = [CareRole.Auditor],
            Scopes = ScopeSet.Parse("user/*.rs"),
            Person = new Fhir.Primitives.ResourceKey("Practitioner", "sue"),
        },
    };

    private readonly TestServer _server = world.Server;

    /// <summary>One server for all: nothing is changed here.</summary>
    public sealed class World : IAsyncLifetime
    {
        internal TestServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await TestServer.OnSqliteAsync(
                TimeProvider.System,
                services => AccessCallers.AskedByHeader(services, Callers),
                []
            );
            await AccessWorld.StoreAsync(Server);
        }

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }

    /// <summary>Of every patient the record itself, and what of it is labelled, shared and moved.</summary>
    public static TheoryData<string> Everybody => [.. AccessCallers.All.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task It_says_of_every_record_what_the_caller_is_answered(string name)
    {
        var caller = AccessCallers.All[name];
        var wrong = new List<string>();
        foreach (var (patient, resource) in Records())
        {
            var read = await _server.GetAsync(resource, $"{AccessCallers.Header}: {name}");

            var told = await ExplainAsync(patient, caller, $"resource={resource}");

            if (read.Status == 200 != told.GetProperty("parameter")[0].GetProperty("valueBoolean").GetBoolean())
                wrong.Add($"{resource} is answered {read.Status} and explained: {told}");
            if (read.Status != 200 && !IsExplained(told))
                wrong.Add($"{resource} is refused without a reason: {told}");
        }

        Assert.Empty(wrong);
    }

    private static IEnumerable<(string Patient, string Resource)> Records()
    {
        for (var number = 1; number <= AccessWorld.Patients; number++)
            yield return ($"Patient/p{number}", $"Patient/p{number}");
        foreach (var id in (string[])["p1-a", "p1-v", "p12-a", "p12-v", "moved", "left", "unlabelled"])
        {
            var patient = id is "p12-a" or "p12-v" or "left" ? "Patient/p12" : "Patient/p1";
            yield return (patient, $"Observation/{id}");
        }

        foreach (var patient in (string[])["p10", "p2", "p5", "p7", "p8"])
        foreach (
            var shown in (string[])["Observation/{0}-a", "Observation/{0}-v", "Condition/{0}-b20", "Goal/{0}-goal"]
        )
            yield return ($"Patient/{patient}", string.Format(CultureInfo.InvariantCulture, shown, patient));
        yield return ("Patient/p8", "Task/w8");
        yield return ("Patient/p9", "Task/w9");
    }

    private static bool IsExplained(JsonElement told) =>
        told.GetProperty("parameter")
            .EnumerateArray()
            .Any(p =>
                p.GetProperty("name").GetString() == "reason"
                || (
                    p.TryGetProperty("part", out var parts)
                    && parts.EnumerateArray().Any(part => part.GetProperty("name").GetString() == "obstacle")
                )
            );

    [Theory]
    [InlineData("Patient/p1", "", "allows=true care manager")]
    [InlineData("Patient/p12", "", "They have none of these relations")]
    [InlineData("Patient/p1", "resource=Observation/p1-v", "very restricted")]
    [InlineData("Patient/p1", "right=delete", "nobody may delete Patient")]
    [InlineData("Patient/p1", "scope=user/Observation.rs", "No scope of your token allows to read Patient")]
    [InlineData("Patient/p1", "scope=patient/*.rs&launchPatient=Patient/p2", "not about the one patient of the token")]
    [InlineData("Patient/p1", "scope=user/Patient.rs?gender=other", "query of the scope")]
    public async Task It_names_the_rule_or_what_stands_in_the_way(string patient, string more, string said)
    {
        var asked = $"{patient}/$explain-access?person=Practitioner/ana&role=care-manager&{Escaped(more)}";

        var answer = await _server.GetAsync(asked, $"{AccessCallers.Header}: an auditor");

        answer.ShouldBe(200);
        if (said.StartsWith("allows=true", StringComparison.Ordinal))
        {
            var rule = answer
                .Json.GetProperty("parameter")
                .EnumerateArray()
                .First(p => p.GetProperty("name").GetString() == "rule");
            Assert.Contains("\"allows\",\"valueBoolean\":true", rule.GetRawText(), StringComparison.Ordinal);
            Assert.Contains(
                "\"relation\",\"valueString\":\"care manager\"",
                rule.GetRawText(),
                StringComparison.Ordinal
            );
        }
        else
        {
            Assert.Contains(said, answer.Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Patient/p1/$explain-access?person=Practitioner/ana", 400, "role")]
    [InlineData("Patient/p1/$explain-access?role=king", 400, "There is no role 'king'")]
    [InlineData("Patient/p1/$explain-access?role=lead&right=fly", 400, "There is no right 'fly'")]
    [InlineData("Patient/p1/$explain-access?role=lead&person=ana", 400, "'person' names a resource")]
    [InlineData("Patient/nobody/$explain-access?role=lead", 404, "There is no Patient/nobody")]
    [InlineData("Patient/p1/$explain-access?role=lead&resource=Observation/p12-a", 422, "about Patient/p1")]
    [InlineData("Patient/p1/$explain-access?role=lead&resource=Observation/gone-1", 422, "about Patient/p1")]
    [InlineData("Patient/p1/$explain-access?role=lead&resource=Organization/north", 422, "about Patient/p1")]
    public async Task What_cannot_be_asked_is_said(string path, int status, string said)
    {
        var answer = await _server.GetAsync(path, $"{AccessCallers.Header}: an auditor");

        answer.ShouldBe(status);
        Assert.Contains(said, answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manager")]
    [InlineData("patient")]
    [InlineData("director")]
    [InlineData("vendor of north")]
    public async Task Nobody_but_an_auditor_is_told(string name) =>
        (await _server.GetAsync("Patient/p1/$explain-access?role=lead", $"{AccessCallers.Header}: {name}")).ShouldBe(
            403
        );

    private async Task<JsonElement> ExplainAsync(string patient, Caller caller, string more)
    {
        var asked = new List<string>
        {
            Escaped(more),
            "scope=" + Uri.EscapeDataString(caller.Scopes?.ToString() ?? ""),
        };
        asked.AddRange(caller.Roles.Select(role => $"role={role.Code}"));
        if (caller.Roles.IsEmpty)
            asked.Add("role=hospital");
        if (caller.Person is { } person)
            asked.Add($"person={person}");
        if (caller.LaunchPatient is { } launch)
            asked.Add($"launchPatient={launch}");
        if (caller.Organization is { } organization)
            asked.Add(
                "organization="
                    + (organization.Contains('/', StringComparison.Ordinal) ? "" : "Organization/")
                    + organization
            );
        if (caller.Purpose is { } purpose)
            asked.Add($"purpose={purpose}");
        var answer = await _server.GetAsync(
            $"{patient}/$explain-access?{string.Join('&', asked.Where(a => a.Length > 0))}",
            $"{AccessCallers.Header}: an auditor"
        );
        answer.ShouldBe(200);
        return answer.Json;
    }

    /// <summary>A scope may have a query of its own.</summary>
    private static string Escaped(string parameters) =>
        parameters.Contains("scope=", StringComparison.Ordinal)
            ? string.Join(
                '&',
                parameters.Split('&').Select(p => p.Split('=', 2)).Select(p => $"{p[0]}={Uri.EscapeDataString(p[1])}")
            )
            : parameters;
}
