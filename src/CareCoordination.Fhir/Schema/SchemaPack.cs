namespace CareCoordination.Fhir.Schema;

/// <summary>The packed form of a <see cref="FhirSchema"/>.</summary>
public static class SchemaPack
{
}
