using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CareCoordination.TestKit;

namespace CareCoordination.Formats.Tests;

/// <summary>The official R4 examples, to XML and back.</summary>
public sealed partial class ExampleTests
{
    [Fact]
    public void Every_example_comes_back_as_it_was()
    {
        var different = new List<string>();
        foreach (var (name, json) in Examples())
        {
            var back = Convert.ToJson(Convert.ToXml(json));
            if (Convert.Difference(Trimmed(json), Trimmed(back)) is { } difference)
                different.Add($"{name} {difference}");
        }

        Assert.True(different.Count == 0, string.Join("\n", different));
    }

    [Fact]
    public void The_xml_that_others_publish_becomes_the_json_that_they_publish()
    {
        var folder = SharedMaterial.Require("suites/r4-roundtrip-examples");
        var different = new List<string>();
        foreach (var file in Directory.GetFiles(folder, "*.xml").Order(StringComparer.Ordinal))
        {
            var json = Path.ChangeExtension(file, ".json");
            if (!File.Exists(json))
                continue;
            var converted = Convert.ToJson(File.ReadAllText(file));
            if (Convert.Difference(Trimmed(File.ReadAllText(json)), Trimmed(converted)) is { } difference)
                different.Add($"{Path.GetFileName(file)} {difference}");
        }

        Assert.Equal(PublishedPairsThatDiffer, different);
    }

    /// <summary>Pairs that do not say the same, whoever reads them.</summary>
    private static readonly string[] PublishedPairsThatDiffer =
    [
        // The XML has the exponent; whoever made the JSON had lost it.
        "observation-decimal.xml .component[2].valueQuantity.value: '1.0' and '1.0e0'",
        // The two files are of different editions.
        "observation-example.xml .extension: is on one side only",
    ];

    public static IEnumerable<(string Name, string Json)> Examples() =>
        from file in Directory.GetFiles(SharedMaterial.Require("r4-examples"), "*.json").Order(StringComparer.Ordinal)
        select (Path.GetFileName(file), File.ReadAllText(file));

    /// <summary>
    /// XML trims values, and XHTML has several spellings: with both undone what is left must be the same to the last digit.
    /// </summary>
    private static string Trimmed(string json)
    {
        using var document = JsonDocument.Parse(json);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            Write(document.RootElement, writer, "");
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    // Base64 may have line breaks, which say nothing.
    private static string Same(string name, string text) =>
        name switch
        {
            "div" => Canonical(text),
            "data" => text.Replace("\r", "", StringComparison.Ordinal)
                .Replace("\n", "", StringComparison.Ordinal)
                .Replace(" ", "", StringComparison.Ordinal),
            _ => text,
        };

    private static void Write(JsonElement element, Utf8JsonWriter writer, string name)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, writer, property.Name);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(item, writer, "");
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Same(name, element.GetString()!.Trim(" \t\r\n".ToCharArray())));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static string Canonical(string div) =>
        Insignificant()
            .Replace(System.Xml.Linq.XElement.Parse(div).ToString(System.Xml.Linq.SaveOptions.DisableFormatting), " ");

    [GeneratedRegex(@"\s+", RegexOptions.None, 5000)]
    private static partial Regex Insignificant();
}
