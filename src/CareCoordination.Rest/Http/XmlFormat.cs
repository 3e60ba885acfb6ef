using System.Buffers;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Http;

/// <summary>How FHIR XML is read and written. Everything behind this edge is JSON. https://hl7.org/fhir/R4/xml.html</summary>
/// <param name="ToJson">The JSON of a resource that was sent as XML, or why it is none.</param>
/// <param name="Write">Writes the JSON of a resource as a document of its own.</param>
/// <param name="WriteEntry">Writes the JSON of a Bundle's entry as an element.</param>
public sealed record XmlFormat(
    Func<ReadOnlyMemory<byte>, Result<ReadOnlyMemory<byte>>> ToJson,
    WriteXml Write,
    WriteXml WriteEntry
);

/// <param name="isPretty">With line breaks, for people.</param>
public delegate void WriteXml(ReadOnlyMemory<byte> json, bool isPretty, IBufferWriter<byte> output);
