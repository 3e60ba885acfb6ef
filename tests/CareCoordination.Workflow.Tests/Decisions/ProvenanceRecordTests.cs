using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Workflow.Tests.Decisions;

public sealed class ProvenanceRecordTests
{
    [Fact]
    public void Tells_who_did_what_to_which_versions_and_why()
    {
        var reason = new Reason("late");
        var decision = TaskEscalation
            .Escalate(
                Given.Task("t", "ready"),
                [],
                "Practitioner/lead",
                Given.Now,
                reason,
                Given.Anyone,
                Given.Now,
                "e"
            )
            .Value.WithProvenance(new Agent("Practitioner/1"), reason, Given.Now, "prov");

        Assert.Equal(3, decision.Writes.Length);
        Given.AssertJson(
            """{"resourceType":"Provenance","id":"prov","target":[{"reference":"Task/t/_history/4"},{"reference":"Task/e/_history/1"}],"recorded":"2026-11-23T15:00:00Z","reason":[{"text":"late"}],"activity":{"coding":[{"system":"https://carecoordination.example/fhir/CodeSystem/care-command","code":"escalate"},{"system":"http://terminology.hl7.org/CodeSystem/v3-DataOperation","code":"UPDATE"}]},"agent":[{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/provenance-participant-type","code":"performer"}]},"who":{"reference":"Practitioner/1"}}],"entity":[{"role":"revision","what":{"reference":"Task/t/_history/3"}}]}""",
            decision.Written("Provenance/prov")
        );
    }

    [Fact]
    public void Is_silent_where_nothing_changes()
    {
        var task = Given.Task("t", "ready", "'owner':{'reference':'Practitioner/1'}");

        var decision = TaskSteps
            .Reassign(task, "Practitioner/1", null, Given.Anyone, Given.Now)
            .Value.WithProvenance(Given.Anyone, null, Given.Now, "prov");

        Assert.True(decision.IsEmpty);
    }
}
