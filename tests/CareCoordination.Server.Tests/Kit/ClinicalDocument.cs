using System.Text;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>The sample of a document in CDA, of an invented stay of its own, and the DocumentReference that brings it.</summary>
internal sealed class ClinicalDocument
{
    private static readonly string Sample = File.ReadAllText(
        Path.Combine(SharedMaterial.Repository, "samples", "transitions", "discharge-summary.xml")
    );

    public string Number { get; } = Given.Id("cda");

    public string Family { get; init; } = "Lindholm" + Guid.NewGuid().ToString("N")[..8];

    public string Start { get; init; } = "202611220210-0500";

    public string End { get; init; } = "202611241040-0500";

    public string Written { get; init; } = "20261124110000-0500";

    public string Disposition { get; init; } = "01";

    public string Xml =>
        Sample
            .Replace("MRN-5521", $"mrn-{Number}", StringComparison.Ordinal)
            .Replace("V-88431", $"visit-{Number}", StringComparison.Ordinal)
            .Replace("CDA-2026-4411", Number, StringComparison.Ordinal)
            .Replace(
                "5b7d0d2c-55ab-4f3e-9d6f-0a54",
                Number.GetHashCode(StringComparison.Ordinal).ToString("x8") + "-55ab-4f3e-9d6f-0a54",
                StringComparison.Ordinal
            )
            .Replace("<family>Lindholm", $"<family>{Family}", StringComparison.Ordinal)
            .Replace("value=\"202611220210-0500\"", $"value=\"{Start}\"", StringComparison.Ordinal)
            .Replace("value=\"202611241040-0500\"", $"value=\"{End}\"", StringComparison.Ordinal)
            .Replace("value=\"20261124110000-0500\"", $"value=\"{Written}\"", StringComparison.Ordinal)
            .Replace(
                "dischargeDispositionCode code=\"01\"",
                $"dischargeDispositionCode code=\"{Disposition}\"",
                StringComparison.Ordinal
            );

    /// <summary>The patient of it, as somebody here knows them.</summary>
    public string Patient(string id, string birthDate = "1943-09-02", string? family = null) =>
        $$"""{"resourceType":"Patient","id":"{{id}}","identifier":[{"system":"urn:here","value":"{{id}}"}],"name":[{"family":"{{family ?? Family}}","given":["Greta"]}],"gender":"female","birthDate":"{{birthDate}}"}""";

    public string Reference(
        string id,
        string patient,
        string? xml = null,
        string? url = null,
        string contentType = "application/cda+xml",
        string type = "18842-5",
        string status = "current"
    ) =>
        $$$"""{"resourceType":"DocumentReference","id":"{{{id}}}","status":"{{{status}}}","type":{"coding":[{"system":"http://loinc.org","code":"{{{type}}}"}]},"subject":{"reference":"Patient/{{{patient}}}"},"content":[{"attachment":{"contentType":"{{{contentType}}}",{{{(url is null ? $"\"data\":\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(xml ?? Xml))}\"" : $"\"url\":\"{url}\"")}}}}}]}""";

    public static string Binary(string id, string xml) =>
        $$"""{"resourceType":"Binary","id":"{{id}}","contentType":"application/cda+xml","data":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(xml))}}"}""";
}
