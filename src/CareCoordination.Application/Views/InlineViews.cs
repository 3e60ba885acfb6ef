using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Views.Definitions;

namespace CareCoordination.Application.Views;

/// <summary>Views and resources that come with a request.</summary>
internal static class InlineViews
{
    /// <summary>
    /// The body with what a view in it may lack: examples of the specification have no status, and versions differ in resourceType. What
    /// else is wrong is told by the rules.
    /// </summary>
    public static ReadOnlyMemory<byte> Complete(ReadOnlyMemory<byte> body)
    {
        if (
            !ResourceDocument.Parse(body).TryGet(out var document, out _)
            || !document.Root.TryGetProperty("parameter"u8, out var parameters)
        )
            return body;
        var output = new ArrayBufferWriter<byte>(body.Length + 256);
        var written = 0;
        foreach (var parameter in WithParts(parameters))
        {
            if (
                !IsView(parameter)
                || !parameter.TryGetProperty("resource"u8, out var view)
                || view.Kind != JsonValueKind.Object
            )
                continue;
            output.Write(body.Span[written..view.Start]);
            var resource = LogicalModelForm.ToResource(body.Slice(view.Start, view.RawUtf8.Length)).Span;
            output.Write("{"u8);
            var hasMore = view.Count() > 0;
            if (!view.TryGetProperty("resourceType"u8, out _))
                output.Write(
                    hasMore ? "\"resourceType\":\"ViewDefinition\","u8 : "\"resourceType\":\"ViewDefinition\""u8
                );
            if (hasMore && !view.TryGetProperty("status"u8, out _))
                output.Write("\"status\":\"unknown\","u8);
            output.Write(resource[1..]);
            written = view.Start + view.RawUtf8.Length;
        }

        output.Write(body.Span[written..]);
        return output.WrittenMemory;
    }

    public static ResourceDocument? Of(OperationInput input) =>
        input
            .All("subjectResource")
            .Concat(input.All("viewResource"))
            .Select(OperationInput.ResourceOf)
            .FirstOrDefault();

    /// <summary>Each one, and of a Bundle those in it.</summary>
    public static ImmutableArray<ResourceDocument> Resources(OperationInput input) =>
        [.. input.All("resource").Select(OperationInput.ResourceOf).OfType<ResourceDocument>().SelectMany(Unpacked)];

    private static IEnumerable<ResourceDocument> Unpacked(ResourceDocument resource)
    {
        if (!resource.ResourceTypeUtf8.SequenceEqual("Bundle"u8))
        {
            yield return resource;
            yield break;
        }

        foreach (var entry in BundleView.From(resource).Entry)
        {
            if (entry.Element.Value.TryGetProperty("resource"u8, out var inside))
                yield return resource.Detach(inside);
        }
    }

    /// <summary>In the order of the text, as what is written between them is copied.</summary>
    private static IEnumerable<JsonValue> WithParts(JsonValue parameters)
    {
        foreach (var parameter in parameters)
        {
            yield return parameter;
            if (!parameter.TryGetProperty("part"u8, out var parts))
                continue;
            foreach (var part in parts)
                yield return part;
        }
    }

    private static bool IsView(JsonValue parameter) =>
        parameter.TryGetProperty("name"u8, out var name)
        && (name.StringEquals("subjectResource"u8) || name.StringEquals("viewResource"u8));
}
