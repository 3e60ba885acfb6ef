using System.Globalization;
using System.Text;

namespace CareCoordination.Load.Soak;

/// <summary>The referrals of a soak: a patient and a request each, all to one partner.</summary>
internal sealed class SoakCaseload(SoakClient client, int referrals)
{
    public const string Endpoint = "soak";
    private const int PerBundle = 100;

    /// <summary>The Task that each request was dispatched with, by the number of the referral; null before.</summary>
    public string?[] Tasks { get; } = new string?[referrals];

    /// <summary>Stores everybody; PUT under known ids, so that a repeat changes nothing.</summary>
    public async Task CreateAsync(string partnerBase, CancellationToken cancel)
    {
        await client.SendAsync(
            "PUT",
            "Organization/soak-clinic",
            """{"resourceType":"Organization","id":"soak-clinic","name":"Clinic"}""",
            null,
            cancel
        );
        await client.SendAsync(
            "PUT",
            "Organization/soak-partner",
            """{"resourceType":"Organization","id":"soak-partner","name":"Partner"}""",
            null,
            cancel
        );
        await client.SendAsync(
            "PUT",
            $"Endpoint/{Endpoint}",
            $$$"""{"resourceType":"Endpoint","id":"{{{Endpoint}}}","status":"active","connectionType":{"system":"http://terminology.hl7.org/CodeSystem/endpoint-connection-type","code":"hl7-fhir-rest"},"payloadType":[{"text":"Referral"}],"address":"{{{partnerBase}}}"}""",
            null,
            cancel
        );
        for (var first = 0; first < referrals; first += PerBundle)
            await client.SendAsync("POST", "", Bundle(first, Math.Min(first + PerBundle, referrals)), null, cancel);
    }

    /// <summary>Dispatches some of them, several at a time, each under a key of its own.</summary>
    public Task DispatchAsync(int first, int end, CancellationToken cancel) =>
        Parallel.ForEachAsync(
            Enumerable.Range(first, end - first),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel },
            async (number, token) =>
            {
                var task = await client.SendAsync(
                    "POST",
                    $"ServiceRequest/soak-{number}/$dispatch",
                    $$$"""{"resourceType":"Parameters","parameter":[{"name":"endpoint","valueReference":{"reference":"Endpoint/{{{Endpoint}}}"}}]}""",
                    $"soak-{number}",
                    token
                );
                Tasks[number] = (string)task["id"]!;
            }
        );

    private static string Bundle(int first, int end)
    {
        var entries = new StringBuilder();
        for (var number = first; number < end; number++)
        {
            var patient =
                $$$"""{"resourceType":"Patient","id":"soak-{{{number}}}","identifier":[{"system":"urn:soak","value":"{{{number}}}"}],"name":[{"family":"Soak"}],"gender":"unknown"}""";
            var request =
                $$$"""{"resourceType":"ServiceRequest","id":"soak-{{{number}}}","status":"active","intent":"order","code":{"text":"Food"},"subject":{"reference":"Patient/soak-{{{number}}}"},"requester":{"reference":"Organization/soak-clinic"},"performer":[{"reference":"Organization/soak-partner"}]}""";
            foreach (var (type, resource) in new[] { ("Patient", patient), ("ServiceRequest", request) })
                entries.Append(
                    CultureInfo.InvariantCulture,
                    $$$""",{"resource":{{{resource}}},"request":{"method":"PUT","url":"{{{type}}}/soak-{{{number}}}"}}"""
                );
        }

        return $$"""{"resourceType":"Bundle","type":"transaction","entry":[{{entries.ToString(1, entries.Length - 1)}}]}""";
    }
}
