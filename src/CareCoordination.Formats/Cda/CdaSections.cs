using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace CareCoordination.Formats.Cda;

/// <summary>One section of a document.</summary>
/// <param name="Title">What it is called in what is told of it: never what it says of a patient.</param>
/// <param name="Read">Its entries as resources; null where they are left to people.</param>
internal sealed record CdaSectionKind(
    string Code,
    string Title,
    Func<XElement, CdaEntryContext, IEnumerable<JsonObject?>>? Read = null
);

/// <summary>What the reader of an entry has to know of the document.</summary>
/// <param name="Patient">As a full URL.</param>
/// <param name="Encounter">As a full URL; null where no stay is told.</param>
/// <param name="Written">When the document was written.</param>
internal sealed record CdaEntryContext(
    string Patient,
    string? Encounter,
    CdaTime Written,
    TimeZoneInfo Zone,
    CdaSectionKind Section,
    CdaNotes Notes
)
{
    public JsonObject? EncounterReference => Encounter is null ? null : CdaJson.Reference(Encounter);

    public void Left(string what) => Notes.Add($"{Section.Title} ({Section.Code}): {what}");
}

/// <summary>
/// The sections that are read, by their codes of LOINC: of what is coded the entries, of instructions and plans the words. Others stay
/// in the document. https://hl7.org/cda/us/ccda
/// </summary>
internal static class CdaSections
{
    private const string DischargeMedications = "10183-2";
    private const string MedicationsOfDocument = "10160-0";

    public static readonly ImmutableArray<CdaSectionKind> Kinds =
    [
        new("11450-4", "Problems", CdaProblems.OfList),
        new("11535-2", "Discharge diagnosis", CdaProblems.OfStay),
        new("48765-2", "Allergies", CdaAllergies.Read),
        new(DischargeMedications, "Discharge medications", CdaMedications.Read),
        new(MedicationsOfDocument, "Medications", CdaMedications.Read),
        new("69730-0", "Instructions"),
        new("18776-5", "Plan of care"),
        new("8648-8", "Hospital course"),
        new("42349-1", "Reason for referral"),
    ];

    /// <summary>Those that are known, in the order of the document, wherever they stand in it.</summary>
    public static ImmutableArray<(CdaSectionKind Kind, XElement Section)> Of(XElement document, CdaNotes notes)
    {
        var sections = document
            .Children("component", "structuredBody")
            .Descendants(CdaXml.Hl7 + "section")
            .Select(s => (Kind: Kinds.FirstOrDefault(k => s.Child("code").Has(CdaOids.Loinc, k.Code)), Section: s))
            .Where(s => s.Kind is not null)
            .Select(s => (Kind: s.Kind!, s.Section))
            .ToImmutableArray();
        // What was taken before the stay may stand beside what is to be taken from now on: the latter is what is reconciled.
        if (!sections.Any(s => s.Kind.Code == DischargeMedications && s.Section.Child("entry") is not null))
            return sections;
        if (sections.Any(s => s.Kind.Code == MedicationsOfDocument && s.Section.Child("entry") is not null))
            notes.Add(
                $"Medications ({MedicationsOfDocument}): the discharge medications ({DischargeMedications}) are read, and these are left to whoever reads the document."
            );
        return
        [
            .. sections.Select(s =>
                s.Kind.Code == MedicationsOfDocument ? (s.Kind with { Read = null }, s.Section) : s
            ),
        ];
    }

    /// <summary>The entries of a section as resources, and what people have to read themselves.</summary>
    public static ImmutableArray<JsonObject> Read(XElement section, CdaEntryContext context)
    {
        if (section.Text(CdaValues.NullFlavor) is { } flavor)
        {
            context.Left($"the sender has no information ({flavor}).");
            return [];
        }

        if (context.Section.Read is not { } read)
            return [];
        var entries = section.Children("entry").ToArray();
        if (entries.Length == 0)
            context.Left("there are words and no coded entries: read them in the document.");
        var made = entries.SelectMany(e => read(e, context)).OfType<JsonObject>().ToImmutableArray();
        if (made.Length > 0)
            context.Left($"{made.Length} read.");
        return made;
    }

    /// <summary>The words of a section line by line, as XHTML. Null where it has none.</summary>
    public static JsonObject? Narrative(XElement section)
    {
        if (section.Child("text") is not { } text)
            return null;
        var div = new XElement(
            XName.Get("div", "http://www.w3.org/1999/xhtml"),
            Lines(text).Select(l => new XElement(XName.Get("p", "http://www.w3.org/1999/xhtml"), l))
        );
        return div.HasElements
            ? new JsonObject { ["status"] = "additional", ["div"] = div.ToString(SaveOptions.DisableFormatting) }
            : null;
    }

    /// <summary>Of a table each row, of a list each item, of the rest each paragraph.</summary>
    private static IEnumerable<string> Lines(XElement text)
    {
        var line = new List<string>();
        foreach (var node in text.DescendantNodes())
        {
            if (
                node is XElement { Name.LocalName: "paragraph" or "item" or "tr" or "caption" or "br" }
                && line.Count > 0
            )
            {
                yield return string.Join(' ', line);
                line.Clear();
            }
            else if (node is XText words && CdaValues.Plain(words.Value) is { } plain)
                line.Add(plain);
        }

        if (line.Count > 0)
            yield return string.Join(' ', line);
    }
}
