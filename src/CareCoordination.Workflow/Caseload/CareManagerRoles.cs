using System.Collections.Immutable;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Caseload;

/// <summary>The codes by which a role, a participant or a performer is a care manager: SNOMED CT, NUCC and plain words.</summary>
public static class CareManagerRoles
{
    public static readonly ImmutableArray<string> Codes = ["768820003", "768821004", "171M00000X", "care-manager"];

    public static bool Include(CodeableConceptView role) =>
        role.Coding.Any(c => c.Code is { } code && Codes.Contains(code));
}
