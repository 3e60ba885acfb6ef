using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Http;

/// <summary>
/// Finds out who asks, once for each request and before anything of it is read, and keeps the caller as a feature of the request. Whoever
/// is not let in is answered here.
/// </summary>
public sealed class CallerGate(RequestDelegate next, WhoAsks who, Refusals refusals)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!(await who.Ask(context)).TryGet(out var caller, out var failure))
        {
            await refusals.WriteAsync(context, failure);
            return;
        }

        context.Features.Set(caller);
        if (
            !who.IsOpen
            && context.GetEndpoint()?.Metadata.GetMetadata<NeedsRole>() is { } needs
            && !needs.IsMetBy(caller)
        )
        {
            await refusals.WriteAsync(context, Failure.From(403, IssueCode.Forbidden, needs.Sentence));
            return;
        }

        await next(context);
    }
}
