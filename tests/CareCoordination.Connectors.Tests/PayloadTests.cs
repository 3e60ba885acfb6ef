using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Connectors.Payloads;

namespace CareCoordination.Connectors.Tests;

/// <summary>What leaves: pure functions from a package to bytes, each asserted whole.</summary>
public sealed class PayloadTests
{
    private static readonly Uri Partner = new("https://partner.example.org/fhir/");

    private const string PushedTask = """
        {"resourceType":"Task","meta":{"profile":["http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-TaskForReferralManagement"]},
        "extension":[{"url":"http://example.org/kept","valueString":"kept"}],
        "identifier":[{"system":"urn:example:tasks","value":"77"},{"system":"http://care.example.org/fhir/Task","value":"t1","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"PLAC"}]}}],
        "basedOn":[{"reference":"http://care.example.org/fhir/ServiceRequest/s1"}],"status":"requested","statusReason":{"coding":[{"system":"http://example.org/reasons","code":"asked","display":"Asked for"}],"text":"Asked for"},"intent":"order","priority":"urgent",
        "code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},
        "description":"Food box for the family","focus":{"reference":"http://care.example.org/fhir/ServiceRequest/s1"},"for":{"reference":"http://care.example.org/fhir/Patient/p1"},
        "authoredOn":"2026-03-02T10:00:00Z","lastModified":"2026-03-02T10:15:30Z",
        "requester":{"reference":"http://care.example.org/fhir/PractitionerRole/r1"},"owner":{"reference":"http://care.example.org/fhir/Organization/o1","display":"Food Bank"},
        "restriction":{"period":{"end":"2026-03-09T10:00:00Z"}},
        "note":[{"text":"Ring twice"}],
        "input":[{"type":{"text":"contact"},"valueReference":{"reference":"http://elsewhere.example.org/fhir/Patient/9"}}]}
        """;

    [Fact]
    public void A_pushed_task_refers_to_us_and_keeps_our_bookkeeping_here() =>
        Same(PushedTask, TaskPayload.Build(Samples.Package(), Partner, null));

    [Fact]
    public void An_update_has_the_id_of_the_partners_copy()
    {
        var expected = JsonNode.Parse(PushedTask)!.AsObject();
        expected.Insert(1, "id", "7");

        Same(expected.ToJsonString(), TaskPayload.Build(Samples.Package(), Partner, "7"));
    }

    [Fact]
    public void References_to_the_partners_own_resources_are_relative_there_again()
    {
        var package = Samples.Package();
        package = package with
        {
            Task = Samples.Of(
                "Task",
                "t1",
                """{"resourceType":"Task","status":"completed","intent":"order","contained":[{"resourceType":"Patient","id":"x"}],"for":{"reference":"#x"},"focus":{"reference":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"},"output":[{"type":{"text":"done"},"valueReference":{"reference":"https://partner.example.org/fhir/Procedure/12"}},{"type":{"text":"read"},"valueReference":{"reference":"Observation/9/_history/2"}}]}"""
            ),
        };

        var task = JsonNode.Parse(TaskPayload.Build(package, Partner, null))!;

        Assert.Equal("#x", (string?)task["for"]!["reference"]);
        Assert.Equal("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7", (string?)task["focus"]!["reference"]);
        Assert.Equal("Procedure/12", (string?)task["output"]![0]!["valueReference"]!["reference"]);
        Assert.Equal(
            "http://care.example.org/fhir/Observation/9/_history/2",
            (string?)task["output"]![1]!["valueReference"]!["reference"]
        );
    }

    [Fact]
    public void An_identifier_that_is_the_placers_already_stays_the_only_one()
    {
        var package = Samples.Package();
        package = package with
        {
            Task = Samples.Of(
                "Task",
                "t1",
                """{"resourceType":"Task","identifier":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"PLAC"}]},"value":"A-1"},{"system":"http://care.example.org/fhir/Task","value":"old"}],"status":"requested","intent":"order"}"""
            ),
        };

        Same(
            """{"resourceType":"Task","identifier":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"PLAC"}]},"value":"A-1"},{"system":"http://care.example.org/fhir/Task","value":"t1"}],"status":"requested","intent":"order"}""",
            TaskPayload.Build(package, Partner, null)
        );
    }

