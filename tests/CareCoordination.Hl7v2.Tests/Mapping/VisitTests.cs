using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;

namespace CareCoordination.Hl7v2.Tests.Mapping;

/// <summary>What an event and its PV1 become.</summary>
public sealed class VisitTests
{
    /// <summary>Event, class, whether there is an end; what is told, and how it is with the visit.</summary>
    [Theory]
    [InlineData("A01", "I", false, "notification-admit", "in-progress")]
    [InlineData("A01", "P", false, "notification-admit", "planned")]
    [InlineData("A04", "E", false, "notification-admit", "in-progress")]
    [InlineData("A04", "O", false, "notification-admit", "in-progress")]
    [InlineData("A02", "I", false, "notification-transfer", "in-progress")]
    [InlineData("A06", "I", false, "notification-transfer", "in-progress")]
    [InlineData("A07", "O", false, "notification-transfer", "in-progress")]
    [InlineData("A03", "I", true, "notification-discharge", "finished")]
    [InlineData("A08", "I", false, "update", "in-progress")]
    [InlineData("A08", "I", true, "update", "finished")]
    [InlineData("A08", "P", false, "update", "planned")]
    [InlineData("A11", "I", false, "cancel-admit", "cancelled")]
    [InlineData("A12", "I", false, "cancel-transfer", "in-progress")]
    [InlineData("A13", "I", true, "cancel-discharge", "in-progress")]
    public void An_event_says_how_it_is_with_the_visit(
        string trigger,
        string patientClass,
        bool hasEnd,
        string code,
        string status
    )
    {
        var adt = new Adt(trigger)
            .With("PV1-2", patientClass)
            .With("PV1-44", "20260302")
            .With("PV1-45", hasEnd ? "20260306" : "");

        var (header, encounter) = (adt.Resource("MessageHeader"), adt.Resource("Encounter"));

        var isNotification = code.StartsWith("notification-", StringComparison.Ordinal);
        Assert.Equal(
            isNotification
                ? "http://hl7.org/fhir/us/davinci-alerts/CodeSystem/notification-event"
                : "https://carecoordination.example/fhir/CodeSystem/transition-event",
            (string?)header["eventCoding"]!["system"]
        );
        Assert.Equal(code, (string?)header["eventCoding"]!["code"]);
        Assert.Equal("urn:uuid:" + (string?)encounter["id"], (string?)header["focus"]![0]!["reference"]);
        Assert.Equal(status, (string?)encounter["status"]);
        Assert.Equal(hasEnd && trigger != "A13", encounter["period"]!["end"] is not null);
        Assert.Equal(isNotification, encounter["meta"] is not null);
    }

    [Theory]
    [InlineData("MSH-9", "ADT^A05", "201 MSH-9.2")]
    [InlineData("MSH-9", "ADT^A28", "201 MSH-9.2")]
    [InlineData("MSH-9", "ADT^a01", "201 MSH-9.2")]
    [InlineData("MSH-9", "ADT", "201 MSH-9.2")]
    [InlineData("MSH-9", "ORU^R01", "200 MSH-9.1")]
    [InlineData("MSH-9", "", "200 MSH-9.1")]
    [InlineData("MSH-11", "T", "202 MSH-11")]
    [InlineData("MSH-11", "D^T", "202 MSH-11")]
    [InlineData("MSH-12", "3.0", "203 MSH-12")]
    [InlineData("MSH-12", "25", "203 MSH-12")]
    [InlineData("MSH-10", "", "101 MSH-10")]
    [InlineData("PV1-2", "", "101 PV1-2")]
    [InlineData("PV1-2", "Q", "103 PV1-2")]
    [InlineData("PV1-2", "N", "103 PV1-2")]
    [InlineData("PV1-19", "", "101 PV1-19")]
    [InlineData("PV1-19", "1^^^WHO", "204 PV1-19.4")]
    public void What_is_not_taken_is_refused_with_its_place(string place, string written, string fault) =>
        Assert.Equal([fault], new Adt().With(place, written).Faults());

    [Theory]
    [InlineData("PID", "101 PID")]
    [InlineData("PV1", "101 PV1")]
    public void A_message_without_a_patient_or_a_visit_is_refused(string segment, string fault) =>
        Assert.Equal([fault], new Adt().Without(segment).Faults());

    [Fact]
    public void All_faults_are_told_at_once() =>
        Assert.Equal(
            ["102 PID-7", "102 PV1-44", "103 PV1-2", "103 PV1-36", "101 MSH-10"],
            new Adt("A03")
                .With("MSH-10", "")
                .With("PID-7", "x")
                .With("PV1-2", "Q")
                .With("PV1-36", "Mars")
                .With("PV1-44", "x")
                .With("PV1-45", "20260306")
                .Faults()
                .OrderBy(f =>
                    Array.IndexOf(["102 PID-7", "102 PV1-44", "103 PV1-2", "103 PV1-36"], f) is var i and >= 0 ? i : 9
                )
        );

