using CareCoordination.Fhir.Search;
using CareCoordination.TestKit;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>
/// A chain asks contained resources, and the first entry of documents and messages, as it asks what is referred to.
/// https://hl7.org/fhir/R4/search.html#contained
/// </summary>
public sealed class ContainedSearchTests
{
    private const string Request = """
        "contained":[
            {"resourceType":"Medication","id":"med","status":"active","code":{"coding":[{"system":"urn:rx","code":"A1"}]},
             "manufacturer":{"reference":"Organization/77","identifier":{"value":"O-77"}},
             "ingredient":[{"itemCodeableConcept":{"coding":[{"code":"salt"}]},"strength":{"numerator":{"value":1}}}],
             "batch":{"expirationDate":"2027-05-01"},"identifier":[{"system":"urn:m","value":"M-1"}]},
            {"resourceType":"Patient","id":"pat","name":[{"family":"Müller"}],"gender":"female","active":true,
             "telecom":[{"system":"email","value":"ann@example.org"}]},
            {"resourceType":"Practitioner","id":"unused","name":[{"family":"Nobody"}]}],
        "status":"active","intent":"order","medicationReference":{"reference":"#med"},"subject":{"reference":"#pat"}
        """;

    [Theory]
    [InlineData("medication.code=A1", true)]
    [InlineData("medication.code=urn:rx|a1", true)]
    [InlineData("medication.code=urn:rx|", true)]
    [InlineData("medication.code=A2", false)]
    [InlineData("medication:Medication.code=A1", true)]
    [InlineData("medication.ingredient-code=salt", true)]
    [InlineData("medication.expiration-date=2027-05", true)]
    [InlineData("medication.expiration-date=lt2027", false)]
    [InlineData("medication.identifier=urn:m|M-1", true)]
    [InlineData("medication.identifier=urn:m|M-2", false)]
    [InlineData("medication.manufacturer=Organization/77", true)]
    [InlineData("medication.manufacturer=77", true)]
    [InlineData("medication.manufacturer=Organization/78", false)]
    [InlineData("medication.manufacturer:identifier=O-77", true)]
    [InlineData("medication.status=active", true)]
    [InlineData("medication.status=http://hl7.org/fhir/CodeSystem/medication-status|", true)]
    [InlineData("medication.status:not=inactive", true)]
    [InlineData("medication.status:not=active", false)]
    [InlineData("medication.form:missing=true", true)]
    [InlineData("medication.form:missing=false", false)]
    [InlineData("medication.code:missing=false", true)]
    [InlineData("medication.code:missing=true", false)]
    [InlineData("medication._id=med", false)]
    [InlineData("subject.name=muller", true)]
    [InlineData("subject:Patient.name:exact=Müller", true)]
    [InlineData("subject:Patient.name:contains=ülle", true)]
    [InlineData("patient.family=muller", true)]
    [InlineData("patient.phonetic=miller", true)]
    [InlineData("patient.gender=female", true)]
    [InlineData("patient.active=true", true)]
    [InlineData("patient.deceased=false", true)]
    [InlineData("patient.deceased=true", false)]
    [InlineData("patient.telecom=email|ann@example.org", true)]
    [InlineData("subject:Group.code=x", false)]
    [InlineData("subject.identifier:missing=true", true)]
    [InlineData("subject:Patient.identifier:missing=false", false)]
    [InlineData("requester.name=nobody", false)]
    [InlineData("patient.name=nobody", false)]
    [InlineData("medication.code=A1&patient.family=muller", true)]
    [InlineData("medication.code=A1&patient.family=other", false)]
    public void A_contained_resource_is_asked_by_a_chain(string query, bool found) =>
        Assert.Equal(found, Finds("MedicationRequest", Request, query));

    /// <summary>What a contained resource has belongs to the chain, and is nothing the resource itself is found by.</summary>
    [Theory]
    [InlineData("code=A1")]
    [InlineData("code:missing=false")]
    [InlineData("identifier:missing=false")]
    [InlineData("identifier=urn:m|M-1")]
    [InlineData("medication=med")]
    public void What_it_has_is_not_of_the_resource_that_contains_it(string query) =>
        Assert.False(Finds("MedicationRequest", Request, query));

    [Fact]
    public void It_makes_no_compartment_and_no_presence_of_its_own()
    {
        var with = Extract(
            "CarePlan",
            """ "contained":[{"resourceType":"Goal","id":"g","subject":{"reference":"Patient/9"}}],"goal":[{"reference":"#g"}],"subject":{"reference":"Patient/1"} """
        );
        var without = Extract("CarePlan", """ "goal":[{"reference":"#none"}],"subject":{"reference":"Patient/1"} """);
        Assert.Equal([new("Patient", "1")], with.Patients);
        Assert.Equal(without.Presence, with.Presence);
        Assert.Equal(without.Dates, with.Dates);
    }

    private const string Document = """
        "type":"document","entry":[
          {"resource":{"resourceType":"Composition","id":"c","status":"final","type":{"coding":[{"code":"11488-4"}]},"date":"2026-02-03",
            "title":"Consultation","subject":{"reference":"Patient/5"},"author":[{"display":"a"}]}},
          {"resource":{"resourceType":"Patient","id":"5","gender":"male"}}]
        """;

    private const string Message = """
        "type":"message","entry":[{"resource":{"resourceType":"MessageHeader","id":"m","eventCoding":{"system":"urn:e","code":"admit"},
        "source":{"endpoint":"http://sender.example"}}}]
        """;

