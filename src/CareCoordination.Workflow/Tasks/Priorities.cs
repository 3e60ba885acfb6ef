using System.Collections.Immutable;

namespace CareCoordination.Workflow.Tasks;

/// <summary>https://hl7.org/fhir/R4/valueset-request-priority.html: the same codes for tasks and requests.</summary>
public static class Priorities
{
    /// <summary>The least pressing first.</summary>
    public static readonly ImmutableArray<string> All = ["routine", "urgent", "asap", "stat"];

    /// <summary>0 for routine (and where none is given) to 3 for stat.</summary>
    public static int Rank(string? priority) => priority is null ? 0 : Math.Max(0, All.IndexOf(priority));

    public static string AtLeast(string priority, string least) => Rank(priority) >= Rank(least) ? priority : least;
}
