using System.Buffers;
using System.Text;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;
using CareCoordination.Rest.Routing;
using CareCoordination.Views.Definitions;
using Microsoft.Extensions.Primitives;

namespace CareCoordination.Rest.Http;

/// <summary>Makes an <see cref="InteractionRequest"/> of an HTTP request.</summary>
public sealed class RequestReader(LimitsOptions limits, ServerOptions server, BodyMemory memory, XmlFormat xml)
{
    private const int PieceBytes = 1 << 16;

    /// <summary>The FHIR base as this client knows it.</summary>
    public string BaseUrl(HttpRequest request) =>
        server.BaseUrl ?? $"{request.Scheme}://{request.Host.Value}{FhirEndpoints.BasePath}";

    public async ValueTask<Result<InteractionRequest>> ReadAsync(
        HttpContext context,
        RouteMatch route,
        QueryParameters query,
        Preferences preferences
    )
    {
        var request = context.Request;
        var definition = route.Definition;
        ReadOnlyMemory<byte> body = default;
        var format = BodyFormat.Json;
        if (definition.HasBody)
        {
            if (!(await ReadBodyAsync(context, route)).TryGet(out var read, out var failure))
                return failure;
            (body, format) = read;
            if (definition.TakesForm)
            {
                query = query.Concat(QueryParameters.Parse(Encoding.UTF8.GetString(body.Span)));
                body = default;
            }

            if (!ToJson(request, route, body, format).TryGet(out body, out failure))
                return failure;
        }

        return new InteractionRequest
        {
            BaseUrl = BaseUrl(request),
            Budget = new WorkBudget(limits.Work, context.RequestAborted),
            Accept = request.Headers.Accept,
            Method = definition.Method,
            Type = route.Type,
            Id = route.Id,
            Version = route.Version,
            Query = query,
            Conditions = Conditions(request.Headers),
            Preferences = preferences,
            Body = body,
            IsJsonPatch = format == BodyFormat.JsonPatch,
        };
    }

    private Result<ReadOnlyMemory<byte>> ToJson(
        HttpRequest request,
        RouteMatch route,
        ReadOnlyMemory<byte> body,
        BodyFormat format
    ) =>
        body.IsEmpty ? body
        : NativeBinary.IsTaken(route) ? NativeBinary.Read(request, route, body, xml)
        : format == BodyFormat.Xml ? xml.ToJson(body)
        : route.Type == ResourceTypes.ViewDefinition ? LogicalModelForm.ToResource(body)
        : body;

    /// <summary>
    /// The body with what it is. One of the wrong kind is not read; whether there is a body without a length at all shows only when it is
    /// read, and one that is not there is of no kind.
    /// </summary>
    private async ValueTask<Result<(ReadOnlyMemory<byte> Body, BodyFormat Format)>> ReadBodyAsync(
        HttpContext context,
        RouteMatch route
    )
    {
        var kind = KindOf(context.Request, route);
        if (context.Request.ContentLength > 0 && kind.Failure is { } unsupported)
            return unsupported;
        if (!(await ReadBodyAsync(context)).TryGet(out var body, out var failure))
            return failure;
        if (body.IsEmpty)
            return (body, kind.IsSuccess ? kind.Value : BodyFormat.Json);
        return kind.TryGet(out var format, out failure) ? (body, format) : failure;
    }

    private static Result<BodyFormat> KindOf(HttpRequest request, RouteMatch route)
    {
        var definition = route.Definition;
        if (NativeBinary.IsTaken(route) && Negotiation.IsOther(request.ContentType, request.Headers.ContentEncoding))
            return BodyFormat.Native;
        if (!definition.TakesForm)
            return Negotiation.OfBody(
                request.ContentType,
                request.Headers.ContentEncoding,
                isPatch: definition.Method == "PATCH"
            );
        return Negotiation.IsForm(request.ContentType)
            ? BodyFormat.Json
            : Failure.From(
                415,
                IssueCode.NotSupported,
                "Send a search as Content-Type: application/x-www-form-urlencoded."
            );
    }

    public static Preferences Preferences(IHeaderDictionary headers) =>
        headers.TryGetValue("Prefer", out var prefer)
            ? Application.Requests.Preferences.Parse(prefer.ToString())
            : Application.Requests.Preferences.None;

    private static Conditions Conditions(IHeaderDictionary headers)
    {
        var ifMatch = headers.IfMatch;
        var ifNoneMatch = headers.IfNoneMatch;
        var ifModifiedSince = headers.IfModifiedSince;
        headers.TryGetValue("If-None-Exist", out var ifNoneExist);
        headers.TryGetValue("Idempotency-Key", out var idempotencyKey);
        headers.TryGetValue("X-Provenance", out var provenance);
        if (
            ifMatch.Count
                + ifNoneMatch.Count
                + ifModifiedSince.Count
                + ifNoneExist.Count
                + idempotencyKey.Count
                + provenance.Count
            == 0
        )
            return Application.Requests.Conditions.None;
        return new()
        {
            IfMatch = Text(ifMatch),
            IfNoneMatch = Text(ifNoneMatch),
            IfModifiedSince = Text(ifModifiedSince),
            IfNoneExist = Text(ifNoneExist),
            IdempotencyKey = Text(idempotencyKey),
            Provenance = Text(provenance),
        };
    }

    private static string? Text(StringValues values) => values.Count == 0 ? null : values.ToString();

    private async ValueTask<Result<ReadOnlyMemory<byte>>> ReadBodyAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength > limits.MaxBodyBytes)
            return TooLarge(limits);
        if (memory.TryTake(request.ContentLength ?? 0) is not { } room)
            return NoRoom(context);
        context.Response.RegisterForDispose(room);
        var reader = request.BodyReader;
        var body = new ReceivedBody(request.ContentLength);
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            var buffer = read.Buffer;
            var length = body.Length + buffer.Length;
            if (length > limits.MaxBodyBytes || !room.TryGrow(length))
            {
                var refusal = length > limits.MaxBodyBytes ? TooLarge(limits) : NoRoom(context);
                reader.AdvanceTo(buffer.End);
                return refusal;
            }

            if (buffer.Length < PieceBytes && !read.IsCompleted)
            {
                reader.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            // The connection's buffers are kept for further requests: a large body must not make them many.
            body.Append(buffer);
            reader.AdvanceTo(buffer.End);
            if (read.IsCompleted)
                return body.Bytes;
        }
    }

    /// <summary>Others have their bodies in memory; the rest of this one is not read.</summary>
    private static Failure NoRoom(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return Failure.Unavailable(
            "Too many large bodies are being worked on at the moment. Send this one again in a second."
        );
    }

    public static Failure TooLarge(LimitsOptions limits) =>
        Failure.From(
            413,
            IssueCode.TooLong,
            $"The body is larger than {limits.MaxBodyBytes} bytes. Send less at once, or raise Limits:MaxBodyBytes."
        );
}
