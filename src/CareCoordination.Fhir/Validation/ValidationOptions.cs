namespace CareCoordination.Fhir.Validation;

/// <summary>What a resource may be in the place it comes from.</summary>
/// <param name="AllowLocalReferences">
/// True for an entry of a transaction: <c>urn:uuid:</c> and <c>Patient?identifier=...</c> are references there. Inside a
/// Bundle that is validated as a whole they always are.
/// </param>
/// <param name="MaxIssues">How many issues are reported at most.</param>
public sealed record ValidationOptions(bool AllowLocalReferences = false, int MaxIssues = 100)
{
    public static readonly ValidationOptions Default = new();

    public static readonly ValidationOptions TransactionEntry = new(AllowLocalReferences: true);
}
