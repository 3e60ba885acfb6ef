using System.Globalization;
using System.Text;
using CareCoordination.Workflow.Lifecycles;

namespace CareCoordination.Application.Operations;

/// <summary>Prints the page of an operation for the documentation, so that the pages cannot differ from the code.</summary>
public static class OperationPage
{
    /// <summary>What follows this line in a page is written by hand.</summary>
    public const string Notes = "\n## Notes\n";

    /// <summary>The printed part of a page.</summary>
    public static string Of(Operation operation)
    {
        var text = new StringBuilder($"# {Title(operation)}\n\n{operation.Description}\n\n");
        text.Append("| | |\n|---|---|\n");
        foreach (var url in Urls(operation))
            text.Append($"| {Methods(operation)} | `[base]/{url}` |\n");
        if (operation.ReadDelete is not null)
            text.Append(
                $"| DELETE | `[base]/{operation.ResourceType}/[id]/{operation.Code}`: gives the work up, 202 |\n"
            );
        text.Append($"| answer | {Answer(operation)} |\n");
        if (operation.AffectsState)
        {
            text.Append(
                "| Idempotency-Key | sent again with it, the request gets the first answer and does nothing |\n"
            );
            if (operation.IsOnInstance)
                text.Append("| If-Match | 412 where another version is current |\n");
        }

        if (operation.ChangesBy is { } change)
            text.Append(
                $"| Idempotency-Key | of a POST with `{change}`: sent again with it, the request gets the first answer and does nothing |\n"
            );
        text.Append("\n## Parameters\n\n");
        if (operation.Parameters.IsEmpty)
            text.Append("None.\n");
        else
            text.Append("| name | sent as | how often | meaning |\n|---|---|---|---|\n");
        foreach (var parameter in operation.Parameters)
        {
            Append(text, "", parameter);
            foreach (var part in parameter.Parts)
                Append(text, $"{parameter.Name}.", part);
        }

        AppendSteps(text, operation);
        AppendRefusals(text, operation);
        return text.ToString();
    }

    /// <summary>The table of contents.</summary>
    public static string Index(IEnumerable<Operation> operations)
    {
        var text = new StringBuilder(
            """
            # The operations, one page each

            These pages are printed from `OperationTable` and the tables of statuses, and a test compares them; what stands under "Notes" is
            written by hand. What all operations have in common is in [operations.md](../operations.md).

            | operation | what it does |
            |---|---|

            """
        );
        foreach (
            var operation in operations
                .OrderBy(o => o.ResourceType, StringComparer.Ordinal)
                .ThenBy(o => o.Name, StringComparer.Ordinal)
        )
            text.Append($"| [{Title(operation)}]({operation.Id}.md) | {operation.Description} |\n");
        return text.ToString();
    }

    private static string Title(Operation operation) =>
        operation.IsOnSystem ? operation.Code : $"{operation.ResourceType}/{operation.Code}";

    private static IEnumerable<string> Urls(Operation operation)
    {
        if (operation.IsOnSystem)
            yield return operation.Code;
        if (operation.IsOnInstance)
            yield return $"{operation.ResourceType}/[id]/{operation.Code}";
        if (operation.IsOnType)
            yield return $"{operation.ResourceType}/{operation.Code}";
    }

    private static string Methods(Operation operation) => operation.TakesGet ? "GET, POST" : "POST";

    private static string Answer(Operation operation) =>
        operation switch
        {
            { AnswersLater: true } => "202; Content-Location says where the result will be",
            { MakesAnswer: true } => $"201, the {operation.Answer} that was made",
            { AffectsState: true } when operation.Answer == operation.ResourceType =>
                $"200, the {operation.Answer} as it is then",
            _ => $"200, {operation.Answer}",
        };

    private static void Append(StringBuilder text, string prefix, OperationParameter parameter)
    {
        var needed = parameter.IsRequired || parameter.IsNeededByRule ? 1 : 0;
        var most = parameter.IsRepeatable ? "*" : "1";
        text.Append(
            CultureInfo.InvariantCulture,
            $"| `{prefix}{parameter.Name}` | {parameter.HowToSend} | {needed}..{most} | {parameter.Documentation} |\n"
        );
    }

    private static void AppendSteps(StringBuilder text, Operation operation)
    {
        if (
            LifecycleTables.For(operation.ResourceType) is not { } table
            || LifecycleDiagram.Mermaid(table, operation.Name) is not { } diagram
        )
            return;
        text.Append($"\n## {table.ResourceType}.{table.StatusElement}\n\n");
        text.Append("The steps it makes, and who may make them besides a lead; [all steps](../lifecycles.md).\n\n");
        text.Append($"```mermaid\n{diagram}```\n");
    }

    private static void AppendRefusals(StringBuilder text, Operation operation)
    {
        text.Append("\n## Refusals\n\n");
        text.Append("400 for parameters that are missing, unknown or of another type");
        text.Append(operation.IsOnInstance ? "; 404 and 410 for what is not there.\n" : ".\n");
        var rules = OperationRefusals.Of(operation);
        if (rules.IsEmpty)
            return;
        text.Append("\n| status | rule | meaning |\n|---|---|---|\n");
        foreach (var rule in rules)
            text.Append(CultureInfo.InvariantCulture, $"| {rule.Status} | `{rule.Code}` | {rule.Meaning} |\n");
    }
}
