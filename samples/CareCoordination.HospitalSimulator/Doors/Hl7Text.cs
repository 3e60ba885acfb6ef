using System.Globalization;
using CareCoordination.HospitalSimulator.Scripts;

namespace CareCoordination.HospitalSimulator.Doors;

/// <summary>What the hospital tells, as ADT messages of HL7 v2, of the sender "north" of samples/hl7v2/senders.json.</summary>
internal static class Hl7Text
{
    public static string Of(Told told)
    {
        var trigger = told.What switch
        {
            Happening.Admit => "A01",
            Happening.Transfer => "A02",
            Happening.Discharge => "A03",
            Happening.CancelAdmit => "A11",
            Happening.CancelTransfer => "A12",
            Happening.CancelDischarge => "A13",
            Happening.Merge => "A40",
            _ => throw new ArgumentOutOfRangeException(nameof(told), told.What, "No message tells of it."),
        };
        var at = Text(told.At);
        string[] segments =
        [
            $"MSH|^~\\&|EPICADT|NORTH|CARE|HUB|{at}||ADT^{trigger}|{told.Id}|P|2.5.1",
            $"EVN||{at}",
            PatientOf(told.Person),
            told.MergedAway is { } away ? $"MRG|{away.Number}^^^NMRN^MR" : Visit(told.Stay),
        ];
        return string.Join('\r', segments) + '\r';
    }

    private static string PatientOf(Person person)
    {
        var birth = person.BirthDate.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        return $"PID|||{person.Number}^^^NMRN^MR||{person.Family}^{person.Given}||{birth}|{(person.IsMale ? "M" : "F")}";
    }

    private static string Visit(StayAt stay)
    {
        var fields = new string[46];
        Array.Fill(fields, "");
        fields[0] = "PV1";
        fields[2] = stay.Class == "IMP" ? "I" : "O";
        fields[3] = stay.Bed.Replace('-', '^');
        fields[19] = $"{stay.Visit}^^^NCSN";
        fields[36] = stay.Disposition is { } disposition ? CodeOf(disposition) : "";
        fields[44] = Text(stay.Start);
        fields[45] = stay.End is { } end ? Text(end) : "";
        return string.Join('|', fields).TrimEnd('|');
    }

    /// <summary>HL7 table 0112.</summary>
    private static string CodeOf(string disposition) =>
        disposition switch
        {
            "snf" => "03",
            "aadvice" => "07",
            "hosp" => "50",
            "exp" => "20",
            _ => "01",
        };

    /// <summary>With an offset, so that the clocks of the sender do not matter.</summary>
    private static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + "+0000";
}
