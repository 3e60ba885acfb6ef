using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CareCoordination.Fhir.Canonicals;

namespace CareCoordination.Fhir.Outcomes;

/// <summary>Writes issues as a resource. https://hl7.org/fhir/R4/operationoutcome.html</summary>
public static class OperationOutcome
{
    /// <summary>The code system of <see cref="Issue.Code"/>. https://hl7.org/fhir/R4/codesystem-issue-type.html</summary>
    public const string CodeSystem = "http://hl7.org/fhir/issue-type";

    /// <summary>The code system of <see cref="Issue.Details"/>.</summary>
    public const string DetailsSystem = OwnCanonical.CodeSystems + "care-rule";

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The UTF-8 JSON of an OperationOutcome with these issues, or with one "all ok" where there is none.</summary>
    public static byte[] ToUtf8Json(IEnumerable<Issue> issues)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
            Write(writer, issues);
        return buffer.WrittenSpan.ToArray();
    }

    public static void Write(Utf8JsonWriter writer, IEnumerable<Issue> issues)
    {
        writer.WriteStartObject();
        writer.WriteString("resourceType"u8, "OperationOutcome"u8);
        writer.WriteStartArray("issue"u8);
        var any = false;
        foreach (var issue in issues)
        {
            any = true;
            WriteIssue(writer, issue);
        }

        if (!any)
            WriteIssue(writer, Issue.Information("All OK"));
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteIssue(Utf8JsonWriter writer, Issue issue)
    {
        writer.WriteStartObject();
        writer.WriteString("severity"u8, SeverityCode(issue.Severity));
        writer.WriteString("code"u8, Code(issue.Code));
        if (issue.Details is { } rule)
            WriteDetails(writer, DetailsSystem, rule);
        else if (issue.RepeatsCode)
            WriteDetails(writer, CodeSystem, Code(issue.Code));

        writer.WriteString("diagnostics"u8, issue.Diagnostics);
        if (issue.Expression is not null)
        {
            writer.WriteStartArray("expression"u8);
            writer.WriteStringValue(issue.Expression);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter writer, string system, string code)
    {
        writer.WriteStartObject("details"u8);
        writer.WriteStartArray("coding"u8);
        writer.WriteStartObject();
        writer.WriteString("system"u8, system);
        writer.WriteString("code"u8, code);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static string SeverityCode(IssueSeverity severity) =>
        severity switch
        {
            IssueSeverity.Fatal => "fatal",
            IssueSeverity.Error => "error",
            IssueSeverity.Warning => "warning",
            _ => "information",
        };

    /// <summary>The code as FHIR spells it: <c>not-found</c> for <see cref="IssueCode.NotFound"/>.</summary>
    public static string Code(IssueCode code) => CodeNames[(int)code];

    private static readonly string[] CodeNames =
    [
        .. Enum.GetValues<IssueCode>()
            .Select(c =>
                string.Concat(
                    c.ToString()
                        .Select(
                            (ch, i) =>
                                char.IsUpper(ch) && i > 0
                                    ? $"-{char.ToLowerInvariant(ch)}"
                                    : $"{char.ToLowerInvariant(ch)}"
                        )
                )
            ),
    ];
}
