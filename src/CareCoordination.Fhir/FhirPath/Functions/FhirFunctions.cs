using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>https://hl7.org/fhir/R4/fhirpath.html#functions</summary>
internal static class FhirFunctions
{
    private static readonly PathStep Extension = new("extension");
    private static readonly PathStep ModifierExtension = new("modifierExtension");
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
                call.Input.Count == 1 && HasValue(call.Items[0]) ? call.Context.ToSystem(call.Items[0]) : default
        );
        table.Collection("resolve", 0, 0, Resolve);
        table.Truth("memberOf", 1, 1, MemberOf);
        table.Truth("conformsTo", 1, 1, ConformsTo);
        table.Truth("htmlChecks", 0, 0, HtmlChecks);
        table.Collection("checkModifiers", 0, int.MaxValue, CheckModifiers, keepsType: true);
        table.Truth("subsumes", 1, 1, static (in FunctionCall call) => throw NeedsMore(call, "a terminology service"));
        table.Truth(
            "subsumedBy",
            1,
            1,
            static (in FunctionCall call) => throw NeedsMore(call, "a terminology service")
        );
        table.Collection(
            "elementDefinition",
            0,
            0,
            static (in FunctionCall call, FhirPathCollection _) => throw NeedsMore(call, "definitions as resources")
        );
        table.Collection(
            "slice",
            2,
            2,
            static (in FunctionCall call, FhirPathCollection _) => throw NeedsMore(call, "profiles")
        );
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
                if (HasUrl(extension, url, call.Context))
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

    private static bool HasUrl(Element extension, string url, EvaluationContext context)
    {
        context.Step();
        if (Url.In(extension.Type) is { } definition)
        {
            foreach (var child in extension.Children(definition))
                return Equality.AreEqual(child, url, context) == true;
        }

        return false;
    }

    private static bool HasValue(in FhirPathValue value) =>
        value.Kind == FhirPathKind.Element ? value.Element.Type.IsPrimitive && value.Element.HasValue : !value.IsNone;

    /// <summary>Value sets that R4 enumerates are known here; the others are for the context to know.</summary>
    private static bool? MemberOf(in FunctionCall call)
    {
        if (call.Singleton is not { Kind: FhirPathKind.Element } value || call.Text(0) is not { } url)
            return null;
        call.Context.Read(value.Element.RawLength + url.Length);
        var element = value.Element;
        if (call.Context.MemberOf?.Invoke(element, url) is { } known)
            return known;
        if (!element.Type.Schema.CodeSets.TryGetValue(url.Split('|')[0], out var codes))
            throw call.Fail("does not know the value set");
        if (element.Type.IsPrimitive)
            return element.Text is { } code && codes.Contains(code);
        if (element.Type.Name != "CodeableConcept")
            return HoldsCoding(codes, element);
        foreach (var coding in element.Children("coding"))
        {
            call.Context.Step();
            if (HoldsCoding(codes, coding))
                return true;
        }

        return false;
    }

    private static bool HoldsCoding(CodeSet codes, Element coding) =>
        coding.Child("system").Text is { } system
        && coding.Child("code").Text is { } code
        && codes.Contains(system, code);

    /// <summary>The types of R4 are profiles too; others are for the context to know.</summary>
    private static bool? ConformsTo(in FunctionCall call)
    {
        const string DefinitionBase = "http://hl7.org/fhir/StructureDefinition/";
        if (call.Singleton is not { Kind: FhirPathKind.Element } value || call.Text(0) is not { } url)
            return null;
        if (call.Context.ConformsTo?.Invoke(value.Element, url) is { } known)
            return known;
        return
            url.StartsWith(DefinitionBase, StringComparison.Ordinal)
            && value.Element.Type.Schema.TryGetType(url[DefinitionBase.Length..], out var type)
            ? value.Element.Type.Is(type)
            : throw call.Fail("does not know the profile");
    }

    private static bool? HtmlChecks(in FunctionCall call) =>
        call.Singleton switch
        {
            { IsNone: true } => null,
            { Kind: FhirPathKind.Element } value => IsNarrative(value.Element, call.Context),
            _ => false,
        };

    private static bool IsNarrative(Element element, EvaluationContext context)
    {
        // Each character is looked at, and decoded first.
        context.Step(element.RawLength / 8);
        return Narrative.IsValid(element.TextUtf8);
    }

    private static void CheckModifiers(in FunctionCall call, FhirPathCollection output)
    {
        foreach (ref readonly var item in call.Items)
        {
            if (item.Kind == FhirPathKind.Element && ModifierExtension.In(item.Element.Type) is { } definition)
            {
                foreach (var extension in item.Element.Children(definition))
                {
                    if (!IsExpected(call, extension))
                        throw call.Fail("found a modifier extension that is not among its arguments");
                }
            }

            output.Add(item);
        }
    }

    private static bool IsExpected(in FunctionCall call, Element extension)
    {
        for (var i = 0; i < call.ArgumentCount; i++)
        {
            if (call.Text(i) is { } url && HasUrl(extension, url, call.Context))
                return true;
        }

        return false;
    }

    private static FhirPathException NeedsMore(in FunctionCall call, string what) =>
        call.Fail($"needs {what}, which this engine does not have");

    private static void Resolve(in FunctionCall call, FhirPathCollection output)
    {
        foreach (ref readonly var item in call.Items)
        {
            if (References.Resolve(item, call.Context) is { IsNone: false } target)
                output.Add(target);
        }
    }
}
