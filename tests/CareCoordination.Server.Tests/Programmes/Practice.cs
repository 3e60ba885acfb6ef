using System.Text.Json;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Programmes;

/// <summary>A practice in New York that bills care management, with a clock of its own.</summary>
internal sealed class Practice(TestServer server, ShiftedClock clock) : IAsyncDisposable
{
    public const string Nurse = "Practitioner/nurse";
    public const string Doctor = "Practitioner/doctor";

    public static readonly DateTimeOffset Now = new(2026, 11, 20, 15, 0, 0, TimeSpan.Zero);

    private static readonly string[] Settings =
    [
        "--Care:TimeZone=America/New_York",
        "--Care:Timers:IntervalSeconds=3600",
    ];

    public TestServer Server => server;

    public ShiftedClock Clock => clock;

    public string Organization { get; private set; } = "";

    /// <param name="engine">sqlite or postgresql.</param>
    public static async Task<Practice> OpenAsync(string engine, DateTimeOffset? now = null, params string[] settings)
    {
        var clock = new ShiftedClock(now ?? Now);
        var practice = new Practice(
            engine == "sqlite"
                ? await TestServer.OnSqliteAsync(clock, [.. Settings, .. settings])
                : await PostgreSqlServer.NewAsync(clock, [.. Settings, .. settings]),
            clock
        );
        await practice.Server.EmployAsync(Nurse);
        await practice.Server.EmployAsync(Doctor);
        await practice.SetAsync("""{"resourceType":"Organization","id":"practice","active":true}""");
        practice.Organization = "Organization/practice";
        return practice;
    }

    /// <summary>A patient with two chronic conditions and a plan.</summary>
    public async Task<string> PatientAsync(bool hasPlan = true, int conditions = 2)
    {
        var id = Given.Id("p");
        await SetAsync(
            $$$"""{"resourceType":"Patient","id":"{{{id}}}","managingOrganization":{"reference":"{{{Organization}}}"}}"""
        );
        for (var i = 0; i < conditions; i++)
            await SetAsync(
                $$$"""{"resourceType":"Condition","id":"{{{id}}}-c{{{i}}}","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"code":{"coding":[{"system":"urn:test","code":"c{{{i}}}"}]},"subject":{"reference":"Patient/{{{id}}}"}}"""
            );
        if (hasPlan)
            await SetAsync(
                $$$"""{"resourceType":"CarePlan","id":"{{{id}}}-plan","status":"active","intent":"plan","subject":{"reference":"Patient/{{{id}}}"},"period":{"start":"2026-08-01"}}"""
            );
        return $"Patient/{id}";
    }

    public async Task<Answer> EnrollAsync(string patient, string program, params string[] more) =>
        await server.AskAsync($"{patient}/$enroll", [Ask.Value("program", "valueCode", $"\"{program}\""), .. more]);

    /// <summary>In the programme since September, with a spoken consent.</summary>
    public async Task<string> EnrolledAsync(string patient, string program = "ccm", params string[] more)
    {
        var id = patient.Split('/')[1];
        var answer = await EnrollAsync(
            patient,
            program,
            [
                Ask.Value("start", "valueDate", "\"2026-09-03\""),
                Consent("2026-09-03"),
                Ask.Reference("condition", $"Condition/{id}-c0"),
                Ask.Reference("condition", $"Condition/{id}-c1"),
                .. more,
            ]
        );
        return $"EpisodeOfCare/{answer.ShouldBe(201).Id}";
    }

    public static string Consent(string date, string form = "verbal") =>
        $$"""{"name":"consentGiven","part":[{"name":"date","valueDateTime":"{{date}}"},{"name":"form","valueCode":"{{form}}"}]}""";

