using System.Collections.Immutable;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Acknowledgements;

/// <summary>When and under which name an answer is given.</summary>
/// <param name="Time">MSH-7.</param>
/// <param name="ControlId">MSH-10; that of an accept acknowledgement has a C behind it.</param>
public sealed record AnswerStamp(DateTimeOffset Time, string ControlId);

/// <summary>
/// Which answers a message wants, HL7 v2.8, 2.9.2 and 2.9.3. Where it names neither MSH-15 nor MSH-16 the original mode holds: one
/// application acknowledgement, always. Otherwise there is an accept acknowledgement as MSH-15 asks for, and then the application's as
/// MSH-16 does, both on the line that the message came on.
/// </summary>
public static class Answers
{
    /// <summary>The answers, in their order; none for what is an answer itself, so that two systems do not thank each other for ever.</summary>
    public static ImmutableArray<byte[]> To(MessageHead head, Verdict verdict, AnswerStamp stamp)
    {
        var letters = Codes(head, verdict);
        return
        [
            .. letters.Select(code =>
                AnswerWriter.Write(
                    head,
                    code,
                    // The faults stand in the last answer; one that says that the message has arrived has none.
                    code[1] == 'A'
                        ? []
                        : verdict.Faults,
                    // What is to be said about a message that was taken is for the application that sent it.
                    code == "AA"
                        ? verdict.Remarks
                        : [],
                    code[0] == 'C' ? stamp with { ControlId = stamp.ControlId + "C" } : stamp
                )
            ),
        ];
    }

    /// <summary>The codes of HL7 table 0008 that answer a message, in their order.</summary>
    public static ImmutableArray<string> Codes(MessageHead head, Verdict verdict)
    {
        if (head.MessageCode is "ACK" or "MCF")
            return [];
        if (head.AcceptAcknowledgement.Length == 0 && head.ApplicationAcknowledgement.Length == 0)
            return [$"A{verdict.Letter}"];
        var wantsAccept = Wants(head.AcceptAcknowledgement, verdict.IsTaken);
        var wantsApplication = Wants(head.ApplicationAcknowledgement, verdict.IsTaken);
        if (verdict.IsTaken)
            return [.. wantsAccept ? ["CA"] : (string[])[], .. wantsApplication ? ["AA"] : (string[])[]];
        return Refusals(head, verdict, wantsAccept, wantsApplication);
    }

    /// <summary>
    /// What was refused is told once: by the application where it had the message and is asked, as the message has arrived then (CA);
    /// otherwise by whoever is asked. A CA alone would tell a sender that all is well.
    /// </summary>
    private static ImmutableArray<string> Refusals(
        MessageHead head,
        Verdict verdict,
        bool wantsAccept,
        bool wantsApplication
    )
    {
        if (verdict.Reached == Stage.Application && wantsApplication)
        {
            var arrived = Wants(head.AcceptAcknowledgement, isTaken: true);
            return arrived ? ["CA", $"A{verdict.Letter}"] : [$"A{verdict.Letter}"];
        }

        return wantsAccept ? [$"C{verdict.Letter}"]
            : wantsApplication ? [$"A{verdict.Letter}"]
            : [];
    }

    /// <summary>HL7 table 0155. A code that is not in it is answered: a sender that waits for nothing is worse off than one that gets too much.</summary>
    private static bool Wants(string condition, bool isTaken) =>
        condition.ToUpperInvariant() switch
        {
            "" or "NE" => false,
            "ER" => !isTaken,
            "SU" => isTaken,
            _ => true,
        };
}
