namespace CareCoordination.Fhir.FhirPath.Evaluation;

/// <summary>
/// An expression met data it is not made for: two items where one is expected, a text compared with a number.
/// http://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections. The message names functions and types, never
/// values. Leaves the room as a Failure.
/// </summary>
internal sealed class FhirPathException(string message) : Exception(message);
