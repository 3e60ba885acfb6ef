using System.Collections.Immutable;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Patch;

/// <summary>
/// <c>add</c>, <c>insert</c>, <c>delete</c>, <c>replace</c> and <c>move</c> on the elements of a resource, as a Parameters resource.
/// https://hl7.org/fhir/R4/fhirpatch.html
/// </summary>
public sealed class FhirPathPatch : IPatch
{
    private readonly ImmutableArray<FhirPathPatchOperation> _operations;
    private readonly FhirSchema _schema;
    private readonly JsonLimits _limits;

    private FhirPathPatch(ImmutableArray<FhirPathPatchOperation> operations, FhirSchema schema, JsonLimits limits)
    {
        _operations = operations;
        _schema = schema;
        _limits = limits;
    }

    /// <summary>Reads a patch; 400 where it is malformed.</summary>
    public static Result<FhirPathPatch> Parse(ResourceDocument parameters, FhirSchema schema, JsonLimits limits)
    {
        if (!parameters.ResourceTypeUtf8.SequenceEqual("Parameters"u8))
            return Failure.Invalid(
                IssueCode.Value,
                "A patch in FHIR's own format is a Parameters resource with a parameter 'operation' for each step."
            );
        var operations = ImmutableArray.CreateBuilder<FhirPathPatchOperation>();
        if (parameters.Root.TryGetProperty("parameter"u8, out var list))
        {
            foreach (var parameter in list)
            {
                if (!parameter.TryGetProperty("name"u8, out var name) || !name.StringEquals("operation"u8))
                    return Failure.Invalid(
                        IssueCode.Value,
                        "Every parameter of a patch is named 'operation'.",
                        "Parameters.parameter"
                    );
                if (
                    !FhirPathPatchOperation
                        .Read(parameter, operations.Count + 1)
                        .TryGet(out var operation, out var failure)
                )
                    return failure;
                operations.Add(operation);
            }
        }

        return new FhirPathPatch(operations.ToImmutable(), schema, limits);
    }

    public Result<ResourceDocument> Apply(ResourceDocument resource, WorkBudget budget)
    {
        var context = new EvaluationContext(budget);
        foreach (var operation in _operations)
        {
            try
            {
                if (!Apply(operation, resource, context).TryGet(out var next, out var failure))
                    return failure;
                resource = next;
            }
            catch (WorkLimitException e)
            {
                return operation.Refuse(e.Failure);
            }
        }

        return resource;
    }

    private Result<ResourceDocument> Apply(
        FhirPathPatchOperation operation,
        ResourceDocument resource,
        EvaluationContext context
    )
    {
        // To read a path takes about a step for each of its characters; and each operation writes the resource anew.
        context.Step(1 + operation.Path.Length);
        context.Budget.Charge(Work.PatchedBytes, resource.Utf8.Length);
        if (!Find(operation, resource, context).TryGet(out var elements, out var failure))
            return failure;
        var root = new PatchedValue(resource.Root);
        var refusal = operation.Type switch
        {
            "insert" or "move" => Order(operation, elements, root, context.Budget),
            "delete" when elements.Count == 0 => null,
            _ when elements.Count == 0 => operation.Refuse("the path finds nothing.", IssueCode.NotFound),
            _ when elements.Count > 1 => operation.Refuse(
                "the path finds more than one element.",
                IssueCode.MultipleMatches
            ),
            "add" => Add(operation, elements[0], root, context.Budget),
            _ when elements[0].Definition is null => operation.Refuse("the path is that of the whole resource."),
            "delete" => Delete(elements[0], root, context.Budget),
            _ => Replace(operation, elements[0], root, context.Budget),
        };
        return refusal is null ? root.ToDocument(_limits) : refusal;
    }

