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
}
