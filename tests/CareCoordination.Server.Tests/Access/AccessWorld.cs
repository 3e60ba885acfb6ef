using System.Globalization;
using System.Text.Json.Nodes;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.TestKit;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Server.Tests.Access;

/// <summary>
/// Two organisations, their staff, twelve patients to whom the callers have every relation there is, and records of every kind about
/// them: labelled, coded, shared, moved from one patient to another, deleted.
/// </summary>
internal static class AccessWorld
{
    public const int Patients = 12;
    private const string Loinc = "http://loinc.org";
    private const string Icd10 = "http://hl7.org/fhir/sid/icd-10-cm";
    private const string Confidentiality = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    private const string Sensitivity = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static readonly string[] Tiers = ["low", "moderate", "high"];
    private static readonly string[] Families = ["Rivera", "Okafor", "Lindqvist", "Tanaka"];

    private static readonly Lazy<Task<byte[]>> SqliteFile = new(async () =>
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql: false);
        await FillAsync(database);
        return database.ReadFile();
    });

    private static readonly DatabaseTemplate PostgreSqlTemplate = new(async text =>
    {
        await using var database = ServerDatabase.OfPostgreSql(text);
        Assert.Equal(0, await Program.Main(["migrate", .. database.Settings]));
        await FillAsync(database);
    });

    /// <summary>A database with everything in it: for tests that each want one of their own it is stored once, and copied.</summary>
    public static async Task<ServerDatabase> NewDatabaseAsync(bool isPostgreSql) =>
        isPostgreSql
            ? ServerDatabase.OfPostgreSql(await PostgreSqlTemplate.CopyAsync())
            : ServerDatabase.OfSqlite(await SqliteFile.Value);

    private static async Task FillAsync(ServerDatabase database)
    {
        await using var server = await TestServer.StartAsync(database.Settings);
        await StoreAsync(server);
    }

    /// <summary>Stores everything, in an order in which some things are referred to before they are there.</summary>
    public static async Task StoreAsync(TestServer server)
    {
        foreach (var resource in Everything())
            await PutAsync(server, resource);
        await ChangeAsync(server);
    }

    /// <summary>What was of one patient becomes another's, labels come and go, and some things are deleted.</summary>
    private static async Task ChangeAsync(TestServer server)
    {
        await PutAsync(server, Observation("moved", "p12", "1", 7));
        await PutAsync(server, Observation("moved", "p1", "1", 8));
        await PutAsync(server, Observation("left", "p1", "2", 7));
        await PutAsync(server, Observation("left", "p12", "2", 8));
        await PutAsync(server, Labelled(Observation("unlabelled", "p1", "1", 4), Confidentiality, "V"));
        await PutAsync(server, Observation("unlabelled", "p1", "1", 5));
        foreach (var (id, patient) in new[] { ("gone-1", "p1"), ("gone-12", "p12") })
        {
            await PutAsync(server, Observation(id, patient, "1", 9));
            (await server.DeleteAsync($"Observation/{id}")).ShouldBe(204);
        }
    }

    /// <summary>What a resource alone has, by which its content is known wherever it appears.</summary>
    public static string Mark(string type, string id) => $"mark-{type}-{id}";

    private static async Task PutAsync(TestServer server, JsonObject resource)
    {
        var meta = resource["meta"]?.AsObject() ?? [];
        resource["meta"] = meta;
        meta["tag"] = new JsonArray(
            new JsonObject
            {
                ["system"] = "urn:mark",
                ["code"] = Mark((string)resource["resourceType"]!, (string)resource["id"]!),
            }
        );
        var answer = await server.PutAsync($"{resource["resourceType"]}/{resource["id"]}", resource.ToJsonString());
        Assert.True(answer.Status is 200 or 201, $"{resource["resourceType"]}/{resource["id"]}: {answer.Body}");
    }

    private static IEnumerable<JsonObject> Everything() =>
        [.. Network(), .. Relations(), .. Enumerable.Range(1, Patients).SelectMany(Record), .. Shared(), .. Consents()];

    private static IEnumerable<JsonObject> Network()
    {
        foreach (var id in (string[])["north", "south", "lab"])
            yield return Of("Organization", id, $$"""{"name":"{{id}}","active":true}""");
        foreach (var id in (string[])["ana", "ben", "cara", "dora", "eve", "frank", "sue", "gp"])
            yield return Of("Practitioner", id, $$"""{"name":[{"family":"{{id}}"}]}""");
        yield return Role("role-ana", "ana", "north");
        yield return Role("role-cara", "cara", "north");
        yield return Role("role-sue", "sue", "south");
        yield return Role("role-dora", "dora", "north");
        var away = Role("role-frank", "frank", "south");
        away["extension"] = new JsonArray(
            Coverage("PractitionerRole/role-dora", "2020-01-01", "2099-01-01"),
            Coverage("Practitioner/eve", "2020-01-01", "2021-01-01")
        );
        yield return away;
        yield return Of("Questionnaire", "q", """{"status":"active","title":"Home"}""");
        yield return Of(
            "PlanDefinition",
            "plan",
            """{"status":"active","title":"Diabetes","action":[{"title":"Call"}]}"""
        );
        yield return Of("Binary", "bytes", """{"contentType":"text/plain","data":"aGVsbG8="}""");
        // A part of what is about one patient leads to another patient.
        foreach (var (id, patient, other) in new[] { ("part-1", "p1", "p12"), ("part-12", "p12", "p1") })
            yield return Of(
                "Observation",
                id,
                $$"""
                {"status":"final","code":{"text":"part"},"subject":{"reference":"Patient/{{patient}}"},"encounter":{"reference":"#visit"},
                 "contained":[{"resourceType":"Encounter","id":"visit","status":"finished","class":{"code":"AMB"},
                   "subject":{"reference":"Patient/{{other}}"},"basedOn":[{"reference":"ServiceRequest/{{other}}-request"}]}]}
                """
            );
        yield return Of("Basic", "nobody", """{"code":{"text":"note"}}""");
        yield return Of("Observation", "of-nobody", """{"status":"final","code":{"text":"room temperature"}}""");
    }

    private static JsonObject Role(string id, string person, string organization) =>
        Of(
            "PractitionerRole",
            id,
            $$"""{"active":true,"practitioner":{"reference":"Practitioner/{{person}}"},"organization":{"reference":"Organization/{{organization}}"} }"""
        );

    private static JsonObject Coverage(string by, string start, string end) =>
        new()
        {
            ["url"] = CareExtensions.Coverage,
            ["extension"] = new JsonArray(
                new JsonObject
                {
                    ["url"] = "by",
                    ["valueReference"] = new JsonObject { ["reference"] = by },
                },
                new JsonObject
                {
                    ["url"] = "period",
                    ["valuePeriod"] = new JsonObject { ["start"] = start, ["end"] = end },
                }
            ),
        };

    private static IEnumerable<JsonObject> Relations()
    {
        yield return Episode("e1", "p1", "active", "Practitioner/ana", "north");
        yield return Episode("e2", "p2", "active", "PractitionerRole/role-ana", "north");
        yield return Episode("e3", "p3", "finished", "Practitioner/ana", "north");
        yield return Episode("e4", "p4", "active", "PractitionerRole/role-frank", "south");
        yield return Episode("e5", "p5", "planned", null, "south");
        yield return Episode("e6", "p6", "active", "Practitioner/frank", "south");
        yield return Of(
            "CareTeam",
            "team6",
            """
            {"status":"active","subject":{"reference":"Patient/p6"},"participant":[
              {"member":{"reference":"Practitioner/ben"}},
              {"member":{"reference":"Practitioner/eve"},"period":{"start":"2020-01-01","end":"2020-12-31"}},
              {"member":{"reference":"RelatedPerson/rel2"},"period":{"start":"2020-01-01"}}]}
            """
        );
        yield return Of(
            "CareTeam",
            "team7",
            """{"status":"inactive","subject":{"reference":"Patient/p7"},"participant":[{"member":{"reference":"Practitioner/ben"}}]}"""
        );
        yield return Work("w8", "p8", "requested", "Practitioner/ana", null);
        yield return Work("w9", "p9", "completed", "Practitioner/ana", null);
        yield return Work("w10", "p10", "requested", null, "PractitionerRole/role-ana");
        yield return Work("w11", "p11", "ready", "CareTeam/team6", null);
        yield return Work("mine", null, "requested", "PractitionerRole/role-ana", null);
        yield return Work("theirs", null, "requested", "Practitioner/frank", null);
        yield return Work("of-patient", "p1", "ready", "Patient/p1", "Practitioner/frank");
        foreach (
            var (id, patient, status) in new[]
            {
                ("referral10", "p10", "in-progress"),
                ("referral2", "p2", "completed"),
                ("referral8", "p8", "accepted"),
                ("referral5", "p5", "draft"),
                ("referral7", "p7", "cancelled"),
                ("referral12", "p12", "requested"),
            }
        )
            yield return Referral(id, patient, status);
        yield return Of(
            "RelatedPerson",
            "rel1",
            """{"active":true,"patient":{"reference":"Patient/p1"},"relationship":[{"text":"daughter"}]}"""
        );
        yield return Of(
            "RelatedPerson",
            "rel2",
            """{"active":true,"patient":{"reference":"Patient/p2"},"period":{"start":"2020-01-01","end":"2021-01-01"}}"""
        );
        yield return Of(
            "Person",
            "person1",
            """{"link":[{"target":{"reference":"RelatedPerson/rel1"},"assurance":"level4"},{"target":{"reference":"Patient/p12"},"assurance":"level1"}]}"""
        );
    }

    private static JsonObject Episode(string id, string patient, string status, string? manager, string organization)
    {
        var episode = Of(
            "EpisodeOfCare",
            id,
            $$"""{"status":"{{status}}","patient":{"reference":"Patient/{{patient}}"},"managingOrganization":{"reference":"Organization/{{organization}}"} }"""
        );
        if (manager is not null)
            episode["careManager"] = new JsonObject { ["reference"] = manager };
        return episode;
    }

    private static JsonObject Work(string id, string? patient, string status, string? owner, string? requester)
    {
        var task = Of("Task", id, $$"""{"status":"{{status}}","intent":"order","code":{"text":"call"} }""");
        foreach (
            var (name, reference) in new[]
            {
                ("for", patient is null ? null : $"Patient/{patient}"),
                ("owner", owner),
                ("requester", requester),
            }
        )
        {
            if (reference is not null)
                task[name] = new JsonObject { ["reference"] = reference };
        }

        return task;
    }

    /// <summary>To the laboratory, with a reading that is open, one that is very restricted, and what the patient may have denied.</summary>
    private static JsonObject Referral(string id, string patient, string status)
    {
        var task = Work(id, patient, status, "Organization/lab", "Practitioner/frank");
        task["focus"] = new JsonObject { ["reference"] = $"ServiceRequest/{patient}-request" };
        task["basedOn"] = new JsonArray(new JsonObject { ["reference"] = $"ServiceRequest/{patient}-request" });
        task["input"] = new JsonArray([
            .. ((string[])["Observation/{0}-a", "Observation/{0}-v", "Condition/{0}-b20", "Condition/{0}-e11"]).Select(
                shown => new JsonObject
                {
                    ["type"] = new JsonObject { ["text"] = "shown" },
                    ["valueReference"] = new JsonObject
                    {
                        ["reference"] = string.Format(CultureInfo.InvariantCulture, shown, patient),
                    },
                }
            ),
        ]);
        return task;
    }

    private static IEnumerable<JsonObject> Record(int number)
    {
        var patient = string.Create(CultureInfo.InvariantCulture, $"p{number}");
        var record = Of(
            "Patient",
            patient,
            $$"""
            {"name":[{"family":"{{Families[number % 4]}}","given":["A{{number}}"]}],"gender":"{{(
                number % 2 == 0 ? "female" : "male"
            )}}","birthDate":"19{{30 + number}}-03-0{{number % 9 + 1}}",
             "identifier":[{"system":"urn:mrn","value":"{{number}}"}],
             "managingOrganization":{"reference":"Organization/{{(number % 3 == 0 ? "south" : "north")}}"} }
            """
        );
        if (number == 3)
            record["generalPractitioner"] = new JsonArray(new JsonObject { ["reference"] = "Practitioner/gp" });
        yield return record;
        yield return Observation($"{patient}-a", patient, "1", number);
        yield return Observation($"{patient}-b", patient, "2", 20 - number);
        yield return Labelled(Observation($"{patient}-r", patient, "1", number + 3), Confidentiality, "R");
        yield return Labelled(Observation($"{patient}-v", patient, "2", number + 5), Confidentiality, "V");
        yield return Labelled(Observation($"{patient}-s", patient, "3", number + 7), Sensitivity, "ETH");
        yield return Condition($"{patient}-e11", patient, "E11.9");
        yield return Condition($"{patient}-f10", patient, "F10.20");
        yield return Condition($"{patient}-b20", patient, "B20");
        yield return Subject(
            "CarePlan",
            $"{patient}-plan",
            patient,
            """{"status":"draft","intent":"plan","title":"plan"}"""
        );
        yield return Subject(
            "Goal",
            $"{patient}-goal",
            patient,
            """{"lifecycleStatus":"proposed","description":{"text":"walk"}}"""
        );
        yield return Subject(
            "ServiceRequest",
            $"{patient}-request",
            patient,
            """{"status":"draft","intent":"order","code":{"text":"ride"}}"""
        );
        yield return Risk($"{patient}-risk", patient, "2026-03-01", number);
        yield return Labelled(Risk($"{patient}-risk-v", patient, "2026-05-01", number + 1), Confidentiality, "V");
        yield return Labelled(
            Subject(
                "CarePlan",
                $"{patient}-transition",
                patient,
                $$"""{"status":"{{(
                    number % 2 == 0 ? "active" : "completed"
                )}}","intent":"plan","partOf":[{"reference":"CarePlan/{{patient}}-plan"}]}"""
            ),
            Confidentiality,
            number % 3 == 0 ? "N" : "V"
        );
        yield return Subject(
            "QuestionnaireResponse",
            $"{patient}-answers",
            patient,
            """{"status":"completed","questionnaire":"http://example.org/Questionnaire/q"}"""
        );
        var call = Work($"{patient}-call", patient, "requested", null, null);
        call["basedOn"] = new JsonArray(new JsonObject { ["reference"] = $"CarePlan/{patient}-plan" });
        yield return call;
        yield return Subject(
            "DocumentReference",
            $"{patient}-document",
            patient,
            """{"status":"current","content":[{"attachment":{"contentType":"text/plain","data":"aGVsbG8="}}]}"""
        );
        yield return Subject(
            "Communication",
            $"{patient}-said",
            patient,
            """{"status":"completed","payload":[{"contentString":"hello"}],"sender":{"reference":"Practitioner/ana"}}"""
        );
    }

    private static JsonObject Risk(string id, string patient, string at, int number)
    {
        var tier = Tiers[number % 3];
        return Subject(
            "RiskAssessment",
            id,
            patient,
            $$"""
            {"status":"final","occurrenceDateTime":"{{at}}",
             "prediction":[{"qualitativeRisk":{"coding":[{"code":"{{tier}}"}]} }]}
            """
        );
    }

    private static JsonObject Observation(string id, string patient, string code, int value) =>
        Subject(
            "Observation",
            id,
            patient,
            $$"""
            {"status":"final","code":{"coding":[{"system":"{{Loinc}}","code":"{{code}}"}]},
             "effectiveDateTime":"2026-0{{value % 9
                + 1}}-01","valueQuantity":{"value":{{value}},"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"},
             "performer":[{"reference":"Practitioner/ana"}]}
            """
        );

    private static JsonObject Condition(string id, string patient, string code) =>
        Subject(
            "Condition",
            id,
            patient,
            $$"""{"code":{"coding":[{"system":"{{Icd10}}","code":"{{code}}"}]},"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]} }"""
        );

    private static IEnumerable<JsonObject> Shared()
    {
        foreach (var (id, one, other) in new[] { ("both-mine", "p1", "p2"), ("half-mine", "p1", "p12") })
        {
            yield return Of(
                "Appointment",
                id,
                $$"""
                {"status":"booked","start":"2026-12-01T10:00:00Z","end":"2026-12-01T11:00:00Z","participant":[
                  {"actor":{"reference":"Patient/{{one}}"},"status":"accepted"},{"actor":{"reference":"Patient/{{other}}"},"status":"accepted"},
                  {"actor":{"reference":"Practitioner/ana"},"status":"accepted"}]}
                """
            );
            yield return Of(
                "Group",
                $"group-{id}",
                $$"""{"type":"person","actual":true,"member":[{"entity":{"reference":"Patient/{{one}}"} },{"entity":{"reference":"Patient/{{other}}"} }]}"""
            );
        }
    }

    private static IEnumerable<JsonObject> Consents()
    {
        yield return Consent(
            "no-observations",
            "p2",
            """{"type":"deny","actor":[{"role":{"text":"who"},"reference":{"reference":"Practitioner/ana"}}],"class":[{"system":"http://hl7.org/fhir/resource-types","code":"Observation"}]}"""
        );
        yield return Consent(
            "only-ben",
            "p6",
            """
            {"type":"deny","provision":[{"type":"permit","actor":[{"role":{"text":"who"},"reference":{"reference":"Practitioner/ben"}}]}]}
            """
        );
        yield return Consent(
            "no-hiv",
            "p8",
            $$"""{"type":"deny","securityLabel":[{"system":"{{Sensitivity}}","code":"HIV"}]}"""
        );
        yield return Consent("was", "p1", """{"type":"deny","period":{"start":"2020-01-01","end":"2021-01-01"}}""");
        yield return Consent(
            "marketing",
            "p1",
            """{"type":"deny","purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HMARKT"}]}"""
        );
    }

    private static JsonObject Consent(string id, string patient, string provision) =>
        Of(
            "Consent",
            id,
            $$"""
            {"status":"active","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
             "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],"patient":{"reference":"Patient/{{patient}}"},
             "dateTime":"2026-01-01","policyRule":{"text":"privacy"},"provision":{{provision}}}
            """
        );

    private static JsonObject Subject(string type, string id, string patient, string json)
    {
        var resource = Of(type, id, json);
        resource["subject"] = new JsonObject { ["reference"] = $"Patient/{patient}" };
        return resource;
    }

    private static JsonObject Labelled(JsonObject resource, string system, string code)
    {
        resource["meta"] = new JsonObject
        {
            ["security"] = new JsonArray(new JsonObject { ["system"] = system, ["code"] = code }),
        };
        return resource;
    }

    private static JsonObject Of(string type, string id, string json)
    {
        var resource = JsonNode.Parse(json)!.AsObject();
        resource["resourceType"] = type;
        resource["id"] = id;
        return resource;
    }
}
