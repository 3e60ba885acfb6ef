using CareCoordination.Fhir.R4;

namespace CareCoordination.Connectors.Probing;

/// <summary>
/// Holds what we would send against what a partner says it takes. https://hl7.org/fhir/R4/capabilitystatement.html
/// </summary>
internal static class CapabilityCheck
{
    /// <param name="types">The resource types of a referral to this partner.</param>
    public static IEnumerable<ProbeStep> Of(
        CapabilityStatementView statement,
        ReferralStrategy strategy,
        IEnumerable<string> types
    )
    {
        yield return Version(statement);
        yield return Format(statement);
        var rest = Server(statement);
        foreach (
            var step in strategy switch
            {
                ReferralStrategy.TransactionBundle => Transaction(rest, types),
                ReferralStrategy.MessageBundle => [Message(statement, rest)],
                ReferralStrategy.TaskPush or ReferralStrategy.NotifyAndPull => Push(rest),
                _ => [],
            }
        )
            yield return step;
    }

    /// <summary>What reading and polling the partner's copies needs.</summary>
    public static IEnumerable<ProbeStep> Reading(CapabilityStatementView statement)
    {
        var task = Resource(Server(statement), ResourceTypes.Task);
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

    private static IEnumerable<ProbeStep> Push(CapabilityStatementRestView rest)
    {
        var task = Resource(rest, ResourceTypes.Task);
        yield return Interaction(task, ResourceTypes.Task, "create");
        yield return Interaction(task, ResourceTypes.Task, "update");
        yield return ConditionalCreate(task, ResourceTypes.Task);
        yield return Once(task);
    }

    /// <summary>After a lost answer the partner is asked for the Task by its identifier before it is sent again.</summary>
    private static ProbeStep Once(CapabilityStatementRestResourceView task) =>
        task.ConditionalCreate == true || task.SearchParam.Any(p => p.Name == "identifier")
            ? Passed("Task:once", "A repeat after a lost answer makes no second Task.")
            : Failed(
                "Task:once",
                "The partner neither honours If-None-Exist for Task nor lets Tasks be searched by identifier: a repeat after a lost answer would make a second one. Ask it for either."
            );

    private static IEnumerable<ProbeStep> Transaction(CapabilityStatementRestView rest, IEnumerable<string> types)
    {
        yield return rest.Interaction.Any(i => i.Code == "transaction")
            ? Passed("transaction", "The partner takes transactions.")
            : Failed("transaction", "The partner does not take transactions: choose another strategy.");
        foreach (var type in types.Order(StringComparer.Ordinal))
        {
            var resource = Resource(rest, type);
            yield return Interaction(resource, type, "create");
            if (resource.Exists)
                yield return ConditionalCreate(resource, type);
        }

        yield return Interaction(Resource(rest, ResourceTypes.Task), ResourceTypes.Task, "update");
        yield return Once(Resource(rest, ResourceTypes.Task));
    }

    private static ProbeStep Message(CapabilityStatementView statement, CapabilityStatementRestView rest) =>
        statement.Messaging.Any() || rest.Operation.Any(o => o.Name?.TrimStart('$') == "process-message")
            ? Passed("$process-message", "The partner takes messages.")
            : Failed("$process-message", "The partner does not take messages: choose another strategy.");

    private static ProbeStep Interaction(CapabilityStatementRestResourceView resource, string type, string code) =>
        resource.Interaction.Any(i => i.Code == code)
            ? Passed($"{type}:{code}", $"The partner takes {code} of {type}.")
            : Failed(
                $"{type}:{code}",
                $"The partner does not take {code} of {type}: ask it for that, leave the type out, or choose another strategy."
            );

    private static ProbeStep ConditionalCreate(CapabilityStatementRestResourceView resource, string type) =>
        resource.ConditionalCreate == true
            ? Passed($"{type}:conditional-create", $"A repeated create of {type} makes no second one.")
            : Warning(
                $"{type}:conditional-create",
                $"The partner does not say that it honours If-None-Exist for {type}: a repeat after a lost answer could make a second one."
            );

    private static CapabilityStatementRestView Server(CapabilityStatementView statement) =>
        statement.Rest.FirstOrDefault(r => r.Mode == "server");

    private static CapabilityStatementRestResourceView Resource(CapabilityStatementRestView rest, string type) =>
        rest.Resource.FirstOrDefault(r => r.Type == type);

    private static ProbeStep Passed(string name, string sentence) => new(name, ProbeResult.Passed, sentence);

    private static ProbeStep Warning(string name, string sentence) => new(name, ProbeResult.Warning, sentence);

    private static ProbeStep Failed(string name, string sentence) => new(name, ProbeResult.Failed, sentence);
}
