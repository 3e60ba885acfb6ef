using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;
using CareCoordination.TestKit;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>https://hl7.org/fhir/R4/search.html#reference, https://hl7.org/fhir/R4/search.html#uri</summary>
public sealed class ReferenceSearchTests
{
    [Theory]
    [InlineData("Patient/1", "subject=Patient/1", true)]
    [InlineData("Patient/1", "subject=1", true)]
    [InlineData("Patient/1", "subject:Patient=1", true)]
    [InlineData("Patient/1", "subject:Patient=Patient/1", true)]
    [InlineData("Patient/1", "subject:Group=1", false)]
    [InlineData("Patient/1", "subject=http://localhost:5080/fhir/Patient/1", true)]
    [InlineData("Patient/1", "subject=http://other/fhir/Patient/1", false)]
    [InlineData("Patient/1", "patient=1", true)]
    [InlineData("Patient/1", "patient=2,Patient/1", true)]
    [InlineData("Patient/1", "subject:missing=false", true)]
    [InlineData("Patient/1/_history/3", "subject=Patient/1", true)]
    [InlineData("Group/1", "subject=1", true)]
    [InlineData("Group/1", "patient=1", false)]
    [InlineData("Group/1", "patient:missing=true", true)]
    [InlineData("http://other/fhir/Patient/1", "subject=http://other/fhir/Patient/1", true)]
    [InlineData("http://other/fhir/Patient/1", "patient=http://other/fhir/Patient/1", true)]
    [InlineData("http://other/fhir/Patient/1", "subject=Patient/1", false)]
    [InlineData(
        "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
        "subject=urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
        true
    )]
    public void References_are_found_by_id_type_and_address(string reference, string query, bool found) =>
        Assert.Equal(found, Finds("CarePlan", $$""" "subject":{"reference":"{{reference}}"} """, query));

    [Fact]
    public void A_contained_patient_counts_as_a_patient_but_is_no_target()
    {
        var entries = Extract(
            "CarePlan",
            """ "contained":[{"resourceType":"Patient","id":"p"}],"subject":{"reference":"#p"} """
        );
        Assert.Empty(entries.References);
        Assert.NotEqual(0UL, entries.Presence & (1UL << Parameter("CarePlan", "patient").PresenceBit));
    }

    [Fact]
    public void The_type_of_an_unresolvable_reference_is_the_one_it_names()
    {
        var entries = Extract("CarePlan", """ "subject":{"type":"Patient","identifier":{"value":"x"}} """);
        Assert.NotEqual(0UL, entries.Presence & (1UL << Parameter("CarePlan", "patient").PresenceBit));
    }

    [Theory]
    [InlineData("http://ex.org/q|1.0", "questionnaire=http://ex.org/q|1.0", true)]
    [InlineData("http://ex.org/q|1.0", "questionnaire=http://ex.org/q", true)]
    [InlineData("http://ex.org/q", "questionnaire=http://ex.org/q|1.0", false)]
    [InlineData("Questionnaire/5", "questionnaire=5", true)]
    public void Canonicals_are_found_with_and_without_version(string canonical, string query, bool found) =>
        Assert.Equal(found, Finds("QuestionnaireResponse", $""" "questionnaire":"{canonical}" """, query));

    [Theory]
    [InlineData("url=http://ex.org/v", true)]
    [InlineData("url=http://ex.org/V", false)]
    [InlineData("url=http://ex.org", false)]
    [InlineData("url=x,http://ex.org/v", true)]
    [InlineData("_profile=http://ex.org/p", true)]
    [InlineData("_profile=http://ex.org/p|2", true)]
    [InlineData("_source=urn:src", true)]
    public void Uris_are_equal_character_by_character(string query, bool found) =>
        Assert.Equal(
            found,
            Finds(
                "ValueSet",
                """ "url":"http://ex.org/v","meta":{"profile":["http://ex.org/p|2"],"source":"urn:src"} """,
                query
            )
        );

    [Theory]
    [InlineData(
        "CarePlan",
        """ "subject":{"reference":"Patient/1"},"activity":[{"detail":{"performer":[{"reference":"Patient/2"},{"reference":"Group/3"}]}}] """,
        new[] { "1", "2" }
    )]
    [InlineData(
        "Observation",
        """ "subject":{"reference":"Patient/1"},"performer":[{"reference":"Patient/1"}] """,
        new[] { "1" }
    )]
    [InlineData("Patient", """ "link":[{"other":{"reference":"Patient/9"}}] """, new[] { "9" })]
    [InlineData(
        "Appointment",
        """ "participant":[{"actor":{"reference":"Patient/4"}},{"actor":{"reference":"Practitioner/5"}}] """,
        new[] { "4" }
    )]
    [InlineData("Task", """ "for":{"reference":"Patient/6"},"owner":{"reference":"Patient/7"} """, new[] { "6" })]
    [InlineData("Organization", """ "partOf":{"reference":"Organization/1"} """, new string[0])]
    public void The_patients_of_a_resource_follow_the_compartment(string type, string members, string[] patients) =>
        Assert.Equal(patients.Select(id => new ResourceKey("Patient", id)), Extract(type, members).Patients);

