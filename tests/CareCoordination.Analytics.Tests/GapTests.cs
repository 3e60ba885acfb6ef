using System.Collections.Immutable;
using System.Text;
using CareCoordination.Analytics.Measures;

namespace CareCoordination.Analytics.Tests;

/// <summary>Gaps in care are what a measure finds missing of a patient.</summary>
public sealed class GapTests
{
    private static readonly DateOnly Start = new(2026, 1, 1);
    private static readonly DateOnly End = new(2026, 12, 31);

    private static GapQuery Query(params string[] measures) =>
        new([.. measures.Select(id => MeasureLibrary.Find(id)!)], Start, End);

    private static GapPage Ask(Outcomes outcomes, GapQuery query)
    {
        outcomes.Follow();
        using var reader = outcomes.File.OpenReader();
        return query.Page(reader, default).Value;
    }

    private static string Told(GapPage page) =>
        string.Join(
            "; ",
            page.Patients.Select(patient =>
                $"{patient.Patient}: {string.Join(", ", patient.States.Select(state => $"{state.Measure.Id} {(state.IsOpen ? "open" : "closed")}"))}"
            )
        );

    [Fact]
    public void A_gap_is_what_should_be_and_is_not_or_is_and_should_not()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(
            Care.Patient("p", born: "1970-01-01"),
            Care.Condition("d", "p", "E11.9", "2020-01-01"),
            Care.Condition("h", "p", "I10", "2020-01-01"),
            Care.Pressure("b", "p", "2026-05-01", 120, 80)
        );

        // No HbA1c was taken: less is better, and it counts as poor control.
        var query = Query("m-19a", "m-19b") with
        {
            Patient = "p",
        };
        Assert.Equal("p: m-19b open", Told(Ask(outcomes, query)));
        Assert.Equal("p: m-19a closed, m-19b open", Told(Ask(outcomes, query with { WithClosed = true })));
        outcomes.Put(Care.Observation("o", "p", "4548-4", "2026-05-01", 7));
        Assert.Equal("p: ", Told(Ask(outcomes, query)));
        // Who is left out has no gap.
        outcomes.Put(
            Care.Observation("o", "p", "4548-4", "2026-05-01", 10),
            Care.Condition("z", "p", "Z51.5", "2026-03-01")
        );
        Assert.Equal("p: ", Told(Ask(outcomes, query)));
        Assert.Equal("nobody: ", Told(Ask(outcomes, query with { Patient = "nobody" })));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public void Pages_have_every_patient_with_a_gap_once(int count)
    {
        using var outcomes = new Outcomes();
        foreach (var id in (string[])["a", "b", "c", "d", "e"])
            outcomes.Put(
                Care.Patient(
                    id,
                    born: "1970-01-01",
                    more: ",\"generalPractitioner\":[{\"reference\":\"Practitioner/g\"}]"
                ),
                Care.Condition("d" + id, id, "E11.9", "2020-01-01"),
                Care.Condition("h" + id, id, "I10", "2020-01-01")
            );
        outcomes.Put(
            Care.Patient("other"),
            Care.Condition("other", "other", "I10", "2020-01-01"),
            Care.Observation("o", "c", "4548-4", "2026-05-01", 7),
            Care.Pressure("b", "c", "2026-05-01", 120, 80),
            Care.Pressure("x", "d", "2026-05-01", 120, 80)
        );

        var query = Query("m-19a", "m-19b") with { Practitioner = "g", Count = count };
        var told = new List<string>();
        GapPage page;
        do
        {
            page = Ask(outcomes, query);
            Assert.True(page.Patients.Length <= count);
            told.AddRange(page.Patients.Select(patient => $"{patient.Patient} {patient.States.Length}"));
            query = query with { After = page.Next };
        } while (page.Next is not null);

        Assert.Equal(["a 2", "b 2", "d 1", "e 2"], told);
    }

    [Fact]
    public void Gaps_of_a_patient_are_a_document_of_reports()
    {
        using var outcomes = new Outcomes();
        outcomes.Put(Care.Patient("p"), Care.Condition("h", "p", "I10", "2020-01-01"));
        var query = Query("m-19a") with { Patient = "p" };

        var page = Ask(outcomes, query);
        var json = Encoding.UTF8.GetString(
            GapReports
                .Of(page.Patients[0], query, new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), "http://x/fhir")
                .ToUtf8Json()
        );

        using var document = System.Text.Json.JsonDocument.Parse(json);
        var entries = document
            .RootElement.GetProperty("entry")
            .EnumerateArray()
            .Select(e => e.GetProperty("resource"))
            .ToImmutableArray();
        Assert.Equal("document", document.RootElement.GetProperty("type").GetString());
        Assert.Equal(
            ["Composition", "MeasureReport"],
            entries.Select(entry => entry.GetProperty("resourceType").GetString()!)
        );
        Assert.Equal("Patient/p", entries[0].GetProperty("subject").GetProperty("reference").GetString());
        var section = entries[0].GetProperty("section")[0];
        Assert.Equal("open-gap", section.GetProperty("code").GetProperty("coding")[0].GetProperty("code").GetString());
        Assert.Equal(
            "MeasureReport/" + entries[1].GetProperty("id").GetString(),
            section.GetProperty("entry")[0].GetProperty("reference").GetString()
        );
        Assert.Equal("individual", entries[1].GetProperty("type").GetString());
        Assert.Equal("http://x/fhir/Measure/m-19a|1.1.0", entries[1].GetProperty("measure").GetString());
        Assert.Contains("\"count\":1", json, StringComparison.Ordinal);
    }
}
