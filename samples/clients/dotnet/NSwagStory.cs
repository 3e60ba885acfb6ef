using Care.NSwag;
using Task = Care.NSwag.Task;
using TaskStatus = Care.NSwag.TaskStatus;

namespace Stories;

/// <summary>What NSwag generates by its defaults: one client, Newtonsoft.Json, refusals as exceptions.</summary>
internal static class NSwagStory
{
    public static async System.Threading.Tasks.Task TellAsync(string root)
    {
        using var http = new HttpClient();
        var client = new Client(http) { BaseUrl = root };

        var patient = await client.CreatePatientAsync(
            null,
            null,
            null,
            null,
            new Patient { Name = [new HumanName { Family = "NSwag" }], BirthDate = "1950-05-12" }
        );
        // Generators that make false and 0 of what was never set would have sent them.
        Must.Be(
            patient is { Active: null, MultipleBirthInteger: null, BirthDate: "1950-05-12" },
            "The patient is another."
        );
        var task = await client.CreateTaskAsync(null, null, null, null, RequestedFor(patient));

        var found = await SearchAsync(client, patient);
        Must.Be(found.Entry.Single().Resource.Id == task.Id, "The task was not found.");

        var manager = await client.CreatePractitionerAsync(null, null, null, null, new Practitioner());
        var claimed = await client.ClaimInstancePostTaskAsync(task.Id, null, null, null, ClaimBy(manager));
        Must.Be(claimed.Owner.Reference1 == $"Practitioner/{manager.Id}", "The task was not claimed.");

        await MustBeRefusedAsync(() => client.ReadTaskAsync("nobody", null, null, null, null, null, null));
        Console.WriteLine("NSwag: done");
    }

    private static async System.Threading.Tasks.Task MustBeRefusedAsync(Func<System.Threading.Tasks.Task> request)
    {
        try
        {
            await request();
        }
        catch (ApiException<OperationOutcome> refusal)
        {
            Must.Be(refusal.StatusCode == 404 && refusal.Result.Issue.Count == 1, "The refusal is another.");
            return;
        }

        throw new InvalidOperationException("What is not there was not refused.");
    }

    private static Task RequestedFor(Patient patient) =>
        new()
        {
            Status = TaskStatus.Requested,
            Intent = TaskIntent.Order,
            For = new Reference { Reference1 = $"Patient/{patient.Id}" },
        };

    private static TaskClaimParameters ClaimBy(Practitioner manager) =>
        new()
        {
            Parameter =
            [
                new TaskClaimParameter
                {
                    Name = TaskClaimParameterName.Practitioner,
                    ValueReference = new Reference { Reference1 = $"Practitioner/{manager.Id}" },
                },
            ],
        };

    private static System.Threading.Tasks.Task<TaskBundle> SearchAsync(Client client, Patient patient) =>
        client.SearchTypeTaskAsync(
            _id: null,
            _lastUpdated: null,
            _profile: null,
            _security: null,
            _source: null,
            _tag: null,
            authored_on: null,
            based_on: null,
            business_status: null,
            code: null,
            due: null,
            encounter: null,
            focus: null,
            group_identifier: null,
            identifier: null,
            intent: null,
            modified: null,
            owner: null,
            part_of: null,
            patient: [$"Patient/{patient.Id}"],
            performer: null,
            period: null,
            priority: null,
            requester: null,
            status: ["requested"],
            subject: null,
            _include: null,
            _revinclude: null,
            _sort: null,
            _count: null,
            _total: null,
            _summary: null,
            _elements: null
        );
}
