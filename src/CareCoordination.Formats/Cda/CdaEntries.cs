using System.Xml.Linq;

namespace CareCoordination.Formats.Cda;

/// <summary>What entries of problems and of allergies have in common: concerns, and observations in them.</summary>
internal static class CdaEntries
{
    private const string StatusCode = "33999-4";

    /// <summary>The observations of a concern, or the one that stands by itself.</summary>
    public static IEnumerable<XElement> Observations(XElement entry) =>
        entry
            .Children("act", "entryRelationship", "observation")
            .Where(o => o.Parent.Text("typeCode") is "SUBJ" or "COMP" or null)
            .Concat(entry.Children("observation"))
            .Concat(entry.Children("organizer", "component", "observation"));

    /// <summary>As a status observation within it says; null where none does.</summary>
    public static string? StatusOf(XElement observation, (string Code, string Status)[] statuses)
    {
        foreach (var said in observation.Children("entryRelationship", "observation"))
        {
            if (!said.Child("code").Has(CdaOids.Loinc, StatusCode))
                continue;
            var status = statuses.FirstOrDefault(s => said.Child("value").Has(CdaOids.Snomed, s.Code)).Status;
            if (status is not null)
                return status;
        }

        return null;
    }

    /// <summary>Of SNOMED CT or by what is given as a translation into it: the value of the first code that a table has.</summary>
    public static string? OfTable(XElement? value, (string Code, string Value)[] table, string system = CdaOids.Snomed)
    {
        foreach (var (code, found) in table)
        {
            if (value.Has(system, code))
                return found;
        }

        return null;
    }
}
