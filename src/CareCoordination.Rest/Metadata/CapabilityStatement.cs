using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search;
using CareCoordination.Rest.Routing;

namespace CareCoordination.Rest.Metadata;

/// <summary>
/// The CapabilityStatement, written once from the <see cref="InteractionTable"/> and the search parameters: what it claims is
/// what is routed. https://hl7.org/fhir/R4/capabilitystatement.html
/// </summary>
public sealed class CapabilityStatement
{
    // A statement changes when the server does, and says so by its release's date.
    private const string Date = "2026-11-22";

    private const string BaseUrlMark = "http://base.invalid";

    private readonly Func<OAuthAddresses?, Printed> _print;
    private readonly RestSecurity _security;
    private Printed _printed;

    public CapabilityStatement(FhirDefinitions definitions, InteractionTable table, RestSecurity security)
    {
        _security = security;
        _print = addresses => Print(definitions, table, security, addresses);
        _printed = _print(null);
    }

    /// <summary>The statement as it is now: where apps get a token may become known after the start.</summary>
    internal Printed Now()
    {
        var addresses = _security.Addresses();
        var printed = Volatile.Read(ref _printed);
        if (addresses == printed.Addresses)
            return printed;
        // Who comes at the same time prints it too, which harms nobody.
        printed = _print(addresses);
        Volatile.Write(ref _printed, printed);
        return printed;
    }

