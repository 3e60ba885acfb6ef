using System.Net;
using System.Net.Http;
using Hl7.Fhir.Rest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace CareCoordination.Client;

/// <summary>Makes FhirClients that ask again where it is safe to.</summary>
public static class CareClient
{
    private const string Name = "CareCoordination";

    /// <summary>How often a request is sent again at most.</summary>
    private const int MaxRetries = 4;

    /// <summary>What the server answers before it has done anything.</summary>
    private static readonly HttpStatusCode[] NotDone =
    [
        HttpStatusCode.TooManyRequests,
        HttpStatusCode.ServiceUnavailable,
    ];

    /// <summary>
    /// Adds a <see cref="FhirClient"/>, one for each scope, whose requests go through the <see cref="IHttpClientFactory"/>. Add handlers of
    /// your own, as for tokens, to the builder that comes back.
    /// </summary>
    /// <param name="services">Where it is added to.</param>
    /// <param name="baseAddress">The FHIR base: <c>https://care.example.org/fhir</c>.</param>
    /// <param name="settings">Null: JSON, and whole resources as answers.</param>
    public static IHttpClientBuilder AddCareClient(
        this IServiceCollection services,
        Uri baseAddress,
        FhirClientSettings? settings = null
    )
    {
        services.AddTransient<CallHeaders>();
        var builder = services.AddHttpClient(Name).AddHttpMessageHandler<CallHeaders>();
        builder.AddResilienceHandler(Name, pipeline => pipeline.AddRetry(Retries()));
        services.AddScoped(provider => new FhirClient(
            baseAddress,
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(Name),
            settings ?? Settings()
        ));
        return builder;
    }

    /// <summary>A client without a container.</summary>
    /// <param name="baseAddress">The FHIR base: <c>https://care.example.org/fhir</c>.</param>
    /// <param name="settings">Null: JSON, and whole resources as answers.</param>
    /// <param name="handler">What sends the requests; null: a handler of its own.</param>
    public static FhirClient Create(
        Uri baseAddress,
        HttpMessageHandler? handler = null,
        FhirClientSettings? settings = null
    )
    {
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>().AddRetry(Retries()).Build();
        return new FhirClient(
            baseAddress,
            settings ?? Settings(),
            new CallHeaders
            {
                InnerHandler = new ResilienceHandler(pipeline) { InnerHandler = handler ?? new SocketsHttpHandler() },
            }
        );
    }

    private static FhirClientSettings Settings() =>
        new() { PreferredFormat = ResourceFormat.Json, ReturnPreference = ReturnPreference.Representation };

    /// <summary>
    /// Sends again what the server said that it had not done, and what may be done twice without harm; after as long as
    /// <c>Retry-After</c> says.
    /// </summary>
    private static HttpRetryStrategyOptions Retries() =>
        new()
        {
            MaxRetryAttempts = MaxRetries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldRetryAfterHeader = true,
            ShouldHandle = arguments => new ValueTask<bool>(
                arguments.Outcome.Result is { } answer
                    ? NotDone.Contains(answer.StatusCode)
                        || (
                            answer.StatusCode >= HttpStatusCode.InternalServerError
                            && IsRepeatable(answer.RequestMessage)
                        )
                    : arguments.Outcome.Exception is HttpRequestException
                        && IsRepeatable(arguments.Context.GetRequestMessage())
            ),
        };

    private static bool IsRepeatable(HttpRequestMessage? request) =>
        request is not null
        && (
            request.Method == HttpMethod.Get
            || request.Method == HttpMethod.Head
            || request.Headers.Contains("Idempotency-Key")
        );
}
