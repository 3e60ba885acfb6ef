using System.Globalization;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Storage.Tests;

/// <summary>
/// Small resources with values from small sets, so that searches for the same values meet some of them and not others. All of a
/// seed are the same on each run.
/// </summary>
internal sealed class RandomResources(int seed)
{
    /// <summary>Longer than a row of the index.</summary>
    private static readonly string Long = string.Concat(Enumerable.Range(100, 70).Select(i => $"n{i}"));

    private static readonly string[] Families =
    [
        "Müller",
        "Muller",
        "mueller",
        "O'Brien",
        "Smith",
        "Smithson",
        "Ångström",
        "de la Cruz",
        "李",
        Long,
        Long + "b",
    ];
    private static readonly string[] Givens = ["Ana", "Anna", "ANNE", "José", "Jose", "Bo"];
    private static readonly string[] Dates =
    [
        "2019",
        "2020-02",
        "2020-02-29",
        "2021-06-15",
        "2021-06-15T10:30:00Z",
        "2021-06-15T10:30:00.123+02:00",
        "2021-06-16T00:30:00+05:00",
    ];
    private static readonly string[] Systems = ["http://a.example/s", "http://b.example/s", ""];
    private static readonly string[] Codes = ["x", "X", "y", "z-1"];
    private static readonly string[] Numbers = ["0", "1", "1.0", "1.5", "2", "99.6", "100", "1e2", "-3.25"];
    private readonly Random _random = new(seed);

    /// <summary>It refers to none that comes later: the order of what is stored is that in which it was named first.</summary>
    public string Patient(int id) =>
        $$"""
            "identifier":[{"system":"http://a.example/mrn","value":"{{id}}"}{{Maybe(
                $$""",{{{System()}}"value":"{{Pick(Codes)}}"}"""
            )}}],
            "active":{{(_random.Next(2) == 0 ? "true" : "false")}}
            {{Maybe(
                $$""","name":[{"family":"{{Pick(Families)}}","given":["{{Pick(Givens)}}"]}{{Maybe($$""",{"family":"{{Pick(Families)}}"}""")}}]"""
            )}}
            {{Maybe($$""","birthDate":"{{Pick(Dates)[..4]}}-0{{_random.Next(1, 9)}}-1{{_random.Next(10)}}" """)}}
            {{Maybe($$""","gender":"{{Pick("male", "female", "other")}}" """)}}
            {{Maybe($$""","telecom":[{"system":"phone","value":"{{Pick(Codes)}}"}]""")}}
            {{Maybe($$""","link":[{"other":{"reference":"Patient/{{_random.Next(id + 1)}}"},"type":"seealso"}]""")}}
            """;

