using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Application.Operations;

/// <summary>
/// The definitions of this server's operations, search parameters, extensions, codes and identifiers, and itself as a Device.
/// https://hl7.org/fhir/R4/operationdefinition.html
/// </summary>
public static class ServedDefinitions
{
    private const string AllowedType = "http://hl7.org/fhir/StructureDefinition/operationdefinition-allowed-type";

    /// <param name="care">Whose rules name codes of their own.</param>
    public static IEnumerable<BuiltIn> Of(OperationTable operations, CareOptions care) =>
        [
            .. operations.All.Select(o => new BuiltIn(
                new(ResourceTypes.OperationDefinition, o.Id),
                baseUrl => Write(o, baseUrl)
            )),
            .. CareSearchParameters.All.Select(CareSearchParameters.ToBuiltIn),
            .. OwnExtensions.All.Select(ExtensionDefinition.ToBuiltIn),
            .. OwnCodeSystems.Of(care, Acts(operations)).SelectMany(s => s.ToBuiltIns()),
            .. OwnIdentifiers.All,
            .. OwnQuestionnaires.All,
            .. OwnViews.All,
            new(new("Device", ServerAgent.Id), _ => ServerAgent.Device),
        ];

    /// <summary>What a Provenance can name: one code for what has the same name of several types.</summary>
    private static IEnumerable<OwnCode> Acts(OperationTable operations) =>
        operations
            .All.Where(o => o.MayAffectState)
            .GroupBy(o => o.Name, StringComparer.Ordinal)
            .Select(g => new OwnCode(g.Key, string.Join(' ', g.Select(o => $"{o.ResourceType}: {o.Description}"))));

    public static string UrlOf(Operation operation, string baseUrl) => $"{baseUrl}/OperationDefinition/{operation.Id}";

    private static byte[] Write(Operation operation, string baseUrl)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (
            var json = new Utf8JsonWriter(
                buffer,
                new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "OperationDefinition"u8);
            json.WriteString("id"u8, operation.Id);
            json.WriteString("url"u8, UrlOf(operation, baseUrl));
            json.WriteString("name"u8, string.Concat(operation.Id.Split('-').Select(Capitalised)));
            json.WriteString(
                "title"u8,
                operation.IsOnSystem
                    ? $"{operation.Code} of the server"
                    : $"{operation.Code} of {operation.ResourceType}"
            );
            json.WriteString("status"u8, "active"u8);
            json.WriteString("kind"u8, "operation"u8);
            json.WriteString("description"u8, operation.Description);
            json.WriteBoolean("affectsState"u8, operation.MayAffectState);
            json.WriteString("code"u8, operation.Name);
            if (operation.StandardDefinition is { } standard)
                json.WriteString("base"u8, standard);
            if (!operation.IsOnSystem)
            {
                json.WriteStartArray("resource"u8);
                // R4 has no code for an additional type.
                json.WriteStringValue(
                    R4Definitions.Schema[operation.ResourceType].IsAdditional
                        ? "DomainResource"
                        : operation.ResourceType
                );
                json.WriteEndArray();
            }

            json.WriteBoolean("system"u8, operation.IsOnSystem);
            json.WriteBoolean("type"u8, operation.IsOnType);
            json.WriteBoolean("instance"u8, operation.IsOnInstance);
            json.WriteStartArray("parameter"u8);
            foreach (var parameter in operation.Parameters)
                Write(json, parameter);
            WriteAnswer(json, operation.Answer);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteAnswer(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, "return"u8);
        json.WriteString("use"u8, "out"u8);
        json.WriteNumber("min"u8, 1);
        json.WriteString("max"u8, "1"u8);
        json.WriteString("type"u8, type);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, OperationParameter parameter)
    {
        json.WriteStartObject();
        // R4 has one type per parameter; where several will do, Element and this extension say which.
        if (parameter.Types.Length > 1)
        {
            json.WriteStartArray("extension"u8);
            foreach (var type in parameter.Types)
            {
                json.WriteStartObject();
                json.WriteString("url"u8, AllowedType);
                json.WriteString("valueUri"u8, type);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteString("name"u8, parameter.Name);
        json.WriteString("use"u8, "in"u8);
        json.WriteNumber("min"u8, parameter.IsRequired || parameter.IsNeededByRule ? 1 : 0);
        json.WriteString("max"u8, parameter.IsRepeatable ? "*"u8 : "1"u8);
        json.WriteString("documentation"u8, parameter.Documentation);
        if (parameter.Types.Length > 0)
            json.WriteString("type"u8, parameter.Types is [not "*" and var only] ? only : "Element");
        if (!parameter.Parts.IsEmpty)
        {
            json.WriteStartArray("part"u8);
            foreach (var part in parameter.Parts)
                Write(json, part);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static string Capitalised(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
