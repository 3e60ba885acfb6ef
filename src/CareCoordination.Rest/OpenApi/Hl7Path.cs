using System.Text.Json.Nodes;
using CareCoordination.Fhir.R4;
using Microsoft.OpenApi;

namespace CareCoordination.Rest.OpenApi;

/// <summary>The door of HL7 v2, which is no FHIR: one message as it is, and its acknowledgement. docs/hl7v2.md</summary>
internal static class Hl7Path
{
    public const string Path = "/hl7v2";
    public const string Er7 = "x-application/hl7-v2+er7";
    public const string Other = "application/hl7-v2";

    private const string Discharge =
        "MSH|^~\\&|EPICADT|NORTH|CARE|HUB|20261120101000||ADT^A03^ADT_A03|7|P|2.5.1\r"
        + "EVN||20261120101000\r"
        + "PID|||4711^^^NMRN^MR||Okafor^Ada||19480317|F\r"
        + "PV1||I|4W^1^A||||||||||||||||9001^^^NCSN|||||||||||||||||01||||||||20261116093000|20261120100500\r";

    private const string Taken =
        "MSH|^~\\&|CARE|HUB|EPICADT|NORTH|20261120101001+0000||ACK^A03^ACK|a1|P|2.5.1\rMSA|AA|7\r";

    private const string Refused =
        "MSH|^~\\&|CARE|HUB|EPICADT|NORTH|20261120101001+0000||ACK^A03^ACK|a1|P|2.5.1\r"
        + "MSA|AE|7|PID-3.4: ...\r"
        + "ERR||PID^1^3^1^4|204^Unknown key identifier^HL70357|E||||PID-3.4: ...\r";

    public static void Add(OpenApiDocument document, SchemaComponents schemas)
    {
        document.Paths[Path] = new OpenApiPathItem
        {
            Operations = new()
            {
                [HttpMethod.Post] = new OpenApiOperation
                {
                    OperationId = "hl7v2-System",
                    Summary = "Takes in one ADT message of HL7 v2, as a hospital sends it, and acknowledges it.",
                    Description =
                        "What a message becomes, and who may send, stands in docs/hl7v2.md. The character set is that of the message (MSH-18). "
                        + "The example is of a sender of samples/hl7v2/senders.json.",
                    Tags = new HashSet<OpenApiTagReference> { new(ApiTags.System, document) },
                    RequestBody = new OpenApiRequestBody
                    {
                        Required = true,
                        Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal)
                        {
                            [Er7] = Text(Discharge),
                            [Other] = Text(Discharge),
                        },
                    },
                    Responses = Answers(schemas),
                },
            },
        };
    }

    private static OpenApiResponses Answers(SchemaComponents schemas) =>
        new()
        {
            ["200"] = Acknowledged(
                "Taken, also where somebody has to look at it first. In enhanced mode both acknowledgements, one behind the other.",
                Taken
            ),
            ["204"] = new OpenApiResponse { Description = "Taken, and no answer is asked for (MSH-15, MSH-16)." },
            ["400"] = Acknowledged("Not read, of a kind that is not taken, or of nobody who is known.", Refused),
            ["413"] = Sentence("The message is longer than Transitions:MaxMessageBytes."),
            ["415"] = Sentence("The body is of another type."),
            ["422"] = Acknowledged("Read and refused, with the place in the message.", Refused),
            ["501"] = new OpenApiResponse
            {
                Description = "No profiles of senders are configured: Transitions:SendersPath.",
                Content = Content.Fhir(schemas.Of(ResourceTypes.OperationOutcome)),
            },
            ["503"] = Acknowledged("It may be sent again as it is.", Refused),
        };

    private static OpenApiResponse Acknowledged(string description, string example) =>
        new()
        {
            Description = description,
            Content = new Dictionary<string, IOpenApiMediaType>(StringComparer.Ordinal) { [Er7] = Text(example) },
        };

    private static OpenApiResponse Sentence(string description) =>
        new() { Description = description, Content = Content.Of("text/plain", Content.Text()) };

    private static OpenApiMediaType Text(string example) =>
        new() { Schema = Content.Text(), Example = JsonValue.Create(example) };
}