    [Fact]
    public void The_event_of_a_message_that_names_its_type_alone_is_in_EVN_1() =>
        Assert.Equal(
            "notification-transfer",
            (string?)
                new Adt().With("MSH-9", "ADT").With("EVN-1", "A02").Resource("MessageHeader")["eventCoding"]!["code"]
        );

    [Theory]
    [InlineData("1", "01")]
    [InlineData("01", "01")]
    [InlineData("3", "03")]
    [InlineData("20", "20")]
    [InlineData("62", "62")]
    [InlineData("86", "86")]
    [InlineData("HHC", "06")]
    [InlineData("SNFD^Skilled nursing", "03")]
    public void A_disposition_is_one_of_the_NUBC_and_the_senders_own(string written, string code)
    {
        var disposition = Discharge(written).Resource("Encounter")["hospitalization"]!["dischargeDisposition"]![
            "coding"
        ]!;

        Assert.Equal("https://www.nubc.org/CodeSystem/PatDischargeStatus", (string?)disposition[0]!["system"]);
        Assert.Equal(code, (string?)disposition[0]!["code"]);
        Assert.Equal(written.Split('^')[0], (string?)disposition[1]!["code"]);
    }

    [Theory]
    [InlineData("8")]
    [InlineData("99")]
    [InlineData("001")]
    [InlineData("hhc")]
    [InlineData("Home")]
    [InlineData("^Home")]
    public void A_discharge_to_nobody_knows_where_is_refused(string written)
    {
        Assert.Equal(["103 PV1-36"], Discharge(written).Faults());
        Assert.Empty(new Adt("A08").With("PV1-36", written).Map().Faults);
    }

    [Fact]
    public void A_discharge_that_does_not_say_where_to_is_taken_and_noted() =>
        Assert.Equal("PV1-36", Assert.Single(Discharge("").Notes()).Place.ToString());

