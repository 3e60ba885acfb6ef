using System.Globalization;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Search;
using static CareCoordination.Fhir.Tests.Search.SearchFixture;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>Every form of a token on every kind of element: found, or told that nothing can have it. https://hl7.org/fhir/R4/search.html#token</summary>
public sealed class TokenFormTests
{
    private const string TaskStatus = "http://hl7.org/fhir/task-status";
    private const string Gender = "http://hl7.org/fhir/administrative-gender";
    private const string Values = "http://terminology.hl7.org/CodeSystem/special-values";
    private const string Telecom =
        """ "telecom":[{"system":"email","value":"ann@example.org"},{"system":"phone","value":"555"},{"value":"777"}] """;

    [Theory]
    [InlineData("Task", """ "status":"requested" """, "status=" + TaskStatus + "|", true)]
    [InlineData("Task", """ "status":"requested" """, "status=|requested", true)]
    [InlineData("Task", """ "status":"requested" """, "status=|draft", false)]
    [InlineData("Task", """ "status":"requested" """, "status=" + TaskStatus + "|REQUESTED", true)]
    [InlineData("Task", """ "intent":"order" """, "intent=http://hl7.org/fhir/request-intent|", true)]
    [InlineData("Patient", """ "gender":"female" """, "gender=" + Gender + "|", true)]
    [InlineData("Patient", """ "gender":"female" """, "gender=" + Gender + "|male", false)]
    [InlineData("Patient", """ "gender":"female" """, "gender:not=" + Gender + "|", false)]
    [InlineData("Patient", "", "gender=" + Gender + "|", false)]
    [InlineData(
        "Questionnaire",
        """ "subjectType":["Patient"] """,
        "subject-type=http://hl7.org/fhir/resource-types|",
        true
    )]
    [InlineData("Patient", """ "active":true """, "active=" + Values + "|", true)]
    [InlineData("Patient", """ "active":true """, "active=" + Values + "|true", true)]
    [InlineData("Patient", """ "active":true """, "active=" + Values + "|false", false)]
    [InlineData("Patient", """ "active":true """, "active=|true", true)]
    [InlineData("Patient", """ "active":true """, "active:not=true", false)]
    [InlineData("Patient", """ "deceasedDateTime":"2020-01-01" """, "deceased=|true", true)]
    [InlineData("Patient", Telecom, "telecom=email|", true)]
    [InlineData("Patient", Telecom, "telecom=phone|", true)]
    [InlineData("Patient", Telecom, "telecom=fax|", false)]
    [InlineData("Patient", Telecom, "telecom=email|ann@example.org", true)]
    [InlineData("Patient", Telecom, "telecom=phone|ann@example.org", false)]
    [InlineData("Patient", Telecom, "telecom=|ann@example.org", false)]
    [InlineData("Patient", Telecom, "telecom=|777", true)]
    [InlineData("Patient", Telecom, "telecom=ann@example.org", true)]
    [InlineData("Patient", Telecom, "email=email|ann@example.org", true)]
    [InlineData("Patient", Telecom, "phone=phone|555", true)]
    [InlineData("ValueSet", """ "version":"1.0" """, "version=|1.0", true)]
    [InlineData("Observation", """ "code":{"coding":[{"code":"x"}]} """, "code=|x", true)]
    [InlineData("Observation", """ "code":{"coding":[{"system":"s","code":"x"}]} """, "code=|x", false)]
    [InlineData("Observation", """ "code":{"coding":[{"system":"s","code":"x"}]} """, "code=s|", true)]
    [InlineData("Observation", """ "code":{"coding":[{"system":"s"}]} """, "code=s|", true)]
    [InlineData("Observation", """ "code":{"coding":[{"code":"x"}]} """, "code=s|x", false)]
    [InlineData("Device", """ "identifier":[{"value":"7"}] """, "identifier=|7", true)]
    [InlineData(
        "Composition",
        """ "relatesTo":[{"targetIdentifier":{"system":"s","value":"v"}}] """,
        "related-id=s|",
        true
    )]
    [InlineData(
        "DocumentReference",
        """ "content":[{"attachment":{"contentType":"application/pdf"}}] """,
        "contenttype=|application/pdf",
        true
    )]
    public void Is_found_by_what_it_has(string type, string members, string query, bool found)
    {
        Assert.Equal(found, Finds(type, members, query));
        Assert.Empty(Parse(type, query).Value.Warnings);
    }

