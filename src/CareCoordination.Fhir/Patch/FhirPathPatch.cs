using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath;
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
    /// <summary>Each operation writes the resource anew, so that the work is bounded.</summary>
    private const long MaxWork = 256 * 1024 * 1024;

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

    public Result<ResourceDocument> Apply(ResourceDocument resource)
    {
        if ((long)_operations.Length * resource.Utf8.Length > MaxWork)
            return Failure.From(
                413,
                IssueCode.TooCostly,
                "The patch has too many operations for a resource of this size: send it in parts."
            );
        foreach (var operation in _operations)
        {
            if (!Apply(operation, resource).TryGet(out var next, out var failure))
                return failure;
            resource = next;
        }

        return resource;
    }

    private Result<ResourceDocument> Apply(FhirPathPatchOperation operation, ResourceDocument resource)
    {
        if (!Find(operation, resource).TryGet(out var elements, out var failure))
            return failure;
        var root = new PatchedValue(resource.Root);
        var refusal = operation.Type switch
        {
            "insert" or "move" => Order(operation, elements, root),
            "delete" when elements.Count == 0 => null,
            _ when elements.Count == 0 => operation.Refuse("the path finds nothing.", IssueCode.NotFound),
            _ when elements.Count > 1 => operation.Refuse(
                "the path finds more than one element.",
                IssueCode.MultipleMatches
            ),
            "add" => Add(operation, elements[0], root),
            _ when elements[0].Definition is null => operation.Refuse("the path is that of the whole resource."),
            "delete" => Delete(elements[0], root),
            _ => Replace(operation, elements[0], root),
        };
        return refusal is null ? root.ToDocument(_limits) : refusal;
    }

    private Result<List<Element>> Find(FhirPathPatchOperation operation, ResourceDocument resource)
    {
        var root = Element.Root(resource, _schema);
        if (!root.Exists)
            return operation.Refuse("what earlier operations left is no resource.");
        if (!FhirPathExpression.Compile(operation.Path, _schema, root.Type).TryGet(out var path, out var failure))
            return operation.Refuse(failure.Issues[0].Diagnostics, IssueCode.NotFound);
        try
        {
            var elements = new List<Element>();
            foreach (
                var value in path.Evaluate(root, new EvaluationContext { Resource = root, RootResource = root }).Span
            )
            {
                if (!ReferenceEquals(value.Element.Document, resource))
                    return operation.Refuse("the path gives a value that is no element of the resource.");
                elements.Add(value.Element);
            }

            return elements;
        }
        catch (FhirPathException)
        {
            // The message may quote the data.
            return operation.Refuse("the path cannot be evaluated on this resource.");
        }
    }

    private Failure? Add(FhirPathPatchOperation operation, Element element, PatchedValue root)
    {
        if (PatchedObject.ElementOf(element.Type, operation.Name!) is not { } added)
            return operation.Refuse($"{element.Type} has no element '{operation.Name}'.", IssueCode.NotFound);
        if (!PatchContent.Of(operation.Content, added.Types[0].Type, _schema).TryGet(out var content, out var failure))
            return operation.Refuse(failure);
        // The children of a primitive stand beside it.
        var json = element.Type.IsPrimitive
            ? ElementPlace.Of(element, root).Shadow()
            : ElementPlace.Find(element.Value, root);
        return new PatchedObject(json, element.Type).Add(added, content) is { } refusal
            ? operation.Refuse(refusal)
            : null;
    }

    private Failure? Replace(FhirPathPatchOperation operation, Element element, PatchedValue root)
    {
        if (!PatchContent.Of(operation.Content, element.Type, _schema).TryGet(out var content, out var failure))
            return operation.Refuse(failure);
        var definition = element.Definition!;
        ElementPlace.Of(element, root).Replace(content, definition.JsonName(content.Type ?? element.Type));
        return null;
    }

    private static Failure? Delete(Element element, PatchedValue root)
    {
        ElementPlace.Of(element, root).Remove();
        return null;
    }

    /// <summary><c>insert</c> and <c>move</c>: the path is that of a whole list.</summary>
    private Failure? Order(FhirPathPatchOperation operation, List<Element> elements, PatchedValue root)
    {
        if (elements.Count == 0)
            return operation.Refuse("the path finds no list; use add for its first item.", IssueCode.NotFound);
        if (elements[0].Definition is not { IsArray: true } definition)
            return operation.Refuse("the path is not that of a list.");
        var place = ElementPlace.Of(elements[0], root);
        var list = new PatchedList(place.Holder, place.Name);
        if (
            elements.Exists(e =>
                ElementPlace.Of(e, root) is var other && (other.Holder, other.Name) != (place.Holder, place.Name)
            )
            || elements.Count != list.Count
        )
            return operation.Refuse("the path is not that of one whole list.");
        if (operation.Type == "move")
        {
            if (operation.Source >= list.Count || operation.Destination >= list.Count)
                return operation.Refuse($"the list has {list.Count} items.");
            list.Move(operation.Source, operation.Destination);
            return null;
        }

        if (operation.Index > list.Count)
            return operation.Refuse($"the list has {list.Count} items.");
        if (!PatchContent.Of(operation.Content, elements[0].Type, _schema).TryGet(out var content, out var failure))
            return operation.Refuse(failure);
        list.Insert(operation.Index, content);
        return null;
    }
}
