using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using CareCoordination.Fhir.Outcomes;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Utility;
using Issue = CareCoordination.Fhir.Outcomes.Issue;

namespace CareCoordination.Formats;

/// <summary>
/// FHIR XML: from the JSON that is stored, and to the JSON that is validated and stored. Firely's SDK reads and writes; what it
/// would change of a value (the digits of a decimal) is kept by <see cref="ExactXmlReader"/>, <see cref="ExactJsonSerializer"/> and
/// <see cref="StoredJson"/>. https://hl7.org/fhir/R4/xml.html
/// </summary>
public static class FhirXml
{
    private const int MaxIssues = 50;

    // Twice as many levels of JSON: each element that repeats is an object in an array.
    private const int MaxJsonDepth = 2 * ExactXmlReader.MaxDepth;

    /// <summary>
    /// What is no syntax is not judged here: the JSON that comes out is validated by our own rules. That values are trimmed is as
    /// XML wants it. https://hl7.org/fhir/R4/xml.html
    /// </summary>
    private static readonly DeserializerSettings Settings = new()
    {
        Validator = SyntaxOnly.Instance,
        ExceptionFilter = e => e.ErrorCode == FhirXmlException.STRING_SHOULD_NOT_HAVE_LEADING_OR_TRAILING_WHITESPACE,
    };

    /// <summary>What is stored was judged when it came in, and is shown as it is.</summary>
    private static readonly DeserializerSettings StoredSettings = Settings with { ExceptionFilter = _ => true };

    private static readonly JsonReaderOptions JsonReading = new() { MaxDepth = MaxJsonDepth };

    private static readonly JsonWriterOptions JsonWriting = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The JSON of a resource that was sent as XML; 400 with the places where it is no FHIR XML.</summary>
    public static Result<ReadOnlyMemory<byte>> ToJson(ReadOnlyMemory<byte> xml)
    {
        using var reader = ExactXmlReader.Open(xml);
        try
        {
            var isRead = new FhirXmlDeserializer(Settings).TryDeserializeResource(
                reader,
                out var resource,
                out var faults
            );
            if (!isRead || resource is null)
                return Refusal(faults);
            var buffer = new ArrayBufferWriter<byte>(xml.Length + 256);
            using (var json = new Utf8JsonWriter(buffer, JsonWriting))
                ExactJsonSerializer.Instance.Serialize(resource, json);
            return buffer.WrittenMemory;
        }
        catch (XmlException e)
        {
            return Failure.Invalid(IssueCode.Structure, Explain(e, xml.Span));
        }
        catch (Exception e)
            when (e is InvalidOperationException or ArgumentException or InvalidCastException or NotSupportedException)
        {
            // So Firely answers what is not even shaped like a resource, as text between elements.
            return Failure.Invalid(
                IssueCode.Structure,
                $"The body is no resource in FHIR XML: no element of FHIR is like what stands here. (line {reader.LineNumber}, position {reader.LinePosition})"
            );
        }
    }

    /// <summary>Writes one resource as a document.</summary>
    public static void Write(ReadOnlyMemory<byte> json, bool isPretty, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(StoredJson.Prepare(json), JsonReading);
        new FhirJsonDeserializer(StoredSettings).TryDeserializeResource(ref reader, out var resource, out _);
        if (resource is not null)
            Write(resource, null, isPretty, output);
    }

    /// <summary>Writes one entry of a Bundle as an element, so that a Bundle need not be in memory as a whole.</summary>
    public static void WriteEntry(ReadOnlyMemory<byte> json, bool isPretty, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(StoredJson.Prepare(json), JsonReading);
        new FhirJsonDeserializer(StoredSettings).TryDeserializeObject(
            typeof(Bundle.EntryComponent),
            ref reader,
            out var entry,
            out _
        );
        if (entry is not null)
            Write(entry, "entry", isPretty, output);
    }

    private static void Write(Base element, string? name, bool isPretty, IBufferWriter<byte> output)
    {
        using var stream = new BufferStream(output);
        using var xml = XmlWriter.Create(
            stream,
            new XmlWriterSettings
            {
                Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
                Indent = isPretty,
                NewLineChars = "\n",
                OmitXmlDeclaration = name is not null,
            }
        );
        ExactXmlSerializer.Instance.Serialize(element, xml, rootName: name);
    }

    private static Failure Refusal(IEnumerable<CodedException> faults)
    {
        Issue[] issues = [.. faults.Take(MaxIssues).Select(Describe)];
        return issues.Length == 0
            ? Failure.Invalid(IssueCode.Structure, "The body is no resource in FHIR XML.")
            : Failure.Invalid([.. issues]);
    }

    private static Issue Describe(CodedException fault) =>
        fault is ExtendedCodedException { LineNumber: { } line, Position: { } position } placed
            ? Issue.Error(
                IssueCode.Structure,
                $"{placed.BaseErrorMessage} (line {line}, position {position})",
                placed.InstancePath
            )
            : Issue.Error(IssueCode.Structure, fault.Message);

    private static string Explain(XmlException e, ReadOnlySpan<byte> xml) =>
        e is XmlTooDeepException ? $"The XML is nested more than {ExactXmlReader.MaxDepth} levels deep."
        : xml.IndexOf("<!DOCTYPE"u8) >= 0
            ? "The XML has a document type declaration, which FHIR does not have: send it without DOCTYPE and entities."
        : $"The body is not well-formed XML: line {e.LineNumber}, position {e.LinePosition}.";
}
