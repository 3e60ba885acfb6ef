using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CareCoordination.HospitalSimulator.Scripts;

namespace CareCoordination.HospitalSimulator.Doors;

/// <summary>What came back for something that was told.</summary>
/// <param name="IsTaken">It is stored, and nobody has to look at it first.</param>
/// <param name="MayBeSentAgain">The trouble is the server's, or another write was first.</param>
internal readonly record struct Reply(bool IsTaken, bool MayBeSentAgain, string Sentence);

/// <summary>The doors of a server, of each of its nodes in turn.</summary>
internal sealed class Wards : IDisposable
{
    private const string FhirJson = "application/fhir+json";
    private const string Er7 = "x-application/hl7-v2+er7";

    private readonly SimulationOptions _options;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly MllpLine[] _lines;
    private int _turn;

    public Wards(SimulationOptions options)
    {
        _options = options;
        // A line has one message under way at a time.
        _lines =
        [
            .. Enumerable
                .Range(0, options.Mllp.IsEmpty ? 0 : Math.Max(options.AtOnce, options.Mllp.Length))
                .Select(i => options.Mllp[i % options.Mllp.Length])
                .Select(a => new MllpLine(a.Host, a.Port)),
        ];
    }

    /// <summary>Null where the server is there and takes all that will be sent; else what to do.</summary>
    public async Task<string?> WhyNotAsync(CancellationToken cancellationToken)
    {
        foreach (var node in _options.Fhir)
        {
            try
            {
                using var there = await _http.GetAsync($"{node}/metadata", cancellationToken);
                if (!there.IsSuccessStatusCode)
                    return $"{node}/metadata is answered {(int)there.StatusCode}: --fhir is the FHIR base of a server.";
                using var v2 = await _http.GetAsync(Hl7Of(node), cancellationToken);
                if (v2.StatusCode == HttpStatusCode.NotImplemented)
                    return $"{Hl7Of(node)} takes nothing: start the server with --Transitions:SendersPath=samples/hl7v2/senders.json.";
            }
            catch (HttpRequestException problem)
            {
                return $"{node} does not answer: {problem.Message}";
            }
        }

        return null;
    }

    public async Task<Reply> TellAsync(Told told, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(told, Next(), cancellationToken);
        }
        catch (Exception problem)
            when (problem is HttpRequestException or IOException or System.Net.Sockets.SocketException)
        {
            return new Reply(false, true, problem.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Reply(false, true, "There was no answer in time.");
        }
    }

    /// <summary>A question, as JSON; an OperationOutcome is an answer too.</summary>
    public async Task<JsonElement> AskAsync(string query, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync($"{Next()}/{query}", cancellationToken);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        return await JsonSerializer.DeserializeAsync<JsonElement>(body, cancellationToken: cancellationToken);
    }

    public void Dispose()
    {
        _http.Dispose();
        foreach (var line in _lines)
            line.Dispose();
    }

    private Uri Next() => _options.Fhir[(int)((uint)Interlocked.Increment(ref _turn) % (uint)_options.Fhir.Length)];

    private static Uri Hl7Of(Uri node) => new(node.GetLeftPart(UriPartial.Authority) + "/hl7v2");

    private async Task<Reply> SendAsync(Told told, Uri node, CancellationToken cancellationToken)
    {
        switch (told.Door)
        {
            case Door.ProcessMessage:
                return await PostAsync($"{node}/$process-message", FhirText.Message(told), cancellationToken);
            case Door.SubmitTransition:
                return await PostAsync($"{node}/$submit-transition", FhirText.Message(told), cancellationToken);
            case Door.Document:
                return await PostAsync($"{node}/$submit-transition", FhirText.Document(told), cancellationToken);
            case Door.BundleDocument:
                return await PostAsync($"{node}/Bundle", FhirText.Document(told), cancellationToken);
            case Door.Transaction:
                return await PostAsync($"{node}", FhirText.Transaction(told), cancellationToken);
            case Door.Mllp when _lines.Length > 0:
                var line = _lines[(int)((uint)Interlocked.Increment(ref _turn) % (uint)_lines.Length)];
                return Acknowledged(await line.AskAsync(Hl7Text.Of(told), cancellationToken));
            case Door.Mllp or Door.Hl7Http:
                return await PostHl7Async(told, node, cancellationToken);
            default:
                return await PutAsync(told, node, cancellationToken);
        }
    }

