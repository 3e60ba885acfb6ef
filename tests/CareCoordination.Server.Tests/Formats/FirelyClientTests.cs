using System.Globalization;
using System.Net;
using CareCoordination.Server.Tests.Kit;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;
using Task = System.Threading.Tasks.Task;

namespace CareCoordination.Server.Tests.Formats;

/// <summary>
/// Vendors' programs: the real client of the Firely SDK, as it comes, which asks for XML; and with JSON.
/// https://docs.fire.ly/projects/Firely-NET-SDK/
/// </summary>
public abstract class FirelyClientTests(SharedServer shared) : ServerTests(shared)
{
    public sealed class AsItComes(SqliteServer shared) : FirelyClientTests(shared)
    {
        protected override FhirClientSettings? Settings => null;
    }

    public sealed class WithJson(SqliteServer shared) : FirelyClientTests(shared)
    {
        protected override FhirClientSettings? Settings =>
            new() { PreferredFormat = ResourceFormat.Json, ReturnPreference = ReturnPreference.Representation };
    }

    public sealed class WithEverySetting(PostgreSqlServer shared) : FirelyClientTests(shared)
    {
        protected override FhirClientSettings? Settings =>
            new()
            {
                VerifyFhirVersion = true,
                UseFhirVersionInAcceptHeader = true,
                UseFormatParameter = true,
                PreferCompressedResponses = true,
                PreferredParameterHandling = SearchParameterHandling.Strict,
                ReturnPreference = ReturnPreference.Representation,
            };
    }

    /// <summary>Null: none are given.</summary>
    protected abstract FhirClientSettings? Settings { get; }

    private FhirClient NewClient() =>
        Settings is { } settings ? new(Server.Base, settings: settings) : new(Server.Base);

    [Fact]
    public async Task Reads_what_the_server_can_do()
    {
        using var client = NewClient();

        var statement = await client.CapabilityStatementAsync();

        Assert.Equal(FHIRVersion.N4_0_1, statement!.FhirVersion);
        Assert.Contains("application/fhir+xml", statement.Format);
    }

    [Fact]
    public async Task Creates_reads_updates_and_deletes()
    {
        using var client = NewClient();
        var created = await client.CreateAsync(
            new Observation
            {
                Status = ObservationStatus.Final,
                Code = new CodeableConcept("http://loinc.org", "29463-7"),
                Value = new Quantity(72.50m, "kg"),
            }
        );
        Assert.NotNull(created?.Id);
        Assert.Equal("1", created.Meta!.VersionId);

        var read = await client.ReadAsync<Observation>($"Observation/{created.Id}");
        Assert.Equal("72.50", Assert.IsType<Quantity>(read!.Value).Value!.Value.ToString(CultureInfo.InvariantCulture));
        read.Status = ObservationStatus.Amended;
        var updated = await client.UpdateAsync(read, versionAware: true);
        Assert.Equal("2", updated!.Meta!.VersionId);
        var conflict = await Assert.ThrowsAsync<FhirOperationException>(() =>
            client.UpdateAsync(read, versionAware: true)
        );
        Assert.Equal(HttpStatusCode.PreconditionFailed, conflict.Status);
        Assert.NotEmpty(conflict.Outcome!.Issue);

        var first = await client.ReadAsync<Observation>($"Observation/{created.Id}/_history/1");
        Assert.Equal(ObservationStatus.Final, first!.Status);
        await client.DeleteAsync(updated);
        var gone = await Assert.ThrowsAsync<FhirOperationException>(() =>
            client.ReadAsync<Observation>($"Observation/{created.Id}")
        );
        Assert.Equal(HttpStatusCode.Gone, gone.Status);
        Assert.Equal(OperationOutcome.IssueType.Deleted, gone.Outcome!.Issue[0].Code);
        var never = await Assert.ThrowsAsync<FhirOperationException>(() =>
            client.ReadAsync<Observation>("Observation/never")
        );
        Assert.Equal(HttpStatusCode.NotFound, never.Status);
    }

    [Fact]
    public async Task Does_each_write_on_conditions()
    {
        using var client = NewClient();
        var value = Given.Id();
        var criteria = new SearchParams().Where($"identifier=urn:test|{value}");
        Patient New(bool active) => new() { Active = active, Identifier = [new Identifier("urn:test", value)] };

        var created = await client.ConditionalCreateAsync(New(active: false), criteria);
        var found = await client.ConditionalCreateAsync(New(active: true), criteria);
        Assert.Equal(created!.Id, found!.Id);
        var updated = await client.ConditionalUpdateAsync(New(active: true), criteria);
        Assert.Equal((created.Id, true), (updated!.Id, updated.Active));
        var patched = await client.ConditionalPatchAsync<Patient>(criteria, Activate(isActive: false));
        Assert.False(patched!.Active);
        await client.ConditionalDeleteSingleAsync(criteria, "Patient");
        Assert.Empty((await client.SearchAsync<Patient>(criteria))!.Entry);
    }

    [Fact]
    public async Task Patches_a_resource()
    {
        using var client = NewClient();
        var patient = await client.CreateAsync(new Patient { Active = false });

        var patched = await client.PatchAsync<Patient>(patient!.Id!, Activate(isActive: true));

        Assert.True(patched!.Active);
    }

