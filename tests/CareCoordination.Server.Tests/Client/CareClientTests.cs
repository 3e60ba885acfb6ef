using System.Net;
using CareCoordination.Client;
using CareCoordination.Server.Tests.Kit;
using Hl7.Fhir.Model;
using Hl7.Fhir.Rest;
using Microsoft.Extensions.DependencyInjection;
using Task = System.Threading.Tasks.Task;

namespace CareCoordination.Server.Tests.Client;

/// <summary>What an EHR vendor does with the client, on a running server.</summary>
public sealed class CareClientTests(SqliteServer shared) : ServerTests(shared)
{
    [Fact]
    public async Task Asks_operations_with_typed_arguments_and_answers()
    {
        using var client = CareClient.Create(new Uri(Server.Base));
        var (task, kim) = await NewTaskAsync(client);

        var claimed = await client.TaskClaimAsync(task.Id!, new() { Practitioner = kim });
        var worklist = await client.TaskWorklistAsync(new() { Owner = [kim] });
        var held = await client.TaskHoldAsync(
            task.Id!,
            new()
            {
                Practitioner = kim,
                Reason = new CodeableConcept { Text = "waits for the ward" },
            }
        );

        Assert.Equal(kim.Reference, claimed.Owner!.Reference);
        Assert.Equal(Hl7.Fhir.Model.Task.TaskStatus.OnHold, held.Status);
        Assert.Equal([task.Id], worklist.Entry.Select(e => e.Resource!.Id));
    }

    [Fact]
    public async Task A_call_is_refused_where_somebody_was_first()
    {
        using var client = CareClient.Create(new Uri(Server.Base));
        var (task, kim) = await NewTaskAsync(client);
        await client.TaskClaimAsync(task.Id!, new() { Practitioner = kim }, CallOptions.IfUnchanged(task));

        var refused = await Assert.ThrowsAsync<FhirOperationException>(() =>
            client.TaskAcceptAsync(task.Id!, new() { Practitioner = kim }, CallOptions.IfUnchanged(task))
        );

        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.Status);
        // The condition was that of one call: the next has none.
        var accepted = await client.TaskAcceptAsync(task.Id!, new() { Practitioner = kim });
        Assert.Equal(Hl7.Fhir.Model.Task.TaskStatus.Accepted, accepted.Status);
    }

    [Fact]
    public async Task A_call_with_a_key_is_done_once()
    {
        using var client = CareClient.Create(new Uri(Server.Base));
        var (task, kim) = await NewTaskAsync(client);
        var once = new CallOptions { IdempotencyKey = Given.Id("key") };

        var first = await client.TaskClaimAsync(task.Id!, new() { Practitioner = kim }, once);
        var second = await client.TaskClaimAsync(task.Id!, new() { Practitioner = kim }, once);

        Assert.Equal(first.Meta!.VersionId, second.Meta!.VersionId);
    }

    [Fact]
    public async Task What_was_not_answered_is_asked_again_and_done_once()
    {
        var breaks = new BreakingHandler(failures: 2) { InnerHandler = new SocketsHttpHandler() };
        using var client = CareClient.Create(new Uri(Server.Base), breaks);
        using var steady = CareClient.Create(new Uri(Server.Base));
        var (task, kim) = await NewTaskAsync(steady);

        var claimed = await client.TaskClaimAsync(task.Id!, new() { Practitioner = kim });

        Assert.Equal(kim.Reference, claimed.Owner!.Reference);
        Assert.Equal("2", claimed.Meta!.VersionId);
        Assert.Equal(3, breaks.Keys.Count);
        Assert.Single(breaks.Keys.Distinct());
        Assert.NotNull(breaks.Keys[0]);
    }

    [Fact]
    public async Task A_create_that_was_not_answered_is_not_sent_twice()
    {
        var breaks = new BreakingHandler(failures: 1) { InnerHandler = new SocketsHttpHandler() };
        using var client = CareClient.Create(new Uri(Server.Base), breaks);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.CreateAsync(new Patient { Active = true }));

        Assert.Single(breaks.Keys);
    }

    [Fact]
    public async Task Searches_are_read_to_their_end()
    {
        using var client = CareClient.Create(new Uri(Server.Base));
        var family = Given.Id("Fam");
        for (var i = 0; i < 7; i++)
            await client.CreateAsync(new Patient { Name = [new HumanName { Family = family }] });

        var found = new List<string>();
        await foreach (var patient in client.SearchAllAsync<Patient>(new SearchParams("family", family) { Count = 3 }))
            found.Add(patient.Id!);

        Assert.Equal(7, found.Distinct().Count());
        Assert.Equal(7, found.Count);
    }

    [Fact]
    public async Task A_container_makes_clients()
    {
        var services = new ServiceCollection();
        services.AddCareClient(new Uri(Server.Base));
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();
        var client = scope.ServiceProvider.GetRequiredService<FhirClient>();

        var (task, kim) = await NewTaskAsync(client);
        var claimed = await client.TaskClaimAsync(
            task.Id!,
            new() { Practitioner = kim },
            CallOptions.IfUnchanged(task)
        );

        Assert.Equal("2", claimed.Meta!.VersionId);
    }

    private static async Task<(Hl7.Fhir.Model.Task Task, ResourceReference Kim)> NewTaskAsync(FhirClient client)
    {
        var patient = await client.CreateAsync(new Patient { Active = true });
        var kim = await client.CreateAsync(new Practitioner { Active = true });
        var task = await client.CreateAsync(
            new Hl7.Fhir.Model.Task
            {
                Status = Hl7.Fhir.Model.Task.TaskStatus.Requested,
                Intent = Hl7.Fhir.Model.Task.TaskIntent.Order,
                For = new ResourceReference($"Patient/{patient!.Id}"),
            }
        );
        return (task!, new ResourceReference($"Practitioner/{kim!.Id}"));
    }

    /// <summary>Sends, and loses the answers of the first requests.</summary>
    private sealed class BreakingHandler(int failures) : DelegatingHandler
    {
        public List<string?> Keys { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Keys.Add(request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null);
            var answer = await base.SendAsync(request, cancellationToken);
            if (Keys.Count > failures)
                return answer;
            answer.Dispose();
            throw new HttpRequestException("The connection broke before the answer came.");
        }
    }
}
