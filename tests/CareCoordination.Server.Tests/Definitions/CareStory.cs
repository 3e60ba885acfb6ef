using System.Text.Json;
using CareCoordination.Application.Timers;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.CarePlans;
using CareCoordination.Server.Tests.Caseload;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Server.Tests.Referrals;
using CareCoordination.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Definitions;

/// <summary>
/// Everything that happens to patients of a care manager, in short: plans, goals, tasks that repeat and are late, handovers, referrals.
/// After each chapter everything that is stored is read, and every answer is kept.
/// </summary>
internal sealed class CareStory(TestServer server, ShiftedClock clock, SimulatedPartner partner)
{
    private const string Codes = "https://carecoordination.example/fhir/CodeSystem/";
    private const string Own = "https://carecoordination.example/fhir/StructureDefinition/";

    private static readonly string[] Types =
    [
        "Task",
        "Goal",
        "CarePlan",
        "RequestGroup",
        "ServiceRequest",
        "EpisodeOfCare",
        "Communication",
        "Provenance",
        "PlanDefinition",
        "CareTeam",
        "List",
        "Bundle",
        "RiskAssessment",
        "QuestionnaireResponse",
        "Observation",
        "Condition",
        "Flag",
        "Group",
        "Consent",
        "Encounter",
        "ChargeItem",
        "MeasureReport",
    ];

    private readonly List<JsonElement> _said = [];

    /// <summary>What was answered, stored and sent.</summary>
    public IEnumerable<JsonElement> Said => _said;

    public async Task TellAsync()
    {
        await server.EmployAsync("Practitioner/nurse");
        await TellOfAPlanAsync();
        await TellOfLatenessAsync();
        await TellOfAHandoverAsync();
        await TellOfAReferralHereAsync();
        await TellOfAPartnerAsync();
        await TellOfAStayAsync();
        await TellOfRefusalsAsync();
        await TellOfAssessmentsAsync();
        await TellOfAProgrammeAsync();
        await DoAsync(
            "Measure/m-16/$evaluate-measure",
            Ask.Value("periodStart", "valueDate", "\"2026-01-01\""),
            Ask.Value("periodEnd", "valueDate", "\"2026-12-31\""),
            Ask.Value("programme", "valueCode", "\"ccm\""),
            Ask.Value("store", "valueBoolean", "true")
        );
        await ReadAllAsync();
    }

    private async Task TellOfAProgrammeAsync()
    {
        var patient = await Template.PatientAsync(server);
        var enrolled = await DoAsync(
            $"{patient}/$enroll",
            Ask.Value("program", "valueCode", "\"ccm\""),
            """{"name":"consentGiven","part":[{"name":"form","valueCode":"verbal"}]}"""
        );
        foreach (var contact in new[] { "virtual", "home", null })
            await DoAsync(
                $"EpisodeOfCare/{enrolled.Id}/$log-time",
                [
                    Ask.Value("minutes", "valueInteger", "25"),
                    Ask.Value("role", "valueCode", "\"clinical-staff\""),
                    Ask.Value("decisions", "valueCode", "\"moderate\""),
                    Ask.Text("activity", "Called"),
                    Ask.Reference("performer", "Practitioner/nurse"),
                    .. contact is null ? Array.Empty<string>() : [Ask.Value("contact", "valueCode", $"\"{contact}\"")],
                ]
            );
        _said.Add((await server.GetAsync($"EpisodeOfCare/{enrolled.Id}/$billing-status")).ShouldBe(200).Json);
        await DoAsync(
            $"{patient}/$disenroll",
            Ask.Value("program", "valueCode", "\"ccm\""),
            Ask.Text("reason", "Wants to stop")
        );
    }

    private async Task TellOfAssessmentsAsync()
    {
        var patient = await Template.PatientAsync(server);
        await server.PostAsync(
            "Encounter",
            $$$"""{"resourceType":"Encounter","status":"finished","class":{"code":"IMP"},"subject":{"reference":"{{{patient}}}"},"period":{"start":"2026-11-01","end":"2026-11-05"} }"""
        );
        await DoAsync($"{patient}/$risk", Ask.Value("method", "valueCode", "\"lace\""));
        foreach (
            var instrument in new[] { "phq-2", "phq-9", "gad-7", "ahc-hrsn", "ahc-hrsn-supplement", "prapare", "morse" }
        )
            await server.PostAsync(
                "QuestionnaireResponse",
                $$$"""{"resourceType":"QuestionnaireResponse","status":"in-progress","questionnaire":"https://carecoordination.example/fhir/Questionnaire/{{{instrument}}}","subject":{"reference":"{{{patient}}}"} }"""
            );
        await DoAsync(
            "QuestionnaireResponse/$score",
            Ask.Value(
                "questionnaire-response",
                "resource",
                $$$"""{"resourceType":"QuestionnaireResponse","status":"completed","subject":{"reference":"{{{patient}}}"},"item":[{"linkId":"44250-9","answer":[{"valueCoding":{"code":"LA6571-9"} }]},{"linkId":"44255-8","answer":[{"valueCoding":{"code":"LA6571-9"} }]}]}"""
            )
        );
        await ReadAllAsync();
    }

