using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using static CareCoordination.Fhir.Tests.Json.Documents;

namespace CareCoordination.Fhir.Tests.Json;

public sealed class ParseTests
{
    [Theory]
    [InlineData("", "The body is empty; send a resource as JSON.")]
    [InlineData(" ", "Line 1, position 2: the JSON is malformed here.")]
    [InlineData("[]", "The body is JSON, but no object; send one resource.")]
    [InlineData("\"x\"", "The body is JSON, but no object; send one resource.")]
    [InlineData("{\"a\":1,}", "Line 1, position 8: the JSON is malformed here.")]
    [InlineData("{\n \"a\": tru\n}", "Line 2, position 10: the JSON is malformed here.")]
    [InlineData("{\"a\":01}", "Line 1, position 7: the JSON is malformed here.")]
    [InlineData("{\"a\":1} x", "Line 1, position 9: the JSON is malformed here.")]
    [InlineData("{\"a\":1}{}", "Line 1, position 8: the JSON is malformed here.")]
    [InlineData("{\"a\":\"\t\"}", "Line 1, position 7: the JSON is malformed here.")]
    [InlineData("{'a':1}", "Line 1, position 2: the JSON is malformed here.")]
    [InlineData("{\"a\":1 /* c */}", "Line 1, position 8: the JSON is malformed here.")]
    [InlineData("{\"a\":NaN}", "Line 1, position 6: the JSON is malformed here.")]
    [InlineData("{\"a\":{\"b\":[1,2}", "Line 1, position 15: the JSON is malformed here.")]
    [InlineData(
        "{\"a\":1,\n\"b\":2,\n  \"a\":3}",
        "Line 3, position 4: Property 'a' is given twice in one object; send it once."
    )]
    [InlineData("{\"\":1,\"\":2}", "Line 1, position 8: Property '' is given twice in one object; send it once.")]
    [InlineData(
        "{\"a\":{\"b\":1,\"c\":1,\"b\":1}}",
        "Line 1, position 20: Property 'b' is given twice in one object; send it once."
    )]
    [InlineData("{\"\\u0061\":1}", "Line 1, position 2: Write property names without escapes.")]
    [InlineData(
        "{\"a\":\"\\ud800\"}",
        "Line 1, position 6: A string holds half of a surrogate pair; send both halves or neither."
    )]
    [InlineData(
        "{\"a\":\"\\udc00\\ud800\"}",
        "Line 1, position 6: A string holds half of a surrogate pair; send both halves or neither."
    )]
    public void Refuses_what_is_no_json_object(string json, string sentence)
    {
        var failure = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Failure;

        Assert.NotNull(failure);
        Assert.Equal(400, failure.Status);
        Assert.Equal([Issue.Error(IssueCode.Structure, sentence)], failure.Issues);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'{', (byte)'\n', 0xFF }, "Line 2, position 1: The body is not valid UTF-8.")]
    [InlineData(
        new byte[] { (byte)'{', (byte)'"', 0xC3, (byte)'"' },
        "Line 1, position 3: The body is not valid UTF-8."
    )]
    [InlineData(new byte[] { (byte)'{', 0xED, 0xA0, 0x80 }, "Line 1, position 2: The body is not valid UTF-8.")]
    public void Refuses_invalid_utf8_with_its_place(byte[] utf8, string sentence) =>
        Assert.Equal([Issue.Error(IssueCode.Structure, sentence)], ResourceDocument.Parse(utf8).Failure!.Issues);

    [Fact]
    public void Finds_a_duplicate_among_many_names()
    {
        var names = string.Join(',', Enumerable.Range(0, 200).Select(i => $"\"n{i}\":{i}"));

        Assert.True(ResourceDocument.Parse(Encoding.UTF8.GetBytes($"{{{names}}}")).IsSuccess);
        Assert.Equal(
            "Line 1, position 1983: Property 'n17' is given twice in one object; send it once.",
            ResourceDocument.Parse(Encoding.UTF8.GetBytes($"{{{names},\"n17\":0}}")).Failure!.Issues[0].Diagnostics
        );
    }

    [Fact]
    public void Finds_every_duplicate_pair_in_small_objects()
    {
        for (var count = 2; count <= 66; count++)
        {
            var names = Enumerable.Range(0, count).Select(i => $"a{i}b").ToArray();
            names[^1] = names[count / 2 - 1];
            var json = $"{{{string.Join(',', names.Select(n => $"\"{n}\":1"))}}}";

            Assert.Contains(
                $"'{names[^1]}' is given twice",
                ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Failure!.Issues[0].Diagnostics,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void Refuses_ten_thousand_levels()
    {
        var json = string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000);

        var failure = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Failure!;

        Assert.Equal(
            "Line 1, position 641: the JSON is nested more than 128 levels deep.",
            failure.Issues[0].Diagnostics
        );
    }

    [Fact]
    public void Reads_and_compacts_as_many_levels_as_allowed()
    {
        var nested = string.Concat(Enumerable.Repeat("{\"a\":", 9_999)) + "1" + new string('}', 9_999);
        var json = $"{{\"resourceType\":\"Basic\", \"a\":{nested}}}";

        var document = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json), new JsonLimits(10_000, 1_000_000)).Value;

        var stamped = ResourceStamp.Prepare(document, "1");
        Assert.Equal($"}},\"a\":{nested}}}", Text(stamped.After.ToArray()));
    }

    [Fact]
    public void Refuses_more_bytes_than_allowed()
    {
        var failure = ResourceDocument.Parse("{\"a\":12}"u8.ToArray(), new JsonLimits(8, 7)).Failure!;

        Assert.Equal(413, failure.Status);
        Assert.Equal(
            [Issue.Error(IssueCode.TooLong, "The document has 8 bytes; at most 7 are accepted.")],
            failure.Issues
        );
    }

    [Fact]
    public void Skips_a_byte_order_mark()
    {
        var document = ResourceDocument.Parse("\uFEFF{\"id\":\"1\"}"u8.ToArray()).Value;

        Assert.Equal("1", document.Id);
        Assert.Equal("{\"id\":\"1\"}", Text(document.Utf8.ToArray()));
    }

    [Fact]
    public void Keeps_numbers_as_written()
    {
        var document = Parse(
            "{\"n\":[1.00,1e400,-0,123456789012345678901234567890.10,0.0000000000000000000000000000001]}"
        );

        Assert.True(document.Root.TryGetProperty("n"u8, out var numbers));
        Assert.Equal(
            ["1.00", "1e400", "-0", "123456789012345678901234567890.10", "0.0000000000000000000000000000001"],
            Texts(numbers)
        );
    }

    [Fact]
    public void Decodes_escapes()
    {
        var document = Parse("{\"s\":[\"a\\\"b\\\\c\\/d\\b\\f\\n\\r\\t\",\"\\u00e9\\ud83d\\ude00\",\"é😀\",\"\"]}");

        Assert.True(document.Root.TryGetProperty("s"u8, out var strings));
        Assert.Equal(["a\"b\\c/d\b\f\n\r\t", "é😀", "é😀", ""], Texts(strings));
        foreach (var value in strings)
            Assert.Equal(value.GetString(), Text(value.StringUtf8.ToArray()));
    }

    [Fact]
    public void Shows_every_kind_with_its_place()
    {
        var document = Parse(
            "{\"resourceType\":\"Basic\",\"a\":[{\"b\":null},true,[false,{}]],\"c\":{\"d\":[],\"e\":1}}"
        );

        var seen = new List<string>();
        Walk(document.Root, seen);

        Assert.Equal(
            [
                "Object Basic",
                "String Basic.resourceType",
                "Array Basic.a",
                "Object Basic.a[0]",
                "Null Basic.a[0].b",
                "True Basic.a[1]",
                "Array Basic.a[2]",
                "False Basic.a[2][0]",
                "Object Basic.a[2][1]",
                "Object Basic.c",
                "Array Basic.c.d",
                "Number Basic.c.e",
            ],
            seen
        );
    }

    private static void Walk(JsonValue value, List<string> seen)
    {
        seen.Add($"{value.Kind} {value.Location}");
        foreach (var child in value)
        {
            Assert.Equal(value, child.Parent);
            Walk(child, seen);
        }
    }

    private static string[] Texts(JsonValue array)
    {
        var texts = new List<string>();
        foreach (var item in array)
            texts.Add(item.Kind == JsonValueKind.String ? item.GetString() : Text(item.RawUtf8.ToArray()));
        return [.. texts];
    }
}
