namespace CareCoordination.Fhir.Schema;

/// <summary>
/// The packed form of a <see cref="FhirSchema"/>: a few hundred kilobytes that load in milliseconds. All integers are
/// unsigned LEB128; a string is its number in the string table; a list is its count and its items. Equal type lists,
/// bindings and invariants are written once and referred to by number.
/// <code>
/// pack       = "FHIR" version strings types* typeLists invariants codeSets bindings bodies parameters compartments
/// strings    = count (length utf8)*
/// types      = count (name kind abstract base+1)*         base 0: none
/// typeLists  = count ((type targets)*)*
/// invariants = count (key isError expression)*
/// codeSets   = count (url codes: (system value display)*)*
/// bindings   = count (strength valueSet codeSet+1)*       codeSet 0: not enumerable
/// bodies     = per type: invariants elements: (name flags min max typeList binding+1? invariants?)*
/// </code>
/// </summary>
public static class SchemaPack
{
    internal const uint Magic = 0x52494846; // "FHIR", little-endian

    /// <summary>Raised with every change of the format; a pack of another version is refused.</summary>
    internal const uint Version = 1;

    [Flags]
    internal enum ElementFlags
    {
        None = 0,
        Choice = 1,
        Summary = 2,
        Modifier = 4,
        HasBinding = 8,
        HasInvariants = 16,
    }

    /// <summary>Loads a pack. Throws <see cref="InvalidDataException"/> where it is none, or of another version.</summary>
    public static FhirSchema Read(ReadOnlySpan<byte> pack) => new SchemaPackReader(pack).Read();

    /// <summary>Packs a schema: the same schema always gives the same bytes.</summary>
    public static byte[] Write(FhirSchema schema) => new SchemaPackWriter(schema).Write();
}
