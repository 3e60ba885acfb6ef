using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.SampleData;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Samples;

/// <summary>What the README promises can be tried on the sample data: caseloads, tiers, worklists, referrals.</summary>
public sealed class SampleCareTests : IAsyncLifetime
{
    private const int Patients = 24;

    private readonly SamplePopulation _population = new(new SampleOptions(Patients, Seed: 1));
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.OnSqliteAsync();
        foreach (var record in _population.Patients().Prepend(_population.Network))
        {
            using var output = new MemoryStream();
            SampleWriter.WriteTransaction(record, ReferenceStyle.Relative, output);
            (await _server.PostAsync("", Encoding.UTF8.GetString(output.ToArray()))).ShouldBe(200);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Every_patient_is_in_a_caseload_and_has_a_tier()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var role in (await _server.GetAsync("PractitionerRole?role=768820003")).ShouldBe(200).Ids)
        {
            var caseload = (await _server.GetAsync($"PractitionerRole/{role}/$caseload")).ShouldBe(200).Json;
            foreach (var (name, count) in Tiers(JsonNode.Parse(caseload.GetRawText())!))
                counts[name] = counts.GetValueOrDefault(name) + count;
        }

        Assert.Equal(["high", "low", "moderate"], counts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Patients, counts.Values.Sum());
    }

    [Fact]
    public async Task A_worklist_of_a_care_manager_has_work()
    {
        var role = (await _server.GetAsync("PractitionerRole?role=768820003")).ShouldBe(200).Ids.First();

        var work = (await _server.GetAsync($"Task/$worklist?owner=PractitionerRole/{role}")).ShouldBe(200);

        Assert.NotEmpty(work.Ids);
    }

    [Fact]
    public async Task Requests_that_wait_are_dispatched_to_their_performer_and_consent_is_asked()
    {
        List<int> answers = [];
        foreach (var id in (await _server.GetAsync("ServiceRequest?authored=ge2020&_count=200")).ShouldBe(200).Ids)
        {
            if (!(await _server.GetAsync($"ServiceRequest/{id}")).Body.Contains("-N\"", StringComparison.Ordinal))
                continue;
            var answer = await _server.PostAsync($"ServiceRequest/{id}/$dispatch", """{"resourceType":"Parameters"}""");
            answers.Add(answer.Status);
            Assert.True(answer.Status is 201 || answer.Body.Contains("consent-missing"), answer.Body);
        }

        Assert.Equal(Patients / 3, answers.Count);
        Assert.Contains(201, answers);
    }

    [Fact]
    public void There_are_both_those_who_permit_and_those_who_deny()
    {
        var rules = new SamplePopulation(new SampleOptions(Patients: 200, Seed: 1))
            .Patients()
            .SelectMany(record => record)
            .Where(resource => (string?)resource["resourceType"] == "Consent")
            .CountBy(consent => (string)consent["policyRule"]!["coding"]![0]!["code"]!)
            .ToDictionary(StringComparer.Ordinal);

        Assert.Equal(["OPTIN", "OPTOUT"], rules.Keys.Order(StringComparer.Ordinal));
        Assert.True(rules["OPTIN"] > rules["OPTOUT"]);
    }

    private static IEnumerable<(string Tier, int Count)> Tiers(JsonNode caseload) =>
        from parameter in caseload["parameter"]!.AsArray()
        where (string?)parameter!["name"] == "tier"
        select ((string)parameter["part"]![0]!["valueCode"]!, (int)parameter["part"]![1]!["valueInteger"]!);
}
