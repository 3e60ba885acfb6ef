using System.Buffers;
using System.Text;
using CareCoordination.Fhir.Canonicals;

namespace CareCoordination.Fhir.Tests.Canonicals;

public sealed class CanonicalSpellingTests
{
    private const string Ours = "https://carecoordination.example/fhir";
    private const string Theirs = "http://fhir.clinic.test";

    private static readonly CanonicalSpelling Out = new(
        Ours,
        Theirs,
        ["CodeSystem/care-role", "StructureDefinition/held-by"]
    );
    private static readonly CanonicalSpelling In = new(
        Theirs,
        Ours,
        ["CodeSystem/care-role", "StructureDefinition/held-by"]
    );

    public static TheoryData<string, string> Respelled =>
        new()
        {
            { $"{Ours}/CodeSystem/care-role", $"{Theirs}/CodeSystem/care-role" },
            { $"{{\"system\":\"{Ours}/CodeSystem/care-role\"}}", $"{{\"system\":\"{Theirs}/CodeSystem/care-role\"}}" },
            {
                $"a {Ours}/CodeSystem/care-role|1 b {Ours}/StructureDefinition/held-by.",
                $"a {Theirs}/CodeSystem/care-role|1 b {Theirs}/StructureDefinition/held-by."
            },
            {
                $"\"{Ours}/CodeSystem/care-role\"".Replace("/", "\\/", StringComparison.Ordinal),
                $"\"{Theirs}/CodeSystem/care-role\"".Replace("/", "\\/", StringComparison.Ordinal)
            },
            {
                $"code={Uri.EscapeDataString($"{Ours}/CodeSystem/care-role|lead")}&x=1",
                $"code={Uri.EscapeDataString($"{Theirs}/CodeSystem/care-role|lead")}&x=1"
            },
            // Only some of it is escaped, and in small letters.
            {
                "code=https%3a//carecoordination.example/fhir/CodeSystem/care-role%7Clead",
                "code=http%3A%2F%2Ffhir.clinic.test/CodeSystem/care-role%7Clead"
            },
            { $"https{Ours}/CodeSystem/care-role", $"https{Theirs}/CodeSystem/care-role" },
            {
                $"<system value=\"{Ours}/CodeSystem/care-role\"/>é",
                $"<system value=\"{Theirs}/CodeSystem/care-role\"/>é"
            },
        };

    public static TheoryData<string> Untouched =>
        [
            "",
            "h",
            "https",
            "https:",
            Ours,
            $"{Ours}/",
            $"{Ours}/CodeSystem",
            $"{Ours}/CodeSystem/care-roles",
            $"{Ours}/CodeSystem/care-rol",
            $"{Ours}/CodeSystem/care-role/1",
            $"{Ours}/CodeSystem/Care-Role",
            $"{Ours}x/CodeSystem/care-role",
            $"{Ours}/ValueSet/care-role",
            "https://carecoordination.example/fhi",
            "https%3A%2F%2Fcarecoordination.example%2Ffhir%2",
            "https%zz",
            "https:\\",
            $"{Ours}/{new string('a', 500)}",
            $"http://carecoordination.example/fhir/CodeSystem/care-role",
        ];

    [Theory]
    [MemberData(nameof(Respelled))]
    public void A_canonical_is_spelled_with_the_other_base_as_the_text_escapes_it(string text, string expected) =>
        Assert.Equal(expected, Out.Respell(text));

    [Theory]
    [MemberData(nameof(Untouched))]
    public void Everything_else_stays_byte_for_byte(string text) => Assert.Equal(text, Out.Respell(text));

    [Theory]
    [MemberData(nameof(Respelled))]
    public void What_goes_out_comes_in_as_it_was(string text, string expected)
    {
        // What is escaped in part comes back escaped in another part, and means the same.
        Assert.Equal(
            Uri.UnescapeDataString(text).Replace("\\/", "/", StringComparison.Ordinal),
            Uri.UnescapeDataString(In.Respell(expected)).Replace("\\/", "/", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void However_a_text_is_cut_it_is_respelled_alike()
    {
        foreach (var text in Respelled.Select(r => (string)r.Data.Item1).Concat(Untouched.Select(r => r.Data)))
        {
            var bytes = Encoding.UTF8.GetBytes($"{text} {text}");
            var expected = Out.Respell($"{text} {text}");
            for (var size = 1; size <= Math.Min(bytes.Length, 90); size++)
                Assert.Equal(expected, InPieces(bytes, size));
        }
    }

    [Fact]
    public void No_more_waits_than_the_longest_canonical_could_be()
    {
        var output = new ArrayBufferWriter<byte>();
        var text = Encoding.UTF8.GetBytes($"{Ours}/{new string('a', 5000)}");

        Assert.Equal(text.Length, Out.Respell(text, isLast: false, output));
        Assert.Equal(text, output.WrittenSpan.ToArray());
    }

    [Fact]
    public void Bytes_without_an_address_are_not_copied()
    {
        ReadOnlyMemory<byte> text = Encoding.UTF8.GetBytes("""{"resourceType":"Patient"}""");

        Assert.True(text.Equals(Out.Respell(text)));
    }

    private static string InPieces(byte[] text, int size)
    {
        var output = new ArrayBufferWriter<byte>();
        byte[] waiting = [];
        for (var at = 0; at < text.Length; at += size)
        {
            byte[] piece = [.. waiting, .. text.AsSpan(at, Math.Min(size, text.Length - at))];
            waiting = piece[Out.Respell(piece, isLast: false, output)..];
        }

        Assert.Equal(waiting.Length, Out.Respell(waiting, isLast: true, output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
