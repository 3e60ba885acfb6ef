using CareCoordination.Application.Definitions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Routing;

/// <summary>The rows that an operation has in the <see cref="InteractionTable"/>.</summary>
internal static class OperationRows
{
    public static IEnumerable<InteractionDefinition> Of(Operation operation)
    {
        string[] templates =
        [
            .. operation.IsOnSystem ? [operation.Code] : Array.Empty<string>(),
            .. operation.IsOnInstance ? [$"{operation.ResourceType}/{{id}}/{operation.Code}"] : Array.Empty<string>(),
            .. operation.IsOnType ? [$"{operation.ResourceType}/{operation.Code}"] : Array.Empty<string>(),
        ];
        foreach (var template in templates)
        {
            yield return Row(operation, "POST", template, operation.Read);
            if (operation.TakesGet)
                yield return Row(operation, "GET", template, operation.Read);
            if (operation.ReadDelete is { } delete)
                yield return Row(operation, "DELETE", template, delete);
        }
    }

    private static InteractionDefinition Row(Operation operation, string method, string template, ReadOperation read) =>
        new(method, template, operation.Code, (request, definitions) => Read(operation, read, request, definitions))
        {
            OnlyType = operation.IsOnSystem ? null : operation.ResourceType,
            Operation = operation,
            // What is written while it is made, and is no resource, fits into no entry.
            Bundles = operation.AnswersRows ? BundleUse.None : BundleUse.Batch,
            Conditions =
                operation.AffectsState ? ConditionKinds.IfMatch | ConditionKinds.IdempotencyKey
                : operation.ChangesBy is not null && method == "POST" ? ConditionKinds.IdempotencyKey
                : ConditionKinds.None,
        };

    private static Result<FhirInteraction> Read(
        Operation operation,
        ReadOperation read,
        InteractionRequest request,
        FhirDefinitions definitions
    )
    {
        if (
            OperationInput.Accept(operation, request, definitions).TryGet(out var input, out var failure)
            && read(input).TryGet(out var interaction, out failure)
        )
            return interaction;
        return operation.Keep?.Invoke(request, failure!, definitions) is { } kept ? kept : failure!.Coded();
    }
}
