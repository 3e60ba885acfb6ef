using System.Globalization;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Rest.Diagnostics;
using CareCoordination.Storage;

namespace CareCoordination.Rest.Http;

/// <summary>
/// The last resort: what no handler answered becomes an OperationOutcome, and an unexpected error tells the client nothing but
/// the id under which it is in the log.
/// </summary>
public sealed class FhirErrors(RequestDelegate next, LimitsOptions limits, Refusals refusals, ILogger<FhirErrors> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: there is nobody to answer.
        }
        catch (BadHttpRequestException e)
        {
            await refusals.WriteAsync(
                context,
                e.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? RequestReader.TooLarge(limits)
                    : Failure.From(e.StatusCode, IssueCode.Structure, "The HTTP request is malformed.")
            );
        }
        catch (StoreUnavailableException e) when (!context.Response.HasStarted)
        {
            // Of what is no interaction, as a page or an administrator's request: those answer for themselves.
            Log.Unavailable(log, e);
            context.Response.Clear();
            var seconds = Math.Max(1, Math.Ceiling(e.RetryAfter.TotalSeconds));
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await refusals.AnswerAsync(context, Failure.Unavailable(e.Message));
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var id = Guid.CreateVersion7().ToString();
            Log.Unexpected(log, e, id);
            context.Response.Clear();
            await refusals.AnswerAsync(
                context,
                Failure.From(
                    500,
                    IssueCode.Exception,
                    $"Something unexpected went wrong here. Report it with this id: {id}"
                )
            );
        }
    }
}
