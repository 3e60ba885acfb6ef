using System.Globalization;
using System.Text.Json.Nodes;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>A stay of an invented patient in an invented hospital, and the messages that the hospital makes of it.</summary>
internal sealed class Hospital
{
    public const string Alerts = "http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event";
    public const string Own = "https://carecoordination.example/fhir/CodeSystem/transition-event";

    private const string Organization =
        """{"resourceType":"Organization","identifier":[{"system":"urn:oid:2.16.840.1.113883.4.6","value":"1234567893"}],"name":"North Harbor Hospital","active":true}""";

    private int _messages;

    public Hospital(string? visit = null, string? person = null)
    {
        Visit = visit ?? Given.Id("visit");
        Person = person ?? Given.Id("mrn");
    }

    public string Visit { get; }

    public string Person { get; }

    public string Family { get; init; } = "Okafor" + Guid.NewGuid().ToString("N")[..8];

    public string BirthDate { get; init; } = "1948-03-17";

    public string Class { get; set; } = "IMP";

    public string Start { get; set; } = "2026-11-16T09:30:00Z";

    public string End { get; set; } = "2026-11-20T16:05:00Z";

    public string? Disposition { get; set; } = "home";

    public List<string> More { get; } = [];

    public string Admit(string at) => Message("notification-admit", at);

    public string Transfer(string at) => Message("notification-transfer", at);

    public string Discharge(string at) => Message("notification-discharge", at, isOver: true);

    public string Update(string at, bool isOver = false) => Message("update", at, isOver);

    public string CancelAdmit(string at) => Message("cancel-admit", at);

    public string CancelTransfer(string at) => Message("cancel-transfer", at);

    public string CancelDischarge(string at) => Message("cancel-discharge", at);

    /// <param name="at">When the hospital says it.</param>
    public string Message(string code, string at, bool isOver = false, string? id = null, string? bundle = null)
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"{Visit}-{++_messages}");
        var system = code.StartsWith("notification", StringComparison.Ordinal) ? Alerts : Own;
        string[] entries =
        [
            Entry(
                "m",
                $$$"""{"resourceType":"MessageHeader","id":"{{{id ?? "h-" + number}}}","eventCoding":{"system":"{{{system}}}","code":"{{{code}}}"},"source":{"endpoint":"https://hospital.example/fhir/$process-message"},"focus":[{"reference":"urn:uuid:{{{Uuid("e")}}}"}]}"""
            ),
            Entry("e", Encounter(isOver)),
            Entry("p", Patient()),
            Entry("o", Organization),
            .. More.Select((resource, i) => Entry($"x{i}", resource)),
        ];
        return $$"""{"resourceType":"Bundle","id":"{{bundle ?? "b-" + number}}","type":"message","timestamp":"{{at}}","entry":[{{string.Join(',', entries)}}]}""";
    }

    /// <summary>A discharge summary.</summary>
    public string Document(string at)
    {
        string[] entries =
        [
            Entry(
                "c",
                $$$"""{"resourceType":"Composition","status":"final","type":{"coding":[{"system":"http://loinc.org","code":"18842-5"}]},"subject":{{{Reference("p")}}},"encounter":{{{Reference("e")}}},"date":"{{{at}}}","author":[{{{Reference("o")}}}],"custodian":{{{Reference("o")}}},"title":"Discharge summary"}"""
            ),
            Entry("e", Encounter(isOver: true)),
            Entry("p", Patient()),
            Entry("o", Organization),
            .. More.Select((resource, i) => Entry($"x{i}", resource)),
        ];
        return $$"""{"resourceType":"Bundle","identifier":{"system":"urn:hospital:document","value":"{{Visit}}"},"type":"document","timestamp":"{{at}}","entry":[{{string.Join(',', entries)}}]}""";
    }

    public string Reference(string entry) => $$"""{"reference":"urn:uuid:{{Uuid(entry)}}"}""";

    public string Patient() =>
        $$"""{"resourceType":"Patient","identifier":[{"system":"urn:hospital:mrn","value":"{{Person}}"}],"name":[{"family":"{{Family}}","given":["Ada"]}],"gender":"female","birthDate":"{{BirthDate}}","telecom":[{"system":"phone","value":"{{Person}}"}]}""";

    private string Encounter(bool isOver)
    {
        var encounter = JsonNode.Parse(
            $$$"""{"resourceType":"Encounter","identifier":[{"system":"urn:hospital:visit","value":"{{{Visit}}}"}],"status":"{{{(isOver ? "finished" : "in-progress")}}}","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{{{Class}}}"},"subject":{{{Reference("p")}}},"period":{"start":"{{{Start}}}"},"serviceProvider":{{{Reference("o")}}}}"""
        )!;
        if (!isOver)
            return encounter.ToJsonString();
        encounter["period"]!["end"] = End;
        if (Disposition is { } disposition)
            encounter["hospitalization"] = JsonNode.Parse(
                $$$"""{"dischargeDisposition":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/discharge-disposition","code":"{{{disposition}}}"}]}}"""
            );
        return encounter.ToJsonString();
    }

    private string Entry(string name, string resource) =>
        $$"""{"fullUrl":"urn:uuid:{{Uuid(name)}}","resource":{{resource}}}""";

    private string Uuid(string entry) =>
        new Guid(
            System
                .Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Visit + entry))
                .AsSpan(0, 16)
        ).ToString();
}
