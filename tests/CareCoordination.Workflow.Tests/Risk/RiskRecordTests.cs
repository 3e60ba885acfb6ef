using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Risk;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Risk;

public sealed class RiskRecordTests
{
    private static readonly RiskRules Rules = new();

    [Fact]
    public void A_whole_record_gives_all_inputs_and_where_they_were_found()
    {
        var (inputs, basis) = new RiskRecord(
            Stay(
                "'priority':{'coding':[{'code':'EM'}]},'serviceType':{'coding':[{'system':'http://snomed.info/sct','code':'394593009'}]}"
            ),
            [
                Given.Resource(
                    "Condition",
                    "c1",
                    "'code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I50.9'}]}"
                ),
                Given.Resource("Condition", "c2", "'code':{'text':'Tired'}"),
                Given.Resource(
                    "Encounter",
                    "e1",
                    "'status':'finished','class':{'code':'EMER'},'period':{'start':'2026-09-01T10:00:00Z','end':'2026-09-01T12:00:00Z'}"
                ),
                Given.Resource(
                    "Encounter",
                    "e2",
                    "'status':'finished','class':{'code':'IMP'},'period':{'start':'2026-07-01','end':'2026-07-04'}"
                ),
                Lab("o1", "718-7", "11.2", "g/dL"),
                Lab("o2", "2951-2", "131", "mmol/L"),
                Given.Resource(
                    "Procedure",
                    "p1",
                    "'status':'completed','encounter':{'reference':'Encounter/i'},'code':{'coding':[{'code':'80146002'}]}"
                ),
                Given.Resource("Goal", "g1"),
            ],
            TimeZoneInfo.Utc
        ).Read(Rules);

        Assert.Equal((new DateOnly(2026, 11, 10), new DateOnly(2026, 11, 17)), (inputs.Admitted, inputs.Discharged));
        Assert.Equal((true, true, true), (inputs.IsUnplanned, inputs.IsOncology, inputs.HasProcedure));
        Assert.Equal(
            (1, 1, 11.2m, 131m),
            (inputs.EmergencyVisits, inputs.Admissions, inputs.Haemoglobin, inputs.Sodium)
        );
        Assert.Equal(["heart-failure"], inputs.Diseases!);
        Assert.Equal(
            [
                "Encounter/i",
                "Condition/c1",
                "Observation/o1",
                "Observation/o2",
                "Procedure/p1",
                "Encounter/e1",
                "Encounter/e2",
            ],
            basis.Select(b => b.ToString())
        );
        Assert.Equal(3 + 5 + 2 + 1, LaceScore.Of(inputs, Rules).Total);
        Assert.Equal(1 + 2 + 1 + 1 + 1 + 0 + 2, HospitalScore.Of(inputs, Rules).Total);
    }

    [Theory]
    [InlineData("'priority':{'coding':[{'code':'UR'}]}", true)]
    [InlineData(
        "'priority':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/v3-ActPriority','code':'EL'}]}",
        false
    )]
    [InlineData("'priority':{'coding':[{'system':'http://a.example','code':'EM'}]}", null)]
    [InlineData(
        "'priority':{'coding':[{'code':'EL'}]},'hospitalization':{'admitSource':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/admit-source','code':'emd'}]}}",
        true
    )]
    [InlineData(
        "'hospitalization':{'admitSource':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/admit-source','code':'gp'}]}}",
        null
    )]
    [InlineData("'language':'en'", null)]
    public void Priority_and_source_say_whether_it_was_planned(string elements, bool? isUnplanned) =>
        Assert.Equal(isUnplanned, Read(Stay(elements)).IsUnplanned);

