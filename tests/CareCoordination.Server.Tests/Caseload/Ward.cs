using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Caseload;

/// <summary>Care managers, and patients with an episode of care, of an organisation of their own.</summary>
internal sealed class Ward
{
    private readonly TestServer _server;

    private Ward(TestServer server, string organization) => (_server, Organization) = (server, organization);

    public string Organization { get; }

    public static async Task<Ward> OpenAsync(TestServer server)
    {
        var id = Given.Id("org");
        (
            await server.PutAsync(
                $"Organization/{id}",
                $$"""{"resourceType":"Organization","id":"{{id}}","name":"W"}"""
            )
        ).ShouldBe(201);
        return new Ward(server, $"Organization/{id}");
    }

    /// <param name="person">More of the Practitioner, from its first comma.</param>
    /// <param name="role">More of the PractitionerRole, from its first comma.</param>
    /// <returns>The role; the person has its id.</returns>
    public async Task<string> ManagerAsync(string person = "", string role = "")
    {
        var id = Given.Id("cm");
        (
            await _server.PutAsync(
                $"Practitioner/{id}",
                $$"""{"resourceType":"Practitioner","id":"{{id}}"{{person.Replace('\'', '"')}}}"""
            )
        ).ShouldBe(201);
        (
            await _server.PutAsync(
                $"PractitionerRole/{id}",
                $$$"""
                {"resourceType":"PractitionerRole","id":"{{{id}}}","practitioner":{"reference":"Practitioner/{{{id}}}"},
                 "organization":{"reference":"{{{Organization}}}"},
                 "code":[{"coding":[{"system":"http://snomed.info/sct","code":"768820003"}]}]{{{role.Replace(
                    '\'',
                    '"'
                )}}}}
                """
            )
        ).ShouldBe(201);
        return $"PractitionerRole/{id}";
    }

    /// <param name="more">More of the Patient, from its first comma.</param>
    /// <returns>The patient and the active episode.</returns>
    public async Task<(string Patient, string Episode)> PatientAsync(string? manager = null, string more = "")
    {
        var id = Given.Id("p");
        (
            await _server.PutAsync(
                $"Patient/{id}",
                $$"""{"resourceType":"Patient","id":"{{id}}"{{more.Replace('\'', '"')}}}"""
            )
        ).ShouldBe(201);
        return ($"Patient/{id}", await EpisodeAsync($"Patient/{id}", manager));
    }

    public async Task<string> EpisodeAsync(string patient, string? manager = null, string more = "")
    {
        var careManager = manager is null ? "" : $$""","careManager":{"reference":"{{manager}}"}""";
        var episode = await _server.PostAsync(
            "EpisodeOfCare",
            $$$"""{"resourceType":"EpisodeOfCare","status":"active","patient":{"reference":"{{{patient}}}"},"managingOrganization":{"reference":"{{{Organization}}}"}{{{careManager}}}{{{more.Replace('\'', '"')}}}}"""
        );
        return $"EpisodeOfCare/{episode.ShouldBe(201).Id}";
    }

    public async Task<string> TaskAsync(string patient, string status, string? owner = null, string more = "")
    {
        var ownedBy = owner is null ? "" : $$""","owner":{"reference":"{{owner}}"}""";
        var task = await _server.PostAsync(
            "Task",
            $$$"""{"resourceType":"Task","status":"{{{status}}}","intent":"order","for":{"reference":"{{{patient}}}"}{{{ownedBy}}}{{{more.Replace('\'', '"')}}}}"""
        );
        return $"Task/{task.ShouldBe(201).Id}";
    }

    public async Task<string?> OwnerAsync(string task) =>
        (await _server.GetAsync(task)).ShouldBe(200).At("owner", "reference");

    public async Task<string?> ManagerOfAsync(string episode) =>
        (await _server.GetAsync(episode)).ShouldBe(200).At("careManager", "reference");

    /// <summary>The participants of a team as <c>member start-end</c>.</summary>
    public async Task<string[]> TeamAsync(string episode)
    {
        var team = (await _server.GetAsync(episode)).Json.GetProperty("team")[0].GetProperty("reference").GetString()!;
        return
        [
            .. (await _server.GetAsync(team))
                .Json.GetProperty("participant")
                .EnumerateArray()
                .Select(p =>
                    $"{p.GetProperty("member").GetProperty("reference").GetString()}{(p.GetProperty("period").TryGetProperty("end", out _) ? " until" : "")}"
                ),
        ];
    }

    public static string? Rule(Answer refused) =>
        refused
            .Json.GetProperty("issue")
            .EnumerateArray()
            .Select(i =>
                i.TryGetProperty("details", out var details)
                    ? details.GetProperty("coding")[0].GetProperty("code").GetString()
                    : null
            )
            .FirstOrDefault();
}
