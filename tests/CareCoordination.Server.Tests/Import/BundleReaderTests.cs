using System.Text;
using CareCoordination.Application.Import;

namespace CareCoordination.Server.Tests.Import;

public sealed class BundleReaderTests
{
    private const string TwoEntries = """
        { "resourceType": "Bundle", "meta": { "tag": [ { "code": "}" } ] }, "type": "collection",
          "entry": [ { "resource": { "resourceType": "Patient", "id": "a\"]" } } , { "fullUrl": "urn:uuid:1" } ],
          "total": 2 }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Splits_a_bundle_whatever_the_size_of_the_pieces_it_arrives_in(int piece)
    {
        var reader = Reader(TwoEntries, piece);

        var entries = ReadAll(reader);

        Assert.Equal(
            ["""{ "resource": { "resourceType": "Patient", "id": "a\"]" } }""", """{ "fullUrl": "urn:uuid:1" }"""],
            entries
        );
        Assert.Equal(("Bundle", "collection"), (reader.ResourceType, reader.Type));
    }

    [Fact]
    public void Splits_entries_that_are_larger_than_its_first_buffer()
    {
        var large = $$$"""{"resource":{"resourceType":"Binary","data":"{{{new string('A', 200_000)}}}"}}""";
        var reader = Reader($$"""{"resourceType":"Bundle","type":"batch","entry":[{{large}},{{large}}]}""", 3000);

        Assert.Equal([large, large], ReadAll(reader));
    }

    [Fact]
    public void Finds_no_entries_in_another_resource()
    {
        var reader = Reader("""{"resourceType":"List","entry":[{"item":{"reference":"Patient/1"}}]}""", 10);

        Assert.Empty(ReadAll(reader));
        Assert.Equal("List", reader.ResourceType);
    }

    [Theory]
    [InlineData("", "Line 1, position 1: the JSON is malformed here.")]
    [InlineData("[]", "The file holds JSON, but no resource: it must start with an object.")]
    [InlineData("{\"resourceType\":\"Bundle\",\n\"entry\":[{]}", "Line 2, position 11: the JSON is malformed here.")]
    [InlineData("{\"resourceType\":\"Bundle\",\"entry\":[{}", "Line 1, position 37: the JSON is malformed here.")]
    [InlineData("{\"resourceType\":\"Bundle\"} {}", "Line 1, position 27: the JSON is malformed here.")]
    public void Says_where_the_json_is_malformed(string json, string message)
    {
        var reader = Reader(json, 5);

        Assert.Equal(message, Assert.Throws<ImportException>(() => ReadAll(reader)).Message);
    }

    [Fact]
    public void Refuses_an_entry_that_is_larger_than_a_resource_may_be()
    {
        var reader = new BundleReader(
            Stream($$"""{"entry":[{"a":"{{new string('A', 200_000)}}"}]}""", 4096),
            maxBytes: 100_000,
            maxDepth: 64
        );

        Assert.Equal(
            "One resource has more than 100000 bytes, the limit of Limits:MaxBodyBytes.",
            Assert.Throws<ImportException>(() => ReadAll(reader)).Message
        );
    }

    [Fact]
    public void Splits_lines_and_leaves_out_blank_ones()
    {
        var reader = new LineReader(Stream("{\"a\":1}\r\n\n  \n{\"b\":2}", 2), maxBytes: 1000);
        var lines = new List<string>();
        while (reader.Next() is { } line)
            lines.Add(Encoding.UTF8.GetString(line));

        Assert.Equal(["{\"a\":1}", "{\"b\":2}"], lines);
    }

    private static BundleReader Reader(string json, int piece) =>
        new(Stream(json, piece), maxBytes: 1 << 20, maxDepth: 64);

    private static List<string> ReadAll(BundleReader reader)
    {
        var entries = new List<string>();
        while (reader.Next() is { } entry)
            entries.Add(Encoding.UTF8.GetString(entry));
        return entries;
    }

    private static PieceStream Stream(string text, int piece) => new(Encoding.UTF8.GetBytes(text), piece);

    /// <summary>Gives at most so many bytes at a time, as a decompressor may.</summary>
    private sealed class PieceStream(byte[] content, int piece) : MemoryStream(content)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(piece, buffer.Length)]);
    }
}
