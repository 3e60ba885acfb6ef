using CareCoordination.Fhir.Search;
using CareCoordination.TestKit;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>What refers to a resource is asked as a chain asks what it refers to. https://hl7.org/fhir/R4/search.html#has</summary>
public sealed class HasSearchTests
{
    [Theory]
    [InlineData("Patient", "_has:Observation:patient:code=1234-5", "p1 p2")]
    [InlineData("Patient", "_has:Observation:subject:code=http://loinc.org|1234-5", "p1 p2")]
    [InlineData("Patient", "_has:Observation:subject:code=1234-5,8867-4", "p1 p2 p3")]
    [InlineData("Patient", "_has:Observation:patient:code:not=1234-5", "p2 p3")]
    [InlineData("Patient", "_has:Observation:patient:value-quantity=gt10", "p2")]
    [InlineData("Patient", "_has:Observation:patient:date=ge2026-02", "p2 p3")]
    [InlineData("Patient", "_has:Observation:patient:date=lt2026-02,2026-03", "p1 p3")]
    [InlineData("Patient", "_has:Observation:patient:value-quantity:missing=true", "p1 p2 p3")]
    [InlineData("Patient", "_has:Observation:patient:value-quantity:missing=false", "p2")]
    [InlineData("Patient", "_has:Observation:patient:_id=o2", "p2")]
    [InlineData("Patient", "_has:Observation:patient:_id=o2,o3", "p2 p3")]
    [InlineData("Patient", "_has:Observation:patient:code=1234-5&_has:Observation:patient:code=8867-4", "p2")]
    [InlineData("Patient", "_has:Observation:patient:code=1234-5&family=two", "p2")]
    [InlineData("Patient", "_has:Observation:performer:code=1234-5", "p3")]
    [InlineData("Patient", "_has:Observation:patient:encounter.class=IMP", "p1")]
    [InlineData("Patient", "_has:Observation:patient:encounter:Encounter.class=IMP", "p1")]
    [InlineData("Patient", "_has:Group:member:_id=102", "p1 p2")]
    [InlineData("Patient", "_has:Patient:link:family=two", "p1")]
    [InlineData("Patient", "_has:Observation:patient:_has:AuditEvent:entity:agent=Practitioner/x", "p2")]
    [InlineData("Patient", "_has:Observation:patient:_has:AuditEvent:entity:agent-name=other", "")]
    [InlineData("Encounter", "patient._has:Group:member:_id=102", "e1 e2")]
    [InlineData("Encounter", "subject:Patient._has:Group:member:_id=102", "e1 e2")]
    [InlineData("Encounter", "subject._has:Group:member:_id=102", "e1 e2")]
    [InlineData("Encounter", "_has:Observation:encounter:code=1234-5", "e1")]
    [InlineData("Encounter", "patient._has:Observation:patient:value-quantity=gt10", "e2")]
    [InlineData("Practitioner", "_has:AuditEvent:agent:entity:Observation.code=8867-4", "x")]
    [InlineData("Practitioner", "_has:AuditEvent:agent:entity:Observation.patient.family=two", "x")]
    public void Is_found_by_what_refers_to_it(string type, string query, string ids)
    {
        var oracle = World();
        Assert.Equal(ids, string.Join(' ', oracle.Search(Query(type, query)).Select(key => key.Id)));
        // As it is printed it means the same.
        var again = Query(type, Uri.UnescapeDataString(Query(type, query).ToString()));
        Assert.Equal(ids, string.Join(' ', oracle.Search(again).Select(key => key.Id)));
    }

    [Theory]
    [InlineData(
        "Patient",
        "_has:Observation:code=x",
        "'_has' needs a type, a reference parameter and a condition; use _has:Observation:patient:code=value."
    )]
    [InlineData(
        "Patient",
        "_has:Observation::code=x",
        "'_has' needs a type, a reference parameter and a condition; use _has:Observation:patient:code=value."
    )]
    [InlineData(
        "Patient",
        "_has:=x",
        "'_has' needs a type, a reference parameter and a condition; use _has:Observation:patient:code=value."
    )]
    [InlineData(
        "Patient",
        "_has:Observaton:patient:code=x",
        "'_has' names 'Observaton', which is no resource type. Did you mean 'Observation'?"
    )]
    [InlineData(
        "Patient",
        "_has:Observation:patent:code=x",
        "'_has' names 'patent', which is no reference parameter of Observation. Did you mean 'patient'?"
    )]
    [InlineData(
        "Patient",
        "_has:Slot:status:status=x",
        "'_has' names 'status', which is no reference parameter of Slot. Known are schedule."
    )]
    [InlineData(
        "Patient",
        "_has:Observation:patient:cod=x",
        "Observation has no search parameter 'cod'. Did you mean 'code' or '_id' or 'combo-code'?"
    )]
    [InlineData(
        "CarePlan",
        "_has:Observation:patient:code=x",
        "'patient' of Observation never leads to a CarePlan: those that do are based-on, focus."
    )]
    [InlineData(
        "Observation",
        "_has:Slot:schedule:status=free",
        "No Slot refers to an Observation: '_has' asks what refers to the resource that is searched."
    )]
    [InlineData(
        "Composition",
        "_has:Bundle:composition:type=document",
        "'composition' leads to a part of the Bundle itself, and to nothing else: search Bundle by composition.name."
    )]
    [InlineData(
        "Patient",
        "_has:Observation:patient:code:nothing=x",
        "Modifier ':nothing' is not offered for the token parameter 'code'; use :missing, :not or none."
    )]
    [InlineData(
        "Patient",
        "_has:Observation:patient:code=",
        "'_has:Observation:patient:code' has no value; give one or leave it out. To find resources without a value use ':missing=true'."
    )]
    [InlineData(
        "Patient",
        "_has:Patient:link:_has:Patient:link:_has:Patient:link:_has:Patient:link:_has:Patient:link:name=x",
        "A condition follows 4 references at most; search in two steps instead."
    )]
    [InlineData(
        "Patient",
        "_has:Observation:patient:date=soon",
        "'date' starts with an unknown prefix; use eq, ne, gt, lt, ge, le, sa, eb, ap or none."
    )]
    public void What_cannot_be_understood_is_refused(string type, string query, string sentence) =>
        Assert.Equal([sentence], Refusal(type, query));

