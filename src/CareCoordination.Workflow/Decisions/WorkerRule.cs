using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Decisions;

/// <summary>Whom a command may name: work is given only to who is here, can do it and may have it.</summary>
public static class WorkerRule
{
    /// <summary>https://hl7.org/fhir/R4/task-definitions.html#Task.owner</summary>
    private static readonly ImmutableArray<string> Workers =
    [
        ResourceTypes.CareTeam,
        ResourceTypes.Device,
        ResourceTypes.HealthcareService,
        ResourceTypes.Organization,
        ResourceTypes.Patient,
        ResourceTypes.Practitioner,
        ResourceTypes.PractitionerRole,
        ResourceTypes.RelatedPerson,
    ];

    /// <summary>422 <c>reference-type</c> for what does no work; null for all others.</summary>
    public static Failure? CheckType(string parameter, string reference) =>
        Workers.Contains(reference.Split('/')[0])
            ? null
            : RuleFailure.Of(
                "reference-type",
                $"'{parameter}' refers to {Short(reference)}; work is done by a {string.Join(", ", Workers)}.",
                At(parameter)
            );

    /// <summary>422 <c>reference-unresolved</c></summary>
    public static Failure Unresolved(string parameter, string reference) =>
        RuleFailure.Of(
            "reference-unresolved",
            $"'{parameter}' refers to {Short(reference)}, which is not here: create it, or name another one.",
            At(parameter)
        );

    /// <summary>422 <c>worker-inactive</c></summary>
    public static Failure Inactive(string parameter, string reference) =>
        RuleFailure.Of(
            "worker-inactive",
            $"'{parameter}' refers to {Short(reference)}, which is not active: name another one.",
            At(parameter)
        );

    private static string Short(string reference) => reference.Length > 100 ? reference[..100] : reference;

    private static string At(string parameter) => $"Parameters.parameter.where(name = '{parameter}')";
}
