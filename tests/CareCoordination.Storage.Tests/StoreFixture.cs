using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;
using CareCoordination.Storage.Stores;
using CareCoordination.Storage.Tables;
using CareCoordination.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CareCoordination.Storage.Tests;

/// <summary>A database of one engine, new and empty, and stores on it. Every test has its own.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    public static readonly SearchParameterRegistry Registry = new(R4Definitions.Schema);
    public static readonly IndexExtractor Extractor = new(Registry);

    private readonly List<ResourceStore> _stores = [];
    private readonly string? _folder;

    private TestDatabase(StorageOptions options, string? folder) => (Options, _folder) = (options, folder);

    public StorageOptions Options { get; }

    /// <summary>Skips the test where the engine is not there.</summary>
    public static async Task<TestDatabase> CreateAsync(StorageProvider provider)
    {
        string? folder = null;
        string connection;
        switch (provider)
        {
            case StorageProvider.Sqlite:
                folder = Directory.CreateTempSubdirectory("care-sqlite-").FullName;
                connection = $"Data Source={Path.Combine(folder, "test.db")}";
                break;
            case StorageProvider.PostgreSql:
                return new TestDatabase(Of(provider, await Template.CopyAsync()), null);
            default:
                var server = Environment.GetEnvironmentVariable("CARE_TEST_SQLSERVER");
                if (string.IsNullOrEmpty(server))
                    Assert.Skip("There is no SQL Server: set CARE_TEST_SQLSERVER to a connection string.");
                connection = $"{server};Initial Catalog=care_{Guid.NewGuid():N}";
                break;
        }

        var database = new TestDatabase(Of(provider, connection), folder);
        await MigrateAsync(database.Options);
        return database;
    }

    private static readonly DatabaseTemplate Template = new(text => MigrateAsync(Of(StorageProvider.PostgreSql, text)));

    private static StorageOptions Of(StorageProvider provider, string connection) =>
        new() { Provider = provider, ConnectionString = connection };

    private static Task MigrateAsync(StorageOptions options) =>
        new StorageMigrator(options).ApplyAsync(TestContext.Current.CancellationToken);

    /// <summary>A store as a node of its own would have it.</summary>
    internal ResourceStore OpenStore(TimeProvider? time = null, ILogger<ResourceStore>? log = null)
    {
        var store = Open(Options, time, log);
        _stores.Add(store);
        return store;
    }

    internal static ResourceStore Open(
        StorageOptions options,
        TimeProvider? time = null,
        ILogger<ResourceStore>? log = null
    ) =>
        ResourceStore.Open(
            options,
            R4Definitions.Schema,
            Extractor,
            new StoreClock(time ?? TimeProvider.System, options.MaxClockAhead),
            log ?? NullLogger<ResourceStore>.Instance
        );

    /// <summary>A store whose database does what the test says.</summary>
    internal ResourceStore OpenFaulty(FaultPlan plan, StorageOptions? options = null)
    {
        var engine = new FaultyEngine(options ?? Options, plan);
        var store = new ResourceStore(
            engine,
            new IndexSource(R4Definitions.Schema, Extractor),
            options ?? Options,
            new StoreClock(TimeProvider.System, Options.MaxClockAhead),
            NullLogger.Instance
        );
        _stores.Add(store);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }
}
