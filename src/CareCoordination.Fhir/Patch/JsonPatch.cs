using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Patch;

/// <summary>
/// <c>add</c>, <c>remove</c>, <c>replace</c>, <c>move</c>, <c>copy</c> and <c>test</c> on the JSON of a resource.
/// https://www.rfc-editor.org/rfc/rfc6902
/// </summary>
public sealed class JsonPatch : IPatch
{
    /// <summary>Each operation may move the items of a long list, so that their number is bounded.</summary>
    private const int MaxOperations = 1000;

    private readonly ImmutableArray<JsonPatchOperation> _operations;
    private readonly JsonLimits _limits;

    private JsonPatch(ImmutableArray<JsonPatchOperation> operations, JsonLimits limits)
    {
        _operations = operations;
        _limits = limits;
    }

    /// <summary>Reads a patch; 400 where it is malformed.</summary>
    public static Result<JsonPatch> Parse(ReadOnlyMemory<byte> utf8, JsonLimits limits)
    {
        if (!ResourceDocument.ParseArray(utf8, limits).TryGet(out var document, out var failure))
            return failure;
        var operations = ImmutableArray.CreateBuilder<JsonPatchOperation>();
        foreach (var item in document.Root)
        {
            if (operations.Count == MaxOperations)
                return Failure.From(
                    413,
                    IssueCode.TooCostly,
                    $"The patch has more than {MaxOperations} operations: send it in parts."
                );
            if (!JsonPatchOperation.Read(item, operations.Count + 1).TryGet(out var operation, out failure))
                return failure;
            operations.Add(operation);
        }

        return new JsonPatch(operations.ToImmutable(), limits);
    }

    public Result<ResourceDocument> Apply(ResourceDocument resource, WorkBudget budget)
    {
        var root = new PatchedValue(resource.Root);
        foreach (var operation in _operations)
        {
            try
            {
                if (Apply(operation, ref root, budget) is { } refusal)
                    return refusal;
            }
            catch (WorkLimitException e)
            {
                return operation.Refuse(e.Failure);
            }
        }

        if (root.Kind != JsonValueKind.Object)
            return Failure.Unprocessable(IssueCode.Structure, "What the patch leaves is no resource.");
        return root.ToDocument(_limits);
    }

    private Failure? Apply(JsonPatchOperation operation, ref PatchedValue root, WorkBudget budget)
    {
        var value = operation.Value is { Exists: true } sent ? new PatchedValue(sent) : null;
        if (operation.From is { } from)
        {
            value = from.Find(root, budget);
            if (value is null)
                return operation.Refuse($"there is nothing at {from}.");
            if (operation.Op == "copy")
                value = value.Copy(budget);
        }

        if (value is not null && operation.Path.Tokens.Length + value.Depth(budget) > _limits.MaxDepth)
            return operation.Refuse($"the JSON would be nested more than {_limits.MaxDepth} levels deep.");
        return Do(operation, ref root, value, budget);
    }

    private static Failure? Do(
        JsonPatchOperation operation,
        ref PatchedValue root,
        PatchedValue? value,
        WorkBudget budget
    )
    {
        switch (operation.Op)
        {
            case "test":
                return operation.Path.Find(root, budget) is { } found && found.IsEqualTo(value!)
                    ? null
                    : operation.Refuse("the value there is another one, or there is none.", IssueCode.Conflict);
            case "move" when operation.From!.Holds(operation.Path):
                return operation.Refuse("a value cannot be moved into itself.");
            case "move":
                return Remove(operation, operation.From!, ref root, budget) ?? Add(operation, ref root, value!, budget);
            case "remove":
                return Remove(operation, operation.Path, ref root, budget);
            case "replace":
                return Replace(operation, ref root, value!, budget);
            default:
                return Add(operation, ref root, value!, budget);
        }
    }

    private static Failure? Add(
        JsonPatchOperation operation,
        ref PatchedValue root,
        PatchedValue value,
        WorkBudget budget
    )
    {
        if (operation.Path.IsRoot)
        {
            root = value;
            return null;
        }

        var last = operation.Path.Tokens[^1];
        switch (operation.Path.FindParent(root, budget))
        {
            case { Kind: JsonValueKind.Object } parent:
                parent.Set(last, value);
                return null;
            case { Kind: JsonValueKind.Array } parent when last == "-":
                parent.Items.Add(value);
                return null;
            case { Kind: JsonValueKind.Array } parent when JsonPointer.Index(last, parent.Items.Count + 1) is { } index:
                parent.Items.Insert(index, value);
                return null;
            default:
                return operation.Refuse("there is nothing that could hold it.");
        }
    }

    private static Failure? Replace(
        JsonPatchOperation operation,
        ref PatchedValue root,
        PatchedValue value,
        WorkBudget budget
    )
    {
        if (operation.Path.IsRoot)
        {
            root = value;
            return null;
        }

        var last = operation.Path.Tokens[^1];
        switch (operation.Path.FindParent(root, budget))
        {
            case { Kind: JsonValueKind.Object } parent when parent.Member(last) is { } member:
                member.Value = value;
                return null;
            case { Kind: JsonValueKind.Array } parent when JsonPointer.Index(last, parent.Items.Count) is { } index:
                parent.Items[index] = value;
                return null;
            default:
                return operation.Refuse("there is nothing there.");
        }
    }

    private static Failure? Remove(
        JsonPatchOperation operation,
        JsonPointer path,
        ref PatchedValue root,
        WorkBudget budget
    )
    {
        if (path.IsRoot)
        {
            root = PatchedValue.NewNull();
            return null;
        }

        var last = path.Tokens[^1];
        switch (path.FindParent(root, budget))
        {
            case { Kind: JsonValueKind.Object } parent when parent.Member(last) is { } member:
                parent.Members.Remove(member);
                return null;
            case { Kind: JsonValueKind.Array } parent when JsonPointer.Index(last, parent.Items.Count) is { } index:
                parent.Items.RemoveAt(index);
                return null;
            default:
                return operation.Refuse("there is nothing there.");
        }
    }
}
