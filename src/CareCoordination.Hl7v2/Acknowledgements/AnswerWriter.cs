using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Acknowledgements;

/// <summary>
/// Writes one acknowledgement: MSH, MSA, ERR, in the separators, the version and the character set of the message. HL7 v2.8, 2.13.1.
/// </summary>
internal static class AnswerWriter
{
    private const string Error = "E";

    /// <summary>An answer is read by machines first: of more remarks the record has all.</summary>
    private const int MostRemarks = 20;

    public static byte[] Write(
        MessageHead head,
        string code,
        ImmutableArray<Hl7Fault> faults,
        ImmutableArray<Remark> remarks,
        AnswerStamp stamp
    )
    {
        var delimiters = head.Delimiters.Complete();
        var version = head.Version.Length == 0 ? Hl7Version.Default : head.Version;
        var form = Hl7Version.Of(version);
        var text = new StringBuilder(512);
        Segment(text, delimiters, Header(head, delimiters, form, version, stamp));
        Segment(text, delimiters, Acknowledgement(head, delimiters, form, code, faults));
        foreach (var error in form.HasOneErrorEach ? Errors(delimiters, faults) : OldErrors(delimiters, faults))
            Segment(text, delimiters, error);
        // Until 2.4 an ERR has no severity, and whoever reads one takes the message for refused.
        foreach (var remark in form.HasOneErrorEach ? remarks.Take(MostRemarks) : [])
            Segment(text, delimiters, Remarked(delimiters, remark));
        return head.Characters.Encode(text.ToString());
    }

    private static string[] Header(
        MessageHead head,
        Delimiters delimiters,
        Hl7Version form,
        string version,
        AnswerStamp stamp
    )
    {
        var c = delimiters.Component;
        var type =
            !form.HasTriggers || head.TriggerEvent.Length == 0 ? "ACK"
            : form.HasStructures ? $"ACK{c}{Escapes.Encode(head.TriggerEvent, delimiters)}{c}ACK"
            : $"ACK{c}{Escapes.Encode(head.TriggerEvent, delimiters)}";
        return
        [
            "MSH",
            delimiters.EncodingCharacters,
            Echo(head.ReceivingApplication),
            Echo(head.ReceivingFacility),
            Echo(head.SendingApplication),
            Echo(head.SendingFacility),
            Time(stamp.Time, form),
            "",
            type,
            stamp.ControlId,
            head.ProcessingId.Length == 0 ? "P" : Echo(head.ProcessingId),
            Escapes.Encode(version, delimiters),
            "",
            "",
            "",
            "",
            "",
            IsWrittenInItsOwn(head) ? Echo(head.CharacterSetName) : "",
        ];
    }

    private static string[] Acknowledgement(
        MessageHead head,
        Delimiters delimiters,
        Hl7Version form,
        string code,
        ImmutableArray<Hl7Fault> faults
    )
    {
        var first = faults.FirstOrDefault();
        return
        [
            "MSA",
            code,
            Echo(head.ControlId),
            first is not null && form.HasTextInMsa ? Sentence(first, delimiters) : "",
            "",
            "",
            first is not null && form.HasErrorInMsa ? Code(first.Code, delimiters.Component, delimiters) : "",
        ];
    }

    /// <summary>ERR-2 the place, ERR-3 the error, ERR-4 its severity, ERR-8 what a person reads.</summary>
    private static IEnumerable<string[]> Errors(Delimiters delimiters, ImmutableArray<Hl7Fault> faults) =>
        faults.Select(fault => ErrorOf(delimiters, fault.Place, fault.Code, Error, fault.ToString()));

    private static string[] Remarked(Delimiters delimiters, Remark remark) =>
        ErrorOf(delimiters, remark.Place, ErrorCode.Accepted, remark.Severity, remark.ToString());

    private static string[] ErrorOf(
        Delimiters delimiters,
        Hl7Place place,
        ErrorCode code,
        string severity,
        string sentence
    ) =>
        [
            "ERR",
            "",
            place.ToErl(delimiters.Component!.Value),
            Code(code, delimiters.Component, delimiters),
            severity,
            "",
            "",
            "",
            Escapes.Encode(sentence, delimiters),
        ];

    /// <summary>Until 2.4: all errors as repetitions of ERR-1, segment^sequence^field^code.</summary>
    private static IEnumerable<string[]> OldErrors(Delimiters delimiters, ImmutableArray<Hl7Fault> faults)
    {
        if (faults.IsEmpty)
            return [];
        var c = delimiters.Component;
        var places = faults.Select(fault =>
        {
            var field = fault.Place.Field == 0 ? "" : fault.Place.Field.ToString(CultureInfo.InvariantCulture);
            var occurrence = fault.Place.Occurrence.ToString(CultureInfo.InvariantCulture);
            return $"{fault.Place.Segment}{c}{occurrence}{c}{field}{c}{Code(fault.Code, delimiters.Subcomponent, delimiters)}";
        });
        return
        [
            ["ERR", string.Join(delimiters.Repetition!.Value, places)],
        ];
    }

    private static string Code(ErrorCode code, char? separator, Delimiters delimiters)
    {
        var number = ((int)code).ToString(CultureInfo.InvariantCulture);
        return $"{number}{separator}{Escapes.Encode(ErrorCodes.Text(code), delimiters)}{separator}{ErrorCodes.Table}";
    }

    private static string Sentence(Hl7Fault fault, Delimiters delimiters) =>
        Escapes.Encode(fault.ToString(), delimiters);

    /// <summary>As it came; a control character in it would end a segment or a frame of the answer.</summary>
    private static string Echo(string raw) =>
        raw.Any(char.IsControl) ? string.Concat(raw.Where(c => !char.IsControl(c))) : raw;

    private static bool IsWrittenInItsOwn(MessageHead head)
    {
        var name = head.CharacterSetName.Split(head.Delimiters.Repetition ?? head.Delimiters.Field)[0].Trim();
        return CharacterSets.TryFind(name, out var set) && set.Name == head.Characters.Name;
    }

    private static string Time(DateTimeOffset time, Hl7Version form)
    {
        var culture = CultureInfo.InvariantCulture;
        var local = time.ToString("yyyyMMddHHmmss", culture);
        return form.HasOffsets
            ? local + time.ToString("zzz", culture).Replace(":", "", StringComparison.Ordinal)
            : local;
    }

    private static void Segment(StringBuilder text, Delimiters delimiters, string[] fields)
    {
        var used = Array.FindLastIndex(fields, f => f.Length > 0) + 1;
        text.AppendJoin(delimiters.Field, fields.Take(used)).Append('\r');
    }
}