    public string Observation(int patients) =>
        $$"""
            "status":"{{Pick("final", "preliminary", "amended")}}",
            "code":{"coding":[{{Coding()}}{{Maybe($",{Coding()}")}}]}
            {{Maybe($$""","subject":{"reference":"Patient/{{_random.Next(patients)}}"}""")}}
            {{Maybe($$""","effective{{When()}}""")}}
            {{Maybe($$""","value{{Value()}}""")}}
            {{Maybe($$""","category":[{"coding":[{{Coding()}}]}]""")}}
            """;

    public string CarePlan(int patients) =>
        $$"""
            "status":"{{Pick("draft", "active", "completed")}}","intent":"plan",
            "subject":{"reference":"Patient/{{_random.Next(patients)}}"}
            {{Maybe($$""","period":{{Period()}}""")}}
            {{Maybe($$""","replaces":[{"reference":"CarePlan/{{Pick(4, 12)}}"}]""")}}
            {{Maybe($$""","category":[{"coding":[{{Coding()}}]}]""")}}
            {{Maybe(
                $$""","instantiatesUri":["{{Pick("urn:a", "http://b.example/plans/1", "http://elsewhere.example/fhir/Patient/1")}}"]"""
            )}}
            """;

    public string RiskAssessment(int patients) =>
        $$"""
            "status":"final","subject":{"reference":"{{Pick(
                $"Patient/{_random.Next(patients)}",
                "http://elsewhere.example/fhir/Patient/1"
            )}}"}
            {{Maybe(
                $$""","prediction":[{"probabilityDecimal":{{Pick("0.1", "0.15", "0.2", "0.5", "1")}}}{{Maybe(""",{"probabilityDecimal":0.9}""")}}]"""
            )}}
            {{Maybe(
                $$""","occurrence{{(_random.Next(2) == 0 ? $"DateTime\":\"{Pick(Dates)}\"" : $"Period\":{Period()}")}}"""
            )}}
            """;

    /// <summary>A query of a type that <see cref="Put"/> makes, with one to three conditions, sometimes sorted.</summary>
    public string Query(int patients)
    {
        var (type, conditions, sorts) = Pick(Queries(patients));
        var chosen = Enumerable
            .Range(0, _random.Next(1, 4))
            .Select(_ => Pick(conditions))
            .Distinct(StringComparer.Ordinal);
        var sort = _random.Next(2) == 0 ? $"&_sort={Pick(sorts)}" : "";
        return $"{type}?{string.Join('&', chosen)}{sort}";
    }

    public (ResourceKey Key, string Members) Put(int place, int patients) =>
        place < patients
            ? (new ResourceKey("Patient", place.ToString(CultureInfo.InvariantCulture)), Patient(place))
            : (place % 4) switch
            {
                0 => (Key("CarePlan", place), CarePlan(patients)),
                1 => (Key("RiskAssessment", place), RiskAssessment(patients)),
                _ => (Key("Observation", place), Observation(patients)),
            };

    private (string Type, string[] Conditions, string[] Sorts)[] Queries(int patients)
    {
        var someone = _random.Next(patients).ToString(CultureInfo.InvariantCulture);
        var code = Pick(Codes);
        var system = Pick(Systems);
        var prefix = Pick("", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap");
        var date = prefix + Pick(Dates);
        var number = prefix + Pick(Numbers);
        return
        [
            (
                "Patient",
                [
                    $"family={Pick(Families)[..1]}",
                    $"family={Pick(Families)}",
                    $"family:exact={Pick(Families)}",
                    $"name:contains={Pick("n", "mit", "ll")}",
                    $"given={Pick(Givens)},{Pick(Givens)}",
                    $"gender={Pick("male", "female")}",
                    "gender:not=male",
                    $"gender:missing={Pick("true", "false")}",
                    $"birthdate={prefix}{Pick(Dates)[..4]}",
                    $"identifier={system}|{code}",
                    $"identifier={code}",
                    $"identifier={Systems[0]}|",
                    $"identifier=http://a.example/mrn|{someone}",
                    "active=true",
                    "active=|true",
                    "gender=http://hl7.org/fhir/administrative-gender|",
                    "gender:not=http://hl7.org/fhir/administrative-gender|",
                    "telecom=phone|",
                    $"telecom=phone|{code}",
                    $"phonetic={Pick(Givens)}",
                    $"family={Long[..Pick(128, 129, 250, 280)]}",
                    $"family=x,{Long}",
                    $"name:contains={Long[Pick(0, 60, 130, 230)..][..Pick(20, 50)]}",
                    $"phone={code}",
                    $"_id={someone},1,2",
                    $"link:Patient.family={Pick(Families)[..1]}",
                    "link:Patient.link:Patient.gender=male",
                    $"_has:Observation:{Pick("subject", "patient")}:code={system}|{code}",
                    $"_has:Observation:patient:code:not={code}",
                    $"_has:Observation:patient:date={date}",
                    $"_has:Observation:patient:value-quantity={number}",
                    $"_has:Observation:patient:value-string={Pick(Givens)}",
                    $"_has:Observation:patient:value-quantity:missing={Pick("true", "false")}",
                    $"_has:Observation:patient:code-value-quantity={code}${number}",
                    $"_has:Observation:patient:_lastUpdated={Pick("ge", "lt", "sa")}2021-01-01",
                    $"_has:CarePlan:patient:status={Pick("active", "draft")}",
                    $"_has:CarePlan:patient:_has:CarePlan:replaces:status=active",
                    $"_has:CarePlan:patient:replaces.status=draft",
                    $"_has:Patient:link:family={Pick(Families)[..1]}",
                    $"_has:Patient:link:_id={someone},1,2",
                    $"_has:RiskAssessment:patient:probability={prefix}0.2",
                    $"link:Patient._has:Observation:subject:code={code}",
                    $"_lastUpdated={Pick("ge", "lt", "sa")}2021-01-01",
                ],
                [
                    "family",
                    "-family",
                    "birthdate",
                    "-birthdate",
                    "_id",
                    "-_id",
                    "given,-birthdate",
                    "-given",
                    "-_lastUpdated",
                    "_lastUpdated",
                    "gender",
                    "-gender,_id",
                    "active,-family",
                    "-active&_sort=-_id",
                ]
            ),
            (
                "Observation",
                [
                    $"status={Pick("final", "amended")}",
                    "status:not=final,amended",
                    $"code={system}|{code}",
                    $"code={code},{Pick(Codes)}",
                    $"patient={someone}",
                    $"subject=Patient/{someone}",
                    $"patient.family={Pick(Families)[..1]}",
                    $"patient.gender={Pick("male", "female")}",
                    "subject:Patient.birthdate=lt2021",
                    "patient.active:not=true",
                    $"date={date}",
                    $"value-quantity={number}",
                    $"value-quantity={number}|http://unitsofmeasure.org|kg",
                    $"value-quantity={number}||kg",
                    $"code-value-quantity={code}${number}",
                    $"code-value-concept={code}${Pick(Codes)}",
                    "value-quantity:missing=true",
                    $"value-string={Pick(Givens)}",
                    $"patient:missing={Pick("true", "false")}",
                    $"category={code}",
                    $"patient=Patient/{someone},Patient/1",
                    "patient.identifier=http://a.example/mrn|1",
                    $"patient.link:Patient.family={Pick(Families)[..1]}",
                    "patient._has:CarePlan:patient:status=active",
                    $"patient._has:CarePlan:patient:category={code}",
                    $"subject._has:Patient:link:gender={Pick("male", "female")}",
                    $"subject:Patient.link:Patient.birthdate={prefix}{Pick(Dates)[..4]}",
                    "patient.link:Patient.gender:not=male",
                    $"patient.link:Patient.gender:missing={Pick("true", "false")}",
                    $"subject.link:Patient.link:Patient._id={someone},1",
                ],
                [
                    "date",
                    "-date",
                    "value-quantity",
                    "-value-quantity",
                    "_lastUpdated",
                    "-_lastUpdated",
                    "-date,value-quantity",
                    "status",
                    "-status,date",
                    "_id",
                ]
            ),
            (
                "CarePlan",
                [
                    $"patient=Patient/{someone}",
                    "status=active",
                    "status=active,draft",
                    $"date={date}",
                    $"instantiates-uri={Pick("urn:a", "http://b.example/plans/1")}",
                    "replaces:missing=false",
                    $"category={code}",
                    $"replaces=CarePlan/{Pick(4, 12)}",
                    "replaces.status=active",
                    "replaces.replaces.status=active",
                    $"_has:CarePlan:replaces:status={Pick("active", "draft")}",
                    $"_has:CarePlan:replaces:patient={someone}",
                    "_has:CarePlan:replaces:_has:CarePlan:replaces:status=active",
                    $"_has:CarePlan:replaces:date={date}",
                    $"_has:CarePlan:replaces:category:not={code}",
                    $"replaces.patient.family={Pick(Families)[..1]}",
                    "replaces.patient.link:Patient.active=true",
                    $"date:missing={Pick("true", "false")}",
                ],
                ["date", "-date", "instantiates-uri", "-instantiates-uri", "-_lastUpdated", "_id", "status", "-status"]
            ),
            (
                "RiskAssessment",
                [
                    $"probability={prefix}{Pick("0.1", "0.2", "0.15", "1")}",
                    $"date={date}",
                    "subject=http://elsewhere.example/fhir/Patient/1",
                    $"subject=http://elsewhere.example/fhir/Patient/1,Patient/{someone}",
                    $"patient=Patient/{someone}",
                    "probability:missing=true",
                ],
                ["date", "probability", "-probability,date", "_lastUpdated"]
            ),
        ];
    }

    private string Coding() => $$"""{{{System()}}"code":"{{Pick(Codes)}}"}""";

    private string System() => Pick(Systems) is { Length: > 0 } system ? $"\"system\":\"{system}\"," : "";

    private string When() => _random.Next(2) == 0 ? $"DateTime\":\"{Pick(Dates)}\"" : $"Period\":{Period()}";

    private string Period() =>
        _random.Next(3) switch
        {
            0 => """{"start":"2020-01-01"}""",
            1 => """{"end":"2021-06-15"}""",
            _ => """{"start":"2020-02","end":"2021-06-15T10:30:00Z"}""",
        };

    private string Value() =>
        _random.Next(3) switch
        {
            0 =>
                $$"""Quantity":{"value":{{Pick(Numbers)}}{{Maybe(""","system":"http://unitsofmeasure.org","code":"kg" """)}}}""",
            1 => $$"""CodeableConcept":{"coding":[{{Coding()}}]}""",
            _ => $"String\":\"{Pick(Givens)}\"",
        };

    private static ResourceKey Key(string type, int place) => new(type, place.ToString(CultureInfo.InvariantCulture));

    private string Maybe(string text) => _random.Next(3) == 0 ? "" : text;

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];
}