    [Theory]
    [InlineData(Document, "composition.type=11488-4", true)]
    [InlineData(Document, "composition.type=other", false)]
    [InlineData(Document, "composition.date=2026-02-03", true)]
    [InlineData(Document, "composition.date=gt2026-02-03", false)]
    [InlineData(Document, "composition.title=consult", true)]
    [InlineData(Document, "composition.patient=Patient/5", true)]
    [InlineData(Document, "composition:Composition.status=final", true)]
    [InlineData(Document, "composition.status:not=final", false)]
    [InlineData(Document, "composition.context:missing=true", true)]
    [InlineData(Document, "message.event=admit", false)]
    [InlineData(Document, "composition=Composition/c", true)]
    [InlineData(Message, "message.event=urn:e|admit", true)]
    [InlineData(Message, "message.source-uri=http://sender.example", true)]
    [InlineData(Message, "message.event=discharge", false)]
    [InlineData(Message, "composition.type=admit", false)]
    public void The_first_entry_of_a_document_is_asked_by_a_chain(string members, string query, bool found) =>
        Assert.Equal(found, Finds("Bundle", members, query));

    /// <summary>A resource of the same id that is stored by itself is another one.</summary>
    [Fact]
    public void A_document_is_not_asked_by_what_is_stored_beside_it()
    {
        var oracle = new SearchOracle(Extractor);
        oracle.Put(new("Bundle", "1"), Resource("Bundle", Document), Options.Now);
        oracle.Put(
            new("Composition", "c"),
            Resource("Composition", """ "status":"final","type":{"coding":[{"code":"stored"}]} """, "c"),
            Options.Now
        );
        Assert.Empty(oracle.Search(Query("Bundle", "composition.type=stored")));
        Assert.Single(oracle.Search(Query("Bundle", "composition.type=11488-4")));
    }

    [Theory]
    [InlineData("medication.manufacturer.nothing=x")]
    [InlineData("medication.nothing=x")]
    public void What_no_chain_asks_is_refused_as_before(string query) =>
        Assert.Single(Refusal("MedicationRequest", query));

    /// <summary>What a contained resource refers to is asked by a chain that goes on from it; what it contains itself is nothing.</summary>
    [Theory]
    [InlineData("medication.manufacturer.name=acme", true)]
    [InlineData("medication:Medication.manufacturer:Organization.name=acme", true)]
    [InlineData("medication.manufacturer.name=other", false)]
    [InlineData("medication.manufacturer._id=77", true)]
    [InlineData("medication.manufacturer.active:not=true", true)]
    [InlineData("medication.manufacturer.active:missing=false", false)]
    [InlineData("medication.manufacturer.partof.name=holding", true)]
    [InlineData("subject.organization.name=acme", false)]
    public void A_chain_goes_on_from_a_contained_resource(string query, bool found)
    {
        var oracle = new SearchOracle(Extractor);
        oracle.Put(new("MedicationRequest", "1"), Resource("MedicationRequest", Request), Options.Now);
        oracle.Put(
            new("Organization", "77"),
            Resource("Organization", """ "name":"Acme","partOf":{"reference":"Organization/78"} """, "77"),
            Options.Now
        );
        oracle.Put(new("Organization", "78"), Resource("Organization", """ "name":"Holding" """, "78"), Options.Now);
        Assert.Equal(found, oracle.Search(Query("MedicationRequest", query)).Count == 1);
    }

    [Fact]
    public void The_self_link_says_the_chain_once() =>
        Assert.Equal("medication.code=A1&_count=50", Query("MedicationRequest", "medication.code=A1").ToString());

    [Theory]
    [InlineData(""" "contained":[{"resourceType":"Medication"}],"medicationReference":{"reference":"#"} """)]
    [InlineData(""" "contained":[{"id":"x"}],"medicationReference":{"reference":"#x"} """)]
    [InlineData(""" "contained":[{"resourceType":"Nothing","id":"x"}],"medicationReference":{"reference":"#x"} """)]
    [InlineData(""" "contained":{},"medicationReference":{"reference":"#x"} """)]
    [InlineData(
        """ "contained":[{"resourceType":"Medication","id":"x","manufacturer":{"reference":"#x"}}],"medicationReference":{"reference":"#x"} """
    )]
    public void What_is_misshapen_or_refers_to_itself_is_no_end(string members) =>
        Assert.False(Finds("MedicationRequest", members, "medication.code=A1"));

    /// <summary>All numbers of a type's rows are told apart: else one chain would find what another asks for.</summary>
    [Fact]
    public void Numbers_of_parts_are_no_others()
    {
        foreach (
            var type in Registry.Schema.Resources.Where(t => t.Name is "Task" or "Observation" or "MedicationRequest")
        )
        {
            var numbers = Registry.Of(type.Name).Select(p => p.Id).ToList();
            foreach (var reference in Registry.Of(type.Name).Where(p => p.Type == SearchParameterType.Reference))
            {
                foreach (var target in reference.Targets)
                    numbers.AddRange(Registry.Of(target).Select(p => DerivedNumber.OfContained(reference.Id, p.Id)));
                numbers.AddRange(
                    reference
                        .Targets.SelectMany(target => Registry.Of(target))
                        .Select(p => p.Code)
                        .Distinct()
                        .Select(code => DerivedNumber.OfContained(reference.Id, code))
                );
            }

            Assert.Equal(numbers.Count, numbers.Distinct().Count());
        }
    }
}
