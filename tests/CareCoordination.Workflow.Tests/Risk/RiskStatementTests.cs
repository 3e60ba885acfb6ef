using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Risk;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Risk;

public sealed class RiskStatementTests
{
    private static readonly Snapshot Stay = Given.Resource("Encounter", "e", "'status':'finished'");

    private static readonly RiskInputs Known = new()
    {
        Admitted = new(2026, 11, 1),
        Discharged = new(2026, 11, 9),
        IsUnplanned = true,
        Diseases = ["heart-failure"],
        EmergencyVisits = 0,
    };

    [Fact]
    public void It_says_the_score_its_basis_and_whose_it_is()
    {
        var decision = Decide(LaceScore.Of(Known, new RiskRules()), null, "Condition/c");

        Given.AssertJson(
            $$"""
            {
              "resourceType": "RiskAssessment",
              "id": "{{KeyOf("lace-index").Id}}",
              "extension": [{
                "url": "https://carecoordination.example/fhir/StructureDefinition/risk-score",
                "extension": [{"url": "points", "valueInteger": 10}, {"url": "most", "valueInteger": 10}]
              }],
              "status": "final",
              "method": {"coding": [{"system": "https://carecoordination.example/fhir/CodeSystem/risk-instrument", "code": "lace-2010", "display": "LACE index of 2010"}]},
              "code": {"coding": [{"system": "https://carecoordination.example/fhir/CodeSystem/risk-instrument", "code": "lace-index", "display": "LACE index"}]},
              "subject": {"reference": "Patient/p"},
              "encounter": {"reference": "Encounter/e"},
              "occurrenceDateTime": "2026-11-23T15:00:00Z",
              "basis": [{"reference": "Encounter/e"}, {"reference": "Condition/c"}],
              "prediction": [{
                "outcome": {"text": "Readmission within 30 days"},
                "qualitativeRisk": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/risk-probability", "code": "high", "display": "High likelihood"}]},
                "rationale": "L 5, A 3, C 2, E 0"
              }],
              "note": [{"text": "Visits, admissions and procedures are counted as this record has them."}]
            }
            """,
            decision.Written(KeyOf("lace-index").ToString())
        );
        Assert.Equal(
            ("risk", KeyOf("lace-index"), 0),
            (decision.Activity, decision.Answer, decision.Writes[0].DecidedFrom)
        );
        Assert.Equal([new ReliedOn(Stay.Key, 3)], decision.ReliedOn);
    }

    [Fact]
    public void What_is_missing_is_a_note_and_makes_it_preliminary_while_it_matters()
    {
        var open = Written(LaceScore.Of(Known with { Diseases = null, EmergencyVisits = null }, new RiskRules()));
        var certain = Written(
            LaceScore.Of(Known with { Admitted = new DateOnly(2026, 10, 1), EmergencyVisits = null }, new RiskRules())
        );

        Assert.Equal(
            ("preliminary", "final"),
            (open["status"]!.GetValue<string>(), certain["status"]!.GetValue<string>())
        );
        Assert.Equal(
            "Missing: Comorbidity; Emergency department visits before. With them the score is between 8 and 17.",
            open["note"]![0]!["text"]!.GetValue<string>()
        );
        Assert.Equal("L 5, A 3, C missing, E missing", open["prediction"]![0]!["rationale"]!.GetValue<string>());
    }

    [Fact]
    public void The_same_again_is_no_new_version_whenever_it_is()
    {
        var score = LaceScore.Of(Known, new RiskRules());
        var before = Decide(score, null, "Condition/c").After(KeyOf("lace-index").ToString());

        var later = Decide(score, before, now: Given.Now.AddDays(3), basis: "Condition/c");

        Assert.Empty(later.Writes);
        Assert.Equal([new ReliedOn(before.Key, 1)], later.ReliedOn);
    }

    public static TheoryData<string, RiskScore, string> Changes =>
        new()
        {
            { "points", LaceScore.Of(Known with { EmergencyVisits = 2 }, new RiskRules()), "Condition/c" },
            { "missing", LaceScore.Of(Known with { Diseases = null }, new RiskRules()), "Condition/c" },
            { "basis", LaceScore.Of(Known, new RiskRules()), "Condition/d" },
            {
                "tier",
                LaceScore.Of(
                    Known,
                    new RiskRules { LaceTiers = ImmutableDictionary<string, int>.Empty.Add("high", 15) }
                ),
                "Condition/c"
            },
        };

    [Theory, MemberData(nameof(Changes))]
    public void What_changes_is_a_new_version_of_the_same(string what, RiskScore score, string basis)
    {
        var before = Decide(LaceScore.Of(Known, new RiskRules()), null, "Condition/c")
            .After(KeyOf("lace-index").ToString());

        var after = Decide(score, before, basis, Given.Now.AddDays(1));

        Assert.Equal((what, before.Key, 1), (what, after.Writes.Single().Key, after.Writes.Single().DecidedFrom));
        Assert.Equal(
            "2026-11-24T15:00:00Z",
            after.Written(before.Key.ToString())["occurrenceDateTime"]!.GetValue<string>()
        );
    }

    [Fact]
    public void There_is_one_for_each_stay_and_instrument()
    {
        ResourceKey[] keys =
        [
            KeyOf("lace-index"),
            KeyOf("hospital-score"),
            RiskStatement.KeyOf(new("Encounter", "f"), "lace-index"),
            RiskStatement.KeyOf(new("Encounter", "f"), "hospital-score"),
        ];

        Assert.Equal(4, keys.Distinct().Count());
        Assert.All(keys, k => Assert.True(FhirId.IsValid(k.Id), k.Id));
        Assert.Equal(KeyOf("lace-index"), RiskStatement.KeyOf(Stay.Key, "lace-index"));
    }

    [Fact]
    public void Derived_ids_are_uuids_of_version_eight()
    {
        var ids = Enumerable.Range(0, 200).Select(i => DerivedId.Of(new("Encounter", $"e{i}"), "x")).ToArray();

        Assert.Equal(200, ids.Distinct().Count());
        Assert.All(
            ids,
            id => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id)
        );
        Assert.Distinct([
            .. ids,
            .. Enumerable.Range(0, 200).Select(i => DerivedId.Of(new("Encounter", $"e{i}"), "y")),
        ]);
        // It never changes: what is stored by it is found again by every later version of the server.
        Assert.Equal("b2043efd-b04e-8fcc-b282-af3b5adef769", ids[0]);
    }

    private static ResourceKey KeyOf(string instrument) => RiskStatement.KeyOf(Stay.Key, instrument);

    private static JsonObject Written(RiskScore score) =>
        Decide(score, null, "Condition/c").Written(KeyOf(score.Instrument).ToString());

    private static Decision Decide(RiskScore score, Snapshot? before, string basis, DateTimeOffset? now = null) =>
        RiskStatement.Of(
            score,
            "Patient/p",
            Stay,
            [Stay.Key, new(basis.Split('/')[0], basis.Split('/')[1])],
            before,
            now ?? Given.Now
        );
}
