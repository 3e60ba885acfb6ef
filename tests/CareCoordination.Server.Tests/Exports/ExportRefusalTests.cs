using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Exports;

/// <summary>What is wrong with a request is said before anything begins.</summary>
public sealed class ExportRefusalTests(SqliteServer shared) : ServerTests(shared)
{
    [Theory]
    [InlineData(null)]
    [InlineData("Prefer: return=minimal")]
    [InlineData("Prefer: respond-later")]
    public async Task An_export_is_asked_for_as_work_that_goes_on(string? prefer)
    {
        foreach (var path in (string[])["$export", "Patient/$export", "Group/nobody/$export"])
        {
            var answer = await Server.GetAsync(path, prefer is null ? [] : [prefer]);

            answer.ShouldRefuse(
                400,
                "error required: An export goes on after its request: send the header Prefer: respond-async, and ask at the address of Content-Location how far it is."
            );
        }
    }

    [Theory]
    [InlineData(
        "_outputFormat=text/csv",
        "error not-supported Parameters.parameter: _outputFormat is application/fhir+ndjson, application/ndjson or ndjson: files have one resource a line."
    )]
    [InlineData(
        "_since=yesterday",
        "error value Parameters.parameter: _since is no instant: write 2026-03-01T10:00:00Z."
    )]
    [InlineData(
        "_until=2026-13-01T10:00:00Z",
        "error value Parameters.parameter: _until is no instant: write 2026-03-01T10:00:00Z."
    )]
    [InlineData(
        "_type=Patient,Pateint",
        "error not-supported Parameters.parameter: _type has 'Pateint', which is no resource type of FHIR R4."
    )]
    [InlineData(
        "_typeFilter=Observation",
        "error value Parameters.parameter: _typeFilter is a search of one type, as Observation?category=laboratory."
    )]
    [InlineData(
        "_typeFilter=Pateint%3Fname=x",
        "error value Parameters.parameter: _typeFilter is a search of one type, as Observation?category=laboratory."
    )]
    [InlineData(
        "_typeFilter=Observation%3F",
        "error incomplete Parameters.parameter: _typeFilter of Observation has no criterion."
    )]
    [InlineData(
        "_typeFilter=Observation%3Fcode=a%26_sort=date",
        "error not-supported Parameters.parameter: _typeFilter of Observation has _sort: it says which resources are wanted, not how they are shown."
    )]
    [InlineData(
        "_typeFilter=Observation%3F_include:iterate=Observation:subject%26code=a",
        "error not-supported Parameters.parameter: _typeFilter of Observation has _include: it says which resources are wanted, not how they are shown."
    )]
    [InlineData(
        "_typeFilter=Observation%3Fpatient.name=x",
        "error not-supported Parameters.parameter: _typeFilter of Observation has a chain, _has, a composite parameter or _lastUpdated: use parameters of the resource itself, and _since and _until for when it changed."
    )]
    [InlineData(
        "_typeFilter=Patient%3F_has:Observation:patient:code=x",
        "error not-supported Parameters.parameter: _typeFilter of Patient has a chain, _has, a composite parameter or _lastUpdated: use parameters of the resource itself, and _since and _until for when it changed."
    )]
    [InlineData(
        "_typeFilter=Observation%3F_lastUpdated=gt2026-01-01",
        "error not-supported Parameters.parameter: _typeFilter of Observation has a chain, _has, a composite parameter or _lastUpdated: use parameters of the resource itself, and _since and _until for when it changed."
    )]
    [InlineData(
        "_elements=Patient.name.family",
        "error value Parameters.parameter: _elements has 'Patient.name.family': write an element of a resource itself, as Patient.name, or name for all types."
    )]
    [InlineData(
        "_elements=Pateint.name",
        "error value Parameters.parameter: _elements has 'Pateint.name': write an element of a resource itself, as Patient.name, or name for all types."
    )]
    [InlineData(
        "organizeOutputBy=Patient",
        "error not-supported Parameters.parameter: 'organizeOutputBy' is not offered: leave it out, or send Prefer: respond-async, handling=lenient to have it passed over."
    )]
    [InlineData(
        "includeAssociatedData=LatestProvenanceResources",
        "error not-supported Parameters.parameter: 'includeAssociatedData' is not offered: leave it out, or send Prefer: respond-async, handling=lenient to have it passed over."
    )]
    public async Task A_parameter_that_is_wrong_is_refused_by_its_name(string query, string issue) =>
        (await Server.GetAsync($"$export?{query}", ExportKit.Async)).ShouldRefuse(400, issue);

