using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Connectors.Copies;
using CareCoordination.Connectors.Partners;
using CareCoordination.Connectors.Strategies.MessageBundle;
using CareCoordination.Connectors.Strategies.NotifyAndPull;
using CareCoordination.Connectors.Strategies.TaskPush;
using CareCoordination.Connectors.Strategies.TransactionBundle;

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
        Same(PushedTask, TaskPayload.Build(Samples.Package(), Partner));

    /// <summary>Each element that a partner may have put on its copy, and what becomes of it.</summary>
    [Theory]
    [InlineData("extension", """[{"url":"http://partner.example.org/x","valueCode":"y"}]""")]
    [InlineData("input", """[{"type":{"text":"their form"},"valueString":"7"}]""")]
    [InlineData("output", """[{"type":{"text":"their result"},"valueString":"7"}]""")]
    [InlineData("owner", """{"reference":"Practitioner/12"}""")]
    [InlineData("location", """{"reference":"Location/3"}""")]
    [InlineData("for", """{"reference":"Patient/4711"}""")]
    [InlineData("focus", """{"reference":"ServiceRequest/70"}""")]
    [InlineData("encounter", """{"reference":"Encounter/5"}""")]
    [InlineData("identifier", """[{"system":"http://partner.example.org/tasks","value":"T-9"}]""")]
    [InlineData("performerType", """[{"text":"driver"}]""")]
    [InlineData("groupIdentifier", """{"value":"G-1"}""")]
    [InlineData("contained", """[{"resourceType":"Patient","id":"x"}]""")]
    [InlineData("relevantHistory", """[{"reference":"Provenance/8"}]""")]
    public void What_a_partner_put_on_its_copy_stays_there(string element, string json)
    {
        var copy =
            $$$"""{"resourceType":"Task","id":"7","meta":{"versionId":"4"},"status":"accepted","intent":"order","{{{element}}}":{{{json}}}}""";

        foreach (var without in new[] { [], NoticePayload.StaysHere })
        {
            var task = JsonNode.Parse(
                CopyPayload.Task(Samples.Package("cancel", "cancelled"), Partner, Encoding.UTF8.GetBytes(copy), without)
            )!;

            Assert.Equal(JsonNode.Parse(json)!.ToJsonString(), task[element]!.ToJsonString());
            Assert.Equal("cancelled", (string?)task["status"]);
            Assert.Equal("7", (string?)task["id"]);
            Assert.Equal("urgent", (string?)task["priority"]);
            Assert.Equal(without.Length == 0, task["note"] is not null);
            Assert.Equal(without.Length == 0, task["description"] is not null);
        }
    }

    [Fact]
    public void Notes_of_both_stand_side_by_side_and_none_twice()
    {
        const string Copy =
            """{"resourceType":"Task","id":"7","status":"accepted","note":[{"text":"We come at noon","authorReference":{"reference":"Practitioner/12"}},{"text":"Ring twice"}]}""";

        var task = JsonNode.Parse(
            CopyPayload.Task(Samples.Package("update", "accepted"), Partner, Encoding.UTF8.GetBytes(Copy))
        )!;

        Assert.Equal(["We come at noon", "Ring twice"], task["note"]!.AsArray().Select(n => (string?)n!["text"]));
        Assert.Equal("Practitioner/12", (string?)task["note"]![0]!["authorReference"]!["reference"]);
    }

    [Theory]
    [InlineData("accepted", "accepted", true)]
    [InlineData("accepted", "cancelled", false)]
    public void A_reason_goes_with_the_status_that_it_was_given_for(string there, string here, bool stays)
    {
        var copy =
            $$"""{"resourceType":"Task","id":"7","status":"{{there}}","businessStatus":{"text":"on the way"} }""";

        var task = JsonNode.Parse(
            CopyPayload.Task(Samples.Package("update", here), Partner, Encoding.UTF8.GetBytes(copy))
        )!;

        Assert.Equal(stays, task["businessStatus"] is not null);
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

        var task = JsonNode.Parse(TaskPayload.Build(package, Partner))!;

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
            TaskPayload.Build(package, Partner)
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
            NoticePayload.Build(Samples.Package(), Partner)
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
            "statusReason":{"coding":[{"system":"http://example.org/reasons","code":"asked","display":"Asked for"}],"text":"Asked for"},"priority":"urgent","description":"Food box for the family","restriction":{"period":{"end":"2026-03-09T10:00:00Z"}},"lastModified":"2026-03-02T10:15:30Z","note":[{"text":"Ring twice"}]}}]}
            """,
            TransactionPayload.Update(
                Partner,
                [
                    request with
                    {
                        Task = CopyPayload.Request(package, Partner, request.Task),
                    },
                    task with
                    {
                        Task = CopyPayload.Task(package, Partner, task.Task),
                    },
                ]
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
