using System.IO.Compression;
using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Validation;
using CareCoordination.TestKit;
using Hl7.Fhir.Serialization;

namespace CareCoordination.Formats.Tests;

/// <summary>
/// Two judges of the same resources: our validator, and the strictest mode of Firely's parser. Where only one of them finds fault
/// the resource is on a list, with the reason why both stay as they are.
/// </summary>
public sealed class JudgementTests
{
    private static readonly FhirJsonDeserializer Firely = new(
        new DeserializerSettings().UsingMode(DeserializationMode.Strict)
    );

    private static readonly Validator Ours = new(R4Definitions.Schema);

    [Fact]
    public void Both_judge_the_official_examples_alike()
    {
        var disagreements = new List<string>();
        foreach (var (name, json) in ExampleTests.Examples())
        {
            if (Judge(name, json) is { } disagreement)
                disagreements.Add(disagreement);
        }

        Assert.Equal(
            Disagreements.OnExamples.Keys.Order(StringComparer.Ordinal),
            disagreements.Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("synthea/blaze-2021", 4)]
    [InlineData("synthea/smart-2019", 4)]
    [InlineData("synthea/inferno-reference-uscore", 4)]
    public void Both_judge_synthetic_patients_alike(string folder, int files)
    {
        var disagreements = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var json in Files(folder).Take(files))
        {
            using var bundle = JsonDocument.Parse(json);
            foreach (var entry in bundle.RootElement.GetProperty("entry").EnumerateArray())
            {
                var resource = entry.GetProperty("resource");
                var type = resource.GetProperty("resourceType").GetString()!;
                if (Judge(type, resource.GetRawText(), ValidationOptions.TransactionEntry) is { } disagreement)
                    disagreements.Add(disagreement);
            }
        }

        Assert.Empty(disagreements.Except(Disagreements.OnSyntheticPatients.Keys));
    }

    /// <summary>Broken in one place each, both find the fault.</summary>
    [Theory]
    [InlineData("""{"resourceType":"Patient","unknown":1}""")]
    [InlineData("""{"resourceType":"Patient","active":"true"}""")]
    [InlineData("""{"resourceType":"Patient","Active":true}""")]
    [InlineData("""{"resourceType":"Patient","active":[true]}""")]
    [InlineData("""{"resourceType":"Patient","name":{}}""")]
    [InlineData("""{"resourceType":"Patient","name":[]}""")]
    [InlineData("""{"resourceType":"Patient","name":[{}]}""")]
    [InlineData("""{"resourceType":"Patient","name":[null]}""")]
    [InlineData("""{"resourceType":"Patient","gender":"other one"}""")]
    [InlineData("""{"resourceType":"Patient","gender":""}""")]
    [InlineData("""{"resourceType":"Patient","birthDate":"1974-13-01"}""")]
    [InlineData("""{"resourceType":"Patient","birthDate":"74"}""")]
    [InlineData("""{"resourceType":"Patient","birthDate":null}""")]
    [InlineData("""{"resourceType":"Patient","deceasedDateTime":"2020-01-01T10:00:00"}""")]
    [InlineData("""{"resourceType":"Patient","deceasedDateTime":"2020-01-01T25:00:00Z"}""")]
    [InlineData("""{"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2020"}""")]
    [InlineData("""{"resourceType":"Patient","deceasedString":"x"}""")]
    [InlineData("""{"resourceType":"Patient","multipleBirthInteger":1.5}""")]
    [InlineData("""{"resourceType":"Patient","multipleBirthInteger":2147483648}""")]
    [InlineData("""{"resourceType":"Patient","id":"a b"}""")]
    [InlineData("""{"resourceType":"Patient","id":"a/b"}""")]
    [InlineData("""{"resourceType":"Patient","extension":[{"valueString":"x"}]}""")]
    [InlineData("""{"resourceType":"Patient","text":{"status":"generated"}}""")]
    [InlineData("""{"resourceType":"Patient","text":{"status":"generated","div":"no markup"}}""")]
    [InlineData(
        """{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></div>"}}"""
    )]
    [InlineData("""{"resourceType":"Observation","code":{"text":"x"}}""")]
    [InlineData("""{"resourceType":"Observation","status":"final"}""")]
    [InlineData(
        """{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":"1.0"}}"""
    )]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueTime":"25:00:00"}""")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"issued":"2020-01-01"}""")]
    [InlineData(
        """{"resourceType":"Appointment","status":"booked","participant":[{"status":"accepted"}],"minutesDuration":0}"""
    )]
    [InlineData(
        """{"resourceType":"Appointment","status":"booked","participant":[{"status":"accepted"}],"priority":-1}"""
    )]
    [InlineData("""{"resourceType":"Binary","contentType":"text/plain","data":"not base64!"}""")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Foo"}}]}""")]
    [InlineData("""{"resourceType":"Foo"}""")]
    [InlineData("""{"resourceType":"Patient","contained":[{"id":"x"}]}""")]
    public void Both_find_a_fault(string json)
    {
        Assert.True(HasFault(json), "Ours finds none.");
        Assert.False(Firely.TryDeserializeResource(json, out _, out _), "Firely finds none.");
    }

    private static bool HasFault(string json) =>
        !ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).TryGet(out var document, out _)
        || Ours.Validate(document).Any(i => i.IsError);

    /// <summary>Null where both find fault, or none.</summary>
    private static string? Judge(string name, string json, ValidationOptions? options = null)
    {
        string[] ours = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).TryGet(out var document, out var failure)
            ?
            [
                .. Ours.Validate(document, options)
                    .Where(i => i.IsError)
                    .Select(i => $"{i.Expression}: {i.Diagnostics}"),
            ]
            : [failure.Issues[0].Diagnostics];
        Firely.TryDeserializeResource(json, out _, out var issues);
        string[] firely = [.. issues.Select(i => $"{i.ErrorCode}: {i.Message}")];
        if (ours.Length > 0 == firely.Length > 0)
            return null;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{name}: ours {string.Join("; ", ours.Take(3))} firely {string.Join("; ", firely.Take(3))}"
        );
        return ours.Length > 0 ? $"{name}: ours" : $"{name}: Firely";
    }

    private static IEnumerable<string> Files(string folder)
    {
        foreach (
            var file in Directory
                .GetFiles(SharedMaterial.Require(folder), "*.json*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
        )
        {
            using var stream = File.OpenRead(file);
            using Stream text = file.EndsWith(".gz", StringComparison.Ordinal)
                ? new GZipStream(stream, CompressionMode.Decompress)
                : stream;
            using var reader = new StreamReader(text);
            var json = reader.ReadToEnd();
            if (json.Contains("\"entry\"", StringComparison.Ordinal))
                yield return json;
        }
    }
}