    [Fact]
    public void References_of_a_document_are_the_targets_of_an_include()
    {
        var plan = Resource(
            "CarePlan",
            """ "subject":{"reference":"Patient/1"},"careTeam":[{"reference":"CareTeam/2"},{"reference":"CareTeam/2"}],"goal":[{"reference":"http://other/Goal/3"}] """
        );
        Assert.Equal([new("CareTeam", "2")], Extractor.ReferencesOf(plan, Parameter("CarePlan", "care-team")));
        Assert.Equal(
            [new("Patient", "1"), new("CareTeam", "2")],
            Extractor.ReferencesOf(plan, null).OrderByDescending(key => key.Type)
        );
        Assert.Empty(Extractor.ReferencesOf(plan, Parameter("Task", "owner")));
    }

    [Fact]
    public void A_target_is_a_resource_as_it_is_now_or_a_version_of_it()
    {
        var plan = Resource(
            "CarePlan",
            """ "subject":{"reference":"Patient/1/_history/2"},"careTeam":[{"reference":"CareTeam/2"},{"reference":"CareTeam/2/_history/7"},{"reference":"CareTeam/2"}],"goal":[{"reference":"http://other/Goal/3/_history/1"},{"reference":"#g"}] """
        );
        Assert.Equal([new(new("Patient", "1"), "2")], Extractor.TargetsOf(plan, Parameter("CarePlan", "patient")));
        Assert.Equal(
            [new(new("CareTeam", "2"), null), new(new("CareTeam", "2"), "7")],
            Extractor.TargetsOf(plan, Parameter("CarePlan", "care-team"))
        );
        Assert.Empty(Extractor.TargetsOf(plan, Parameter("CarePlan", "goal")));
        Assert.Equal(3, Extractor.TargetsOf(plan, null).Length);
        Assert.Equal([new("CareTeam", "2")], Extractor.ReferencesOf(plan, Parameter("CarePlan", "care-team")));
    }

    [Theory]
    [InlineData("patient.identifier=urn:mrn|A1", new[] { "c1" })]
    [InlineData("patient.name=ann", new[] { "c1" })]
    [InlineData("patient.name:exact=ann", new string[0])]
    [InlineData("patient._id=p2", new[] { "c2" })]
    [InlineData("patient.birthdate=lt1970", new[] { "c2" })]
    [InlineData("subject:Patient.name=ann,bob", new[] { "c1", "c2" })]
    [InlineData("subject.name=ann", new[] { "c1" })]
    [InlineData("subject:Group.code=ann", new string[0])]
    [InlineData("patient.active:missing=true", new[] { "c1", "c2" })]
    public void A_chain_asks_the_resource_referred_to(string query, string[] ids)
    {
        var oracle = new SearchOracle(Extractor);
        void Put(string type, string id, string members) =>
            oracle.Put(new(type, id), Resource(type, members, id), Options.Now);
        Put(
            "Patient",
            "p1",
            """ "name":[{"given":["Ann"]}],"identifier":[{"system":"urn:mrn","value":"A1"}],"birthDate":"1980-01-01" """
        );
        Put("Patient", "p2", """ "name":[{"given":["Bob"]}],"birthDate":"1960-01-01" """);
        Put("CarePlan", "c1", """ "subject":{"reference":"Patient/p1"} """);
        Put("CarePlan", "c2", """ "subject":{"reference":"Patient/p2"} """);
        Assert.Equal(ids, oracle.Search(Query("CarePlan", query)).Select(key => key.Id));
    }