    private async Task TellOfAPlanAsync()
    {
        var patient = await Template.PatientAsync(server);
        var plan = await BeginPlanAsync(patient);
        var tasks = plan.Json.GetProperty("activity").EnumerateArray().Select(ReferenceOf).ToArray();
        await DoAsync($"CarePlan/{plan.Id}/$hold", Ask.Text("reason", "Away"));
        await ReadAllAsync();
        await DoAsync($"CarePlan/{plan.Id}/$resume");
        var weekly = tasks[0];
        await DoAsync($"{weekly}/$snooze", Ask.Value("due", "valueDateTime", "\"2026-12-04T15:00:00Z\""));
        await DoAsync(
            $"{weekly}/$record-attempt",
            Ask.Text("medium", "telephone"),
            Ask.Text("outcome", "no answer"),
            Ask.Reference("practitioner", "Practitioner/nurse")
        );
        clock.Advance(TimeSpan.FromDays(30));
        if (await server.StatusOfAsync(weekly) == "requested")
            await DoAsync($"{weekly}/$accept");
        await DoAsync(
            $"{weekly}/$complete",
            Ask.Value("minutes", "valueInteger", "12"),
            Ask.Reference("practitioner", "Practitioner/nurse")
        );
        var goal = ReferenceOf(plan.Json.GetProperty("goal")[0]);
        await DoAsync(
            $"{goal}/$record-progress",
            Ask.Value("value", "valueQuantity", "{\"value\":128,\"unit\":\"mmHg\"}")
        );
        await TellOfReadingsAsync(patient);
        await DoAsync($"CarePlan/{plan.Id}/$review", Ask.Value("nextReview", "valueDate", "\"2027-03-01\""));
        await ReadAllAsync();
        await DoAsync($"CarePlan/{plan.Id}/$care-summary");
        await DoAsync($"CarePlan/{plan.Id}/$close", Ask.Text("unfinished", "cancel"), Ask.Text("outcome", "Went well"));
    }

    /// <summary>Two that are too high, and were a mistake of the device.</summary>
    private async Task TellOfReadingsAsync(string patient)
    {
        foreach (var status in (string[])["final", "entered-in-error"])
        foreach (var id in (string[])["high-1", "high-2"])
        {
            await server.PutAsync(
                $"Observation/{id}",
                $$$"""{"resourceType":"Observation","id":"{{{id}}}","status":"{{{status}}}","code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"subject":{"reference":"{{{patient}}}"},"effectiveDateTime":"{{{clock.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}}}","valueQuantity":{"value":190,"unit":"mmHg"}}"""
            );
            await ReadAllAsync();
        }
    }

    private async Task<Answer> BeginPlanAsync(string patient)
    {
        var id = Given.Id();
        await server.PutAsync(
            $"PlanDefinition/{id}",
            $$$"""
            {"resourceType":"PlanDefinition","id":"{{{id}}}","status":"active",
             "extension":[{"url":"{{{Own}}}plan-duration","valueDuration":{"value":1,"unit":"year","system":"http://unitsofmeasure.org","code":"a"}}],
             "goal":[{"description":{"text":"Systolic under 130"},"target":[{"extension":[{"url":"{{{Own}}}reading-threshold","extension":[{"url":"when","valueQuantity":{"value":180,"comparator":">=","unit":"mmHg"}},{"url":"priority","valueCode":"stat"},{"url":"readings","valuePositiveInt":2}]}],"measure":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},
               "detailQuantity":{"value":130,"comparator":"<","unit":"mmHg"}}]}],
             "action":[{"title":"Weekly call","participant":[{"type":"practitioner"}],
               "timingTiming":{"repeat":{"count":9,"frequency":1,"period":1,"periodUnit":"wk"}
               }},
              {"title":"Compare the medicines","action":[{"title":"Ask for them","extension":[{"url":"{{{Own}}}due-in-business-days","valuePositiveInt":2}]}]}]}
            """
        );
        var draft = await DoAsync(
            $"PlanDefinition/{id}/$apply",
            Ask.Text("subject", patient),
            Ask.Text("practitioner", "Practitioner/nurse")
        );
        var goal = ReferenceOf(draft.Json.GetProperty("goal")[0]);
        await DoAsync($"{goal}/$accept");
        (
            await server.PatchAsync(
                goal,
                $$"""[{"op":"add","path":"/target/0/extension/-","value":{"url":"{{Own}}required-readings","valuePositiveInt":1} },{"op":"add","path":"/target/0/extension/-","value":{"url":"{{Own}}dead-band","valueDecimal":2.5} }]"""
            )
        ).ShouldBe(200);
        return await DoAsync($"CarePlan/{draft.Id}/$activate");
    }

