using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Validation;
using CareCoordination.Hl7v2.Mapping;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Tests.Mapping;

/// <summary>Samples with anything anywhere: each is refused with a place, or becomes valid FHIR. Nothing throws.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Values =
    [
        "",
        "\"\"",
        "^^^",
        "&",
        "x",
        "0",
        "-1",
        "9999999999999999999999",
        "20260230",
        "20260302+1400",
        "1^2^3^4^5^6^7^8^9^10^11^12^13^14",
        "a&b&c^d&e^f",
        "~~~",
        "a~b~c",
        "\\F\\\\S\\\\X00\\\\X1F\\",
        "\\X0D0A\\",
        "\\",
        "ü 李 👩",
        "\u0085\u2028",
        "<script>",
        "http://x y",
        "^NET^Internet^ ",
        "  ",
        "NaN",
        "1e9",
        "Y",
        "SEL",
        "\u00a0",
    ];

    [Fact]
    public void Whatever_a_field_holds_is_refused_or_becomes_valid_FHIR()
    {
        var random = new Random(20260302);
        var validator = new Validator(R4Definitions.Schema);
        var messages = Samples
            .Names.Where(n => !n.Contains("bad", StringComparison.Ordinal))
            .Select(Read)
            .Where(m => m.Message.Head.Delimiters.Field == '|')
            .ToList();
        for (var round = 0; round < 3_000; round++)
        {
            var (message, sender) = messages[random.Next(messages.Count)];
            var changed = Change(message, random);
            var read = new MessageReader(CharacterSet.Utf8).Read(CharacterSet.Utf8.Encode(changed));
            if (read.Message is null)
                continue;
            var mapping = AdtMapper.Map(read.Message, Samples.Sender(sender));
            if (mapping.Bundle is null)
            {
                Assert.NotEmpty(mapping.Faults);
                continue;
            }

            Assert.Empty(mapping.Faults);
            var document = ResourceDocument.Parse(mapping.Bundle);
            Assert.True(document.IsSuccess, changed);
            var errors = validator
                .Validate(document.Value)
                .Where(i => i.IsError)
                .Select(i => $"{i.Expression}: {i.Diagnostics}")
                .ToList();
            Assert.True(errors.Count == 0, $"{string.Join('\n', errors)}\n{changed.Replace('\r', '\n')}");
        }
    }

    private static string Change(Hl7Message message, Random random)
    {
        // The character set is that of the bytes, not of the sample's.
        var lines = message.Segments.Select(s => s.Raw.Split('|')).ToList();
        if (lines[0].Length > 17)
            lines[0][17] = "";
        for (var change = 0; change <= random.Next(4); change++)
        {
            var line = lines[random.Next(lines.Count)];
            var field = random.Next(line[0] == "MSH" ? 2 : 1, Math.Max(3, line.Length));
            if (field < line.Length)
                line[field] =
                    random.Next(3) == 0
                        ? line[field] + Values[random.Next(Values.Length)]
                        : Values[random.Next(Values.Length)];
        }

        return string.Join('\r', lines.Select(l => string.Join('|', l)));
    }

    private static (Hl7Message Message, string Sender) Read(string name)
    {
        var bytes = Samples.Bytes(name);
        var head = new MessageReader(CharacterSet.Utf8).HeadOf(bytes);
        Assert.True(Samples.Senders.TryFind(head, out var sender, out _));
        return (new MessageReader(sender.CharacterSet).Read(bytes).Message!, sender.Id);
    }
}
