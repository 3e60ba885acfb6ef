using System.Text;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.R4;
using Microsoft.Extensions.Configuration;

namespace CareCoordination.Server.Tests.Definitions;

/// <summary>Built-in resources are written and indexed once for each address, however often they are searched.</summary>
public sealed class BuiltInIndexTests
{
    private static readonly IConfiguration Unset = new ConfigurationBuilder().Build();

    private int _written;

    [Fact]
    public void It_is_written_once_for_an_address_and_found_by_each_search()
    {
        var definitions = Definitions();

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(["Device/one"], Found(definitions, "device-name=one", "http://a/fhir"));
            Assert.Equal(["Device/one", "Device/two"], Found(definitions, "", "http://a/fhir"));
            Assert.Empty(Found(definitions, "device-name=three", "http://a/fhir"));
        }

        Assert.Equal(2, _written);
    }

    [Fact]
    public void Each_address_has_its_own()
    {
        var definitions = Definitions();

        Assert.Equal(["Device/one"], Found(definitions, "url=http://a/fhir/Device/one", "http://a/fhir"));
        Assert.Equal(["Device/one"], Found(definitions, "url=http://b/fhir/Device/one", "http://b/fhir"));
        Assert.Empty(Found(definitions, "url=http://a/fhir/Device/one", "http://b/fhir"));
        Assert.Equal(4, _written);
    }

    [Fact]
    public void Addresses_that_somebody_makes_up_do_not_fill_the_memory_and_are_answered_alike()
    {
        var definitions = Definitions();

        for (var i = 0; i < 1000; i++)
            Assert.Equal(["Device/one"], Found(definitions, $"url=http://h{i}/fhir/Device/one", $"http://h{i}/fhir"));

        Assert.Equal(2000, _written);
        // The last is kept, and the first is not any more.
        Found(definitions, "", "http://h999/fhir");
        Assert.Equal(2000, _written);
        Found(definitions, "", "http://h0/fhir");
        Assert.Equal(2002, _written);
    }

    [Fact]
    public void Types_without_any_are_not_asked()
    {
        Assert.Empty(Found(Definitions(), "", "http://a/fhir", "Patient"));
        Assert.Equal(0, _written);
    }

    private static string[] Found(FhirDefinitions definitions, string query, string baseUrl, string type = "Device") =>
        [
            .. definitions
                .FindBuiltIn(
                    definitions
                        .ParseSearch(type, QueryParameters.Parse("?" + query), isLenient: false, baseUrl)
                        .Value.Query,
                    baseUrl
                )
                .Select(own => own.Key.ToString()),
        ];

    private FhirDefinitions Definitions() =>
        new(
            R4Definitions.Schema,
            LimitsOptions.Read(Unset),
            CareOptions.Read(Unset),
            AccessOptions.Default,
            TimeProvider.System
        )
        {
            BuiltIns = new BuiltIns([Device("one"), Device("two")]),
        };

    private BuiltIn Device(string id) =>
        new(
            new("Device", id),
            baseUrl =>
            {
                _written++;
                return Encoding.UTF8.GetBytes(
                    $$"""{"resourceType":"Device","id":"{{id}}","url":"{{baseUrl}}/Device/{{id}}","deviceName":[{"name":"{{id}}","type":"user-friendly-name"}]}"""
                );
            }
        );
}
