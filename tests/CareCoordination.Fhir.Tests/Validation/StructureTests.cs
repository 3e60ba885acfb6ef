using System.Text;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Validation;

namespace CareCoordination.Fhir.Tests.Validation;

public sealed class StructureTests
{
    [Fact]
    public void Accepts_a_valid_resource_without_issues() =>
        Check.Issues(
            """
            {"resourceType":"Patient","id":"1","name":[{"given":["A",null],"_given":[null,{"extension":[{"url":"http://example.org/x","valueCode":"y"}]}]}],
            "birthDate":"1970-03-01","_birthDate":{"id":"b"},"multipleBirthInteger":2,"active":true,"_gender":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}}
            """
        );

    [Theory]
    [InlineData("{}", "Required Resource.resourceType: A resource says what it is: add resourceType.")]
    [InlineData(
        "{\"resourceType\":7}",
        "Required Resource.resourceType: A resource says what it is: add resourceType."
    )]
    [InlineData(
        "{\"resourceType\":\"Pateint\"}",
        "Value Resource.resourceType: This resourceType is no resource type of FHIR R4; did you mean 'Patient'?"
    )]
    [InlineData(
        "{\"resourceType\":\"Unicorn\"}",
        "Value Resource.resourceType: This resourceType is no resource type of FHIR R4; see https://hl7.org/fhir/R4/resourcelist.html."
    )]
    [InlineData(
        "{\"resourceType\":\"DomainResource\"}",
        "Value Resource.resourceType: This resourceType is no resource type of FHIR R4; see https://hl7.org/fhir/R4/resourcelist.html."
    )]
    public void Refuses_what_is_no_resource(string json, string issue) => Check.Issues(json, issue);

    [Theory]
    [InlineData(
        "\"brithDate\":\"1970\"",
        "Structure Patient.brithDate: 'brithDate' is no element of Patient; did you mean 'birthDate'?"
    )]
    [InlineData(
        "\"BirthDate\":\"1970\"",
        "Structure Patient.BirthDate: 'BirthDate' is no element of Patient; did you mean 'birthDate'?"
    )]
    [InlineData(
        "\"favouriteColour\":\"red\"",
        "Structure Patient.favouriteColour: 'favouriteColour' is no element of Patient; remove it, or send it as an extension."
    )]
    [InlineData(
        "\"contact\":[{\"resourceType\":\"X\"}]",
        "Structure Patient.contact[0].resourceType: 'resourceType' is no element of Patient.contact; remove it, or send it as an extension."
    )]
    [InlineData(
        "\"_name\":[{\"id\":\"a\"}]",
        "Structure Patient._name: '_name' is no element of Patient; did you mean 'name'?"
    )]
    [InlineData(
        "\"deceased\":true",
        "Structure Patient.deceased: 'deceased' is no element of Patient; remove it, or send it as an extension."
    )]
    public void Refuses_unknown_elements(string property, string issue) => Check.Issues(Patient(property), issue);

    [Theory]
    [InlineData(
        "\"name\":{\"family\":\"x\"}",
        "Structure Patient.name: Patient.name repeats: send an array, even for one value."
    )]
    [InlineData(
        "\"gender\":[\"male\"]",
        "Structure Patient.gender: Patient.gender does not repeat: send one value, no array."
    )]
    [InlineData("\"name\":[]", "Structure Patient.name: An array cannot be empty; leave the element out.")]
    [InlineData("\"name\":[{}]", "Structure Patient.name[0]: An object cannot be empty; leave the element out.")]
    [InlineData(
        "\"name\":[\"x\"]",
        "Structure Patient.name[0]: Patient.name has the type HumanName: send a JSON object."
    )]
    [InlineData(
        "\"name\":[[{\"family\":\"x\"}]]",
        "Structure Patient.name[0]: Patient.name has the type HumanName: send a JSON object."
    )]
    [InlineData("\"name\":[null]", "Structure Patient.name[0]: null is no value in FHIR; leave the element out.")]
    [InlineData("\"gender\":null", "Structure Patient.gender: null is no value in FHIR; leave the element out.")]
    [InlineData(
        "\"name\":[{\"given\":[null,\"A\"]}]",
        "Structure Patient.name[0].given[0]: null needs an object with extensions at the same place of _given."
    )]
    [InlineData(
        "\"active\":\"true\"",
        "Structure Patient.active: This is a JSON string, but boolean is sent as true or false, without quotes."
    )]
    [InlineData(
        "\"birthDate\":1970",
        "Structure Patient.birthDate: This is a JSON number, but date is sent as a JSON string, in quotes."
    )]
    [InlineData(
        "\"multipleBirthInteger\":\"2\"",
        "Structure Patient.multipleBirth: This is a JSON string, but integer is sent as a JSON number, without quotes."
    )]
    [InlineData(
        "\"gender\":{\"value\":\"male\"}",
        "Structure Patient.gender: This is a JSON object, but code is sent as a JSON string, in quotes."
    )]
    public void Refuses_the_wrong_json_form(string property, string issue) => Check.Issues(Patient(property), issue);

