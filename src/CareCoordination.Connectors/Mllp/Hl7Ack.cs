using System.Text;
using CareCoordination.Connectors.Exchanges;
using CareCoordination.Fhir.Outcomes;

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
        var segments = Encoding
            .UTF8.GetString(message)
            .Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Select(s => s.Split('|'))
            .ToArray();
        var msa = Array.Find(segments, s => s[0] == "MSA");
        if (segments.Length == 0 || segments[0][0] != "MSH" || msa is null)
            return PartnerAnswer.Failing("The partner's answer is no HL7 acknowledgement.");
        if (At(msa, 2) != controlId)
            return PartnerAnswer.Failing("The partner acknowledged another message.");
        var code = At(msa, 1);
        if (code is "AA" or "CA")
            return new PartnerAnswer(AnswerKind.Accepted, null, "");

        var errors = segments.Where(s => s[0] == "ERR").ToArray();
        var codes = errors.Select(e => At(e, 3).Split('^')[0]).Where(c => c.Length > 0).ToArray();
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
                Body = Outcome(At(msa, 3), errors),
            };
    }

    /// <summary>The partner's own words as an OperationOutcome, which is shown to those who may see the referral.</summary>
    private static byte[] Outcome(string text, string[][] errors)
    {
        var sentences = errors
            .Select(e => string.Join(' ', new[] { At(e, 2), At(e, 3), At(e, 7), At(e, 8) }.Where(t => t.Length > 0)))
            .Append(text)
            .Where(s => s.Length > 0)
            .DefaultIfEmpty("The partner gave no reason.");
        return OperationOutcome.ToUtf8Json(sentences.Select(s => Issue.Error(IssueCode.Processing, s)));
    }

    private static string At(string[] segment, int field) => field < segment.Length ? segment[field] : "";
}
