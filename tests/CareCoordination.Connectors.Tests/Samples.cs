using System.Text;
using CareCoordination.Connectors.Partners;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Connectors.Tests;

/// <summary>A referral of an invented patient, as values.</summary>
internal static class Samples
{
    public static readonly Uri OwnBase = new("http://care.example.org/fhir");

    public static ReferralPackage Package(string kind = "send", string taskStatus = "requested") =>
        new(
            "0193f2a0-7c1e-7000-8000-00000000000a",
            kind,
            Of("Task", "t1", TaskJson(taskStatus)),
            Of("ServiceRequest", "s1", ServiceRequest),
            [
                Of("Patient", "p1", Patient),
                Of("Condition", "c1", Condition),
                Of("PractitionerRole", "r1", PractitionerRole),
                Of("Practitioner", "d1", Practitioner),
                Of("Organization", "o1", Organization),
                Of("Coverage", "v1", Coverage),
            ],
            OwnBase
        );

    public static Snapshot Of(string type, string id, string json) =>
        new(new ResourceKey(type, id), 3, Encoding.UTF8.GetBytes(json));

    /// <summary>The Task as the partner keeps it.</summary>
    public static string Copy(string id, int version, string status) =>
        $$$"""{"resourceType":"Task","id":"{{{id}}}","meta":{"versionId":"{{{version}}}"},"identifier":[{"system":"http://care.example.org/fhir/Task","value":"t1"}],"status":"{{{status}}}","intent":"order"}""";

    public static string TaskJson(string status) =>
        $$$"""
            {"resourceType":"Task","id":"t1","meta":{"versionId":"3","lastUpdated":"2026-03-02T10:15:30.123+00:00","source":"#here","profile":["http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-TaskForReferralManagement"]},
            "extension":[{"url":"https://carecoordination.example/fhir/StructureDefinition/partner","valueReference":{"reference":"Endpoint/e1"}},{"url":"http://example.org/kept","valueString":"kept"}],
            "identifier":[{"system":"urn:example:tasks","value":"77"}],
            "basedOn":[{"reference":"ServiceRequest/s1"}],"status":"{{{status}}}","statusReason":{"coding":[{"system":"http://example.org/reasons","code":"asked","display":"Asked for"}]},"intent":"order","priority":"urgent",
            "code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},
            "description":"Food box for the family","focus":{"reference":"ServiceRequest/s1"},"for":{"reference":"Patient/p1"},
            "authoredOn":"2026-03-02T10:00:00Z","lastModified":"2026-03-02T10:15:30Z",
            "requester":{"reference":"PractitionerRole/r1"},"owner":{"reference":"Organization/o1","display":"Food Bank"},
            "restriction":{"period":{"end":"2026-03-09T10:00:00Z"}},
            "note":[{"text":"Ring twice"}],
            "input":[{"type":{"text":"contact"},"valueReference":{"reference":"http://elsewhere.example.org/fhir/Patient/9"}}]}
            """;

    public const string ServiceRequest = """
        {"resourceType":"ServiceRequest","id":"s1","meta":{"versionId":"1"},"status":"active","intent":"order","priority":"urgent",
        "category":[{"coding":[{"system":"http://snomed.info/sct","code":"410606002","display":"Social service procedure"}]}],
        "code":{"coding":[{"system":"http://snomed.info/sct","code":"467771000124109","display":"Assistance with application for food pantry program"}]},
        "subject":{"reference":"Patient/p1"},"authoredOn":"2026-03-02","requester":{"reference":"PractitionerRole/r1"},
        "performer":[{"reference":"Organization/o1"}],
        "reasonCode":[{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"Z59.41","display":"Food insecurity"}]}],
        "reasonReference":[{"reference":"Condition/c1"}],"insurance":[{"reference":"Coverage/v1"}],
        "note":[{"text":"Two adults & three children | vegetarian"}]}
        """;

    public const string Patient = """
        {"resourceType":"Patient","id":"p1","meta":{"versionId":"1"},"identifier":[{"system":"urn:oid:1.2.36.146","value":"MRN-5","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]}}],
        "name":[{"family":"O^Neill","given":["Ana","Lía"]}],"telecom":[{"system":"phone","value":"+1 555 0100","use":"mobile"},{"system":"email","value":"ana@example.org"}],
        "gender":"female","birthDate":"1980-02-29","address":[{"line":["1 Main St","Apt 2"],"city":"Springfield","state":"IL","postalCode":"62701"}]}
        """;

    public const string Condition = """
        {"resourceType":"Condition","id":"c1","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"Z59.41","display":"Food insecurity"}]},"subject":{"reference":"Patient/p1"},"recordedDate":"2026-02-27"}
        """;

    public const string PractitionerRole = """
        {"resourceType":"PractitionerRole","id":"r1","practitioner":{"reference":"Practitioner/d1"},"organization":{"reference":"Organization/o9"},"telecom":[{"system":"phone","value":"555 0199"}]}
        """;

    public const string Practitioner = """
        {"resourceType":"Practitioner","id":"d1","identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}],"name":[{"family":"Grey","given":["Mo"],"prefix":["Dr"]}],"telecom":[{"system":"phone","value":"555 0101","use":"work"}]}
        """;

    public const string Organization = """
        {"resourceType":"Organization","id":"o1","name":"Food Bank","address":[{"line":["2 Side St"],"city":"Springfield"}]}
        """;

    public const string Coverage = """
        {"resourceType":"Coverage","id":"v1","status":"active","type":{"coding":[{"system":"http://example.org/plans","code":"GOLD"}]},"subscriberId":"SUB-1","beneficiary":{"reference":"Patient/p1"},"payor":[{"reference":"Organization/o7","display":"Payer Inc"}]}
        """;
}
