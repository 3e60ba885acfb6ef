using System.Buffers;
using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;
using CareCoordination.Fhir.Search.Extraction;

namespace CareCoordination.Fhir.Search.Types;

public static partial class TokenParameter
{
    /// <summary>https://hl7.org/fhir/R4/search.html#token names it as the implicit system of boolean.</summary>
    private const string BooleanSystem = "http://hl7.org/fhir/special-values";

    /// <summary>The code system of the same values. https://hl7.org/fhir/R4/codesystem-special-values.html</summary>
    private const string OtherBooleanSystem = "http://terminology.hl7.org/CodeSystem/special-values";

    /// <summary>How an element of this type is a token; null where it is none.</summary>
    internal static ValueExtractor? Extractor(
        int parameter,
        bool foldsCase,
        TypeDefinition type,
        ElementDefinition? element
    )
    {
        switch (type.Name)
        {
            case "CodeableConcept":
                return (value, index) => AddCodings(parameter, foldsCase, value, index);
            case "Coding":
                return (value, index) => AddPair(parameter, foldsCase, value, "code"u8, index);
            case "Identifier":
                return (value, index) => AddPair(parameter, foldsCase, value, "value"u8, index);
            case "ContactPoint":
                return (value, index) => AddPair(parameter, foldsCase, value, "value"u8, index);
            case "boolean":
                var special = SystemHash(BooleanSystem);
                return (value, index) => AddPlain(parameter, foldsCase, special, value, index);
            case "code":
                return CodeExtractor(parameter, foldsCase, element?.Binding?.Codes);
            case "string" or "id" or "uri" or "url" or "oid" or "uuid" or "canonical":
                return (value, index) => AddPlain(parameter, foldsCase, TokenEntry.ImplicitSystem, value, index);
            default:
                return null;
        }
    }

    /// <summary>A plain code is of the system its required binding names; where the value set has several, of the first that has the code.</summary>
    private static ValueExtractor CodeExtractor(int parameter, bool foldsCase, CodeSet? codes)
    {
        var systems = codes is null
            ? []
            : codes.Codes.Select(code => code.System).Distinct(StringComparer.Ordinal).ToList();
        if (codes is null || systems.Count == 0)
            return (value, index) => AddPlain(parameter, foldsCase, TokenEntry.ImplicitSystem, value, index);
        if (systems.Count == 1)
        {
            var system = SystemHash(systems[0]);
            return (value, index) => AddPlain(parameter, foldsCase, system, value, index);
        }

        var table = new Utf8Table<object>();
        foreach (var code in codes.Codes)
            table.GetOrAdd(code.Value, () => SystemHash(code.System));
        return (value, index) =>
            AddPlain(
                parameter,
                foldsCase,
                table.Find(value.StringUtf8) is long system ? system : TokenEntry.ImplicitSystem,
                value,
                index
            );
    }

    internal static void AddBoolean(int parameter, bool value, EntryCollector index) =>
        index.Add(new TokenEntry(StableHash.Of(value ? "true"u8 : "false"u8, parameter), SystemHash(BooleanSystem)));

    /// <summary>An Identifier, which is case-sensitive.</summary>
    internal static void AddIdentifier(int parameter, JsonValue identifier, EntryCollector index) =>
        AddPair(parameter, foldsCase: false, identifier, "value"u8, index);

    private static void AddCodings(int parameter, bool foldsCase, JsonValue concept, EntryCollector index)
    {
        if (!concept.TryGetProperty("coding"u8, out var codings))
            return;
        foreach (var coding in codings)
            AddPair(parameter, foldsCase, coding, "code"u8, index);
    }

    private static void AddPair(
        int parameter,
        bool foldsCase,
        JsonValue pair,
        ReadOnlySpan<byte> codeName,
        EntryCollector index
    )
    {
        var system = TokenEntry.NoSystem;
        JsonValue code = default;
        foreach (var property in pair)
        {
            if (property.Kind != JsonValueKind.String)
                continue;
            var name = property.NameUtf8;
            if (name.SequenceEqual("system"u8))
            {
                var text = property.StringUtf8;
                system = text.IsEmpty ? TokenEntry.NoSystem : StableHash.Of(text, 0).Key;
                if (!text.IsEmpty)
                    index.Add(new TokenEntry(StableHash.Of(text, SystemOnlySeed(parameter)), TokenEntry.SystemOnly));
            }
            else if (name.SequenceEqual(codeName))
            {
                code = property;
            }
        }

        if (code.Exists)
            AddPlain(parameter, foldsCase, system, code, index);
    }

    private static void AddPlain(int parameter, bool foldsCase, long system, JsonValue value, EntryCollector index)
    {
        if (value.Kind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
            return;
        var text = value.StringUtf8;
        if (!text.IsEmpty)
            index.Add(new TokenEntry(CodeKey(parameter, foldsCase, text), system));
    }

    private static HashKey CodeKey(int parameter, bool foldsCase, ReadOnlySpan<byte> code)
    {
        if (!foldsCase || !code.ContainsAnyInRange((byte)'A', (byte)'Z') && Ascii.IsValid(code))
            return StableHash.Of(code, parameter);
        Span<byte> small = stackalloc byte[128];
        return code.Length <= small.Length && Ascii.ToLower(code, small, out var written) == OperationStatus.Done
            ? StableHash.Of(small[..written], parameter)
            : CodeKey(parameter, foldsCase, Encoding.UTF8.GetString(code));
    }
}