    [Fact]
    public void A_notice_says_who_asks_whom_and_not_why() =>
        Same(
            """
            {"resourceType":"Task","meta":{"profile":["http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-TaskForReferralManagement"]},
            "extension":[{"url":"http://example.org/kept","valueString":"kept"}],
            "identifier":[{"system":"urn:example:tasks","value":"77"},{"system":"http://care.example.org/fhir/Task","value":"t1","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"PLAC"}]}}],
            "basedOn":[{"reference":"http://care.example.org/fhir/ServiceRequest/s1"}],"status":"requested","statusReason":{"coding":[{"system":"http://example.org/reasons","code":"asked","display":"Asked for"}],"text":"Asked for"},"intent":"order","priority":"urgent",
            "code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},
            "focus":{"reference":"http://care.example.org/fhir/ServiceRequest/s1"},"for":{"reference":"http://care.example.org/fhir/Patient/p1"},
            "authoredOn":"2026-03-02T10:00:00Z","lastModified":"2026-03-02T10:15:30Z",
            "requester":{"reference":"http://care.example.org/fhir/PractitionerRole/r1"},"owner":{"reference":"http://care.example.org/fhir/Organization/o1","display":"Food Bank"},
            "restriction":{"period":{"end":"2026-03-09T10:00:00Z"}}}
            """,
            NoticePayload.Build(Samples.Package(), Partner, null)
        );

    [Fact]
    public void A_transaction_creates_everything_once_and_refers_within_itself()
    {
        var bundle = JsonNode.Parse(TransactionPayload.Create(Samples.Package(), Partner, "urn:oid:1.2.36.146"))!;

        Assert.Equal("transaction", (string?)bundle["type"]);
        var entries = bundle["entry"]!.AsArray();
        Assert.Equal(
            [
                "POST Patient identifier=urn:oid:1.2.36.146|MRN-5",
                "POST Condition identifier=http://care.example.org/fhir/Condition|c1",
                "POST PractitionerRole identifier=http://care.example.org/fhir/PractitionerRole|r1",
                "POST Practitioner identifier=http://care.example.org/fhir/Practitioner|d1",
                "POST Organization identifier=http://care.example.org/fhir/Organization|o1",
                "POST Coverage identifier=http://care.example.org/fhir/Coverage|v1",
                "POST ServiceRequest identifier=http://care.example.org/fhir/ServiceRequest|s1",
                "POST Task identifier=http://care.example.org/fhir/Task|t1",
            ],
            entries.Select(e => $"{e!["request"]!["method"]} {e["request"]!["url"]} {e["request"]!["ifNoneExist"]}")
        );
        Assert.All(entries, e => Assert.Null(e!["resource"]!["id"]));
        var urns = entries.ToDictionary(e => (string)e!["request"]!["url"]!, e => (string)e!["fullUrl"]!);
        Assert.All(urns.Values, u => Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab]", u));
        var task = entries[^1]!["resource"]!;
        Assert.Equal(urns["ServiceRequest"], (string?)task["focus"]!["reference"]);
        Assert.Equal(urns["Patient"], (string?)task["for"]!["reference"]);
        Assert.Equal(
            "http://elsewhere.example.org/fhir/Patient/9",
            (string?)task["input"]![0]!["valueReference"]!["reference"]
        );
        Assert.Equal(
            "http://care.example.org/fhir/Organization/o9",
            (string?)entries[2]!["resource"]!["organization"]!["reference"]
        );
        Assert.Equal(
            bundle.ToJsonString(),
            JsonNode.Parse(TransactionPayload.Create(Samples.Package(), Partner, "urn:oid:1.2.36.146"))!.ToJsonString()
        );
    }

    [Fact]
    public void What_could_not_be_recognised_in_a_repeat_is_left_for_the_partner_to_read()
    {
        var package = Samples.Package();
        package = package with
        {
            Supporting = [Samples.Of("QuestionnaireResponse", "q1", """{"resourceType":"QuestionnaireResponse"}""")],
        };

        var bundle = JsonNode.Parse(TransactionPayload.Create(package, Partner, null))!;

        Assert.Equal(
            ["ServiceRequest", "Task"],
            bundle["entry"]!.AsArray().Select(e => (string?)e!["request"]!["url"])
        );
        Assert.Equal(
            "http://care.example.org/fhir/Patient/p1",
            (string?)bundle["entry"]![1]!["resource"]!["for"]!["reference"]
        );
    }

