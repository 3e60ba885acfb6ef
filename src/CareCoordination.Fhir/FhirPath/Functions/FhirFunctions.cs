using CareCoordination.Fhir.Json;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>https://hl7.org/fhir/R4/fhirpath.html#functions</summary>
internal static class FhirFunctions
{
    private static readonly PathStep Extension = new("extension");
    private static readonly PathStep Url = new("url");

    public static void AddTo(FunctionTable table)
    {
        table.Collection("extension", 1, 1, Extensions);
        table.Truth("hasExtension", 1, 1, HasExtension);
        table.Truth(
            "hasValue",
            0,
            0,
            static (in FunctionCall call) => call.Input.Count == 1 && HasValue(call.Items[0])
        );
        table.Scalar(
            "getValue",
            0,
            0,
            static (in FunctionCall call) =>
                call.Input.Count == 1 && HasValue(call.Items[0]) ? call.Items[0].ToSystem() : default
        );
        table.Collection("resolve", 0, 0, Resolve);
    }

    private static void Extensions(in FunctionCall call, FhirPathCollection output)
    {
        if (call.Text(0) is not { } url)
            return;
        foreach (ref readonly var item in call.Items)
        {
            if (item.Kind != FhirPathKind.Element || Extension.In(item.Element.Type) is not { } definition)
                continue;
            foreach (var extension in item.Element.Children(definition))
            {
                if (HasUrl(extension, url))
                    output.Add(extension);
            }
        }
    }

    private static bool? HasExtension(in FunctionCall call)
    {
        var found = call.Context.Rent();
        Extensions(call, found);
        var any = !found.IsEmpty;
        call.Return(found);
        return any;
    }

    private static bool HasUrl(Element extension, string url)
    {
        if (Url.In(extension.Type) is { } definition)
        {
            foreach (var child in extension.Children(definition))
                return Equality.AreEqual(child, url) == true;
        }

        return false;
    }

    private static bool HasValue(in FhirPathValue value) =>
        value.Kind == FhirPathKind.Element ? value.Element.Type.IsPrimitive && value.Element.HasValue : !value.IsNone;

    private static void Resolve(in FunctionCall call, FhirPathCollection output)
    {
        foreach (ref readonly var item in call.Items)
        {
            if (References.Resolve(item, call.Context) is { IsNone: false } target)
                output.Add(target);
        }
    }
}