    [Theory]
    [InlineData("subject:Patient.organization.name=north", new[] { "c1" })]
    [InlineData("subject:Patient.organization:Organization.name=north", new[] { "c1" })]
    [InlineData("patient.organization.name:exact=north", new string[0])]
    [InlineData("patient.organization.name:exact=North", new[] { "c1" })]
    [InlineData("patient.organization.name:contains=ort,out", new[] { "c1", "c2" })]
    [InlineData("subject.organization.name=north,south", new[] { "c1", "c2" })]
    [InlineData("subject.organization._id=o2", new[] { "c2" })]
    [InlineData("patient.organization.active:not=true", new[] { "c2" })]
    [InlineData("patient.organization.active:missing=true", new[] { "c2" })]
    [InlineData("patient.organization.partof=Organization/o1", new[] { "c2" })]
    [InlineData("patient.organization.partof.name=north", new[] { "c2" })]
    [InlineData("patient.organization.partof.partof.name=north", new string[0])]
    [InlineData("replaces.patient.organization.name=north", new[] { "c2" })]
    [InlineData("replaces.replaces:missing=true", new[] { "c2" })]
    [InlineData("patient.organization.name=north&replaces:missing=false", new string[0])]
    public void A_chain_goes_on_from_the_resource_referred_to(string query, string[] ids)
    {
        var oracle = new SearchOracle(Extractor);
        void Put(string type, string id, string members) =>
            oracle.Put(new(type, id), Resource(type, members, id), Options.Now);
        Put("Organization", "o1", """ "name":"North","active":true """);
        Put("Organization", "o2", """ "name":"South","partOf":{"reference":"Organization/o1"} """);
        Put("Patient", "p1", """ "managingOrganization":{"reference":"Organization/o1"} """);
        Put("Patient", "p2", """ "managingOrganization":{"reference":"Organization/o2"} """);
        Put("CarePlan", "c1", """ "subject":{"reference":"Patient/p1"} """);
        Put("CarePlan", "c2", """ "subject":{"reference":"Patient/p2"},"replaces":[{"reference":"CarePlan/c1"}] """);
        Put("CarePlan", "c3", """ "subject":{"reference":"Group/g"} """);
        Assert.Equal(ids, oracle.Search(Query("CarePlan", query)).Select(key => key.Id));
    }

    /// <summary>A chain whose types are not named is read again from a link as it was asked: the first type it leads to may be the only one that takes the value.</summary>
    [Theory]
    [InlineData("Task", "focus.subject.birthdate=2000")]
    [InlineData("Task", "focus.subject:Patient.name:exact=Ann|b")]
    [InlineData("CarePlan", "subject.organization.name=a,b")]
    [InlineData("Observation", "subject.general-practitioner.name=gp")]
    public void A_chain_is_printed_as_it_was_asked(string type, string query)
    {
        var printed = Query(type, query).ToString();
        Assert.Equal(query + "&_count=50", Uri.UnescapeDataString(printed));
        Assert.Equal(Leaves(Query(type, query)), Leaves(Query(type, Uri.UnescapeDataString(printed))));

        static int Leaves(SearchQuery query) => query.Criteria.Sum(Count);
        static int Count(Criterion criterion) =>
            criterion is ChainCriterion chain ? chain.Inner.Sum(inner => Count(inner.Criterion)) : 1;
    }

    [Theory]
    [InlineData(
        "subject:text=x",
        "Modifier ':text' is not offered for the reference parameter 'subject'; use :missing, :identifier, :Group, :Patient or none."
    )]
    [InlineData("subject:Group=Patient/1", "'subject:Group' is given a Patient; name one type only.")]
    [InlineData("subject=a b", "'subject' is not a reference; use an id, Type/id such as Group/123, or a URL.")]
    [InlineData("subject=Foo/1", "'subject' is not a reference; use an id, Type/id such as Group/123, or a URL.")]
    [InlineData(
        "subject:Patient.organisation.name=x",
        "Patient has no search parameter 'organisation'. Did you mean 'organization'?"
    )]
    [InlineData("subject.gender.name=x", "'gender' is no reference, so nothing can be chained to it.")]
    [InlineData("subject.organization:Foo.name=x", "':Foo' is no resource type; use organization:Type.name.")]
    [InlineData("subject.organization.nam=x", "Organization has no search parameter 'nam'. Did you mean 'name'?")]
    [InlineData(
        "subject.organization.partof.partof.name=",
        "'subject.organization.partof.partof.name' has no value; give one or leave it out. To find resources without a value use ':missing=true'."
    )]
    [InlineData(
        "subject.organization.partof.partof.partof.name=x",
        "A condition follows 4 references at most; search in two steps instead."
    )]
    [InlineData(
        "subject.organization.active=maybe",
        "'active' is true or false; use active=true, or active:missing=false for any value."
    )]
    [InlineData("status.name=x", "'status' is no reference, so nothing can be chained to it.")]
    [InlineData("subject:Foo.name=x", "':Foo' is no resource type; use subject:Type.name.")]
    [InlineData("patient.nam=x", "Patient has no search parameter 'nam'. Did you mean 'name' or 'mothersMaidenName'?")]
    [InlineData(
        "patient.birthdate=soon",
        "'birthdate' starts with an unknown prefix; use eq, ne, gt, lt, ge, le, sa, eb, ap or none."
    )]
    public void What_cannot_be_understood_is_refused(string query, string sentence) =>
        Assert.Equal([sentence], Refusal("CarePlan", query));
}
