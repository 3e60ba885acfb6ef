using System.Net;
using CareCoordination.Client;
using CareCoordination.Rest.Routing;
using CareCoordination.Server.Tests.Kit;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;
using Composition = CareCoordination.Server.Hosting.Composition;
using Task = System.Threading.Tasks.Task;

namespace CareCoordination.Server.Tests.Client;

/// <summary>Whatever the server offers can be asked with the client, by a method of Firely's or of ours.</summary>
public sealed class ClientVerbTests(SqliteServer shared) : ServerTests(shared)
{
    /// <summary>How each row of the table that is no operation of care is asked; <c>{id}</c> is a Patient.</summary>
    private static readonly Dictionary<string, Func<FhirClient, Patient, Task>> Asked = new(StringComparer.Ordinal)
    {
        ["GET metadata"] = (client, _) => client.CapabilityStatementAsync(),
        ["GET {type}/{id}"] = (client, patient) => client.ReadAsync<Patient>($"Patient/{patient.Id}"),
        ["GET {type}/{id}/_history/{vid}"] = (client, patient) =>
            client.ReadAsync<Patient>($"Patient/{patient.Id}/_history/1"),
        ["POST {type}"] = (client, _) => client.CreateAsync(new Patient()),
        ["PUT {type}/{id}"] = (client, patient) => client.UpdateAsync(patient, versionAware: true),
        ["PUT {type}"] = (client, patient) => client.ConditionalUpdateAsync(patient, By(patient)),
        ["PATCH {type}/{id}"] = (client, patient) => client.PatchAsync<Patient>(patient.Id!, Deactivated()),
        ["PATCH {type}"] = (client, patient) => client.PatchFoundAsync<Patient>(By(patient), Deactivated()),
        ["DELETE {type}/{id}"] = (client, patient) => client.DeleteUnchangedAsync(patient),
        ["DELETE {type}"] = (client, patient) => client.DeleteFoundAsync("Patient", By(patient)),
        ["GET {type}"] = (client, patient) => client.SearchAsync<Patient>(By(patient)),
        ["POST {type}/_search"] = (client, patient) => client.SearchUsingPostAsync(By(patient), "Patient"),
        ["GET "] = (client, _) => client.WholeSystemSearchAsync(["_type=Patient"]),
        ["POST _search"] = (client, _) => client.WholeSystemSearchUsingPostAsync(["_type=Patient"]),
        ["GET Patient/{id}/{type}"] = (client, patient) => client.SearchOfPatientAsync<Condition>(patient.Id!),
        ["GET {type}/{id}/_history"] = (client, patient) => client.HistoryAsync($"Patient/{patient.Id}"),
        ["GET {type}/_history"] = (client, _) => client.TypeHistoryAsync("Patient"),
        ["GET _history"] = (client, _) => client.WholeSystemHistoryAsync(),
        ["POST "] = (client, _) => client.TransactionAsync(new Bundle { Type = Bundle.BundleType.Batch }),
        ["POST {type}/$validate"] = (client, _) => client.ValidateCreateAsync(new Patient()),
        ["POST {type}/{id}/$validate"] = (client, patient) => client.ValidateUpdateAsync(patient, patient.Id!),
        ["GET Patient/{id}/$everything"] = (client, patient) =>
            client.InstanceOperationAsync(Address(patient), "everything", useGet: true),
        ["POST Patient/{id}/$everything"] = (client, patient) =>
            client.InstanceOperationAsync(Address(patient), "everything"),
    };

    public static TheoryData<string> Rows => [.. Asked.Keys];

    [Fact]
    public void There_is_a_way_to_ask_each_row_of_the_table() =>
        Assert.Equal(
            Composition
                // Messages are sent by partners, who have programs of their own.
                .Interactions.All.Where(row => row is { Operation: null, Template: not "$process-message" })
                .Select(row => $"{row.Method} {row.Template}")
                .Order(StringComparer.Ordinal),
            Asked.Keys.Order(StringComparer.Ordinal)
        );

