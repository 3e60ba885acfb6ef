using System.Globalization;

namespace CareCoordination.Fhir.Search;

/// <summary>
/// Numbers of index rows that belong to a parameter and are none of its own values. A stable hash of the parameter's number and of what the
/// rows hold, so that whoever indexes and whoever asks find the same without a table of them.
/// </summary>
internal static class DerivedNumber
{
    /// <summary>Of the identifiers that references hold themselves. https://hl7.org/fhir/R4/search.html#reference</summary>
    public static int OfIdentifier(int parameter) => Of(parameter, "identifier");

    /// <summary>Of canonical addresses with the version of the resource that has them.</summary>
    public static int OfVersion(int parameter) => Of(parameter, "version");

    /// <summary>Of what strings have beyond the part that a row holds.</summary>
    public static int OfRest(int parameter) => Of(parameter, "rest");

    /// <summary>Of a parameter of the contained resources that references of another lead to.</summary>
    public static int OfContained(int reference, int parameter) =>
        Of(reference, parameter.ToString(CultureInfo.InvariantCulture));

    /// <summary>The same of all types that have a parameter of this code.</summary>
    public static int OfContained(int reference, string code) => Of(reference, $"#{code}");

    /// <summary>Of the rows that say which contained resources there are.</summary>
    public static int OfContained(int reference) => Of(reference, "contained");

    private static int Of(int parameter, string what) =>
        StableHash.Of32(string.Create(CultureInfo.InvariantCulture, $"{parameter}/{what}"));
}
