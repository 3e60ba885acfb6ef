using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.R4;

/// <summary>FHIR R4 (4.0.1) as published. https://hl7.org/fhir/R4/</summary>
public static class R4Definitions
{
    private static readonly Lazy<FhirSchema> Loaded = new(Load);

    /// <summary>The version as a CapabilityStatement and a CodeSystem name it.</summary>
    public const string Version = "4.0.1";

    /// <summary>The definitions, loaded at first use and shared by all threads.</summary>
    public static FhirSchema Schema => Loaded.Value;

    private static FhirSchema Load()
    {
        using var resource =
            typeof(R4Definitions).Assembly.GetManifestResourceStream("r4.pack")
            ?? throw new InvalidOperationException(
                "r4.pack is not embedded in this assembly; build it with the pack in place."
            );
        var pack = new byte[resource.Length];
        resource.ReadExactly(pack);
        return SchemaPack.Read(pack);
    }
}
