using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.CarePlans;

/// <summary>A small transition template: a call within two days, a visit after it, and a goal.</summary>
internal sealed class Template
{
    private readonly string _id = Given.Id("tpl");

    public string Reference => $"PlanDefinition/{_id}";

    public string Url => $"https://templates.test/PlanDefinition/{_id}";

    private string Call => $"https://templates.test/ActivityDefinition/{_id}";

    public string PlanDefinition =>
        $$$"""
            {"resourceType":"PlanDefinition","id":"{{{_id}}}","url":"{{{Url}}}","status":"active","title":"Transition",
             "goal":[{"id":"home","description":{"text":"Stays at home"}}],
             "action":[
              {"id":"call","title":"Call the patient","goalId":["home"],"definitionCanonical":"{{{Call}}}"},
              {"id":"visit","title":"Visit the patient","definitionCanonical":"{{{Call}}}",
               "condition":[{"kind":"applicability","expression":{"language":"text/fhirpath","expression":"Patient.active = true"}}],
               "relatedAction":[{"actionId":"call","relationship":"after-end","offsetDuration":{"value":5,"system":"http://unitsofmeasure.org","code":"d"}}]}
             ]}
            """;

    public string ActivityDefinition =>
        $$$"""{"resourceType":"ActivityDefinition","id":"{{{_id}}}","url":"{{{Call}}}","status":"active","kind":"Task","code":{"text":"Call"}}""";

    public static async Task<Template> StoreAsync(TestServer server)
    {
        var template = new Template();
        (await server.PutAsync($"PlanDefinition/{template._id}", template.PlanDefinition)).ShouldBe(201);
        (await server.PutAsync($"ActivityDefinition/{template._id}", template.ActivityDefinition)).ShouldBe(201);
        return template;
    }

    /// <summary>A patient of our own, and the draft plan that the template makes.</summary>
    public static async Task<(string Patient, Answer Plan)> ApplyAsync(TestServer server)
    {
        var template = await StoreAsync(server);
        var patient = await PatientAsync(server);
        var plan = await server.AskAsync($"{template.Reference}/$apply", Ask.Text("subject", patient));
        return (patient, plan.ShouldBe(200));
    }

    public static async Task<string> PatientAsync(TestServer server)
    {
        var id = Given.Id("p");
        (
            await server.PutAsync($"Patient/{id}", $$"""{"resourceType":"Patient","id":"{{id}}","active":true}""")
        ).ShouldBe(201);
        return $"Patient/{id}";
    }
}
