using CareCoordination.Fhir.Json;
using static CareCoordination.Fhir.Tests.Json.Documents;

namespace CareCoordination.Fhir.Tests.Json;

public sealed class ResourceStampTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private const string Meta = "\"meta\":{\"versionId\":\"3\",\"lastUpdated\":\"2026-03-01T12:00:00.000Z\"";

    [Theory]
    [InlineData("{\"resourceType\":\"Basic\"}", "}}")]
    [InlineData("{\"id\":\"old\",\"resourceType\":\"Basic\"}", "}}")]
    [InlineData("{\"resourceType\":\"Basic\",\"meta\":{}}", "}}")]
    [InlineData(
        "{\"resourceType\":\"Basic\",\"meta\":{\"versionId\":\"9\",\"lastUpdated\":\"2001-01-01T00:00:00Z\"}}",
        "}}"
    )]
    [InlineData(
        "{\"resourceType\":\"Basic\",\"meta\":{\"versionId\":\"9\",\"profile\":[\"a\",\"b\"],\"_lastUpdated\":{}}}",
        ",\"profile\":[\"a\",\"b\"]}}"
    )]
    [InlineData(
        "{\"a\":1.00,\"b\":[],\"resourceType\":\"Basic\",\"c\":{},\"id\":\"x\",\"d\":\"\\u0041\\n\",\"meta\":{},\"e\":null}",
        "},\"a\":1.00,\"b\":[],\"c\":{},\"d\":\"\\u0041\\n\",\"e\":null}"
    )]
    [InlineData(
        " { \"a\" : 1.00 , \"b\" : [ ] ,\n\"resourceType\" : \"Basic\",\"c\" : { \"\" : [ 1 , [ { } ] , \" x \" ] } } ",
        "},\"a\":1.00,\"b\":[],\"c\":{\"\":[1,[{}],\" x \"]}}"
    )]
    [InlineData(
        "{\"resourceType\":\"Basic\", \"meta\" : { \"tag\" : [ { \"code\" : \"a b\" } ] } , \"_id\" : { \"id\" : \"1\" } }",
        ",\"tag\":[{\"code\":\"a b\"}]},\"_id\":{\"id\":\"1\"}}"
    )]
    public void Stores_type_id_and_meta_first_and_the_rest_as_written(string json, string rest)
    {
        var stamped = ResourceStamp.Prepare(Parse(json), "b-1.X").Stamp(3, Noon);

        Assert.Equal($"{{\"resourceType\":\"Basic\",\"id\":\"b-1.X\",{Meta}{rest}", Text(stamped));
    }

    [Fact]
    public void Refuses_an_id_that_is_none() =>
        Assert.Throws<ArgumentException>(() => ResourceStamp.Prepare(Parse("{\"resourceType\":\"Basic\"}"), "a\"b"));

    [Fact]
    public void Detached_entry_is_a_document_of_its_own()
    {
        var bundle = Parse(
            "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\": {\"resourceType\":\"Basic\",\"code\":{\"coding\":[{\"code\":\"x\"},{}]}} }]}"
        );
        Assert.True(bundle.Root.TryGetProperty("entry"u8, out var entries));
        foreach (var entry in entries)
        {
            Assert.True(entry.TryGetProperty("resource"u8, out var resource));
            var detached = bundle.Detach(resource);

            Assert.Equal("Basic", Text(detached.ResourceTypeUtf8.ToArray()));
            Assert.Equal(
                "{\"resourceType\":\"Basic\",\"code\":{\"coding\":[{\"code\":\"x\"},{}]}}",
                Text(detached.Utf8.ToArray())
            );
            Assert.Equal(
                $"{{\"resourceType\":\"Basic\",\"id\":\"1\",{Meta}}},\"code\":{{\"coding\":[{{\"code\":\"x\"}},{{}}]}}}}",
                Text(ResourceStamp.Prepare(detached, "1").Stamp(3, Noon))
            );
        }
    }
}
