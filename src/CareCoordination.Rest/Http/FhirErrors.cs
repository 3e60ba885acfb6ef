using CareCoordination.Application.Requests;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Rest.Diagnostics;

namespace CareCoordination.Rest.Http;

/// <summary>
/// The last resort: what no handler answered becomes an OperationOutcome, and an unexpected error tells the client nothing but
/// the id under which it is in the log.
/// </summary>
public sealed class FhirErrors(
    RequestDelegate next,
    LimitsOptions limits,
    AnswerFormats formats,
    ILogger<FhirErrors> log
)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (
                context.Response is { HasStarted: false, StatusCode: 404 or 405 }
                && context.Request.Path.StartsWithSegments(FhirEndpoints.BasePath, StringComparison.OrdinalIgnoreCase)
            )
                await AnswerUnroutedAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: there is nobody to answer.
        }
        catch (BadHttpRequestException e)
        {
            await AnswerAsync(
                context,
                e.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? RequestReader.TooLarge(limits)
                    : Failure.From(e.StatusCode, IssueCode.Structure, "The HTTP request is malformed.")
            );
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var id = Guid.CreateVersion7().ToString();
            Log.Unexpected(log, e, id);
            context.Response.Clear();
            await AnswerAsync(
                context,
                Failure.From(
                    500,
                    IssueCode.Exception,
                    $"Something unexpected went wrong here. Report it with this id: {id}"
                )
            );
        }
    }

    private Task AnswerUnroutedAsync(HttpContext context)
    {
        if (context.Response.StatusCode == 404)
            return AnswerAsync(
                context,
                Failure.NotFound("There is nothing at this address; GET metadata tells what there is.")
            );
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.StatusCode = 204;
            if (context.Response.Headers.Allow.ToString().Contains("PATCH", StringComparison.Ordinal))
                context.Response.Headers["Accept-Patch"] = Negotiation.AcceptPatch;
            return Task.CompletedTask;
        }

        var sentence = $"{context.Request.Method} is not offered at this address; the Allow header names what is.";
        return AnswerAsync(context, Failure.From(405, IssueCode.NotSupported, sentence));
    }

    private Task AnswerAsync(HttpContext context, Failure failure) =>
        ResponseWriter.WriteAsync(context, failure, formats.OfRefusal(context.Request), ReturnPreference.Unstated, "");
}