    private async Task TellOfLatenessAsync()
    {
        var patient = await Template.PatientAsync(server);
        var task = await server.PostAsync(
            "Task",
            $$$"""{"resourceType":"Task","status":"requested","intent":"order","priority":"urgent","for":{"reference":"{{{patient}}}"},"owner":{"reference":"Practitioner/nurse"},"restriction":{"period":{"end":"2026-12-01T10:00:00Z"} } }"""
        );
        clock.Advance(TimeSpan.FromDays(9));
        await RingAsync();
        await DoAsync($"Task/{task.ShouldBe(201).Id}/$escalate", Ask.Reference("to", "Practitioner/lead"));
        await ReadAllAsync();
    }

    private async Task TellOfAHandoverAsync()
    {
        var ward = await Ward.OpenAsync(server);
        var (from, to) = (await ward.ManagerAsync(), await ward.ManagerAsync());
        var (patient, _) = await ward.PatientAsync();
        await DoAsync($"{patient}/$assign-care-manager", Ask.Reference("practitionerRole", from));
        await DoAsync(
            $"{patient}/$transfer",
            Ask.Reference("from", from),
            Ask.Reference("to", to),
            Ask.Text("handoffNote", "Calls on Mondays")
        );
        await DoAsync(
            $"{from}/$coverage",
            Ask.Reference("cover", to),
            """{"name":"period","valuePeriod":{"start":"2026-11-24","end":"2099-01-01"}}"""
        );
        await ReadAllAsync();
    }

    /// <summary>A partner that works with the Task here: it does not come, what is written here is not the partner's, nothing comes of it.</summary>
    private async Task TellOfAReferralHereAsync()
    {
        var ward = new ReferralWard(server);
        await ward.PutAllAsync();
        await ward.PutAsync(
            $"Consent/{Given.Id("c")}",
            $$$"""{"status":"active","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},"category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IDSCL"}]}],"patient":{"reference":"{{{ward.Patient}}}"},"dateTime":"2026-03-01","organization":[{"reference":"Organization/cbo"}],"policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentpolicycodes","code":"hipaa-auth"}]},"provision":{"type":"permit","actor":[{"role":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"IRCP"}]},"reference":{"reference":"Organization/cbo"}}]}}"""
        );
        var task = await ward.DispatchAsync();
        clock.Advance(TimeSpan.FromDays(20));
        await RingAsync();
        await ReadAllAsync();
        await ward.MoveAsync(task, "accepted");
        await ward.MoveAsync(
            task,
            "in-progress",
            ""","businessStatus":{"coding":[{"system":"http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS","code":"5.1.2"}]}"""
        );
        await ReadAllAsync();
        await ward.MoveAsync(task, "completed");
        await ReadAllAsync();
        await DoAsync(
            $"{ward.Request}/$close-loop",
            Ask.Value("waive", "valueBoolean", "true"),
            Ask.Text("reason", "Told")
        );
        await ReadAllAsync();
    }

    private async Task TellOfAPartnerAsync()
    {
        var ward = new ReferralWard(server);
        await ward.PutAllAsync();
        await ward.PutEndpointAsync(ward.Endpoint, partner.Base);
        var task = await ward.DispatchAsync();
        await WaitAsync(() => partner.Effects.Of($"|{task.Id}").Count > 0);
        await DoAsync($"{ward.Request}/$cancel", Ask.Text("reason", "Not needed"));
        await ReadAllAsync();
        using var client = new HttpClient();
        _said.Add(JsonDocument.Parse(await client.GetStringAsync(new Uri($"{partner.Base}/Task"))).RootElement);
    }

    private async Task TellOfAStayAsync()
    {
        var hospital = new Hospital();
        hospital.More.Add(
            $$$"""{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{{{hospital.Reference("p")}}},"medicationCodeableConcept":{"text":"a drug"}}"""
        );
        foreach (
            var message in (string[])
                [hospital.Update("2026-11-19T10:00:00Z"), hospital.Discharge("2026-11-20T16:10:00Z")]
        )
            _said.Add((await server.PostAsync("$process-message", message)).ShouldBe(200).Json);
        await ReadAllAsync();
        var contact = (await server.GetAsync($"Task?code={Codes}transition-work|contact&status=requested")).ShouldBe(
            200
        );
        var task = $"Task/{contact.Ids.Single()}";
        await DoAsync($"{task}/$claim", Ask.Reference("practitioner", "Practitioner/nurse"));
        await DoAsync($"{task}/$accept");
        await DoAsync($"{task}/$start");
        await DoAsync($"{task}/$fail", Ask.Text("reason", "Nobody answers"));
        await TellOfAVisitAsync();
        await ReadAllAsync();
    }