    private static Printed Print(
        FhirDefinitions definitions,
        InteractionTable table,
        RestSecurity security,
        OAuthAddresses? addresses
    )
    {
        var buffer = new ArrayBufferWriter<byte>(512 * 1024);
        using (
            var json = new Utf8JsonWriter(
                buffer,
                new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
            Write(json, definitions, table.All, security, addresses);
        return new Printed(
            addresses,
            $"W/\"{StableHash.Of(buffer.WrittenSpan, 0).Key:x16}\"",
            [.. Split(buffer.WrittenSpan)]
        );
    }

    /// <summary>A statement that was written.</summary>
    /// <param name="Addresses">Those that stand in it.</param>
    /// <param name="EntityTag">Changes with the statement, and is the same on every node.</param>
    /// <param name="Pieces">The text between the places where the base of this server stands.</param>
    internal sealed record Printed(OAuthAddresses? Addresses, string EntityTag, ImmutableArray<byte[]> Pieces)
    {
        /// <summary>The statement as the client knows this server.</summary>
        public byte[] For(string baseUrl)
        {
            var text = Encoding.UTF8.GetBytes(JsonEncodedText.Encode(baseUrl).ToString());
            var statement = new byte[Pieces.Sum(p => p.Length) + (text.Length * (Pieces.Length - 1))];
            var at = 0;
            for (var i = 0; i < Pieces.Length; i++)
            {
                if (i > 0)
                {
                    text.CopyTo(statement, at);
                    at += text.Length;
                }

                Pieces[i].CopyTo(statement, at);
                at += Pieces[i].Length;
            }

            return statement;
        }
    }

    private static List<byte[]> Split(ReadOnlySpan<byte> statement)
    {
        var mark = Encoding.UTF8.GetBytes(BaseUrlMark);
        var pieces = new List<byte[]>();
        for (int at; (at = statement.IndexOf(mark)) >= 0; statement = statement[(at + mark.Length)..])
            pieces.Add(statement[..at].ToArray());
        pieces.Add(statement.ToArray());
        return pieces;
    }

    private static void Write(
        Utf8JsonWriter json,
        FhirDefinitions definitions,
        ImmutableArray<InteractionDefinition> table,
        RestSecurity security,
        OAuthAddresses? addresses
    )
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "CapabilityStatement"u8);
        json.WriteString("status"u8, "active"u8);
        json.WriteString("date"u8, Date);
        json.WriteString("kind"u8, "instance"u8);
        json.WriteStartObject("software"u8);
        json.WriteString("name"u8, "CareCoordination"u8);
        json.WriteString("version"u8, typeof(CapabilityStatement).Assembly.GetName().Version!.ToString(3));
        json.WriteEndObject();
        json.WriteStartObject("implementation"u8);
        json.WriteString("description"u8, "CareCoordination FHIR server"u8);
        json.WriteString("url"u8, BaseUrlMark);
        json.WriteEndObject();
        json.WriteString("fhirVersion"u8, "4.0.1"u8);
        Strings(json, "format"u8, ["application/fhir+json", "json", "application/fhir+xml", "xml"]);
        Strings(json, "patchFormat"u8, ["application/fhir+json", "application/fhir+xml", PatchBody.JsonPatchType]);
        json.WriteStartArray("rest"u8);
        json.WriteStartObject();
        json.WriteString("mode"u8, "server"u8);
        security.Write(json, addresses);
        json.WriteStartArray("resource"u8);
        // R4 has no code for an additional type, and clients refuse a statement with codes they do not know.
        foreach (
            var type in definitions.Schema.Resources.Where(t => t.Name != RouteNode.NeverStored && !t.IsAdditional)
        )
            WriteResource(json, type, definitions, table);
        json.WriteEndArray();
        Codes(json, "interaction"u8, SystemInteractions(table));
        WriteOperations(json, table.Where(d => d.IsOnSystem));
        Strings(json, "compartment"u8, ["http://hl7.org/fhir/CompartmentDefinition/patient"]);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteResource(
        Utf8JsonWriter json,
        TypeDefinition type,
        FhirDefinitions definitions,
        ImmutableArray<InteractionDefinition> table
    )
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type.Name);
        json.WriteString("profile"u8, $"http://hl7.org/fhir/StructureDefinition/{type.Name}");
        Codes(json, "interaction"u8, table.Where(IsOnType).Select(d => d.Code).Distinct(StringComparer.Ordinal));
        json.WriteString("versioning"u8, "versioned-update"u8);
        json.WriteBoolean("readHistory"u8, true);
        json.WriteBoolean("updateCreate"u8, true);
        json.WriteBoolean("conditionalCreate"u8, true);
        json.WriteString("conditionalRead"u8, "full-support"u8);
        json.WriteBoolean("conditionalUpdate"u8, true);
        json.WriteString("conditionalDelete"u8, "single"u8);
        Strings(json, "referencePolicy"u8, ["literal", "logical", "local"]);
        var parameters = definitions.SearchParameters.Of(type.Name);
        Strings(json, "searchInclude"u8, [.. Includes(type.Name, definitions)]);
        Strings(json, "searchRevInclude"u8, [.. RevIncludes(type.Name, definitions)]);
        json.WriteStartArray("searchParam"u8);
        WriteParameter(json, "_id", "http://hl7.org/fhir/SearchParameter/Resource-id", "token");
        WriteParameter(json, "_lastUpdated", "http://hl7.org/fhir/SearchParameter/Resource-lastUpdated", "date");
        foreach (var parameter in parameters)
            WriteParameter(json, parameter.Code, parameter.Url, parameter.Type.ToString().ToLowerInvariant());
        json.WriteEndArray();
        WriteOperations(
            json,
            table.Where(d => d.IsOperation && !d.IsOnSystem && (d.OnlyType ?? type.Name) == type.Name)
        );
        json.WriteEndObject();
    }

    private static bool IsOnType(InteractionDefinition definition) =>
        !definition.IsOperation && definition.Template.StartsWith("{type}", StringComparison.Ordinal);

    private static IEnumerable<string> SystemInteractions(ImmutableArray<InteractionDefinition> table) =>
        table
            .Where(d => !d.IsOperation && !IsOnType(d) && d is { OnlyType: null, Code: not "capabilities" })
            .DistinctBy(d => d.Code, StringComparer.Ordinal)
            .SelectMany(d => d.Code == "transaction" ? ["transaction", "batch"] : (string[])[d.Code]);

    private static IEnumerable<string> Includes(string type, FhirDefinitions definitions)
    {
        var references = definitions
            .SearchParameters.Of(type)
            .Where(p => p.Type == SearchParameterType.Reference)
            .ToList();
        return references.Count == 0 ? [] : references.Select(p => $"{type}:{p.Code}").Prepend($"{type}:*");
    }

    private static IEnumerable<string> RevIncludes(string type, FhirDefinitions definitions) =>
        from source in definitions.Schema.Resources
        from parameter in definitions.SearchParameters.Of(source.Name)
        where parameter.Type == SearchParameterType.Reference && parameter.Targets.Contains(type)
        select $"{source.Name}:{parameter.Code}";

    private static void WriteParameter(Utf8JsonWriter json, string name, string definition, string type)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("definition"u8, definition);
        json.WriteString("type"u8, type);
        json.WriteEndObject();
    }

    private static void WriteOperations(Utf8JsonWriter json, IEnumerable<InteractionDefinition> operations)
    {
        json.WriteStartArray("operation"u8);
        foreach (var definition in operations.DistinctBy(d => d.Code, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, definition.Code.AsSpan(1));
            json.WriteString(
                "definition"u8,
                definition.Operation is { } own
                    ? ServedDefinitions.UrlOf(own, BaseUrlMark)
                    : $"http://hl7.org/fhir/OperationDefinition/{DefinedFor(definition)}-{definition.Code[1..]}"
            );
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The type in the id of R4's own definition.</summary>
    private static string DefinedFor(InteractionDefinition definition) =>
        definition.IsOnSystem ? ResourceTypes.MessageHeader : definition.OnlyType ?? "Resource";

    private static void Codes(Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<string> codes)
    {
        json.WriteStartArray(name);
        foreach (var code in codes)
        {
            json.WriteStartObject();
            json.WriteString("code"u8, code);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Strings(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
