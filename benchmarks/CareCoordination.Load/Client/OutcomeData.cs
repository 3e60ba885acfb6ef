using System.Globalization;

namespace CareCoordination.Load.Client;

/// <summary>
/// What measures count besides <see cref="CareData"/>, as NDJSON for the import, so that each of them finds somebody: each patient has
/// diabetes, high blood pressure, readings of both, a goal and fills of three medicines; every second is enrolled, with minutes, a consent
/// and calls; every fourth each was in hospital and is cared for afterwards, was referred, was seen in an emergency department, and has
/// a depression, a social need and an opinion.
/// </summary>
internal sealed record OutcomeData(CareData Care)
{
    private const int Every = 4;

    /// <summary>Days of the year that the measures are asked about.</summary>
    private const int Days = 300;
    private const string TransitionWork = "https://carecoordination.example/fhir/CodeSystem/transition-work";
    private const string Social = "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Files in the order in which they are to be imported: the task of a referral has a version in each of the last three.</summary>
    public async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        await WriteAsync("4-outcomes", n => [.. Chronic(n), .. Medicines(n), .. Enrolled(n), .. OfGroup(n)]);
        await WriteAsync("5-referred", n => n % Every == 1 ? [Referral(n), ReferralTask(n, "requested", "")] : []);
        await WriteAsync("6-accepted", n => n % Every == 1 ? [ReferralTask(n, "accepted", "")] : []);
        await WriteAsync("7-closed", n => n % (2 * Every) == 1 ? [ReferralTask(n, "completed", Report)] : []);

