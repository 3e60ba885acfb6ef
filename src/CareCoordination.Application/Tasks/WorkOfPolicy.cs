using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Application.Tasks;

internal static class WorkOfPolicy
{
    /// <summary>The days of the report are those of the organisation whose work it is.</summary>
    public static WorkReport In(this WorkReport work, CarePolicy policy) => work with { Zone = policy.TimeZone };
}
