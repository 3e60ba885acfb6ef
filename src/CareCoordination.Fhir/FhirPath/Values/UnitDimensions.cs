namespace CareCoordination.Fhir.FhirPath.Values;

/// <summary>Whether two units measure the same kind of thing.</summary>
public static class UnitDimensions
{
    /// <summary>
    /// True for millimetres of mercury and kilograms; false for kilopascals, and for units that are none of UCUM, of which nobody knows.
    /// </summary>
    public static bool Differ(string one, string other) =>
        Ucum.Find(one) is { } left && Ucum.Find(other) is { } right && !left.IsOfDimensionOf(right);
}
