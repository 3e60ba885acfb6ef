using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Validation;
using CareCoordination.Hl7v2.Mapping;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Tests.Mapping;

/// <summary>
/// Messages as systems of different makers write them, and what they become: the Bundle beside the message, with what was left out.
/// CARE_UPDATE_SNAPSHOTS=1 writes them anew; read the difference.
/// </summary>
public sealed class SampleTests
{
    public static TheoryData<string> All => [.. Samples.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void Becomes_what_stands_beside_it(string name)
    {
        var mapping = Map(name);
        var told = new JsonObject
        {
            ["notes"] = new JsonArray([.. mapping.Notes.Select(n => (JsonNode)$"{n.Kind}: {n}")]),
            ["faults"] = new JsonArray([.. mapping.Faults.Select(f => (JsonNode)$"{(int)f.Code}: {f}")]),
            ["bundle"] = mapping.Bundle is null ? null : JsonNode.Parse(mapping.Bundle),
        };
        var text =
            Encoding.UTF8.GetString(PrettyPrinter.Indent(Encoding.UTF8.GetBytes(told.ToJsonString(Writing)))) + "\n";
        var file = Path.Combine(Samples.Folder, name + ".json");
        if (Environment.GetEnvironmentVariable("CARE_UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(file, text);

        Assert.Equal(File.ReadAllText(file), text);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Is_valid_FHIR_in_the_shape_of_the_Da_Vinci_notifications(string name)
    {
        if (Map(name).Bundle is not { } bytes)
            return;
        var parsed = ResourceDocument.Parse(bytes);
        Assert.True(parsed.IsSuccess);
        Assert.Empty(
            new Validator(R4Definitions.Schema)
                .Validate(parsed.Value)
                .Where(i => i.IsError)
                .Select(i => $"{i.Expression}: {i.Diagnostics}")
        );
        AssertShape(JsonNode.Parse(bytes)!.AsObject());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Becomes_the_same_bytes_each_time(string name) => Assert.Equal(Map(name).Bundle, Map(name).Bundle);

    [Fact]
    public void Are_at_least_thirty_of_every_event_that_is_taken_and_of_versions_2_1_to_2_8()
    {
        var heads = Samples.Names.Select(n => Read(n).Head).ToList();

        Assert.True(heads.Count >= 30);
        Assert.Empty(
            new[] { "2.1", "2.2", "2.3", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.8.2" }.Except(
                heads.Select(h => h.Version)
            )
        );
        Assert.Empty(
            new[] { "A01", "A02", "A03", "A04", "A06", "A07", "A08", "A11", "A12", "A13", "A40" }.Except(
                heads.Select(h => h.TriggerEvent)
            )
        );
        Assert.Empty(Samples.Senders.All.Where(s => !heads.Any(s.Sends)).Select(s => s.Id));
    }

    private static readonly System.Text.Json.JsonSerializerOptions Writing = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>https://hl7.org/fhir/us/davinci-alerts/StructureDefinition-notifications-bundle.html and what it refers to.</summary>
    private static void AssertShape(JsonObject bundle)
    {
        Assert.Equal("message", (string?)bundle["type"]);
        Assert.NotNull(bundle["id"]);
        Assert.NotNull(bundle["timestamp"]);
        var entries = bundle["entry"]!.AsArray().Select(e => e!.AsObject()).ToList();
        Assert.True(entries.Count >= 2);
        var header = entries[0]["resource"]!;
        Assert.Equal("MessageHeader", (string?)header["resourceType"]);
        var urls = entries.ConvertAll(e => (string?)e["fullUrl"]);
        Assert.Equal(urls.Count, urls.Distinct().Count());
        foreach (var entry in entries)
            Assert.Equal((string?)entry["fullUrl"], "urn:uuid:" + (string?)entry["resource"]!["id"]);
        var focus = header["focus"]!.AsArray().Select(f => (string?)f!["reference"]).ToList();
        Assert.Equal(focus, urls.Skip(1).Take(focus.Count));
        Assert.All(References(bundle), reference => Assert.Contains(reference, urls));
    }

    private static IEnumerable<string> References(JsonNode? node) =>
        node switch
        {
            JsonObject o => o.SelectMany(p =>
                p.Key == "reference" && p.Value is System.Text.Json.Nodes.JsonValue v
                    ? [v.GetValue<string>()]
                    : References(p.Value)
            ),
            JsonArray a => a.SelectMany(References),
            _ => [],
        };

    private static ReadMessage Read(string name)
    {
        var bytes = Samples.Bytes(name);
        // Who sends says which character set a message has that names none: the head is read first.
        var head = new MessageReader(CharacterSet.Utf8).HeadOf(bytes);
        Assert.True(Samples.Senders.TryFind(head, out var sender, out _), name);
        return new MessageReader(sender.CharacterSet).Read(bytes);
    }

    private static AdtMapping Map(string name)
    {
        var read = Read(name);
        Assert.Null(read.Fault);
        Assert.True(Samples.Senders.TryFind(read.Head, out var sender, out _));
        return AdtMapper.Map(read.Message!, sender);
    }
}