    [Theory]
    [InlineData(
        "Patient",
        "active=yes",
        "'active' is true or false; use active=true, or active:missing=false for any value."
    )]
    [InlineData(
        "Patient",
        "active=1",
        "'active' is true or false; use active=true, or active:missing=false for any value."
    )]
    [InlineData(
        "Patient",
        "active=true,yes",
        "'active' is true or false; use active=true, or active:missing=false for any value."
    )]
    [InlineData(
        "Patient",
        "active:not=no",
        "'active' is true or false; use active=true, or active:missing=false for any value."
    )]
    [InlineData(
        "Patient",
        "active=urn:x|true",
        "'active' is true or false; use active=true, or active:missing=false for any value."
    )]
    [InlineData(
        "Patient",
        "active=urn:x|",
        "'active' is true or false; use active=true, or active:missing=false for any value."
    )]
    [InlineData(
        "Patient",
        "deceased=maybe",
        "'deceased' is true or false; use deceased=true, or deceased:missing=false for any value."
    )]
    [InlineData(
        "Location",
        "partof.status=active&organization.active=yes",
        "'active' is true or false; use active=true, or active:missing=false for any value."
    )]
    [InlineData(
        "PractitionerRole",
        "active=on",
        "'active' is true or false; use active=true, or active:missing=false for any value."
    )]
    [InlineData(
        "Patient",
        "telecom=mail|",
        "'telecom' takes phone, fax, email, pager, url, sms, other as system; use telecom=email|ann@example.org, or telecom:missing=false for any value."
    )]
    [InlineData(
        "Practitioner",
        "email=http://hl7.org/fhir/contact-point-system|x",
        "'email' takes phone, fax, email, pager, url, sms, other as system; use email=email|ann@example.org, or email:missing=false for any value."
    )]
    [InlineData(
        "ValueSet",
        "version=urn:x|1.0",
        "'version' has no system; use version=value, or version:missing=false for any value."
    )]
    [InlineData(
        "ValueSet",
        "version=urn:x|",
        "'version' has no system; use version=value, or version:missing=false for any value."
    )]
    [InlineData(
        "DocumentReference",
        "contenttype=urn:ietf:bcp:13|",
        "'contenttype' has codes whose system is not stored, so that it alone finds nothing; use contenttype=code, or contenttype:missing=false for any value."
    )]
    public void What_nothing_can_have_is_refused(string type, string query, string sentence) =>
        Assert.Equal([sentence], Refusal(type, query));

    [Theory]
    [InlineData(
        "Task",
        "status=requestet",
        "'status' has no such code, so nothing is found by it. Did you mean 'requested'?"
    )]
    [InlineData(
        "Task",
        "status=requested,requestet",
        "'status' has no such code, so nothing is found by it. Did you mean 'requested'?"
    )]
    [InlineData(
        "Patient",
        "gender=m",
        "'gender' has no such code, so nothing is found by it. Known are female, male, other, unknown."
    )]
    [InlineData(
        "Task",
        "status=urn:x|requested",
        "'status' has no such code of the system that is given: its codes are of http://hl7.org/fhir/task-status."
    )]
    [InlineData(
        "Task",
        "status=urn:x|",
        "'status' has no such code of the system that is given: its codes are of http://hl7.org/fhir/task-status."
    )]
    [InlineData(
        "CarePlan",
        "patient.gender=m",
        "'gender' has no such code, so nothing is found by it. Known are female, male, other, unknown."
    )]
    public void A_code_that_the_binding_does_not_have_is_searched_for_with_a_warning(
        string type,
        string query,
        string sentence
    )
    {
        var parsed = Parse(type, query).Value;
        Assert.Equal([Issue.Warning(IssueCode.CodeInvalid, sentence)], parsed.Warnings);
        Assert.Single(parsed.Query.Criteria);
    }

    /// <summary>What the warning rests on: each code of each binding is found by itself in four forms.</summary>
    [Fact]
    public void Every_code_of_every_closed_parameter_finds_itself()
    {
        var asked = 0;
        foreach (var type in Registry.Schema.Resources.Where(type => !type.IsAbstract))
        {
            foreach (var parameter in Registry.Of(type.Name).Where(p => p.Forms is { IsClosed: true, Codes: [_] }))
            {
                foreach (var code in parameter.Forms.Codes[0].Codes)
                {
                    foreach (
                        var value in (string[])
                            [code.Value, $"|{code.Value}", $"{code.System}|{code.Value}", $"{code.System}|"]
                    )
                    {
                        Assert.Empty(Parse(type.Name, $"{parameter.Code}={value}").Value.Warnings);
                        asked++;
                    }
                }
            }
        }

        Assert.InRange(asked, 4_000, int.MaxValue);
    }

    [Fact]
    public void Every_boolean_parameter_refuses_what_is_none()
    {
        var refused = Registry
            .Schema.Resources.SelectMany(type => Registry.Of(type.Name))
            .Where(p => p.Forms is { IsClosed: true, HasBooleans: true, Codes: [] })
            .Select(p => (p.ToString(), Refusal(p.ResourceType, $"{p.Code}=yes")))
            .ToList();
        Assert.InRange(refused.Count, 15, 60);
        Assert.All(refused, r => Assert.Contains("is true or false", Assert.Single(r.Item2), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Task", "status=http://hl7.org/fhir/task-status|")]
    [InlineData("Patient", "telecom=email|")]
    [InlineData("Patient", "telecom=email|ann@example.org")]
    [InlineData("CarePlan", "subject:identifier=urn:mrn|1")]
    [InlineData("CarePlan", "subject:identifier=urn:mrn|")]
    [InlineData("ValueSet", @"url=http://example.org/v\|1.0")]
    [InlineData("CarePlan", "subject=Patient/1/_history/2")]
    public void The_self_link_says_it_again(string type, string query) =>
        Assert.Equal(
            query + string.Create(CultureInfo.InvariantCulture, $"&_count={Options.DefaultCount}"),
            Uri.UnescapeDataString(Query(type, query).ToString())
        );
}
