namespace CareCoordination.Fhir.FhirPath;

/// <summary>
/// An expression met data it is not made for: two items where one is expected, a text compared with a number.
/// http://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections. The message names functions and types, never
/// values. Leaves the room as a Failure.
/// </summary>
internal sealed class FhirPathException(string message) : Exception(message);

/// <summary>The text is no FHIRPath, or names what the definitions do not have. Leaves the room as a Failure.</summary>
internal sealed class FhirPathSyntaxException(int position, string message) : Exception(message)
{
    /// <summary>Offset in the text, from 0.</summary>
    public int Position { get; } = position;
}
