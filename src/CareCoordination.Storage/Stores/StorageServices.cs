using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CareCoordination.Storage.Stores;

public static class StorageServices
{
    /// <summary>
    /// Adds <see cref="ResourceStore"/> and <see cref="StorageMigrator"/>. Needs a <see cref="FhirSchema"/>, an
    /// <see cref="IndexExtractor"/> and loggers among the services.
    /// </summary>
    public static IServiceCollection AddFhirStorage(
        this IServiceCollection services,
        StorageOptions options,
        StoreClock clock
    ) =>
        services
            .AddSingleton(options)
            .AddSingleton(clock)
            .AddSingleton<StorageMigrator>()
            .AddSingleton(provider =>
                ResourceStore.Open(
                    options,
                    provider.GetRequiredService<FhirSchema>(),
                    provider.GetRequiredService<IndexExtractor>(),
                    clock,
                    provider.GetRequiredService<ILogger<ResourceStore>>()
                )
            )
            .AddSingleton(provider => provider.GetRequiredService<ResourceStore>().Outbox)
            .AddSingleton(provider => provider.GetRequiredService<ResourceStore>().Audit)
            .AddSingleton(provider => provider.GetRequiredService<ResourceStore>().Purge);
}