    private async Task<Reply> PostHl7Async(Told told, Uri node, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Hl7Text.Of(told)));
        content.Headers.ContentType = new MediaTypeHeaderValue(Er7);
        using var answer = await _http.PostAsync(Hl7Of(node), content, cancellationToken);
        return Acknowledged(Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(cancellationToken)));
    }

    private static Reply Acknowledged(string answer)
    {
        var code = answer
            .Split('\r')
            .FirstOrDefault(l => l.StartsWith("MSA|", StringComparison.Ordinal))
            ?.Split('|')[1];
        // 207: the trouble is of the server.
        return new Reply(code == "AA", answer.Contains("|207^", StringComparison.Ordinal), answer.Replace('\r', ' '));
    }

    /// <summary>Resources as they are: of a patient who is made first, where she is not there.</summary>
    private async Task<Reply> PutAsync(Told told, Uri node, CancellationToken cancellationToken)
    {
        var (system, number) = (FhirText.NumberSystem, told.Person.Number);
        using var create = new HttpRequestMessage(HttpMethod.Post, $"{node}/Patient")
        {
            Content = Json(FhirText.PatientOf(told.Person)),
        };
        create.Headers.TryAddWithoutValidation("If-None-Exist", $"identifier={system}|{number}");
        using var made = await _http.SendAsync(create, cancellationToken);
        var patient = await made.Content.ReadFromJsonAsync(cancellationToken);
        if (!made.IsSuccessStatusCode)
            return Of(made, patient);
        var subject = new JsonObject { ["reference"] = $"Patient/{patient.GetProperty("id").GetString()}" };
        var resource =
            told.Door == Door.EncounterPut
                ? FhirText.Stay(told, subject, hospital: null)
                : FhirText.Paper(told, subject);
        resource["id"] ??= "stay-" + told.Stay.Visit.ToLowerInvariant();
        using var put = new HttpRequestMessage(HttpMethod.Put, $"{node}/{resource["resourceType"]}/{resource["id"]}")
        {
            Content = Json(resource),
        };
        // A stay is begun once: as it begins it is written where it is not there yet.
        if (told.What == Happening.Admit)
            put.Headers.TryAddWithoutValidation("If-None-Match", "*");
        using var answer = await _http.SendAsync(put, cancellationToken);
        var body = await answer.Content.ReadFromJsonAsync(cancellationToken);
        return answer.StatusCode == HttpStatusCode.PreconditionFailed
            ? new Reply(IsTaken: true, MayBeSentAgain: false, "It is there.")
            : Of(answer, body);
    }

    private async Task<Reply> PostAsync(string url, JsonObject body, CancellationToken cancellationToken)
    {
        using var content = Json(body);
        using var answer = await _http.PostAsync(url, content, cancellationToken);
        return Of(answer, await answer.Content.ReadFromJsonAsync(cancellationToken));
    }

    private static ByteArrayContent Json(JsonObject body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
        content.Headers.ContentType = new MediaTypeHeaderValue(FhirJson);
        return content;
    }

    /// <summary>202: somebody has to look at it first.</summary>
    private static Reply Of(HttpResponseMessage answer, JsonElement body) =>
        new(
            answer.IsSuccessStatusCode && answer.StatusCode != HttpStatusCode.Accepted,
            (int)answer.StatusCode is 409 or 412 or 429 or >= 500,
            $"{(int)answer.StatusCode} {body}"
        );
}

/// <summary>Reading of bodies that may be empty.</summary>
internal static class Bodies
{
    public static async Task<JsonElement> ReadFromJsonAsync(
        this HttpContent content,
        CancellationToken cancellationToken
    )
    {
        var bytes = await content.ReadAsByteArrayAsync(cancellationToken);
        return bytes.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(bytes);
    }
}
