namespace CareCoordination.Partners.Tests.Kit;

/// <summary>The resources around a referral.</summary>
internal static class PartnerResources
{
    public static string Organization(string id) =>
        $$"""{"resourceType":"Organization","id":"{{id}}","active":true,"name":"{{id}}"}""";

    public static string Patient(string id) =>
        $$"""{"resourceType":"Patient","id":"{{id}}","identifier":[{"system":"urn:ward","value":"{{id}}"}],"name":[{"family":"Lindqvist","given":["Edda"]}],"gender":"female","birthDate":"1948-04-17"}""";

    /// <param name="more">Further properties, each with a comma before it.</param>
    public static string Request(string id, string patient, string priority = "routine", string more = "") =>
        $$$"""{"resourceType":"ServiceRequest","id":"{{{id}}}","status":"active","intent":"order","priority":"{{{priority}}}","category":[{"coding":[{"system":"http://snomed.info/sct","code":"3457005"}]}],"code":{"coding":[{"system":"http://snomed.info/sct","code":"710925007"}]},"subject":{"reference":"{{{patient}}}"},"authoredOn":"2026-03-02","requester":{"reference":"Organization/clinic"},"performer":[{"reference":"Organization/helpers"}]{{{more}}}}""";

    /// <summary>Nothing but where it is.</summary>
    public static string Endpoint(string id, string address) =>
        $$"""{"resourceType":"Endpoint","id":"{{id}}","status":"active","connectionType":{"system":"http://terminology.hl7.org/CodeSystem/endpoint-connection-type","code":"hl7-fhir-rest"},"payloadType":[{"text":"Referral"}],"address":"{{address}}"}""";

    /// <summary>The patient agrees that their data go to the organisation.</summary>
    public static string Consent(string id, string patient, string status = "active") =>
        $$$"""{"resourceType":"Consent","id":"{{{id}}}","status":"{{{status}}}","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},"category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IDSCL"}]}],"patient":{"reference":"{{{patient}}}"},"dateTime":"2026-03-01","organization":[{"reference":"Organization/clinic"}],"policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentpolicycodes","code":"hipaa-auth"}]},"provision":{"type":"permit","actor":[{"role":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"IRCP"}]},"reference":{"reference":"Organization/helpers"}}]}}""";
}
