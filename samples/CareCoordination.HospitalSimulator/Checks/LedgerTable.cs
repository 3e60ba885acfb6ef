using System.Globalization;
using CareCoordination.HospitalSimulator.Scripts;

namespace CareCoordination.HospitalSimulator.Checks;

/// <summary>What was found, as a table: a line for each kind of day, and one for each patient where something is otherwise.</summary>
internal static class LedgerTable
{
    private const int MostDifferences = 50;

    private const string Line = "{0,-16} {1,9} {2,16} {3,16} {4,16} {5,9}";

    /// <returns>True where all is as the ledger says.</returns>
    public static bool Write(TextWriter output, IReadOnlyList<CheckedPatient> found)
    {
        Write(output, "day", "patients", "stays", "plans", "tasks", "wrong");
        foreach (var kind in found.GroupBy(c => c.Day.Kind).OrderBy(g => g.Key))
            Write(output, kind.Key.ToString(), [.. kind]);
        Write(output, "all", found);
        var wrong = found.Where(c => !c.IsRight).ToList();
        foreach (var patient in wrong.Take(MostDifferences))
            output.WriteLine(Difference(patient));
        if (wrong.Count > MostDifferences)
            output.WriteLine($"and {wrong.Count - MostDifferences} more.");
        output.WriteLine(
            wrong.Count == 0
                ? "The server holds what the ledger of the hospital says."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"Of {wrong.Count} patients the server holds something else."
                )
        );
        return wrong.Count == 0;
    }

    private static void Write(TextWriter output, string name, IReadOnlyList<CheckedPatient> some)
    {
        string Both(Func<Holding, int> count) =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{some.Sum(c => count(c.Day.Ledger))} / {some.Sum(c => count(c.Held))}"
            );
        Write(
            output,
            name,
            some.Count.ToString(CultureInfo.InvariantCulture),
            Both(h => h.Finished + h.InProgress + h.Cancelled),
            Both(h => h.Plans),
            Both(h => h.Tasks),
            some.Count(c => !c.IsRight).ToString(CultureInfo.InvariantCulture)
        );
    }

    private static void Write(TextWriter output, params object[] cells) =>
        output.WriteLine(string.Format(CultureInfo.InvariantCulture, Line, cells));

    private static string Difference(CheckedPatient patient) =>
        patient.Records != 1
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{patient.Day.Person.Number} ({patient.Day.Kind}): {patient.Records} active Patients have the number."
            )
            : $"{patient.Day.Person.Number} ({patient.Day.Kind}): {patient.Day.Ledger} in the ledger, {patient.Held} here.";
}
