using System.Buffers;
using System.Globalization;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Http;

/// <summary>Writes a <see cref="FhirResponse"/> as HTTP. https://hl7.org/fhir/R4/http.html#general</summary>
internal static class ResponseWriter
{
    private const string FhirType = "application/fhir+json";

    public static async Task WriteAsync(
        HttpContext context,
        FhirResponse answer,
        ResponseFormat format,
        ReturnPreference preference,
        string baseUrl
    )
    {
        var response = context.Response;
        var body = Choose(answer, preference);
        // Without a body there is nothing that 200 could be about, and 201 stays what it is.
        response.StatusCode = answer.Status == 204 && body is not null ? 200 : answer.Status;
        WriteHeaders(response.Headers, answer, baseUrl);
        if (body is null)
        {
            if (answer.Status != 204 && answer.Status != 304)
                response.ContentLength = 0;
            return;
        }

        if (body is RowsContent rows)
        {
            await WriteAsync(context, rows);
            return;
        }

        if (format.IsNative && answer.IsSuccess)
        {
            await NativeBinary.Of(body.ToUtf8Json()).WriteAsync(response, context.RequestAborted);
            return;
        }

        if (answer.MediaType is { } other)
        {
            response.ContentType = other;
            await body.WriteAsync(response.BodyWriter, context.RequestAborted);
            await response.BodyWriter.FlushAsync(context.RequestAborted);
            return;
        }

        response.ContentType = format.ContentType;
        response.Headers.Append("Vary", "Accept");
        if (format.Xml is { } xml)
        {
            await XmlAnswer.WriteAsync(response, body, xml, format.IsPretty, context.RequestAborted);
            return;
        }

        if (format.IsPretty)
            body = new BytesContent(PrettyPrinter.Indent(body.ToUtf8Json().Span));
        if (body.Length is { } length)
            response.ContentLength = length;
        await body.WriteAsync(response.BodyWriter, context.RequestAborted);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>
    /// Where the rows cannot be gone on with it is told, if nothing is sent yet; else the connection is given up, so that nobody takes a
    /// part for the whole.
    /// </summary>
    private static async Task WriteAsync(HttpContext context, RowsContent rows)
    {
        var response = context.Response;
        response.ContentType = rows.MediaType == FhirType ? Negotiation.FhirJson : rows.MediaType;
        response.Headers.Append("Vary", "Accept");
        try
        {
            await rows.WriteAsync(response.BodyWriter, context.RequestAborted);
            await response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        catch (BrokenRowsException broken) when (!response.HasStarted)
        {
            response.StatusCode = broken.Failure.Status;
            response.ContentType = Negotiation.FhirJson;
            await response.BodyWriter.WriteAsync(
                OperationOutcome.ToUtf8Json(broken.Failure.Issues),
                context.RequestAborted
            );
        }
        catch (BrokenRowsException)
        {
            context.Abort();
        }
    }

    private static void WriteHeaders(IHeaderDictionary headers, FhirResponse answer, string baseUrl)
    {
        if (answer.Version is { } version)
        {
            headers.ETag = ETag.Of(version.Version);
            headers.LastModified = version.LastUpdated.ToString("R", CultureInfo.InvariantCulture);
        }

        if (answer.EntityTag is not null)
            headers.ETag = answer.EntityTag;
        if (answer.Location is not null)
        {
            headers.Location = $"{baseUrl}/{answer.Location}";
            headers.ContentLocation = headers.Location;
        }

        if (answer.StatusLocation is not null)
            headers.ContentLocation = $"{baseUrl}/{answer.StatusLocation}";
        if (answer.Expires is { } expires)
            headers.Expires = expires.ToString("R", CultureInfo.InvariantCulture);
        if (answer.Progress is not null)
            headers["X-Progress"] = answer.Progress;
        if (answer.RetryAfterSeconds is { } seconds)
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        // What cannot be had at the moment may be asked for again, also where nobody knows when.
        else if (answer.Status == StatusCodes.Status503ServiceUnavailable && headers.RetryAfter.Count == 0)
            headers.RetryAfter = "1";
    }

    private static FhirContent? Choose(FhirResponse answer, ReturnPreference preference)
    {
        if (!answer.AnswersWrite || !answer.IsSuccess)
            return answer.Body;
        return preference switch
        {
            ReturnPreference.Minimal => null,
            ReturnPreference.OperationOutcome => new BytesContent(OperationOutcome.ToUtf8Json(answer.Issues)),
            _ => answer.Body,
        };
    }
}
