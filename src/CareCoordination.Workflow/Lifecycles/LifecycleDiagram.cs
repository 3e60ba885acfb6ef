using System.Text;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Workflow.Lifecycles;

/// <summary>Prints a table for the documentation, so that the pages cannot differ from the code.</summary>
public static class LifecycleDiagram
{
    /// <summary>A state diagram. https://mermaid.js.org/syntax/stateDiagram.html Voiding is left out: it leads from everywhere.</summary>
    public static string Mermaid(Lifecycle table)
    {
        var text = Begin(table.Statuses.Where(s => s != Lifecycle.EnteredInError));
        text.Append($"    [*] --> {Name(table.Start)}\n");
        foreach (var step in table.Transitions.Where(t => t.To != Lifecycle.EnteredInError))
        {
            var label = step.Command is { } command ? $" : ${command}" : "";
            text.Append($"    {Name(step.From)} --> {Name(step.To)}{label}\n");
        }

        foreach (var status in table.Statuses.Where(s => s != Lifecycle.EnteredInError && table.IsTerminal(s)))
            text.Append($"    {Name(status)} --> [*]\n");
        return text.ToString();
    }

    /// <summary>A state diagram of the steps of one command; null where it makes none.</summary>
    /// <param name="command">Without <c>$</c>.</param>
    public static string? Mermaid(Lifecycle table, string command)
    {
        var steps = table.Transitions.Where(t => t.Command == command).ToArray();
        if (steps.Length == 0)
            return null;
        var text = Begin(table.Statuses.Where(s => steps.Any(t => t.From == s || t.To == s)));
        foreach (var step in steps)
            text.Append($"    {Name(step.From)} --> {Name(step.To)} : {Who(step.By)}\n");
        return text.ToString();
    }

    /// <summary>A Markdown table with one row for each legal step.</summary>
    public static string Markdown(Lifecycle table)
    {
        var text = new StringBuilder("| from | to | who | command | reason |\n|---|---|---|---|---|\n");
        foreach (var step in table.Transitions.Where(t => t.To != Lifecycle.EnteredInError))
            text.Append(
                $"| {step.From} | {step.To} | {Who(step.By)} | {Command(step)} | {(step.NeedsReason ? "required" : "")} |\n"
            );
        foreach (var step in table.Transitions.Where(t => t.To == Lifecycle.EnteredInError).Take(1))
            text.Append($"| any | {step.To} | {Who(step.By)} | plain write | |\n");
        return text.ToString();
    }

    /// <summary>The page of the documentation: every table as a diagram and as rows.</summary>
    public static string Page(IEnumerable<Lifecycle> tables)
    {
        var text = new StringBuilder(
            """
            # Statuses and who may change them

            A resource may be created in any status: records come from elsewhere as they are. Every later change of a status, by an
            operation, PUT, PATCH or bundle, has to be a row of its table; any other step is refused with 422 and the code
            `illegal-transition`, and the answer says what is allowed. A lead may make every step. `entered-in-error` leads nowhere.

            This page is printed from the tables in `src/CareCoordination.Workflow/Lifecycles`, and a test compares the two.

            """
        );
        foreach (var table in tables)
            text.Append(
                $"\n## {table.ResourceType}.{table.StatusElement}\n\n```mermaid\n{Mermaid(table)}```\n\n{Markdown(table)}"
            );
        return text.ToString();
    }

    private static StringBuilder Begin(IEnumerable<string> statuses)
    {
        var text = new StringBuilder("stateDiagram-v2\n");
        foreach (var status in statuses.Where(s => s.Contains('-', StringComparison.Ordinal)))
            text.Append($"    state \"{status}\" as {Name(status)}\n");
        return text;
    }

    private static string Command(Transition step) =>
        step switch
        {
            { Command: null } => "plain write",
            { CommandOnly: true } => $"`${step.Command}` only",
            { Resumes: true } => $"`${step.Command}`, where the hold began there",
            _ => $"`${step.Command}`",
        };

    private static string Who(ActorRelation by) =>
        by switch
        {
            ActorRelation.Requester => "requester",
            ActorRelation.Owner => "owner",
            ActorRelation.Lead => "lead",
            _ => "either",
        };

    private static string Name(string status) => status.Replace('-', '_');
}