    private async Task TellOfAVisitAsync()
    {
        var visit = (await server.GetAsync($"Task?code={Codes}transition-work|visit&status=requested"))
            .ShouldBe(200)
            .Resources.Single();
        var patient = visit.GetProperty("for").GetProperty("reference").GetString()!;
        await TellOfTeachingAsync(patient);
        await TellOfAPatientsTaskAsync(patient);
        await server.PostAsync(
            "ServiceRequest",
            $$$"""{"resourceType":"ServiceRequest","status":"active","intent":"order","category":[{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/request-category","code":"transport"}]}],"subject":{"reference":"{{{patient}}}"},"supportingInfo":[{"reference":"Appointment/visit"}]}"""
        );
        foreach (var status in (string[])["booked", "noshow"])
            await server.PutAsync(
                "Appointment/visit",
                $$$"""{"resourceType":"Appointment","id":"visit","status":"{{{status}}}","start":"2026-11-24T15:00:00Z","end":"2026-11-24T15:30:00Z","participant":[{"actor":{"reference":"{{{patient}}}"},"status":"accepted"}]}"""
            );
    }

    /// <summary>A patient who has not done it for long, and whoever asks them about it.</summary>
    private async Task TellOfAPatientsTaskAsync(string patient)
    {
        await server.PostAsync(
            "Task",
            $$$"""{"resourceType":"Task","status":"ready","intent":"order","for":{"reference":"{{{patient}}}"},"owner":{"reference":"{{{patient}}}"},"restriction":{"period":{"end":"2026-11-01T12:00:00Z"} } }"""
        );
        for (var times = 0; times < 2; times++)
            await RingAsync();
    }

    private async Task TellOfTeachingAsync(string patient)
    {
        await server.PostAsync(
            "ServiceRequest",
            $$$"""{"resourceType":"ServiceRequest","status":"active","intent":"order","category":[{"coding":[{"system":"http://snomed.info/sct","code":"409073007"}]}],"subject":{"reference":"{{{patient}}}"}}"""
        );
        var task = (await server.GetAsync($"Task?code={Codes}education-work|teach&status=requested")).ShouldBe(200);
        await DoAsync($"Task/{task.Ids.Single()}/$claim", Ask.Reference("practitioner", "Practitioner/nurse"));
        await DoAsync($"Task/{task.Ids.Single()}/$accept");
        await DoAsync($"Task/{task.Ids.Single()}/$start");
        await DoAsync(
            $"Task/{task.Ids.Single()}/$complete",
            Ask.Value(
                "outcome",
                "valueCodeableConcept",
                $$"""{"coding":[{"system":"{{Codes}}teach-back-outcome","code":"understood"}]}"""
            )
        );
    }

    private async Task TellOfRefusalsAsync()
    {
        var task = (await server.PostAsync("Task", Given.Task(Given.Id("p")))).ShouldBe(201);
        _said.Add((await server.AskAsync($"Task/{task.Id}/$reject")).ShouldBe(422).Json);
        _said.Add((await server.AskAsync($"Task/{task.Id}/$reopen", Ask.Text("reason", "x"))).ShouldBe(422).Json);
    }

    private async Task<Answer> DoAsync(string path, params string[] parameters)
    {
        var answer = await server.AskAsync(path, parameters);
        Assert.True(answer.Status is 200 or 201, $"{path}: {answer.Status} {answer.Body}");
        _said.Add(answer.Json);
        return answer;
    }

    private async Task RingAsync() =>
        Assert.NotEqual(
            0,
            await server.Services.GetRequiredService<TimerSweep>().RunAsync(TestContext.Current.CancellationToken)
        );

    private async Task ReadAllAsync()
    {
        foreach (var type in Types)
            for (var next = $"{type}?_count=500"; next is not null; )
            {
                var page = (await server.GetAsync(next)).ShouldBe(200);
                _said.AddRange(page.Resources);
                next = page.Link("next");
            }
    }

    private static async Task WaitAsync(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!isSo())
            await Task.Delay(20, patience.Token);
    }

    private static string ReferenceOf(JsonElement element) =>
        (
            element.TryGetProperty("reference", out var inner) && inner.ValueKind == JsonValueKind.Object
                ? inner
                : element
        )
            .GetProperty("reference")
            .GetString()!;
}