    [Fact]
    public async Task Searches_page_by_page_by_get_and_by_post()
    {
        using var client = NewClient();
        var family = Given.Id("Fam");
        for (var i = 0; i < 5; i++)
            await client.CreateAsync(new Patient { Name = [new HumanName { Family = family }] });
        var criteria = new SearchParams("family", family) { Count = 2 }.OrderBy("_id");

        var ids = new List<string>();
        for (
            var page = await client.SearchAsync<Patient>(criteria);
            page is not null;
            page = await client.ContinueAsync(page)
        )
            ids.AddRange(page.Entry.Select(e => e.Resource!.Id!));

        Assert.Equal(5, ids.Distinct().Count());
        Assert.Equal(5, ids.Count);
        var posted = await client.SearchUsingPostAsync<Patient>(criteria);
        Assert.Equal(ids.Take(2), posted!.Entry.Select(e => e.Resource!.Id!));
        var one = await client.SearchByIdAsync<Patient>(ids[0]);
        Assert.Equal(ids[0], Assert.Single(one!.Entry).Resource!.Id);
    }

    [Fact]
    public async Task Reads_histories()
    {
        using var client = NewClient();
        var since = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        var patient = await client.CreateAsync(new Patient { Active = false });
        patient!.Active = true;
        await client.UpdateAsync(patient);

        var history = await client.HistoryAsync($"Patient/{patient.Id}");
        Assert.Equal([Bundle.HTTPVerb.PUT, Bundle.HTTPVerb.POST], history!.Entry.Select(e => e.Request!.Method!.Value));
        Assert.NotEmpty((await client.TypeHistoryAsync<Patient>(since, pageSize: 5))!.Entry);
        Assert.NotEmpty((await client.WholeSystemHistoryAsync(since, pageSize: 5))!.Entry);
    }

    [Fact]
    public async Task Sends_a_transaction()
    {
        using var client = NewClient();
        var bundle = new TransactionBuilder(Server.Base, Bundle.BundleType.Transaction)
            .Create(new Patient { Active = true })
            .Search(new SearchParams("_id", "none"), "Patient")
            .ToBundle();

        var answer = await client.TransactionAsync(bundle);

        Assert.Equal(Bundle.BundleType.TransactionResponse, answer!.Type);
        Assert.Equal(["201 Created", "200 OK"], answer.Entry.Select(e => e.Response!.Status));
    }

    [Theory]
    [InlineData(BinaryTransferBehaviour.UseData, BinaryTransferBehaviour.UseData)]
    [InlineData(BinaryTransferBehaviour.UseData, BinaryTransferBehaviour.UseResource)]
    [InlineData(BinaryTransferBehaviour.UseResource, BinaryTransferBehaviour.UseData)]
    [InlineData(BinaryTransferBehaviour.UseResource, BinaryTransferBehaviour.UseResource)]
    public async Task Keeps_binaries(BinaryTransferBehaviour sent, BinaryTransferBehaviour received)
    {
        using var client = NewClient();
        (client.Settings.BinarySendBehaviour, client.Settings.BinaryReceivePreference) = (sent, received);

        var created = await client.CreateAsync(new Binary { ContentType = "image/png", Data = [0, 255, 7] });
        var read = await client.ReadAsync<Binary>($"Binary/{created!.Id}");

        Assert.Equal("image/png", read!.ContentType);
        Assert.Equal([0, 255, 7], read.Data!);
    }

    [Fact]
    public async Task Asks_operations()
    {
        using var client = NewClient();
        var patient = await client.CreateAsync(new Patient { Active = true });
        var actor = await client.CreateAsync(new Practitioner { Active = true });
        var task = await client.CreateAsync(
            new Hl7.Fhir.Model.Task
            {
                Status = Hl7.Fhir.Model.Task.TaskStatus.Requested,
                Intent = Hl7.Fhir.Model.Task.TaskIntent.Order,
                For = new ResourceReference($"Patient/{patient!.Id}"),
            }
        );

        var claimed = await client.InstanceOperationAsync(
            new Uri($"Task/{task!.Id}", UriKind.Relative),
            "claim",
            new Parameters().Add("practitioner", new ResourceReference($"Practitioner/{actor!.Id}"))
        );
        Assert.Equal($"Practitioner/{actor.Id}", Assert.IsType<Hl7.Fhir.Model.Task>(claimed).Owner!.Reference);
        var worklist = await client.TypeOperationAsync(
            "worklist",
            "Task",
            new Parameters().Add("owner", new ResourceReference($"Practitioner/{actor.Id}"))
        );
        Assert.Equal(task.Id, Assert.IsType<Bundle>(worklist).Entry[0].Resource!.Id);
        var everything = await client.FetchPatientRecordAsync(
            new Uri($"{Server.Base}/Patient/{patient.Id}", UriKind.Absolute)
        );
        Assert.Contains(everything!.Entry, e => e.Resource is Hl7.Fhir.Model.Task);
        var outcome = await client.ValidateCreateAsync(new Patient { BirthDate = "2020-01-01" });
        Assert.DoesNotContain(outcome!.Issue, i => i.Severity == OperationOutcome.IssueSeverity.Error);
        var refused = await Assert.ThrowsAsync<FhirOperationException>(() =>
            client.InstanceOperationAsync(new Uri($"Task/{task.Id}", UriKind.Relative), "reject")
        );
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal("reason-required", refused.Outcome!.Issue[0].Details!.Coding[0].Code);
    }

    private static Parameters Activate(bool isActive) =>
        new Parameters().AddReplacePatchParameter("Patient.active", new FhirBoolean(isActive));
}