    [Fact]
    public void An_updating_transaction_puts_our_state_on_the_partners_copies()
    {
        var package = Samples.Package("cancel", "cancelled");
        var task = new PartnerTask(
            "Task/7",
            "4",
            Encoding.UTF8.GetBytes(
                """{"resourceType":"Task","id":"7","status":"accepted","intent":"order","businessStatus":{"text":"seen"},"focus":{"reference":"ServiceRequest/70"},"output":[{"type":{"text":"x"},"valueString":"theirs"}]}"""
            )
        );
        var request = new PartnerTask(
            "ServiceRequest/70",
            null,
            """{"resourceType":"ServiceRequest","id":"70","status":"draft"}"""u8.ToArray()
        );

        Same(
            """
            {"resourceType":"Bundle","type":"transaction","entry":[
            {"fullUrl":"https://partner.example.org/fhir/ServiceRequest/70","request":{"method":"PUT","url":"ServiceRequest/70"},
            "resource":{"resourceType":"ServiceRequest","id":"70","status":"active","priority":"urgent","note":[{"text":"Two adults & three children | vegetarian"}]}},
            {"fullUrl":"https://partner.example.org/fhir/Task/7","request":{"method":"PUT","url":"Task/7","ifMatch":"W/\"4\""},
            "resource":{"resourceType":"Task","id":"7","status":"cancelled","intent":"order","focus":{"reference":"ServiceRequest/70"},"output":[{"type":{"text":"x"},"valueString":"theirs"}],
            "statusReason":{"coding":[{"system":"http://example.org/reasons","code":"asked","display":"Asked for"}],"text":"Asked for"},"priority":"urgent","lastModified":"2026-03-02T10:15:30Z","note":[{"text":"Ring twice"}]}}]}
            """,
            TransactionPayload.Update(
                package,
                Partner,
                task with
                {
                    Task = TransactionPayload.Updated(package, Partner, task),
                },
                request
            )
        );
    }

    [Fact]
    public void A_message_carries_everything_under_the_ids_of_the_delivery()
    {
        var package = Samples.Package();

        var bundle = JsonNode.Parse(MessagePayload.Build(package, Partner))!;

        var entries = bundle["entry"]!.AsArray();
        var role = (string)entries[^1]!["fullUrl"]!;
        Assert.Equal(
            [
                $"urn:uuid:{package.DeliveryId}",
                "http://care.example.org/fhir/Task/t1",
                "http://care.example.org/fhir/ServiceRequest/s1",
                "http://care.example.org/fhir/Patient/p1",
                "http://care.example.org/fhir/Condition/c1",
                "http://care.example.org/fhir/PractitionerRole/r1",
                "http://care.example.org/fhir/Practitioner/d1",
                "http://care.example.org/fhir/Organization/o1",
                "http://care.example.org/fhir/Coverage/v1",
                role,
            ],
            entries.Select(e => (string?)e!["fullUrl"])
        );
        Same(
            $$$"""
            {"resourceType":"MessageHeader","id":"{{{package.DeliveryId}}}",
            "eventCoding":{"system":"http://terminology.hl7.org/CodeSystem/v2-0003","code":"I12","display":"REF/RRI - Patient referral"},
            "destination":[{"endpoint":"https://partner.example.org/fhir/","receiver":{"reference":"{{{role}}}"}}],
            "sender":{"reference":"http://care.example.org/fhir/PractitionerRole/r1"},
            "source":{"name":"CareCoordination","endpoint":"http://care.example.org/fhir"},
            "reason":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0003","code":"I12"}]},
            "focus":[{"reference":"http://care.example.org/fhir/Task/t1"}]}
            """,
            Encoding.UTF8.GetBytes(entries[0]!["resource"]!.ToJsonString())
        );
        Same(
            $$$"""{"resourceType":"PractitionerRole","id":"{{{role["urn:uuid:".Length..]}}}","organization":{"reference":"http://care.example.org/fhir/Organization/o1","display":"Food Bank"}}""",
            Encoding.UTF8.GetBytes(entries[^1]!["resource"]!.ToJsonString())
        );
        Assert.Equal("message", (string?)bundle["type"]);
        Assert.Equal(package.DeliveryId, (string?)bundle["id"]);
        Assert.Equal("2026-03-02T10:15:30.123Z", (string?)bundle["timestamp"]);
        Assert.Equal("t1", (string?)entries[1]!["resource"]!["id"]);
        Assert.Equal("Food insecurity", (string?)entries[2]!["resource"]!["reasonCode"]![0]!["text"]);
    }

    /// <summary>Equal as JSON, the order of properties included.</summary>
    private static void Same(string expected, byte[] actual) =>
        Assert.Equal(
            JsonNode.Parse(expected)!.ToJsonString(),
            JsonNode.Parse(actual)!.ToJsonString(),
            ignoreLineEndingDifferences: true
        );
}