    [Theory, MemberData(nameof(Rows))]
    public async Task It_is_answered(string row)
    {
        using var client = CareClient.Create(new Uri(Server.Base));
        var patient = await NewPatientAsync(client);

        await Asked[row](client, patient);

        var result = client.LastResult!;
        Assert.StartsWith("2", result.Status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_is_no_longer_current_is_not_deleted()
    {
        using var client = CareClient.Create(new Uri(Server.Base));
        var read = await NewPatientAsync(client);
        var stale = CallOptions.IfUnchanged(read);
        read.BirthDate = "1950-01-02";
        var current = (await client.UpdateAsync(read))!;

        await RefusedAsync(HttpStatusCode.PreconditionFailed, () => client.DeleteAsync("Patient", read.Id!, stale));
        await RefusedAsync(
            HttpStatusCode.PreconditionFailed,
            () => client.DeleteFoundAsync("Patient", By(read), stale)
        );
        await RefusedAsync(
            HttpStatusCode.PreconditionFailed,
            () => client.PatchFoundAsync<Patient>(By(read), Deactivated(), stale)
        );
        (await Server.GetAsync($"Patient/{read.Id}")).ShouldBe(200);

        var patched = await client.PatchFoundAsync<Patient>(By(read), Deactivated(), CallOptions.IfUnchanged(current));
        Assert.False(patched!.Active);
        await client.DeleteFoundAsync("Patient", By(read), CallOptions.IfUnchanged(patched));
        (await Server.GetAsync($"Patient/{read.Id}")).ShouldBe(410);
    }

    [Fact]
    public async Task The_options_of_a_call_are_of_that_call_alone()
    {
        using var client = CareClient.Create(new Uri(Server.Base));
        var (one, another) = (await NewPatientAsync(client), await NewPatientAsync(client));
        await RefusedAsync(
            HttpStatusCode.PreconditionFailed,
            () => client.DeleteAsync("Patient", one.Id!, new() { IfMatch = "W/\"7\"" })
        );

        await client.DeleteAsync($"Patient/{another.Id}");

        (await Server.GetAsync($"Patient/{another.Id}")).ShouldBe(410);
    }

    [Fact]
    public async Task Only_what_is_of_the_patient_is_found_in_the_compartment()
    {
        using var client = CareClient.Create(new Uri(Server.Base));
        var (one, another) = (await NewPatientAsync(client), await NewPatientAsync(client));
        var expected = await client.CreateAsync(Problem(one, "hip"));
        await client.CreateAsync(Problem(one, "eye"));
        await client.CreateAsync(Problem(another, "hip"));

        var found = await client.SearchOfPatientAsync<Condition>(
            one.Id!,
            new SearchParams().Where("code=urn:problems|hip").LimitTo(5)
        );

        Assert.Equal([expected!.Id], found.Entry.Select(e => e.Resource!.Id));
    }

    [Fact]
    public async Task Work_that_is_none_cannot_be_given_up_and_says_why()
    {
        using var client = CareClient.Create(new Uri(Server.Base));

        var refusal = await RefusedAsync(HttpStatusCode.NotFound, () => client.TaskAsyncStatusGiveUpAsync("nobody"));

        Assert.NotEmpty(refusal.Outcome!.Issue[0].Diagnostics!);
    }

    private static async Task<FhirOperationException> RefusedAsync(HttpStatusCode status, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<FhirOperationException>(call);
        Assert.Equal(status, refusal.Status);
        return refusal;
    }

    private static async Task<Patient> NewPatientAsync(FhirClient client) =>
        (
            await client.CreateAsync(
                new Patient { Active = true, Identifier = [new("urn:client", Guid.NewGuid().ToString())] }
            )
        )!;

    private static SearchParams By(Patient patient) =>
        new SearchParams().Where($"identifier=urn:client|{patient.Identifier[0].Value}");

    private static Uri Address(Patient patient) => new($"Patient/{patient.Id}", UriKind.Relative);

    private static Parameters Deactivated() =>
        new Parameters().AddReplacePatchParameter("Patient.active", new FhirBoolean(false));

    private static Condition Problem(Patient patient, string text) =>
        new()
        {
            Subject = new ResourceReference($"Patient/{patient.Id}"),
            Code = new CodeableConcept("urn:problems", text),
        };
}
