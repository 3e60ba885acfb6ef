namespace CareCoordination.Fhir.FhirPath.Values;

/// <summary>Values of one unit in another, for units of UCUM. https://ucum.org/ucum</summary>
public static class UnitConversion
{
    private const string Celsius = "Cel";
    private const string Fahrenheit = "[degF]";
    private const string Kelvin = "K";

    /// <summary>
    /// True for millimetres of mercury and kilograms; false for kilopascals, and for units that are none of UCUM, of which nobody knows.
    /// </summary>
    public static bool Differ(string one, string other) =>
        Ucum.Find(one) is { } left && Ucum.Find(other) is { } right && !left.IsOfDimensionOf(right);

    /// <summary>
    /// Null where the units do not convert: milligrams to millimoles need the substance, and units that are none of UCUM nobody knows.
    /// Temperatures convert as readings, not as differences.
    /// </summary>
    public static decimal? Convert(decimal value, string from, string to)
    {
        if (from == to)
            return value;
        if (Scale(from) is { } one && Scale(to) is { } other)
            return FromKelvin(ToKelvin(value, one), other);
        return Ucum.Find(from) is { } unit && Ucum.Find(to) is { } target ? unit.Convert(value, target) : null;
    }

    private static string? Scale(string unit) => unit is Celsius or Fahrenheit or Kelvin ? unit : null;

    /// <summary>Null past the numbers that a decimal has.</summary>
    private static decimal? ToKelvin(decimal value, string from)
    {
        // No temperature is as large; what is cannot be calculated with.
        if (Math.Abs(value) > 1_000_000_000)
            return null;
        return from switch
        {
            Celsius => value + 273.15m,
            Fahrenheit => (value + 459.67m) * 5 / 9,
            _ => value,
        };
    }

    private static decimal? FromKelvin(decimal? kelvin, string to) =>
        to switch
        {
            Celsius => kelvin - 273.15m,
            // Fahrenheit by way of kelvin and back is a division by nine: what it leaves is less than any thermometer shows.
            Fahrenheit => kelvin * 9 / 5 - 459.67m is { } value ? Math.Round(value, 10) : null,
            _ => kelvin,
        };
}