    [Theory]
    [InlineData(
        "\"_gender\":\"x\"",
        "Structure Patient.gender: _gender holds the id and extensions of Patient.gender: send an object."
    )]
    [InlineData(
        "\"_gender\":{}",
        "Structure Patient.gender: _gender has an object without id and extensions; leave it out."
    )]
    [InlineData("\"_id\":{\"id\":\"a\"}", "Structure Patient.id: '_id' is no element of Patient; did you mean 'id'?")]
    [InlineData(
        "\"name\":[{\"_id\":{\"extension\":[{\"url\":\"http://example.org/x\",\"valueCode\":\"y\"}]}}]",
        "Structure Patient.name[0].id: '_id' is no element of HumanName; did you mean 'id'?"
    )]
    [InlineData(
        "\"_birthDate\":{\"_id\":{\"id\":\"a\"}}",
        "Structure Patient.birthDate.id: '_id' is no element of Element; did you mean 'id'?"
    )]
    [InlineData(
        "\"extension\":[{\"url\":\"http://example.org/x\",\"_url\":{\"id\":\"a\"},\"valueCode\":\"y\"}]",
        "Structure Patient.extension[0].url: '_url' is no element of Extension; did you mean 'url'?"
    )]
    [InlineData(
        "\"name\":[{\"given\":[\"A\",\"B\"],\"_given\":[null,null]}]",
        "Structure Patient.name[0].given: _given holds nothing but null; leave it out."
    )]
    [InlineData(
        "\"name\":[{\"_given\":[null]}]",
        "Structure Patient.name[0].given: _given holds nothing but null; leave it out."
    )]
    [InlineData(
        "\"_gender\":[{\"id\":\"a\"}]",
        "Structure Patient.gender: _gender goes with Patient.gender, which does not repeat: send one object."
    )]
    [InlineData(
        "\"_gender\":{\"value\":\"male\"}",
        "Structure Patient.gender.value: 'value' is no element of Element; remove it, or send it as an extension."
    )]
    [InlineData(
        "\"name\":[{\"_given\":{\"id\":\"a\"}}]",
        "Structure Patient.name[0].given: _given goes with HumanName.given, which repeats: send an array."
    )]
    [InlineData(
        "\"name\":[{\"_given\":[]}]",
        "Structure Patient.name[0].given: An array cannot be empty; leave the element out."
    )]
    [InlineData(
        "\"name\":[{\"given\":[\"A\",\"B\"],\"_given\":[{\"id\":\"a\"}]}]",
        "Structure Patient.name[0].given: _given and given have different lengths; fill with null."
    )]
    public void Refuses_a_misplaced_id_or_extension_of_a_primitive(string property, string issue) =>
        Check.Issues(Patient(property), issue);

    [Fact]
    public void Walks_nulls_and_their_extensions_once()
    {
        var nulls = string.Join(',', Enumerable.Repeat("null", 200_000));
        var extensions = string.Join(',', Enumerable.Range(0, 200_000).Select(i => $"{{\"id\":\"a{i}\"}}"));

        Check.Issues(Patient($"\"name\":[{{\"given\":[{nulls}],\"_given\":[{extensions}]}}]"));
    }

