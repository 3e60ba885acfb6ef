using System.Globalization;
using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Fhir.Search.Indexing;
using CareCoordination.Storage;
using CareCoordination.Storage.Stores;
using Microsoft.Extensions.Logging.Abstractions;

// Creates patients from several writers at once and prints the id of each one that was acknowledged, until it is killed.
// Arguments: provider, connection string and, where it is not the usual, the time limit of statements in seconds.
const int Writers = 8;
var options = new StorageOptions
{
    Provider = Enum.Parse<StorageProvider>(args[0]),
    ConnectionString = args[1],
    CommandTimeout = TimeSpan.FromSeconds(args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 30),
};
var extractor = new IndexExtractor(new SearchParameterRegistry(R4Definitions.Schema));
await using var store = ResourceStore.Open(
    options,
    R4Definitions.Schema,
    extractor,
    new StoreClock(TimeProvider.System, options.MaxClockAhead),
    NullLogger<ResourceStore>.Instance
);
await Task.WhenAll(Enumerable.Range(0, Writers).Select(WriteAsync));

async Task WriteAsync(int writer)
{
    for (var i = 0; ; i++)
    {
        var id = $"w{writer}-{i}";
        var json =
            $$"""{"resourceType":"Patient","identifier":[{"system":"urn:crash","value":"{{id}}"}],"active":true}""";
        var document = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;
        var key = new ResourceKey("Patient", id);
        var put = new PutResource(key, ResourceStamp.Prepare(document, id), extractor.Extract(key, document).Value);
        await store.CommitAsync(new Commit([put], []), CancellationToken.None);
        Console.WriteLine(id);
    }
}
