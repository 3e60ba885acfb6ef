namespace CareCoordination.Fhir.FhirPath.Syntax;

/// <summary>The text is no FHIRPath, or names what the definitions do not have. Leaves the room as a Failure.</summary>
internal sealed class FhirPathSyntaxException(int position, string message) : Exception(message)
{
    /// <summary>Offset in the text, from 0.</summary>
    public int Position { get; } = position;
}
