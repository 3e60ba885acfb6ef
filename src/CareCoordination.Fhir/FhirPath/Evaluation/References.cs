using System.Text;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.FhirPath.Evaluation;

/// <summary>
/// What a reference points at: a resource in the same document, one the context finds, or else only its type, so that
/// <c>resolve() is Patient</c> works without I/O. https://hl7.org/fhir/R4/references.html
/// </summary>
internal static class References
{
    private const string DefinitionBase = "http://hl7.org/fhir/StructureDefinition/";

    private static readonly PathStep Reference = new("reference");
    private static readonly PathStep Type = new("type");
    private static readonly PathStep Id = new("id");
    private static readonly PathStep Contained = new("contained");
    private static readonly PathStep Entry = new("entry");
    private static readonly PathStep FullUrl = new("fullUrl");
    private static readonly PathStep Resource = new("resource");

    /// <summary>None where nothing is known about the target.</summary>
    public static FhirPathValue Resolve(in FhirPathValue value, EvaluationContext context)
    {
        if (value.Kind == FhirPathKind.String)
        {
            context.Read(value.String.Length);
            return Find(Encoding.UTF8.GetBytes(value.String), value.String, context);
        }

        if (value.Kind != FhirPathKind.Element)
            return default;
        var element = value.Element;
        context.Read(element.RawLength);
        if (element.Type.IsPrimitive)
            return element.Text is null ? default : Find(element.TextUtf8, null, context, element);
        // Other types have elements of these names, which are something else.
        if (element.Type.Name != "Reference")
            return default;
        var reference = First(element, Reference);
        if (reference.HasValue && Find(reference.TextUtf8, null, context, reference) is { IsNone: false } target)
            return target;
        return First(element, Type).Text is { } type && FindType(type, element.Type.Schema) is { } known
            ? FhirPathValue.UnresolvedOf(known)
            : default;
    }

    private static FhirPathValue Find(
        ReadOnlySpan<byte> utf8,
        string? text,
        EvaluationContext context,
        Element source = default
    )
    {
        var root = context.CurrentRoot;
        if (utf8.StartsWith("#"u8))
            return FindContained(context.CurrentResource, utf8[1..], context) is { Exists: true } contained
                ? contained
                : FindContained(root, utf8[1..], context);
        if (root.Exists && root.Type.Name == "Bundle" && FindEntry(root, utf8, context) is { Exists: true } entry)
            return entry;
        if (context.Resolver is { } resolver && resolver(text ?? source.Text!) is { Exists: true } found)
            return found;
        var schema =
            source.Exists ? source.Type.Schema
            : root.Exists ? root.Type.Schema
            : null;
        return schema is not null && TypeInUrl(utf8, schema) is { } type ? FhirPathValue.UnresolvedOf(type) : default;
    }

    private static Element FindContained(Element resource, ReadOnlySpan<byte> id, EvaluationContext context)
    {
        if (!resource.Exists || id.IsEmpty)
            return resource; // '#' alone is the container
        if (Contained.In(resource.Type) is not { } definition)
            return default;
        foreach (var contained in resource.Children(definition))
        {
            context.Step();
            if (First(contained, Id).TextUtf8.SequenceEqual(id))
                return contained;
        }

        return default;
    }

    private static Element FindEntry(Element bundle, ReadOnlySpan<byte> reference, EvaluationContext context)
    {
        if (reference.IsEmpty || Entry.In(bundle.Type) is not { } definition)
            return default;
        foreach (var entry in bundle.Children(definition))
        {
            context.Step();
            var url = First(entry, FullUrl).TextUtf8;
            if (
                url.SequenceEqual(reference)
                || (
                    url.Length > reference.Length
                    && url[^(reference.Length + 1)] == (byte)'/'
                    && url.EndsWith(reference)
                )
            )
                return First(entry, Resource);
        }

        return default;
    }

    /// <summary>The type in <c>[base/]Type/id[/_history/version]</c>; null where the text has no such form.</summary>
    private static TypeDefinition? TypeInUrl(ReadOnlySpan<byte> url, FhirSchema schema)
    {
        var end = url.LastIndexOf("/_history/"u8);
        if (end >= 0)
            url = url[..end];
        if (url.Contains((byte)'?'))
            return null;
        var slash = url.LastIndexOf((byte)'/');
        if (slash < 0 || slash == url.Length - 1)
            return null;
        url = url[..slash];
        return schema.FindResource(url[(url.LastIndexOf((byte)'/') + 1)..]);
    }

    /// <summary><c>Reference.type</c> is a resource type, by name or by the URL of its definition.</summary>
    private static TypeDefinition? FindType(string name, FhirSchema schema) =>
        schema.FindResource(
            name.StartsWith(DefinitionBase, StringComparison.Ordinal) ? name[DefinitionBase.Length..] : name
        );

    private static Element First(Element parent, PathStep step)
    {
        if (parent.Exists && step.In(parent.Type) is { } definition)
        {
            foreach (var child in parent.Children(definition))
                return child;
        }

        return default;
    }
}
