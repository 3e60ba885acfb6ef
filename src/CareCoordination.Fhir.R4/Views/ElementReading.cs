using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.R4;

/// <summary>What the generated views read with. Text that is no value of the type asked for reads as absent.</summary>
internal static class ElementReading
{
    public static Element RootOf(this ResourceDocument document, string resourceType) =>
        Element.Root(document, R4Definitions.Schema) is { Exists: true } root && root.Type.Name == resourceType
            ? root
            : default;

    /// <summary>The value of a choice where it has this type.</summary>
    public static Element Choice(this Element element, string name, string type) =>
        element.Child(name) is { Exists: true } child && child.Type.Name == type ? child : default;

    public static string? ReadText(this Element element, string name) => element.Child(name).AsText();

    public static string? ReadText(this Element element, string name, string type) =>
        element.Choice(name, type).AsText();

    public static bool? ReadBoolean(this Element element, string name) => element.Child(name).AsBoolean();

    public static bool? ReadBoolean(this Element element, string name, string type) =>
        element.Choice(name, type).AsBoolean();

    public static int? ReadInteger(this Element element, string name) => element.Child(name).AsInteger();

    public static int? ReadInteger(this Element element, string name, string type) =>
        element.Choice(name, type).AsInteger();

    public static decimal? ReadDecimal(this Element element, string name) => element.Child(name).AsDecimal();

    public static decimal? ReadDecimal(this Element element, string name, string type) =>
        element.Choice(name, type).AsDecimal();

    public static FhirDateTime? ReadDateTime(this Element element, string name) => element.Child(name).AsDateTime();

    public static FhirDateTime? ReadDateTime(this Element element, string name, string type) =>
        element.Choice(name, type).AsDateTime();

    public static ImmutableArray<string> ReadTexts(this Element element, string name) =>
        element.ReadAll(name, static e => e.AsText());

    public static ImmutableArray<int> ReadIntegers(this Element element, string name) =>
        element.ReadAll(name, static e => e.AsInteger());

    public static ImmutableArray<FhirDateTime> ReadDateTimes(this Element element, string name) =>
        element.ReadAll(name, static e => e.AsDateTime());

    private static string? AsText(this Element element) => element.Exists ? element.Text : null;

    private static bool? AsBoolean(this Element element) =>
        bool.TryParse(element.AsText(), out var value) ? value : null;

    private static int? AsInteger(this Element element) =>
        int.TryParse(element.AsText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private static decimal? AsDecimal(this Element element) =>
        decimal.TryParse(element.AsText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private static FhirDateTime? AsDateTime(this Element element) =>
        element.Exists && FhirDateTime.TryParse(element.TextUtf8, out var value) ? value : null;

    private static ImmutableArray<string> ReadAll(this Element element, string name, Func<Element, string?> read)
    {
        var values = ImmutableArray.CreateBuilder<string>();
        foreach (var child in element.Children(name))
        {
            if (read(child) is { } value)
                values.Add(value);
        }

        return values.DrainToImmutable();
    }

    private static ImmutableArray<T> ReadAll<T>(this Element element, string name, Func<Element, T?> read)
        where T : struct
    {
        var values = ImmutableArray.CreateBuilder<T>();
        foreach (var child in element.Children(name))
        {
            if (read(child) is { } value)
                values.Add(value);
        }

        return values.DrainToImmutable();
    }
}