    [Theory]
    [InlineData("20260306141500", "20260306150000", "20260306160000", "2026-03-06T14:15:00-06:00", null)]
    [InlineData("", "20260306150000", "20260306160000", "2026-03-06T15:00:00-06:00", "EVN-6")]
    [InlineData("", "", "20260306160000", "2026-03-06T16:00:00-06:00", "EVN-2")]
    [InlineData("\"\"", "", "20260306160000", "2026-03-06T16:00:00-06:00", "EVN-2")]
    public void A_discharge_ends_when_it_says_or_happened(
        string discharged,
        string happened,
        string recorded,
        string expected,
        string? assumed
    )
    {
        var adt = Discharge("01").With("PV1-45", discharged).With("EVN-6", happened).With("EVN-2", recorded);

        Assert.Equal(expected, (string?)adt.Resource("Encounter")["period"]!["end"]);
        var notes = adt.Notes().Where(n => n.Kind == NoteKind.Assumed).ToList();
        Assert.Equal(assumed is null ? 0 : 1, notes.Count);
        Assert.All(notes, n => Assert.Contains(assumed!, n.Sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void A_discharge_without_any_time_and_one_before_the_admission_are_refused()
    {
        Assert.Equal(["101 PV1-45"], Discharge("01").With("PV1-45", "").With("EVN-2", "").Faults());
        Assert.Equal(["102 PV1-45"], Discharge("01").With("PV1-44", "20260306141501").Faults());
        Assert.Empty(Discharge("01").With("PV1-44", "20260306141500").Map().Faults);
        Assert.Empty(Discharge("01").With("PV1-44", "20260306").Map().Faults);
    }

    [Fact]
    public void A_patient_with_a_time_of_death_who_is_not_dead_is_refused() =>
        Assert.Equal(["102 PID-30"], new Adt().With("PID-29", "20260301").With("PID-30", "N").Faults());

    [Theory]
    [InlineData("20260302081512", "2026-03-02T08:15:12-06:00")]
    [InlineData("202603020815-0000", "2026-03-02T08:15:00Z")]
    [InlineData("20260302", "2026-03-02T00:00:00-06:00")]
    [InlineData("", "2026-03-02T08:15:12-06:00")]
    public void The_time_of_the_message_is_an_instant(string written, string expected) =>
        Assert.Equal(expected, (string?)JsonNode.Parse(new Adt().With("MSH-7", written).Map().Bundle!)!["timestamp"]);

    [Theory]
    [InlineData("", "")]
    [InlineData("2026", "20260302")]
    [InlineData("202603", "")]
    public void A_message_without_a_time_of_its_own_is_refused(string written, string recorded) =>
        Assert.Equal(["101 MSH-7"], new Adt().With("MSH-7", written).With("EVN-2", recorded).Faults());

    [Fact]
    public void A_transfer_says_from_where_to_where_and_when()
    {
        var encounter = new Adt("A02")
            .With("EVN-6", "20260303090000")
            .With("PV1-3", "ICU^3^1")
            .With("PV1-6", "4W^412^B")
            .With("PV1-42", "REHAB")
            .Resource("Encounter");

        Assert.Equal(
            ["active 2026-03-03T09:00:00-06:00 ", "completed  2026-03-03T09:00:00-06:00", "planned  "],
            encounter["location"]!
                .AsArray()
                .Select(l => $"{l!["status"]} {l["period"]?["start"]} {l["period"]?["end"]}")
        );
    }

    [Theory]
    [InlineData("4W^412^B^NORTH", "NORTH, 4W, room 412, bed B", "bd")]
    [InlineData("4W^412", "4W, room 412", "ro")]
    [InlineData("ED", "ED", "wa")]
    [InlineData("^^^NORTH^^^TOWER^5", "NORTH, building TOWER, floor 5", "lvl")]
    [InlineData("^^^NORTH&2.999&ISO", "NORTH", "si")]
    public void A_place_is_the_narrowest_that_is_named(string written, string name, string type)
    {
        var location = new Adt().With("PV1-3", written).Resource("Location");

        Assert.Equal(name, (string?)location["name"]);
        Assert.Equal(type, (string?)location["physicalType"]!["coding"]![0]!["code"]);
    }

    [Fact]
    public void A_doctor_of_two_parts_is_one_Practitioner()
    {
        var adt = new Adt()
            .With("PV1-7", "55^Who^Ann^^^^^^NPROV")
            .With("PV1-17", "55^Who^Ann^^^^^^NPROV~1902300017^Else^Bo^^^^^^^^^^NPI")
            .With("PV1-8", "^Nobody^Known");

        Assert.Equal(
            ["http://north.example/provider|55", "|", "http://hl7.org/fhir/sid/us-npi|1902300017"],
            adt.Resources("Practitioner")
                .Select(p => $"{p["identifier"]?[0]!["system"]}|{p["identifier"]?[0]!["value"]}")
        );
        Assert.Equal(
            ["ATND", "REF", "ADM", "ADM"],
            adt.Resource("Encounter")["participant"]!
                .AsArray()
                .Select(p => (string?)p!["type"]![0]!["coding"]![0]!["code"])
        );
    }

    [Fact]
    public void A_value_that_shall_be_deleted_is_told_of()
    {
        var notes = new Adt("A08").With("PID-11", "\"\"").With("PV1-36", "\"\"").With("PV1-45", "\"\"").Notes();

        Assert.Equal(
            [(NoteKind.Delete, "PID-11"), (NoteKind.Delete, "PV1-36"), (NoteKind.Delete, "PV1-45")],
            notes.Select(n => (n.Kind, n.Place.ToString()))
        );
    }

    [Fact]
    public void Segments_and_fields_that_nobody_maps_are_told_of() =>
        Assert.Equal(
            ["PV1-16", "ZZZ-1", "ZZZ(2)-3", "ROL-2"],
            new Adt().With("PV1-16", "VIP").And("ZZZ|1", "ZZZ|||x", "ROL||AD").Notes().Select(n => n.Place.ToString())
        );

    [Fact]
    public void A_repeat_is_the_same_bytes_and_a_correction_the_same_message_in_another_Bundle()
    {
        var (first, repeat, corrected) = (Ids(new Adt()), Ids(new Adt()), Ids(new Adt().With("PID-8", "F")));
        var (other, otherSender) = (Ids(new Adt().With("MSH-10", "2")), Ids(new Adt(), Samples.Sender("river")));

        Assert.Equal(first, repeat);
        Assert.Equal(new Adt().Map().Bundle, new Adt().Map().Bundle);
        Assert.Equal(
            (first.Header, first.Patient, first.Encounter),
            (corrected.Header, corrected.Patient, corrected.Encounter)
        );
        Assert.NotEqual(first.Bundle, corrected.Bundle);
        Assert.NotEqual(first.Header, other.Header);
        Assert.Equal(first.Patient, other.Patient);
        Assert.Empty(
            new[] { first.Bundle, first.Header, first.Patient, first.Encounter }.Intersect([
                otherSender.Bundle,
                otherSender.Header,
                otherSender.Patient,
                otherSender.Encounter,
            ])
        );

        static (string? Bundle, string? Header, string? Patient, string? Encounter) Ids(
            Adt adt,
            Hl7v2.Senders.SenderProfile? sender = null
        )
        {
            if (sender is not null)
                adt.With("PID-3", "1").With("PV1-19", "1");
            return (
                (string?)JsonNode.Parse(adt.Map(sender).Bundle!)!["id"],
                (string?)adt.Resource("MessageHeader", sender)["id"],
                (string?)adt.Resource("Patient", sender)["id"],
                (string?)adt.Resource("Encounter", sender)["id"]
            );
        }
    }

    private static Adt Discharge(string disposition) =>
        new Adt("A03").With("PV1-36", disposition).With("PV1-44", "20260302").With("PV1-45", "20260306141500");
}
