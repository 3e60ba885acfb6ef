using CareCoordination.Fhir.Outcomes;
using CareCoordination.Workflow.Billing;

namespace CareCoordination.Application.Programmes;

/// <summary>What the operations of programmes share.</summary>
internal static class Programs
{
    public static Failure Unknown(string program) =>
        Failure.Invalid(
            IssueCode.Value,
            $"'{program}' is no programme; they are {string.Join(", ", CarePrograms.All.Select(p => p.Code))}.",
            "Parameters.parameter.where(name = 'program')"
        );
}
