using Care.Kiota;
using Care.Kiota.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

namespace Stories;

/// <summary>What Kiota generates: a path for each segment, models with backing for what is not known.</summary>
internal static class KiotaStory
{
    public static async Task TellAsync(string root)
    {
        using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider()) { BaseUrl = root };
        var fhir = new CareClient(adapter).Fhir;

        var patient = await fhir.Patient.PostAsync(
            new Patient
            {
                ResourceType = Patient_resourceType.Patient,
                Name = [new HumanName { Family = "Kiota" }],
                BirthDate = "1950-05-12",
            }
        );
        Must.Be(
            patient is { Active: null, MultipleBirthInteger: null, BirthDate: "1950-05-12" },
            "The patient is another."
        );
        var task = await fhir.Task.PostAsync(
            new TaskObject
            {
                ResourceType = Task_resourceType.Task,
                Status = Task_status.Requested,
                Intent = Task_intent.Order,
                For = new Reference { ReferenceProp = $"Patient/{patient!.Id}" },
            }
        );

        var found = await fhir.Task.GetAsync(request =>
        {
            request.QueryParameters.Patient = [$"Patient/{patient.Id}"];
            request.QueryParameters.Status = ["requested"];
        });
        Must.Be(found!.Entry!.Single().Resource!.Id == task!.Id, "The task was not found.");

        var manager = await fhir.Practitioner.PostAsync(
            new Practitioner { ResourceType = Practitioner_resourceType.Practitioner }
        );
        var claimed = await fhir.Task[task.Id!].Claim.PostAsync(ClaimBy(manager!));
        Must.Be(claimed!.Owner!.ReferenceProp == $"Practitioner/{manager!.Id}", "The task was not claimed.");

        await MustBeRefusedAsync(() => fhir.Task["nobody"].GetAsync());
        Console.WriteLine("Kiota: done");
    }

    private static async Task MustBeRefusedAsync(Func<Task> request)
    {
        try
        {
            await request();
        }
        catch (OperationOutcome refusal)
        {
            Must.Be(refusal.ResponseStatusCode == 404 && refusal.Issue!.Count == 1, "The refusal is another.");
            return;
        }

        throw new InvalidOperationException("What is not there was not refused.");
    }

    private static TaskClaimParameters ClaimBy(Practitioner manager) =>
        new()
        {
            ResourceType = TaskClaimParameters_resourceType.Parameters,
            Parameter =
            [
                new TaskClaimParameter
                {
                    Name = TaskClaimParameter_name.Practitioner,
                    ValueReference = new Reference { ReferenceProp = $"Practitioner/{manager.Id}" },
                },
            ],
        };
}
