using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Validation;

namespace CareCoordination.Fhir.Tests.Validation;

/// <summary>Whatever comes in, parsing and validating answer with a document or with issues, and never throw.</summary>
public sealed class MutationTests
{
    private const int Rounds = 12;
    private const int MaxBytes = 60_000;

    private static readonly string[] Values =
    [
        "null",
        "{}",
        "[]",
        "[null]",
        "[[]]",
        "\"\"",
        "\" \"",
        "\"#\"",
        "\"#x\"",
        "\"urn:uuid:1\"",
        "\"Patient?x=y\"",
        "\"/\"",
        "\"?\"",
        "\"\\u0000\"",
        "\"\\ud83d\\ude00\"",
        "0",
        "-0",
        "1e999",
        "1.50",
        "99999999999",
        "true",
        "false",
        "{\"resourceType\":\"Bundle\"}",
        "{\"resourceType\":1}",
        "{\"resourceType\":\"Bundle\",\"type\":1,\"entry\":{}}",
        "{\"contained\":[{\"contained\":[{}]}]}",
        "{\"extension\":[{}]}",
        "{\"reference\":1,\"type\":2}",
        "{\"coding\":{},\"code\":1,\"system\":[]}",
    ];

    [Fact]
    public void Mutated_bytes_never_throw() =>
        ForEachExample(
            (bytes, random) =>
            {
                var mutated = bytes.ToList();
                for (var i = random.Next(1, 4); i > 0 && mutated.Count > 1; i--)
                {
                    var at = random.Next(mutated.Count);
                    switch (random.Next(4))
                    {
                        case 0:
                            mutated[at] = (byte)random.Next(256);
                            break;
                        case 1:
                            mutated.RemoveAt(at);
                            break;
                        case 2:
                            mutated.Insert(at, "{}[],:\"\\0- \n"u8[random.Next(12)]);
                            break;
                        default:
                            mutated.RemoveRange(at, Math.Min(mutated.Count - at, random.Next(1, 200)));
                            break;
                    }
                }

                return [.. mutated];
            }
        );

    [Fact]
    public void Exchanged_values_and_names_never_throw() =>
        ForEachExample(
            (bytes, random) =>
            {
                var nodes = new List<JsonValue>();
                Collect(ResourceDocument.Parse(bytes).Value.Root, nodes);
                var victim = nodes[random.Next(nodes.Count)];
                var donor = nodes[random.Next(nodes.Count)];
                if (random.Next(3) == 0)
                    return Replace(bytes, bytes.AsSpan().IndexOf(victim.NameUtf8), victim.NameUtf8.Length, donor.Name);
                var value =
                    random.Next(2) == 0 ? Values[random.Next(Values.Length)] : Encoding.UTF8.GetString(donor.RawUtf8);
                return Replace(bytes, victim.Start, victim.RawUtf8.Length, value);
            }
        );

    private static byte[] Replace(byte[] bytes, int start, int length, string text) =>
        [.. bytes[..start], .. Encoding.UTF8.GetBytes(text), .. bytes[(start + length)..]];

    private static void ForEachExample(Func<byte[], Random, byte[]> mutate)
    {
        var random = new Random(20260301);
        foreach (var file in Conformance.Files("r4-examples", "*.json"))
        {
            var bytes = Conformance.Read(file);
            if (bytes.Length > MaxBytes)
                continue;
            for (var round = 0; round < Rounds; round++)
            {
                var mutated = mutate(bytes, random);
                try
                {
                    AssertAnswered(mutated);
                }
                catch (Exception e) when (e is not Xunit.Sdk.XunitException)
                {
                    Assert.Fail($"{Path.GetFileName(file)}, round {round}: {e}");
                }
            }
        }
    }

    private static void AssertAnswered(byte[] bytes)
    {
        if (!ResourceDocument.Parse(bytes).TryGet(out var document, out var failure))
        {
            Assert.Equal(400, failure.Status);
            Assert.NotEmpty(Assert.Single(failure.Issues).Diagnostics);
            return;
        }

        foreach (var issue in Check.Validator.Validate(document, ValidationOptions.Full(new WorkBudget())))
        {
            Assert.NotEmpty(issue.Diagnostics);
            Assert.NotEmpty(issue.Expression!);
        }

        ReferenceRewriter.LocalReferences(document);
        PrettyPrinter.Indent(bytes);
        if (R4.R4Definitions.Schema.FindResource(document.ResourceTypeUtf8) is null)
            return;
        ResourceProjection.Summary(document, R4.R4Definitions.Schema);
        var stored = ResourceStamp.Prepare(document, "1").Stamp(1, DateTimeOffset.UnixEpoch);
        Assert.True(ResourceDocument.Parse(stored).IsSuccess);
    }

    private static void Collect(JsonValue value, List<JsonValue> nodes)
    {
        nodes.Add(value);
        if (value.Kind is not (JsonValueKind.Object or JsonValueKind.Array))
            return;
        foreach (var child in value)
            Collect(child, nodes);
    }
}
