using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search.Extraction;

namespace CareCoordination.Fhir.Search.Types;

public static partial class StringParameter
{
    private static readonly Utf8Table<object> PartsOfHumanName = Table("text", "family", "given", "prefix", "suffix");

    private static readonly Utf8Table<object> PartsOfAddress = Table(
        "text",
        "line",
        "city",
        "district",
        "state",
        "postalCode",
        "country"
    );

    /// <summary>How an element of this type is a string; null where it is none.</summary>
    internal static ValueExtractor? Extractor(
        int parameter,
        bool isPhonetic,
        TypeDefinition type,
        ElementDefinition? element
    ) =>
        type.Name switch
        {
            "HumanName" when isPhonetic => (value, index) => AddSounds(parameter, value, index),
            "string" when isPhonetic => (value, index) => AddSound(parameter, value, index),
            "string" when element?.Path is "HumanName.family" or "HumanName.given" => (value, index) =>
                AddWords(parameter, value, index),
            "string" or "markdown" or "code" or "id" or "uri" => (value, index) => Add(parameter, value, index),
            "HumanName" => (value, index) => AddParts(parameter, PartsOfHumanName, value, index),
            "Address" => (value, index) => AddParts(parameter, PartsOfAddress, value, index),
            _ => null,
        };

    private static void AddParts(int parameter, Utf8Table<object> parts, JsonValue value, EntryCollector index)
    {
        foreach (var property in value)
        {
            if (parts.Find(property.NameUtf8) is null)
                continue;
            var add = HasWords(property.NameUtf8) ? AddWords : (Action<int, JsonValue, EntryCollector>)Add;
            if (property.Kind == JsonValueKind.Array)
            {
                foreach (var item in property)
                    add(parameter, item, index);
            }
            else
            {
                add(parameter, property, index);
            }
        }
    }

    private static bool HasWords(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("family"u8) || name.SequenceEqual("given"u8);

    /// <summary>
    /// A name of several words is found by the start of each: Carreno Quinones by Quinones too, José Luis by Luis.
    /// https://hl7.org/fhir/R4/search.html#string
    /// </summary>
    private static void AddWords(int parameter, JsonValue value, EntryCollector index)
    {
        if (value.Kind != JsonValueKind.String)
            return;
        var utf8 = value.StringUtf8;
        var folded = FoldUtf8(utf8);
        if (folded.Length == 0)
            return;
        // The words are found by their start, and not by :exact.
        var exact = StableHash.Of(utf8, parameter).Key;
        index.Add(new StringEntry(parameter, folded, exact));
        if (MayBeCut(folded))
            folded = AddRest(parameter, utf8, exact, index);
        for (var blank = folded.IndexOf(' ', StringComparison.Ordinal); blank >= 0; )
        {
            var end = Math.Min(folded.Length, blank + 1 + MaxLength);
            index.Add(new StringEntry(parameter, Cut(folded.AsSpan(blank + 1, end - blank - 1)), exact));
            blank = folded.IndexOf(' ', blank + 1);
        }
    }

    private static bool MayBeCut(string folded) => folded.Length >= MaxLength - 1;

    /// <summary>The rows behind the first of a string that is longer than a row, and the whole of it.</summary>
    private static string AddRest(int parameter, ReadOnlySpan<byte> utf8, long exact, EntryCollector index)
    {
        var whole = FoldWhole(System.Text.Encoding.UTF8.GetString(utf8));
        var rest = DerivedNumber.OfRest(parameter);
        foreach (var (place, piece) in PiecesOf(whole).Take(MostPieces).Index().Skip(1))
        {
            if (index.IsFull)
                break;
            index.Add(new StringEntry(rest, piece, ExactOfPiece(exact, place)));
        }

        return whole;
    }

    private static void AddSounds(int parameter, JsonValue name, EntryCollector index)
    {
        foreach (var property in name)
        {
            if (!HasWords(property.NameUtf8) && !property.NameUtf8.SequenceEqual("text"u8))
                continue;
            if (property.Kind != JsonValueKind.Array)
                AddSound(parameter, property, index);
            else
                foreach (var item in property)
                    AddSound(parameter, item, index);
        }
    }

    /// <summary>How each word sounds.</summary>
    private static void AddSound(int parameter, JsonValue value, EntryCollector index)
    {
        if (value.Kind != JsonValueKind.String)
            return;
        foreach (var word in FoldUtf8(value.StringUtf8).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            index.Add(new StringEntry(parameter, Sound.Of(word), 0));
    }

    private static void Add(int parameter, JsonValue value, EntryCollector index)
    {
        if (value.Kind != JsonValueKind.String)
            return;
        var utf8 = value.StringUtf8;
        var folded = FoldUtf8(utf8);
        if (folded.Length == 0)
            return;
        var exact = StableHash.Of(utf8, parameter).Key;
        index.Add(new StringEntry(parameter, folded, exact));
        if (MayBeCut(folded))
            AddRest(parameter, utf8, exact, index);
    }

    private static string FoldUtf8(ReadOnlySpan<byte> utf8)
    {
        // More bytes than this cannot matter: at most four make a character, and most of them are one.
        const int enough = MaxLength * 2;
        Span<char> chars = stackalloc char[enough];
        if (utf8.Length > enough)
            return Fold(System.Text.Encoding.UTF8.GetString(utf8));
        var length = System.Text.Encoding.UTF8.GetChars(utf8, chars);
        return Fold(chars[..length]);
    }

    private static Utf8Table<object> Table(params ReadOnlySpan<string> names)
    {
        var table = new Utf8Table<object>();
        foreach (var name in names)
            table.GetOrAdd(name, () => name);
        return table;
    }
}