        Task WriteAsync(string name, Func<int, IEnumerable<string>> of) =>
            File.WriteAllLinesAsync(
                Path.Combine(folder, $"{name}.ndjson"),
                Enumerable.Range(0, Care.Patients).SelectMany(of),
                cancellationToken
            );
    }

    private static IEnumerable<string> Chronic(int n)
    {
        var random = new Random(n);
        yield return Condition("1", n, "E11.9", "2020-05-01");
        yield return Condition("2", n, "I10", "2019-02-01");
        yield return $$$"""{"resourceType":"Goal","id":"{{{Id("3", n)}}}","lifecycleStatus":"active","description":{"text":"Pressure"},"subject":{{{Subject(n)}}},"startDate":"2026-01-05","achievementStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/goal-achievement","code":"{{{(n % 3 == 0 ? "achieved" : "in-progress")}}}"}]},"target":[{"measure":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"detailQuantity":{"value":130,"comparator":"<","code":"mm[Hg]"},"dueDate":"{{{Day(random.Next(Days))}}}"}]}""";
        yield return Reading("4", n, "4548-4", At(random.Next(Days)), random.Next(55, 105) / 10m, "%");
        yield return $$$"""{"resourceType":"Observation","id":"{{{Id("5", n)}}}","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"subject":{{{Subject(n)}}},"effectiveDateTime":"{{{At(random.Next(Days))}}}","component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":{{{random.Next(105, 175)}}},"code":"mm[Hg]"}},{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":{{{random.Next(60, 105)}}},"code":"mm[Hg]"}}]}""";
    }

    /// <summary>One of the classes of medicines, three times; some come late.</summary>
    private static IEnumerable<string> Medicines(int n)
    {
        // Of the renin-angiotensin system, a statin, for diabetes.
        var medicine = (n % 3) switch
        {
            0 => "29046",
            1 => "36567",
            _ => "6809",
        };
        for (var fill = 0; fill < 3; fill++)
            yield return $$$"""{"resourceType":"MedicationDispense","id":"{{{Id($"6{fill}", n)}}}","status":"completed","subject":{{{Subject(n)}}},"medicationCodeableConcept":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"{{{medicine}}}"}]},"whenHandedOver":"{{{Day(fill * (85 + n % 40))}}}","daysSupply":{"value":90} }""";
    }

    private IEnumerable<string> Enrolled(int n)
    {
        if (n % 2 == 1)
            yield break;
        var day = new Random(n).Next(Days / 2);
        yield return $$$"""{"resourceType":"EpisodeOfCare","id":"{{{Id("7", n)}}}","status":"active","patient":{{{Subject(n)}}},"careManager":{"reference":"{{{CareData.Manager(n % Care.Managers)}}}"},"period":{"start":"{{{Day(day)}}}"} }""";
        yield return $$$"""{"resourceType":"Consent","id":"{{{Id("8", n)}}}","status":"active","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"treatment"}]},"category":[{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/care-program","code":"ccm"}]}],"patient":{{{Subject(n)}}},"dateTime":"{{{Day(day)}}}","policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPTIN"}]} }""";
        yield return $$$"""{"resourceType":"CarePlan","id":"{{{Id("9", n)}}}","status":"active","intent":"plan","subject":{{{Subject(n)}}},"period":{"start":"{{{Day(day + 5)}}}"} }""";
        for (var month = 0; month < 3; month++)
        {
            var at = day + 10 + 30 * month;
            yield return $$$"""{"resourceType":"Task","id":"{{{Id($"a{month}", n)}}}","extension":[{"url":"https://carecoordination.example/fhir/StructureDefinition/time-spent","extension":[{"url":"minutes","valueDecimal":{{{12 + n % 20}}}},{"url":"period","valuePeriod":{"start":"{{{At(at)}}}","end":"{{{At(at, 1)}}}"}},{"url":"performer","valueReference":{"reference":"{{{CareData.Person(n % Care.Managers)}}}"} }] }],"status":"{{{(n % 5 == 0 ? "failed" : "completed")}}}","intent":"order","code":{"coding":[{"system":"{{{TransitionWork}}}","code":"call"}]},"for":{{{Subject(n)}}},"executionPeriod":{"end":"{{{At(at)}}}"},"restriction":{"period":{"end":"{{{At(at + 2)}}}"} } }""";
        }
    }

    private static IEnumerable<string> OfGroup(int n) =>
        (n % Every) switch
        {
            0 => Stay(n),
            2 => Emergency(n),
            3 => [.. Depression(n), .. SocialNeed(n)],
            _ => [],
        };

    /// <summary>A stay that ended at home, the plan after it, a call and a visit.</summary>
    private static IEnumerable<string> Stay(int n)
    {
        var random = new Random(n);
        var day = random.Next(Days - 40);
        var end = day + random.Next(1, 9);
        yield return Encounter(
            "b",
            n,
            "IMP",
            day,
            end,
            ""","hospitalization":{"dischargeDisposition":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/discharge-disposition","code":"home"}]} }"""
        );
        yield return $$$"""{"resourceType":"CarePlan","id":"{{{Id("c", n)}}}","status":"active","intent":"plan","category":[{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/transition-plan","code":"transitional-care"}]}],"subject":{{{Subject(n)}}},"encounter":{"reference":"Encounter/{{{Id("b", n)}}}"},"period":{"start":"{{{Day(end)}}}"} }""";
        yield return $$$"""{"resourceType":"Task","id":"{{{Id("d", n)}}}","status":"completed","intent":"order","code":{"coding":[{"system":"{{{TransitionWork}}}","code":"contact"}]},"basedOn":[{"reference":"CarePlan/{{{Id("c", n)}}}"}],"for":{{{Subject(n)}}},"executionPeriod":{"end":"{{{At(end + random.Next(1, 6))}}}"},"restriction":{"period":{"end":"{{{At(end + 4)}}}"} } }""";
        yield return Encounter("e", n, "AMB", end + random.Next(3, 20), end + 20);
    }

    /// <summary>An emergency of somebody with two high-risk conditions, and a call after it.</summary>
    private static IEnumerable<string> Emergency(int n)
    {
        var day = new Random(n).Next(Days - 40);
        yield return Condition("f", n, "J44.9", "2018-01-01");
        yield return Condition("g", n, "I50.9", "2018-06-01");
        yield return Encounter("h", n, "EMER", day, day);
        yield return Encounter("i", n, "VR", day + n % 12, day + n % 12);
    }

    private static IEnumerable<string> Depression(int n)
    {
        var random = new Random(n);
        yield return Condition("j", n, "F33.1", "2024-06-01");
        yield return Reading("k", n, "44261-6", At(-400 + random.Next(300)), random.Next(8, 20), "{score}");
        yield return Reading("l", n, "44261-6", At(-35 + random.Next(300)), random.Next(0, 12), "{score}");
        yield return $$$"""{"resourceType":"QuestionnaireResponse","id":"{{{Id("m", n)}}}","status":"completed","questionnaire":"http://example.org/Questionnaire/patient-experience","subject":{{{Subject(n)}}},"authored":"{{{At(random.Next(Days))}}}","item":[{"linkId":"1","answer":[{"valueInteger":{{{random.Next(11)}}} }] }] }""";
    }

    private static IEnumerable<string> SocialNeed(int n)
    {
        var day = new Random(n).Next(Days - 40);
        var category = $$"""{"coding":[{"system":"{{Social}}","code":"food-insecurity"}]}""";
        yield return $$$"""{"resourceType":"QuestionnaireResponse","id":"{{{Id("n", n)}}}","status":"completed","questionnaire":"https://carecoordination.example/fhir/Questionnaire/ahc-hrsn|1.0.0","subject":{{{Subject(n)}}},"authored":"{{{At(day)}}}","item":[{"linkId":"88122-7","answer":[{"valueCoding":{"system":"http://loinc.org","code":"LA28397-0"} }] }] }""";
        yield return $$$"""{"resourceType":"Condition","id":"{{{Id("o", n)}}}","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"{{{(n % 3 == 0 ? "resolved" : "active")}}}"}]},"category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"health-concern"}]},{{{category}}}],"code":{"text":"Food insecurity"},"subject":{{{Subject(n)}}},"recordedDate":"{{{Day(day)}}}"}""";
        yield return $$$"""{"resourceType":"ServiceRequest","id":"{{{Id("p", n)}}}","status":"active","intent":"order","category":[{{{category}}}],"code":{"text":"Food bank"},"subject":{{{Subject(n)}}},"authoredOn":"{{{Day(day + n % 45)}}}"}""";
    }

    private static string Referral(int n) =>
        $$$"""{"resourceType":"ServiceRequest","id":"{{{Id("q", n)}}}","status":"{{{(n % (2 * Every) == 1 ? "completed" : "active")}}}","intent":"order","subject":{{{Subject(n)}}},"authoredOn":"{{{At(n % (Days - 40))}}}","code":{"text":"Cardiology"}}""";

    private const string Report =
        ""","output":[{"type":{"text":"report"},"valueReference":{"display":"Report of the cardiologist"} }]""";

    private static string ReferralTask(int n, string status, string more) =>
        $$$"""{"resourceType":"Task","id":"{{{Id("r", n)}}}","status":"{{{status}}}","intent":"order","code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},"basedOn":[{"reference":"ServiceRequest/{{{Id("q", n)}}}"}],"focus":{"reference":"ServiceRequest/{{{Id("q", n)}}}"},"for":{{{Subject(n)}}},"authoredOn":"{{{At(n % (Days - 40))}}}","executionPeriod":{"start":"{{{At(n % (Days - 40) + 3)}}}","end":"{{{At(n % (Days - 40) + 20)}}}"}{{{more}}}}""";

    private static string Condition(string kind, int n, string code, string onset) =>
        $$$"""{"resourceType":"Condition","id":"{{{Id(kind, n)}}}","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"{{{code}}}"}]},"subject":{{{Subject(n)}}},"onsetDateTime":"{{{onset}}}"}""";

    private static string Reading(string kind, int n, string code, string at, decimal value, string unit) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"resourceType":"Observation","id":"{{{Id(kind, n)}}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"{{{code}}}"}]},"subject":{{{Subject(n)}}},"effectiveDateTime":"{{{at}}}","valueQuantity":{"value":{{{value}}},"code":"{{{unit}}}"} }"""
        );

    private static string Encounter(string kind, int n, string code, int from, int to, string more = "") =>
        $$$"""{"resourceType":"Encounter","id":"{{{Id(kind, n)}}}","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{{{code}}}"},"subject":{{{Subject(n)}}},"period":{"start":"{{{At(from)}}}","end":"{{{At(to, 1)}}}"}{{{more}}}}""";

    private static string Subject(int n) => $$"""{"reference":"{{CareData.Patient(n)}}"}""";

    private static string Id(string kind, int n) => string.Create(CultureInfo.InvariantCulture, $"out-{kind}-{n}");

    private static string Day(int day) => At(day)[..10];

    private static string At(int day, int hours = 0) =>
        Start.AddDays(day).AddHours(hours).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
