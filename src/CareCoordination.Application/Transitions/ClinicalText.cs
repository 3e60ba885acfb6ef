using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Application.Transitions;

/// <summary>A document in CDA as a document Bundle, with what whoever reviews it has to know.</summary>
public sealed record ClinicalText(ResourceDocument Bundle, ImmutableArray<string> Notes);

/// <summary>Reads a document in CDA; a failure says why it cannot be read.</summary>
/// <param name="charset">Of its media type; null where it names none.</param>
/// <param name="zone">Of times that are written without an offset.</param>
public delegate Result<ClinicalText> ReadClinicalText(ReadOnlyMemory<byte> xml, string? charset, TimeZoneInfo zone);
