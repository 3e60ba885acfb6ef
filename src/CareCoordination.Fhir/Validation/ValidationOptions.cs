using CareCoordination.Fhir.Budgets;

namespace CareCoordination.Fhir.Validation;

/// <summary>What a resource may be in the place it comes from.</summary>
/// <param name="AllowLocalReferences">
/// True for an entry of a transaction: <c>urn:uuid:</c> and <c>Patient?identifier=...</c> are references there. Inside a
/// Bundle that is validated as a whole they always are.
/// </param>
/// <param name="MaxIssues">How many issues are reported at most.</param>
/// <param name="Invariants">
/// What it may cost to evaluate the invariants of the definitions too, which takes much longer; null where they are left out.
/// </param>
public sealed record ValidationOptions(
    bool AllowLocalReferences = false,
    int MaxIssues = 100,
    WorkBudget? Invariants = null
)
{
    public static readonly ValidationOptions Default = new();

    public static readonly ValidationOptions TransactionEntry = new(AllowLocalReferences: true);

    public static ValidationOptions Full(WorkBudget budget) => new(Invariants: budget);
}
