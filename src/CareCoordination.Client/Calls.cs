using System.Globalization;
using System.Net;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;

namespace CareCoordination.Client;

/// <summary>How the generated methods ask.</summary>
internal static class Calls
{
    /// <summary>Asks of a resource, or where there is no id of its type; a change gets a key, so that it is done once.</summary>
    public static async Task<T> AskAsync<T>(
        this BaseFhirClient client,
        string type,
        string? id,
        string operation,
        Parameters parameters,
        bool isChange,
        CallOptions? options,
        CancellationToken cancellationToken
    )
        where T : Resource
    {
        options ??= CallOptions.None;
        if (isChange && options.IdempotencyKey is null)
            options = options with { IdempotencyKey = Guid.CreateVersion7().ToString() };
        using (CallHeaders.Of(options))
        {
            var answer = id is null
                ? await client.TypeOperationAsync(operation, type, parameters, ct: cancellationToken)
                : await client.InstanceOperationAsync(
                    new Uri($"{type}/{id}", UriKind.Relative),
                    operation,
                    parameters,
                    ct: cancellationToken
                );
            return answer as T
                ?? throw new InvalidOperationException(
                    $"${operation} of {type} is answered with a {typeof(T).Name}, and this was {answer?.TypeName ?? "nothing"}."
                );
        }
    }

    /// <summary>
    /// Gives up work that goes on, by DELETE of its status. The FhirClient has no DELETE of an operation: the request is the entry of a
    /// batch.
    /// </summary>
    public static async System.Threading.Tasks.Task<OperationOutcome> GiveUpAsync(
        this BaseFhirClient client,
        string type,
        string id,
        string operation,
        CallOptions? options,
        CancellationToken cancellationToken
    )
    {
        var request = new Bundle.RequestComponent
        {
            Method = Bundle.HTTPVerb.DELETE,
            Url = $"{type}/{id}/${operation}",
            IfMatch = options?.IfMatch,
        };
        var batch = new Bundle { Type = Bundle.BundleType.Batch, Entry = [new() { Request = request }] };
        var answer = (await client.TransactionAsync(batch, cancellationToken))?.Entry.SingleOrDefault()?.Response;
        var outcome = answer?.Outcome as OperationOutcome ?? new OperationOutcome();
        var status = int.TryParse(answer?.Status?.Split(' ')[0], CultureInfo.InvariantCulture, out var code)
            ? code
            : 500;
        return status < 400
            ? outcome
            : throw new FhirOperationException(
                $"DELETE {request.Url} was refused with {answer!.Status}.",
                (HttpStatusCode)status,
                outcome
            );
    }
}