    public Task<Answer> LogAsync(
        string episode,
        int minutes,
        string start,
        string role = "clinical-staff",
        params string[] more
    ) =>
        server.AskAsync(
            $"{episode}/$log-time",
            [
                Ask.Value("minutes", "valueInteger", $"{minutes}"),
                Ask.Value("role", "valueCode", $"\"{role}\""),
                Ask.Value("start", "valueDateTime", $"\"{start}\""),
                Ask.Reference("performer", role == "practitioner" ? Doctor : Nurse),
                .. more,
            ]
        );

    public async Task<string> LoggedAsync(
        string episode,
        int minutes,
        string start,
        string role = "clinical-staff",
        params string[] more
    )
    {
        var answer = (await LogAsync(episode, minutes, start, role, more)).ShouldBe(201);
        return $"{answer.Text("resourceType")}/{answer.Id}";
    }

    public async Task<Month> MonthAsync(string episode, string month = "2026-11") =>
        new((await server.GetAsync($"{episode}/$billing-status?month={month}")).ShouldBe(200).Json);

    /// <summary>The charges of a patient as <c>99490x1 planned</c>, those of one month where it is named.</summary>
    public async Task<string[]> ChargesAsync(string patient, string? month = null) =>
        [
            .. (await server.GetAsync($"ChargeItem?subject={patient}&_count=200"))
                .ShouldBe(200)
                .Resources.Where(c =>
                    month is null
                    || c.GetProperty("occurrencePeriod")
                        .GetProperty("start")
                        .GetString()!
                        .StartsWith(month, StringComparison.Ordinal)
                )
                .Select(c =>
                    $"{c.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString()}x{c.GetProperty("quantity").GetProperty("value")} {c.GetProperty("status").GetString()}"
                )
                .Order(StringComparer.Ordinal),
        ];

    public async Task<string> SetAsync(string json)
    {
        using var document = JsonDocument.Parse(json);
        var (type, id) = (
            document.RootElement.GetProperty("resourceType").GetString(),
            document.RootElement.GetProperty("id").GetString()
        );
        var answer = await server.PutAsync($"{type}/{id}", json);
        Assert.True(answer.Status is 200 or 201, answer.Body);
        return $"{type}/{id}";
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}

/// <summary>An answer of <c>$billing-status</c>.</summary>
internal sealed class Month(JsonElement parameters)
{
    public int Minutes => Value("minutes").GetInt32();

    public int Staff => Value("minutesStaff").GetInt32();

    public int Practitioner => Value("minutesPractitioner").GetInt32();

    /// <summary>As <c>99439 in 5</c>; null where there is none.</summary>
    public string? Next => All("next").Select(n => $"{Part(n, "code")} in {Part(n, "minutes")}").SingleOrDefault();

    public string[] Blocked => [.. All("blocked").Select(b => Part(b, "reason")!).Distinct()];

    public string[] NotCounted => [.. All("notCounted").Select(n => $"{Part(n, "why")} {Part(n, "minutes")}")];

    /// <summary>As <c>99490x1</c>.</summary>
    public string[] Codes => [.. All("charge").Select(c => $"{Part(c, "code")}x{Part(c, "units")}")];

    public string[] Evidence =>
        [
            .. All("charge")
                .SelectMany(c => c.GetProperty("part").EnumerateArray())
                .Where(p => p.GetProperty("name").GetString() == "evidence")
                .Select(p => p.GetProperty("valueReference").GetProperty("reference").GetString()!)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    private JsonElement Value(string name) => All(name).Single().GetProperty("valueInteger");

    private IEnumerable<JsonElement> All(string name) =>
        parameters.GetProperty("parameter").EnumerateArray().Where(p => p.GetProperty("name").GetString() == name);

    private static string? Part(JsonElement parameter, string name) =>
        parameter
            .GetProperty("part")
            .EnumerateArray()
            .Where(p => p.GetProperty("name").GetString() == name)
            .SelectMany(p => p.EnumerateObject())
            .Where(p => p.Name != "name")
            .Select(p => p.Value.ToString())
            .SingleOrDefault();
}