    private Result<List<Element>> Find(
        FhirPathPatchOperation operation,
        ResourceDocument resource,
        EvaluationContext context
    )
    {
        var root = Element.Root(resource, _schema);
        if (!root.Exists)
            return operation.Refuse("what earlier operations left is no resource.");
        if (!FhirPathExpression.Compile(operation.Path, _schema, root.Type).TryGet(out var path, out var failure))
            return operation.Refuse(failure.Issues[0].Diagnostics, IssueCode.NotFound);
        (context.Resource, context.RootResource) = (root, root);
        if (!path.Evaluate(root, context).TryGet(out var values, out failure))
            return operation.Refuse(failure);
        var elements = new List<Element>(values.Count);
        foreach (var value in values.Span)
        {
            if (!ReferenceEquals(value.Element.Document, resource))
                return operation.Refuse("the path gives a value that is no element of the resource.");
            elements.Add(value.Element);
        }

        return elements;
    }

    private Failure? Add(FhirPathPatchOperation operation, Element element, PatchedValue root, WorkBudget budget)
    {
        if (PatchedObject.ElementOf(element.Type, operation.Name!) is not { } added)
            return operation.Refuse($"{element.Type} has no element '{operation.Name}'.", IssueCode.NotFound);
        if (!ContentOf(operation, added.Types[0].Type, budget).TryGet(out var content, out var failure))
            return operation.Refuse(failure);
        // The children of a primitive stand beside it.
        var json = element.Type.IsPrimitive
            ? ElementPlace.Of(element, root).Shadow()
            : ElementPlace.Find(element.Value, root);
        return new PatchedObject(json, element.Type, budget).Add(added, content) is { } refusal
            ? operation.Refuse(refusal)
            : null;
    }

    private Failure? Replace(FhirPathPatchOperation operation, Element element, PatchedValue root, WorkBudget budget)
    {
        if (!ContentOf(operation, element.Type, budget).TryGet(out var content, out var failure))
            return operation.Refuse(failure);
        var name = element.Definition!.JsonName(content.Type ?? element.Type);
        ElementPlace.Of(element, root).Replace(content, name, budget);
        return null;
    }

    private static Failure? Delete(Element element, PatchedValue root, WorkBudget budget)
    {
        ElementPlace.Of(element, root).Remove(budget);
        return null;
    }

    /// <summary><c>insert</c> and <c>move</c>: the path is that of a whole list.</summary>
    private Failure? Order(
        FhirPathPatchOperation operation,
        List<Element> elements,
        PatchedValue root,
        WorkBudget budget
    )
    {
        if (elements.Count == 0)
            return operation.Refuse("the path finds no list; use add for its first item.", IssueCode.NotFound);
        if (elements[0].Definition is not { IsArray: true })
            return operation.Refuse("the path is not that of a list.");
        var place = ElementPlace.Of(elements[0], root);
        var list = new PatchedList(place.Holder, place.Name, budget);
        if (
            elements.Exists(e => !ElementPlace.AreTogether(e, elements[0]))
            || elements.Count != list.Count
            || elements.DistinctBy(e => (e.Value, e.Shadow)).Count() != list.Count
        )
            return operation.Refuse("the path is not that of one whole list.");
        return operation.Type == "move" ? Move(operation, list) : Insert(operation, elements[0].Type, list, budget);
    }

    private static Failure? Move(FhirPathPatchOperation operation, PatchedList list)
    {
        if (operation.Source >= list.Count || operation.Destination >= list.Count)
            return operation.Refuse($"the list has {list.Count} items.");
        list.Move(operation.Source, operation.Destination);
        return null;
    }

    private Failure? Insert(FhirPathPatchOperation operation, TypeDefinition type, PatchedList list, WorkBudget budget)
    {
        if (operation.Index > list.Count)
            return operation.Refuse($"the list has {list.Count} items.");
        if (!ContentOf(operation, type, budget).TryGet(out var content, out var failure))
            return operation.Refuse(failure);
        list.Insert(operation.Index, content);
        return null;
    }

    private Result<PatchContent> ContentOf(FhirPathPatchOperation operation, TypeDefinition type, WorkBudget budget) =>
        PatchContent.Of(operation.Content, type, _schema, budget);
}
