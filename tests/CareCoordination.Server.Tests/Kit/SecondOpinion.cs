using System.Text.RegularExpressions;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Utility;

namespace CareCoordination.Server.Tests.Kit;

/// <summary>
/// Every answer of every test is read by Firely's parser in its strictest mode: what this server says is R4 for others too, not only
/// for the core that wrote it.
/// </summary>
internal static partial class SecondOpinion
{
    private static readonly DeserializerSettings Strict = new DeserializerSettings().UsingMode(
        DeserializationMode.Strict
    );

    private static readonly FhirJsonDeserializer Json = new(Strict);

    private static readonly FhirXmlDeserializer Xml = new(Strict);

    /// <summary>What Firely finds fault with in values that clients sent, and why they are right as they are.</summary>
    private static readonly (Regex Fault, string Reason)[] Known =
    [
        (
            UriLiteral(),
            "R4's pattern of uri is any text without spaces; Firely holds urn:uuid:, urn:oid: and http: to their RFCs"
        ),
        (EdgeOfTheCalendar(), "R4's pattern of dateTime has them; in UTC they are outside of .NET's calendar"),
        (LargeDecimal(), "R4's pattern of decimal has any exponent; .NET's decimal has none"),
        (
            Narrative(),
            "R4 lists the elements of a narrative, not where text may stand in a table; see NarrativeXml for a missing namespace"
        ),
    ];

    /// <summary>Fails the test whose answer is no R4.</summary>
    public static void Ask(Uri address, string? contentType, string body)
    {
        var faults = Faults(contentType, body);
        Assert.True(faults.Length == 0, $"{address} as Firely reads it:\n{string.Join('\n', faults)}\n{body}");
    }

    /// <summary>What Firely finds fault with, but for what is known; nothing of what is no resource.</summary>
    public static string[] Faults(string? contentType, string body)
    {
        IEnumerable<CodedException> issues = [];
        // Firely knows the types of R4 only; what it says of Bundles with others in them is that.
        if (body.Length == 0 || body.Contains("\"resourceType\":\"ViewDefinition\"", StringComparison.Ordinal))
            return [];
        if (contentType == "application/fhir+json; charset=utf-8")
            Json.TryDeserializeResource(body, out _, out issues);
        else if (contentType == "application/fhir+xml; charset=utf-8")
            Xml.TryDeserializeResource(body, out _, out issues);
        return
        [
            .. issues
                .Select(i => $"{i.ErrorCode} {i.Message}")
                .Where(fault => !Known.Any(k => k.Fault.IsMatch(fault)))
                .Take(20),
        ];
    }

    [GeneratedRegex(
        "^PVAL124 .* is not a correct literal for a (uri|canonical|url)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex UriLiteral();

    [GeneratedRegex("^PVAL124 string '(0001-01-01|9999-12-31)T", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EdgeOfTheCalendar();

    [GeneratedRegex(
        @"^PVAL123 string '-?\d+(\.\d+)?[eE][+-]?\d{2,}' .* for a decimal",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex LargeDecimal();

    [GeneratedRegex(
        "^PVAL115 .* for Narrative: (Root element of XHTML is not a <div>|The element '(table|tr|tbody|ul|ol)')",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Narrative();
}