    [Fact]
    public async Task A_filter_with_a_parameter_that_there_is_not_is_told_what_there_is()
    {
        var answer = await Server.GetAsync("$export?_typeFilter=Observation%3Fcolour=red", ExportKit.Async);

        Assert.Equal(400, answer.Status);
        Assert.Contains("'colour'", answer.Body, StringComparison.Ordinal);
        Assert.Contains("_typeFilter 'Observation'", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_parameter_is_refused_with_those_that_are()
    {
        var answer = await Server.GetAsync("$export?_types=Patient", ExportKit.Async);

        Assert.StartsWith(
            "error not-supported: '_types' is no parameter of $export; it takes _outputFormat, _since, _until, _type,",
            answer.ShouldBe(400).Issues.Single(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Binary")]
    [InlineData("Bundle")]
    [InlineData("MessageHeader")]
    public async Task What_does_not_say_whom_it_is_about_is_no_part_of_an_export_of_patients(string type)
    {
        (await Server.GetAsync($"Patient/$export?_type={type}", ExportKit.Async)).ShouldRefuse(
            400,
            $"error not-supported Parameters.parameter: _type has {type}, which does not say what patient it is about: export it from the whole server, at [base]/$export."
        );
        Assert.Empty((await Server.ExportAsync($"$export?_type={type}&_since=2999-01-01")).Resources);
    }

    [Fact]
    public async Task What_is_not_offered_is_passed_over_for_who_says_so()
    {
        var accepted = await Server.GetAsync(
            "$export?_type=Encounter&organizeOutputBy=Patient&includeAssociatedData=x",
            "Prefer: respond-async, handling=lenient"
        );

        Assert.Equal(
            [
                "warning not-supported: 'includeAssociatedData' is not offered and was passed over.",
                "warning not-supported: 'organizeOutputBy' is not offered and was passed over.",
            ],
            accepted.ShouldBe(202).Issues
        );
        (await Server.EndAsync(ExportKit.StatusOf(accepted))).ShouldBe(200);
    }

    [Fact]
    public async Task A_group_that_is_not_there_has_no_export() =>
        (await Server.GetAsync("Group/nobody/$export", ExportKit.Async)).ShouldRefuse(
            404,
            "error not-found: There is no Group/nobody that you may see, or it was deleted."
        );

    [Theory]
    [InlineData("Patient/nobody-of-here", 404, "error not-found: There is no Patient/nobody-of-here whom you may see.")]
    [InlineData(
        "Practitioner/1",
        400,
        "error value Parameters.parameter: 'patient' refers to patients of this server, as Patient/123."
    )]
    [InlineData(
        "https://elsewhere.example/fhir/Patient/1",
        400,
        "error value Parameters.parameter: 'patient' refers to patients of this server, as Patient/123."
    )]
    public async Task A_patient_who_is_not_here_is_refused(string patient, int status, string issue) =>
        (
            await Server.PostAsync(
                "Patient/$export",
                Ask.Parameters(Ask.Reference("patient", patient)),
                ExportKit.Async
            )
        ).ShouldRefuse(status, issue);

    [Fact]
    public async Task A_patient_who_is_no_member_is_refused()
    {
        var (group, patient) = (Given.Id(), Given.Id());
        await Server.PutAsync($"Patient/{patient}", Given.Patient(patient));
        await Server.PutAsync(
            $"Group/{group}",
            $$"""{"resourceType":"Group","id":"{{group}}","type":"person","actual":true}"""
        );

        (
            await Server.PostAsync(
                $"Group/{group}/$export",
                Ask.Parameters(Ask.Reference("patient", $"Patient/{patient}")),
                ExportKit.Async
            )
        ).ShouldRefuse(404, $"error not-found: Patient/{patient} is no member of Group/{group}.");
    }

    [Fact]
    public async Task Patients_are_not_named_in_an_address() =>
        (await Server.GetAsync("Patient/$export?patient=Patient/1", ExportKit.Async)).ShouldRefuse(
            400,
            "error not-supported: 'patient' is sent by POST in a Parameters: addresses are written down in many places."
        );
}
