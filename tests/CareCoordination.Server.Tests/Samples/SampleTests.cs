using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Validation;
using CareCoordination.SampleData;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Samples;

public sealed class SampleTests
{
    private static readonly Validator Validator = new(R4Definitions.Schema);

    [Fact]
    public void Sample_bundles_are_valid()
    {
        var files = Directory.GetFiles(Path.Combine(SharedMaterial.Repository, "samples", "bundles"), "*.json");

        Assert.Equal(4, files.Length);
        Assert.Empty(files.SelectMany(file => Complaints(File.ReadAllBytes(file))));
    }

    [Theory]
    [InlineData(ReferenceStyle.Relative)]
    [InlineData(ReferenceStyle.Transaction)]
    public void Generated_bundles_are_valid(ReferenceStyle style)
    {
        var population = new SamplePopulation(new SampleOptions(Patients: 200, Seed: 7));

        var bundles = population
            .Patients(style)
            .Prepend(population.Network)
            .Select(record => Write(output => SampleWriter.WriteTransaction(record, style, output)));

        Assert.Empty(bundles.SelectMany(Complaints).Distinct());
    }

    [Fact]
    public void Generated_resources_are_valid_by_themselves()
    {
        var population = new SamplePopulation(new SampleOptions(Patients: 100, Seed: 8));

        var resources = population.Patients().SelectMany(record => record).Concat(population.Network);

        Assert.Empty(
            resources.SelectMany(resource => Complaints(Encoding.UTF8.GetBytes(resource.ToJsonString()))).Distinct()
        );
    }

    [Fact]
    public void A_patient_is_the_same_whatever_was_generated_before()
    {
        var population = new SamplePopulation(new SampleOptions(Patients: 1000, Seed: 3));
        var first = Write(output => SampleWriter.WriteNdjson(population.Patients().ElementAt(5), output));

        Assert.Equal(
            first,
            Write(output =>
                SampleWriter.WriteNdjson(new SamplePopulation(new SampleOptions(1000, 3)).Patient(5), output)
            )
        );
        Assert.NotEqual(
            first,
            Write(output =>
                SampleWriter.WriteNdjson(new SamplePopulation(new SampleOptions(1000, 4)).Patient(5), output)
            )
        );
    }

    [Fact]
    public void Generated_references_lead_to_generated_resources()
    {
        var population = new SamplePopulation(new SampleOptions(Patients: 50, Seed: 9));
        var resources = population.Network.Concat(population.Patients().SelectMany(record => record)).ToList();
        var keys = resources.Select(r => $"{r["resourceType"]}/{r["id"]}").ToHashSet(StringComparer.Ordinal);

        Assert.Equal(resources.Count, keys.Count);
        Assert.Empty(resources.SelectMany(References).Except(keys));
    }

    private static IEnumerable<string> References(System.Text.Json.Nodes.JsonObject resource)
    {
        using var document = JsonDocument.Parse(resource.ToJsonString());
        return [.. Strings(document.RootElement)];

        static IEnumerable<string> Strings(JsonElement element) =>
            element.ValueKind switch
            {
                JsonValueKind.Object => element
                    .EnumerateObject()
                    .SelectMany(p =>
                        p.NameEquals("reference") && p.Value.ValueKind == JsonValueKind.String
                            ? [p.Value.GetString()!]
                            : Strings(p.Value)
                    ),
                JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
                _ => [],
            };
    }

    private static IEnumerable<string> Complaints(byte[] json)
    {
        var parsed = ResourceDocument.Parse(json);
        Assert.True(parsed.IsSuccess);
        return Validator
            .Validate(parsed.Value)
            .Select(issue => $"{issue.Severity} {issue.Expression}: {issue.Diagnostics}");
    }

    private static byte[] Write(Action<Stream> write)
    {
        using var output = new MemoryStream();
        write(output);
        return output.ToArray();
    }
}
