using System.Globalization;

namespace CareCoordination.Load.Client;

/// <summary>Messages of HL7 v2, of the sender "north" of samples/hl7v2/senders.json.</summary>
internal static class Hl7Payloads
{
    public const string Discharge = "discharge-mllp";

    /// <summary>A patient who is not known and goes home: a stay of four days with two diagnoses, an allergy, a next of kin and a coverage.</summary>
    public static string DischargeOf(Random random)
    {
        var id = random.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
        var birth = new DateOnly(1930, 1, 1)
            .AddDays(random.Next(25_000))
            .ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        string[] segments =
        [
            $"MSH|^~\\&|EPICADT|NORTH|CARE|HUB|20260109160500||ADT^A03^ADT_A03|{id}|P|2.5.1",
            "EVN||20260109160500",
            $"PID|1||{id}^^^NMRN^MR||Load{id}^Ada{id}||{birth}|F|||1 Elm^^Springfield^IL^62701||217-{id}",
            $"PV1|1|I|4W^12^A|E|||1001^Osei^Ama^^^^^^NPROV||||||||||||"
                + $"{id}^^^NCSN|||||||||||||||||01||||||||20260105080000|20260109160000",
            "DG1|1||I50.9^Heart failure^I10|||F",
            "DG1|2||E11.9^Type 2 diabetes^I10|||F",
            $"AL1|1|DA|penicillin^Penicillin {id}|MO|hives",
            $"NK1|1|Load{id}^Kofi|SPO|||217-{id}",
            $"IN1|1|A|{id[..4]}|Prairie Health Plan||||||||||||||||||||||||||||||||{id}",
        ];
        return string.Join('\r', segments) + '\r';
    }
}