    [Fact]
    public void Refuses_missing_mandatory_elements_each_by_name() =>
        Check.Issues(
            """{"resourceType":"CarePlan","activity":[{"detail":{"kind":"Task"}}]}""",
            "Required CarePlan.status: CarePlan.status is required; add it.",
            "Required CarePlan.intent: CarePlan.intent is required; add it.",
            "Required CarePlan.subject: CarePlan.subject is required; add it.",
            "Required CarePlan.activity[0].detail.status: CarePlan.activity.detail.status is required; add it."
        );

    [Fact]
    public void Accepts_extensions_in_the_place_of_a_mandatory_value() =>
        Check.Issues(
            """{"resourceType":"Basic","code":{"text":"x"},"identifier":[{"_system":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}}]}"""
        );

    [Fact]
    public void Names_the_missing_choice() =>
        Check.Issues(
            """{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"reference":"Patient/1"}}""",
            "Required MedicationRequest.medication: MedicationRequest.medication[x] is required; add it."
        );

    [Theory]
    [InlineData(
        "\"multipleBirthBoolean\":true,\"multipleBirthInteger\":2",
        "Structure Patient.multipleBirth: Patient.multipleBirth[x] has one type: send multipleBirthBoolean or multipleBirthInteger, not both."
    )]
    [InlineData(
        "\"_deceasedBoolean\":{\"id\":\"a\"},\"deceasedDateTime\":\"2020\"",
        "Structure Patient.deceased: Patient.deceased[x] has one type: send deceasedBoolean or deceasedDateTime, not both."
    )]
    public void Refuses_two_types_of_one_choice(string properties, string issue) =>
        Check.Issues(Patient(properties), issue);

    [Fact]
    public void Accepts_a_choice_with_its_extensions() =>
        Check.Issues(Patient("\"deceasedDateTime\":\"2020\",\"_deceasedDateTime\":{\"id\":\"a\"}"));

    [Fact]
    public void Reports_all_problems_in_document_order() =>
        Check.Issues(
            """
            {"resourceType":"Encounter","status":"planned","period":{"start":"2020-02-30"},"language":" en","colour":"x",
            "participant":[{"period":{"end":"yesterday"}},{"individual":{"reference":"Patient/1"}}]}
            """,
            "Required Encounter.class: Encounter.class is required; add it.",
            "Value Encounter.period.start: This is no dateTime: send a date, or YYYY-MM-DDThh:mm:ss with Z or an offset such as +01:00.",
            "Value Encounter.language: This is no code: send no spaces at its ends, only single ones within, and no control characters.",
            "Structure Encounter.colour: 'colour' is no element of Encounter; remove it, or send it as an extension.",
            "Value Encounter.participant[0].period.end: This is no dateTime: send a date, or YYYY-MM-DDThh:mm:ss with Z or an offset such as +01:00.",
            "Value Encounter.participant[1].individual.reference: A reference to Patient cannot stand here; refer to Practitioner or PractitionerRole or RelatedPerson."
        );

    [Fact]
    public void Stops_at_the_most_issues_wanted()
    {
        var json = Patient($"\"name\":[{string.Join(',', Enumerable.Repeat("{}", 500))}]");
        var document = ResourceDocument.Parse(Encoding.UTF8.GetBytes(json)).Value;

        Assert.Equal(100, Check.Validator.Validate(document).Length);
        Assert.Equal(7, Check.Validator.Validate(document, new ValidationOptions(MaxIssues: 7)).Length);
    }

    [Fact]
    public void Repeats_no_long_text_of_the_body()
    {
        var name = new string('x', 5000);
        var document = ResourceDocument
            .Parse(Encoding.UTF8.GetBytes(Patient($"\"{name}\":1,\"gender\":\"{name}\"")))
            .Value;

        var issues = Check.Validator.Validate(document);

        Assert.Equal(
            [
                Issue.Error(
                    IssueCode.Structure,
                    "This is no element of Patient; remove it, or send it as an extension.",
                    $"Patient.{name[..64]}"
                ),
                Issue.Error(
                    IssueCode.CodeInvalid,
                    "This is not a code of http://hl7.org/fhir/ValueSet/administrative-gender; use one of male, female, other, unknown.",
                    "Patient.gender"
                ),
            ],
            issues
        );
    }

    private static string Patient(string properties) => $"{{\"resourceType\":\"Patient\",{properties}}}";
}
