namespace CareCoordination.Fhir.Search;

/// <summary>
/// How values become the numbers of index rows: extraction and search must hash alike, so both do it here.
/// Texts are hashed as given; what has to be folded or trimmed is folded and trimmed before, by the parameter's type.
/// </summary>
public static class IndexKeys
{
    // Seeds of hashes that belong to no parameter. Parameter ids are hashes too, so a small number is as good as any.
    private const int SystemSeed = 1;
    private const int TextSeed = 2;
    private const int UnitSeed = 3;

    /// <summary><see cref="TokenEntry.Code"/> of a code, and <see cref="CompositeEntry.First"/> of a composite's first part.</summary>
    public static HashKey Code(int parameterId, ReadOnlySpan<byte> utf8Code) => StableHash.Of(utf8Code, parameterId);

    /// <inheritdoc cref="Code(int, ReadOnlySpan{byte})"/>
    public static HashKey Code(int parameterId, string code) => StableHash.Of(code, parameterId);

    /// <summary><see cref="TokenEntry.Code"/> of the row that stands for any code of a system (<see cref="TokenEntry.SystemOnly"/>).</summary>
    public static HashKey AnyCodeOf(int parameterId, string system) => StableHash.Of(system, parameterId);

    /// <inheritdoc cref="AnyCodeOf(int, string)"/>
    public static HashKey AnyCodeOf(int parameterId, ReadOnlySpan<byte> utf8System) =>
        StableHash.Of(utf8System, parameterId);

    /// <summary>The <see cref="TokenEntry.System"/> of a system; <see cref="TokenEntry.NoSystem"/> for the empty one.</summary>
    public static long System(string system) =>
        system.Length == 0 ? TokenEntry.NoSystem : StableHash.Of(system, SystemSeed).Key;

    /// <inheritdoc cref="System(string)"/>
    public static long System(ReadOnlySpan<byte> utf8System) =>
        utf8System.Length == 0 ? TokenEntry.NoSystem : StableHash.Of(utf8System, SystemSeed).Key;

    /// <summary><see cref="StringEntry.Exact"/> of the text as written.</summary>
    public static long Exact(string text) => StableHash.Of(text, TextSeed).Key;

    /// <inheritdoc cref="Exact(string)"/>
    public static long Exact(ReadOnlySpan<byte> utf8Text) => StableHash.Of(utf8Text, TextSeed).Key;

    /// <summary><see cref="QuantityEntry.Unit"/> of a unit's code or text; 0 for none.</summary>
    public static long Unit(string unit) => unit.Length == 0 ? 0 : StableHash.Of(unit, UnitSeed).Key;

    /// <inheritdoc cref="Unit(string)"/>
    public static long Unit(ReadOnlySpan<byte> utf8Unit) =>
        utf8Unit.Length == 0 ? 0 : StableHash.Of(utf8Unit, UnitSeed).Key;
}