    [Theory]
    [InlineData("'clinicalStatus':{'coding':[{'code':'active'}]},", "I50.9", "heart-failure")]
    [InlineData("'clinicalStatus':{'coding':[{'code':'resolved'}]},", "I50.9", "")]
    // Who has had one has had one.
    [InlineData("'clinicalStatus':{'coding':[{'code':'resolved'}]},", "I21.3", "myocardial-infarction")]
    [InlineData("'verificationStatus':{'coding':[{'code':'refuted'}]},", "I50.9", null)]
    [InlineData("'verificationStatus':{'coding':[{'code':'entered-in-error'}]},", "I50.9", null)]
    [InlineData("'verificationStatus':{'coding':[{'code':'provisional'}]},", "I50.9", "heart-failure")]
    [InlineData("", "R53.83", "")]
    public void Diagnoses_count_by_their_statuses(string statuses, string code, string? diseases)
    {
        var inputs = Read(
            Stay(),
            Given.Resource(
                "Condition",
                "c",
                $"{statuses}'code':{{'coding':[{{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'{code}'}}]}}"
            )
        );

        Assert.Equal(diseases, inputs.Diseases is { } found ? string.Join(' ', found) : null);
    }

    [Theory]
    [InlineData("11", "g/dL", 11.0)]
    [InlineData("112", "g/L", 11.2)]
    [InlineData("7", "mmol/L", null)]
    [InlineData("7", "", null)]
    public void A_value_counts_in_a_unit_that_is_known(string value, string unit, double? haemoglobin) =>
        Assert.Equal((decimal?)haemoglobin, Read(Stay(), Lab("o", "718-7", value, unit)).Haemoglobin);

    [Theory]
    [InlineData("2026-11-16T08:00:00Z", "final", 9.0)]
    [InlineData("2026-11-17", "final", 9.0)]
    [InlineData("2026-11-09T08:00:00Z", "final", 10.0)]
    [InlineData("2026-11-19T08:00:00Z", "final", 10.0)]
    [InlineData("2026-11-16T08:00:00Z", "preliminary", 10.0)]
    [InlineData("2026-11-16T08:00:00Z", "entered-in-error", 10.0)]
    [InlineData("2026-11-11T08:00:00Z", "corrected", 10.0)]
    public void The_last_value_of_the_stay_counts(string at, string status, double haemoglobin) =>
        Assert.Equal(
            (decimal)haemoglobin,
            Read(
                Stay(),
                Lab("o1", "718-7", "10", "g/dL", "2026-11-12T08:00:00Z"),
                Lab("o2", "718-7", "9", "g/dL", at, status)
            ).Haemoglobin
        );

    [Theory]
    [InlineData("'status':'completed','encounter':{'reference':'Encounter/i'},'code':{'coding':[{'code':'1'}]}", true)]
    [InlineData("'status':'not-done','encounter':{'reference':'Encounter/i'},'code':{'coding':[{'code':'1'}]}", false)]
    [InlineData("'status':'completed','encounter':{'reference':'Encounter/j'},'code':{'coding':[{'code':'1'}]}", false)]
    [InlineData("'status':'completed','encounter':{'reference':'Encounter/i'},'code':{'text':'Wash'}", false)]
    public void A_coded_procedure_of_the_stay_counts(string elements, bool counts) =>
        Assert.Equal(counts, Read(Stay(), Given.Resource("Procedure", "p", elements)).HasProcedure);

    [Fact]
    public void A_stay_without_a_period_gives_neither_days_nor_counts()
    {
        var inputs = Read(Given.Resource("Encounter", "i", "'status':'finished','class':{'code':'IMP'}"));

        Assert.Equal(
            (null, null, null, null),
            (inputs.Admitted, inputs.Discharged, inputs.EmergencyVisits, inputs.Admissions)
        );
    }

    private static RiskInputs Read(Snapshot stay, params Snapshot[] others) =>
        new RiskRecord(stay, [.. others], TimeZoneInfo.Utc).Read(Rules).Inputs;

    private static Snapshot Stay(string more = "'language':'en'") =>
        Given.Resource(
            "Encounter",
            "i",
            $"'status':'finished','class':{{'code':'IMP'}},'period':{{'start':'2026-11-10T20:00:00Z','end':'2026-11-17T09:00:00Z'}},{more}"
        );

    private static Snapshot Lab(
        string id,
        string code,
        string value,
        string unit,
        string at = "2026-11-16T08:00:00Z",
        string status = "final"
    ) =>
        Given.Resource(
            "Observation",
            id,
            $"'status':'{status}','code':{{'coding':[{{'system':'http://loinc.org','code':'{code}'}}]}},'effectiveDateTime':'{at}','valueQuantity':{{'value':{value}{(unit.Length == 0 ? "" : $",'unit':'{unit}'")}}}"
        );
}
