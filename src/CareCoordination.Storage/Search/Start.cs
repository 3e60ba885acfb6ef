using CareCoordination.Fhir.Search;
using CareCoordination.Storage.Search.Matching;

namespace CareCoordination.Storage.Search;

/// <summary>Where a search starts.</summary>
/// <param name="Criterion">Null: from what may be seen.</param>
internal sealed record Start(Criterion? Criterion, IndexMatch Match)
{
    public bool IsUnique => Match.IsUnique;
}
