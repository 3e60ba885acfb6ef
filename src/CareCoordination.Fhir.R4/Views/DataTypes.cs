using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.R4;

public readonly partial struct CodeableConceptView
{
    /// <summary>True where one of the codings is this code of this system.</summary>
    public bool Has(string system, string code)
    {
        foreach (var coding in Coding)
        {
            if (coding.Code == code && coding.System == system)
                return true;
        }

        return false;
    }
}

public sealed partial class CodeableConceptEditor
{
    /// <summary>A concept with one coding.</summary>
    public static CodeableConceptEditor Of(string system, string code, string? display = null) =>
        new()
        {
            Coding =
            {
                new()
                {
                    System = system,
                    Code = code,
                    Display = display,
                },
            },
        };
}

public readonly partial struct ReferenceView
{
    /// <summary>The parts of <c>reference</c>; of kind Other where it is absent.</summary>
    public LiteralReference Literal =>
        LiteralReference.Parse(Reference ?? "", static name => R4Definitions.Schema.IsResourceType(name));

    /// <summary>What a relative reference names, or null.</summary>
    public ResourceKey? Key => Literal is { Kind: ReferenceKind.Relative } literal ? literal.Key : null;
}

public sealed partial class ReferenceEditor
{
    /// <summary>A relative reference: <c>Patient/1</c>.</summary>
    public static ReferenceEditor To(ResourceKey key) => new() { Reference = key.ToString() };
}

public readonly partial struct PeriodView
{
    /// <summary>All instants of the period; an absent start or end leaves it open on that side.</summary>
    public DateRange ToRange() =>
        new(Start?.ToRange().Start ?? DateRange.MinTicks, End?.ToRange().End ?? DateRange.MaxTicks);
}

public readonly partial struct ExtensionView
{
    /// <summary>The first of the extensions with this URL, or one that does not exist.</summary>
    public static ExtensionView Find(ElementViews<ExtensionView> extensions, string url)
    {
        foreach (var extension in extensions)
        {
            if (extension.Url == url)
                return extension;
        }

        return default;
    }
}
