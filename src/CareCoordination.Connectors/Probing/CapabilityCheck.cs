using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Probing;

/// <summary>
/// Holds what is needed against what a partner says it takes. https://hl7.org/fhir/R4/capabilitystatement.html
/// </summary>
internal static class CapabilityCheck
{
    /// <summary>What every partner with a FHIR server needs.</summary>
    public static IEnumerable<ProbeStep> Basics(CapabilityStatementView statement) =>
        [Version(statement), Format(statement)];

    /// <summary>What reading and polling the partner's copies needs.</summary>
    public static IEnumerable<ProbeStep> Reading(CapabilityStatementView statement)
    {
        var task = Resource(statement, ResourceTypes.Task);
        yield return Interaction(task, ResourceTypes.Task, "read");
        yield return Interaction(task, ResourceTypes.Task, "search-type");
        foreach (var parameter in (string[])["identifier", "_lastUpdated"])
        {
            yield return task.SearchParam.Any(p => p.Name == parameter)
                ? Passed($"Task?{parameter}", $"Tasks can be searched by {parameter}.")
                : Warning(
                    $"Task?{parameter}",
                    $"The partner does not say that Tasks can be searched by {parameter}: answers may be missed by polling."
                );
        }
    }

    private static ProbeStep Version(CapabilityStatementView statement) =>
        statement.FhirVersion is { } version && version.StartsWith("4.", StringComparison.Ordinal)
            ? Passed("fhir-version", $"The partner speaks FHIR {version}.")
            : Failed("fhir-version", $"The partner speaks FHIR {statement.FhirVersion}, and this server sends R4.");

    private static ProbeStep Format(CapabilityStatementView statement) =>
        statement.Format.Any(f => f.Contains("json", StringComparison.Ordinal))
            ? Passed("format", "The partner takes JSON.")
            : Failed("format", "The partner does not take JSON, and nothing else is sent.");

    /// <summary>After a lost answer the partner is asked for the Task by its identifier before it is sent again.</summary>
    public static ProbeStep Once(CapabilityStatementRestResourceView task) =>
        task.ConditionalCreate == true || task.SearchParam.Any(p => p.Name == "identifier")
            ? Passed("Task:once", "A repeat after a lost answer makes no second Task.")
            : Failed(
                "Task:once",
                "The partner neither honours If-None-Exist for Task nor lets Tasks be searched by identifier: a repeat after a lost answer would make a second one. Ask it for either."
            );

    public static ProbeStep Interaction(CapabilityStatementRestResourceView resource, string type, string code) =>
        resource.Interaction.Any(i => i.Code == code)
            ? Passed($"{type}:{code}", $"The partner takes {code} of {type}.")
            : Failed(
                $"{type}:{code}",
                $"The partner does not take {code} of {type}: ask it for that, leave the type out, or choose another strategy."
            );

    public static ProbeStep ConditionalCreate(CapabilityStatementRestResourceView resource, string type) =>
        resource.ConditionalCreate == true
            ? Passed($"{type}:conditional-create", $"A repeated create of {type} makes no second one.")
            : Warning(
                $"{type}:conditional-create",
                $"The partner does not say that it honours If-None-Exist for {type}: a repeat after a lost answer could make a second one."
            );

    public static CapabilityStatementRestView Server(CapabilityStatementView statement) =>
        statement.Rest.FirstOrDefault(r => r.Mode == "server");

    public static CapabilityStatementRestResourceView Resource(CapabilityStatementView statement, string type) =>
        Server(statement).Resource.FirstOrDefault(r => r.Type == type);

    public static ProbeStep Passed(string name, string sentence) => new(name, ProbeResult.Passed, sentence);

    private static ProbeStep Warning(string name, string sentence) => new(name, ProbeResult.Warning, sentence);

    public static ProbeStep Failed(string name, string sentence) => new(name, ProbeResult.Failed, sentence);
}
