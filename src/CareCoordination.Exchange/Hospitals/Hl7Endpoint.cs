using System.Buffers;
using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Exchange.Settings;
using CareCoordination.Hl7v2.Acknowledgements;
using CareCoordination.Hl7v2.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace CareCoordination.Exchange.Hospitals;

/// <summary>
/// Messages of HL7 v2 over HTTP: <c>POST /hl7v2</c> with one message as it is, and its acknowledgement as the answer.
/// https://hapifhir.github.io/hapi-hl7v2/hapi-hl7overhttp/specification.html
/// </summary>
public sealed class Hl7Endpoint(HospitalOptions options, Hl7Intake intake, ILogger<Hl7Endpoint> log)
{
    public const string Path = "/hl7v2";
    public const string MediaType = "application/hl7-v2";
    public const string Er7 = "x-application/hl7-v2+er7";

    /// <summary>Nothing is there where nobody may send.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        if (options.Senders is not null)
            routes.MapPost(Path, (Delegate)AnswerAsync);
    }

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        if (!IsTaken(context.Request.ContentType))
            return Results.Text($"Send one message as {Er7}.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        if (await ReadAsync(context.Request, context.RequestAborted) is not { } message)
        {
            return Results.Text(
                $"The message is longer than {options.MaxMessageBytes} bytes.",
                statusCode: StatusCodes.Status413PayloadTooLarge
            );
        }

        var answered = await intake.TakeAsync(message, context.RequestAborted);
        Log.Tell(log, answered.Verdict);
        // What is sent back for one message is one body: in enhanced mode both acknowledgements, one behind the other.
        byte[] body = [.. answered.Answers.SelectMany(a => a)];
        context.Response.StatusCode = body.Length == 0 && answered.Verdict.IsTaken ? 204 : Status(answered.Verdict);
        return body.Length == 0 ? Results.Empty : Results.Bytes(body, Er7);
    }

    /// <summary>503 for what may be sent again as it is.</summary>
    private static int Status(Verdict verdict) =>
        verdict.IsTaken ? StatusCodes.Status200OK
        : verdict.Faults.Any(f => f.Code == ErrorCode.InternalError) ? StatusCodes.Status503ServiceUnavailable
        : verdict.Reached == Stage.Accept ? StatusCodes.Status400BadRequest
        : StatusCodes.Status422UnprocessableEntity;

    /// <summary>The character set is that of the message, whatever the header says.</summary>
    private static bool IsTaken(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Value is { } name
        && (
            name.Equals(Er7, StringComparison.OrdinalIgnoreCase)
            || name.Equals(MediaType, StringComparison.OrdinalIgnoreCase)
        );

    private async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > options.MaxMessageBytes)
            return null;
        var message = new ArrayBufferWriter<byte>(Math.Max(1024, (int)(request.ContentLength ?? 0)));
        while (await request.Body.ReadAsync(message.GetMemory(4096), cancellationToken) is var read and > 0)
        {
            message.Advance(read);
            if (message.WrittenCount > options.MaxMessageBytes)
                return null;
        }

        return message.WrittenMemory;
    }
}
