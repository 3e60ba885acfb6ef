using CareCoordination.Connectors.Exchanges;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Connectors.Mllp;

/// <summary>Reads what a v2 system answers. https://www.hl7.eu/HL7v2x/v251/std251/ch02.html#Heading38</summary>
internal static class Hl7Ack
{
    /// <summary>Table 0357: errors that pass by themselves.</summary>
    private const string RecordLocked = "206";
    private const string InternalError = "207";

    /// <summary>What the acknowledgement of the message with this control id means.</summary>
    public static PartnerAnswer Read(ReadOnlySpan<byte> message, string controlId)
    {
        if (Parse(message) is not { } ack || ack.First("MSA") is not { } msa)
            return PartnerAnswer.Failing("The partner's answer is no HL7 acknowledgement.");
        if (msa[2].Text != controlId)
            return PartnerAnswer.Failing("The partner acknowledged another message.");
        var code = msa[1].Text;
        if (code is "AA" or "CA")
            return new PartnerAnswer(AnswerKind.Accepted, null, "");

        var errors = ack.All("ERR").ToArray();
        var codes = errors.SelectMany(Codes).Where(c => c.Length > 0).ToArray();
        var passes =
            codes.Length > 0
                ? codes.All(c => c is RecordLocked or InternalError)
                // Without a code an error may be anything, while a rejection means the message.
                : code is "AE" or "CE";
        return passes
            ? PartnerAnswer.Failing($"The partner could not process the message now ({code}).")
            : new PartnerAnswer(
                AnswerKind.Refused,
                null,
                $"The partner refused the message ({code}): correct what its answer names and send again."
            )
            {
                Body = Outcome(msa[3].Whole, errors),
            };
    }

    /// <summary>In the character set that it names; where it names none and is not UTF-8, which needs no name, each byte is a letter.</summary>
    private static Hl7Message? Parse(ReadOnlySpan<byte> message) =>
        new MessageReader(CharacterSet.Utf8).Read(message).Message
        ?? new MessageReader(CharacterSets.Latin1).Read(message).Message;

    /// <summary>ERR-3, and until 2.4 the fourth component of each repetition of ERR-1.</summary>
    private static IEnumerable<string> Codes(Hl7Segment error) =>
        error.Repetitions(1).Select(e => e[4].Text).Prepend(error[3].Text);

    /// <summary>The partner's own words as an OperationOutcome, which is shown to those who may see the referral.</summary>
    private static byte[] Outcome(string text, Hl7Segment[] errors)
    {
        var sentences = errors
            .Select(e => string.Join(' ', new[] { 1, 2, 3, 7, 8 }.Select(f => e[f].Whole).Where(t => t.Length > 0)))
            .Append(text)
            .Where(s => s.Length > 0)
            .DefaultIfEmpty("The partner gave no reason.");
        return OperationOutcome.ToUtf8Json(sentences.Select(s => Issue.Error(IssueCode.Processing, s)));
    }
}
