using System.Globalization;
using System.Text;

namespace CareCoordination.PartnerSimulator;

/// <summary>The fields of an HL7 v2 message in pipe notation, by segment and position: <c>MSH-10</c> is <c>["MSH", 10]</c>.</summary>
internal sealed class Hl7Message(string text)
{
    private readonly string[][] _segments =
    [
        .. text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('|')),
    ];

    /// <summary>The field of the first such segment, as written; empty where there is none.</summary>
    public string this[string segment, int field]
    {
        get
        {
            // MSH-1 is the field separator itself, so its fields are counted from one later.
            var index = segment == "MSH" ? field - 1 : field;
            var found = _segments.FirstOrDefault(s => s[0] == segment);
            return found is not null && index < found.Length ? found[index] : "";
        }
    }

    public string Component(string segment, int field, int component) =>
        this[segment, field].Split('^') is var parts && component <= parts.Length ? parts[component - 1] : "";

    /// <summary>The acknowledgement of this message. https://www.hl7.eu/HL7v2x/v251/std251/ch02.html#Heading38</summary>
    /// <param name="code">AA, AE or AR.</param>
    public string Acknowledge(string code, string? problem, DateTimeOffset now)
    {
        var ack = new StringBuilder()
            .Append("MSH|^~\\&|")
            .Append(this["MSH", 5])
            .Append('|')
            .Append(this["MSH", 6])
            .Append('|')
            .Append(this["MSH", 3])
            .Append('|')
            .Append(this["MSH", 4])
            .Append('|')
            .Append(
                CultureInfo.InvariantCulture,
                $"{now.UtcDateTime:yyyyMMddHHmmss}||ACK^{Component("MSH", 9, 2)}|A{this["MSH", 10]}|"
            )
            .Append($"{this["MSH", 11]}|{this["MSH", 12]}\rMSA|{code}|{this["MSH", 10]}");
        if (problem is not null)
            ack.Append($"\rERR||||E||||{problem}");
        return ack.Append('\r').ToString();
    }
}
