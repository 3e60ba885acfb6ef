using System.Buffers;
using CareCoordination.Application.Requests;
using CareCoordination.Exchange.Diagnostics;
using CareCoordination.Exchange.Settings;
using CareCoordination.Fhir.Outcomes;
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

    private static readonly Failure NobodyMaySend = Failure.From(
        StatusCodes.Status501NotImplemented,
        IssueCode.NotSupported,
        "This server takes no HL7 v2: Transitions:SendersPath is not set. It names the file with the profiles of those who may send (docs/hl7v2.md)."
    );

    private static readonly Failure OnlyPost = Failure.From(
        StatusCodes.Status405MethodNotAllowed,
        IssueCode.NotSupported,
        $"Send one message of HL7 v2 by POST, as {Er7}."
    );

    /// <summary>Where nobody may send, what to set is the answer.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        if (options.Senders is null)
        {
            routes.Map(Path, () => Outcome(NobodyMaySend));
            return;
        }

        routes.MapPost(Path, (Delegate)AnswerAsync);
        routes.Map(
            Path,
            (HttpResponse response) =>
            {
                response.Headers.Allow = HttpMethods.Post;
                return Outcome(OnlyPost);
            }
        );
    }

    private static IResult Outcome(Failure failure) =>
        new OutcomeResult(failure.Status, OperationOutcome.ToUtf8Json(failure.Issues));

    /// <summary>Bytes with a status of their own.</summary>
    private sealed class OutcomeResult(int status, byte[] outcome) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "application/fhir+json; charset=utf-8";
            await httpContext.Response.Body.WriteAsync(outcome, httpContext.RequestAborted);
        }
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

        var shown = context.Features.Get<Caller>() is { Kind: not CallerKind.Open } known ? known : null;
        var answered = await intake.TakeAsync(message, SenderProof.Of(shown), context.RequestAborted);
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