    [Theory]
    [InlineData("_has:Observation:patient:code=x", true)]
    [InlineData("_has:Observaton:patient:code=x", false)]
    [InlineData("_has:Observation:patent:code=x", false)]
    [InlineData("_has:Observation:patient:cod=x", false)]
    [InlineData("_has:CarePlan:goal:status=active", false)]
    public void Lenient_handling_leaves_out_what_is_not_known(string query, bool isKept)
    {
        var parsed = Parse("Patient", query, lenient: true).Value;
        Assert.Equal((isKept ? 1 : 0, isKept ? 0 : 1), (parsed.Query.Criteria.Length, parsed.Warnings.Length));
    }

    [Fact]
    public void What_is_doubtful_of_a_value_is_said_of_what_refers_too()
    {
        var parsed = Parse("Patient", "_has:Task:patient:status=nothing").Value;
        Assert.Contains("nothing", Assert.Single(parsed.Warnings).Diagnostics, StringComparison.Ordinal);
        parsed = Parse("PlanDefinition", "_has:CarePlan:instantiates-canonical:status=active").Value;
        Assert.Contains("canonical URLs", Assert.Single(parsed.Warnings).Diagnostics, StringComparison.Ordinal);
    }

    /// <summary>
    /// That a patient is referred to is looked up by the compartment of the patient where the reference makes the resource a member of it: the
    /// parameters for which it does so, and no others.
    /// </summary>
    [Theory]
    [InlineData("Observation", "subject performer patient", "focus specimen")]
    [InlineData("Task", "patient", "owner requester focus")]
    [InlineData("CarePlan", "patient performer subject", "care-team")]
    [InlineData("Condition", "patient subject asserter", "evidence-detail")]
    [InlineData("EpisodeOfCare", "patient", "")]
    [InlineData("Group", "member", "managing-entity")]
    [InlineData("Patient", "", "link general-practitioner")]
    [InlineData("Device", "", "patient")]
    [InlineData("Appointment", "actor patient", "practitioner location")]
    public void A_reference_makes_a_member_of_the_compartment_or_not(string type, string members, string others)
    {
        foreach (var code in members.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Assert.True(Registry.IsOfPatientCompartment(Parameter(type, code)), code);
        foreach (var code in others.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Assert.False(Registry.IsOfPatientCompartment(Parameter(type, code)), code);
    }

    private static SearchOracle World()
    {
        var oracle = new SearchOracle(Extractor);
        void Put(string type, string id, string members) =>
            oracle.Put(new(type, id), Resource(type, members, id), Options.Now);
        Put("Patient", "p1", """ "name":[{"family":"One"}],"link":[] """);
        Put("Patient", "p2", """ "name":[{"family":"Two"}],"link":[{"other":{"reference":"Patient/p1"}}] """);
        Put("Patient", "p3", """ "name":[{"family":"Three"}] """);
        Put("Patient", "p4", """ "name":[{"family":"Four"}] """);
        Put("Encounter", "e1", """ "subject":{"reference":"Patient/p1"},"class":{"code":"IMP"} """);
        Put("Encounter", "e2", """ "subject":{"reference":"Patient/p2"},"class":{"code":"AMB"} """);
        Put("Encounter", "e3", """ "subject":{"reference":"Patient/p3"},"class":{"code":"IMP"} """);
        const string Loinc = """ "code":{"coding":[{"system":"http://loinc.org","code":"1234-5"}]} """;
        const string Pulse = """ "code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]} """;
        Put(
            "Observation",
            "o1",
            Loinc
                + """, "subject":{"reference":"Patient/p1"},"performer":[{"reference":"Patient/p3"}],"effectiveDateTime":"2026-01-05","encounter":{"reference":"Encounter/e1"} """
        );
        Put(
            "Observation",
            "o2",
            Pulse
                + """, "subject":{"reference":"Patient/p2/_history/1"},"effectiveDateTime":"2026-02-05","valueQuantity":{"value":72} """
        );
        Put("Observation", "o2b", Loinc + """, "subject":{"reference":"Patient/p2"} """);
        Put("Observation", "o3", Pulse + """, "subject":{"reference":"Patient/p3"},"effectiveDateTime":"2026-03" """);
        // Neither is of p4: one is a part of another resource, one is of somebody of the same id elsewhere.
        Put(
            "DiagnosticReport",
            "r",
            """ "contained":[{"resourceType":"Observation","id":"c","code":{"text":"x"},"subject":{"reference":"Patient/p4"}}],"result":[{"reference":"#c"}] """
        );
        Put("Observation", "o4", Loinc + """, "subject":{"reference":"http://other.example/fhir/Patient/p4"} """);
        Put(
            "Group",
            "102",
            """ "member":[{"entity":{"reference":"Patient/p1"}},{"entity":{"reference":"Patient/p2"}}] """
        );
        Put(
            "AuditEvent",
            "a",
            """ "agent":[{"who":{"reference":"Practitioner/x"},"name":"x"}],"entity":[{"what":{"reference":"Observation/o2"}}] """
        );
        Put("Practitioner", "x", "");
        return oracle;
    }
}
