using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Referrals;

/// <summary>A patient, a request and a partner of their own for one test.</summary>
internal sealed class ReferralWard(TestServer server)
{
    public string Patient { get; } = $"Patient/{Given.Id("p")}";

    public string Request { get; } = $"ServiceRequest/{Given.Id("sr")}";

    public string Endpoint { get; } = $"Endpoint/{Given.Id("e")}";

    public async Task PutAllAsync(string status = "active", string more = "")
    {
        await PutAsync(Patient, """{"name":[{"family":"Lindqvist"}]}""");
        await PutAsync(Request, RequestJson(status, more));
        await PutEndpointAsync(Endpoint);
    }

    public Task PutEndpointAsync(string endpoint, string address = "http://127.0.0.1:9/fhir") =>
        PutAsync(
            endpoint,
            $$$"""{"status":"active","connectionType":{"system":"http://terminology.hl7.org/CodeSystem/endpoint-connection-type","code":"hl7-fhir-rest"},"payloadType":[{"text":"any"}],"address":"{{{address}}}","managingOrganization":{"reference":"Organization/cbo"}}"""
        );

    public string RequestJson(string status, string more = "") =>
        $$$"""{"status":"{{{status}}}","intent":"order","code":{"text":"Food","coding":[{"system":"http://snomed.info/sct","code":"710925007"}]},"subject":{"reference":"{{{Patient}}}"}{{{more}}}}""";

    public async Task<Answer> DispatchAsync() =>
        (await server.AskAsync($"{Request}/$dispatch", Ask.Reference("endpoint", Endpoint))).ShouldBe(201);

    public async Task<Answer> PutAsync(string reference, string json)
    {
        var parts = reference.Split('/');
        var resource = $$"""{"resourceType":"{{parts[0]}}","id":"{{parts[1]}}",{{json[1..]}}""";
        var answer = await server.PutAsync(reference, resource);
        Assert.True(answer.Status is 200 or 201, answer.Body);
        return answer;
    }

    /// <summary>The Task as a client that knows nothing of extensions sends it back.</summary>
    public Task<Answer> MoveAsync(Answer task, string status, string more = "") =>
        PutAsync(
            $"Task/{task.Id}",
            $$$"""{"status":"{{{status}}}","intent":"order","code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},"focus":{"reference":"{{{Request}}}"},"for":{"reference":"{{{Patient}}}"},"owner":{"reference":"Organization/cbo"}{{{more}}}}"""
        );

    /// <summary>The codes of the open work that the request gave people.</summary>
    public async Task<string[]> WorkAsync() =>
        [
            .. (await server.GetAsync($"Task?based-on={Request}&status=requested&_count=100"))
                .ShouldBe(200)
                .Resources.Select(t => t.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()!)
                .Where(c => c != "fulfill")
                .Order(StringComparer.Ordinal),
        ];
}
