using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace CareCoordination.Analytics.Mirror;

/// <summary>The tables cannot be used now, for a reason that is neither the question's nor a resource's. The message is fit for clients.</summary>
public sealed class TablesUnavailableException(string message, Exception innerException)
    : Exception(message, innerException);

/// <summary>What the engine, the disk and the system say, told apart.</summary>
internal static class EngineTrouble
{
    /// <summary>What the engine says of a file that it cannot make sense of: its beginning, its version, its blocks, its log.</summary>
    private static readonly string[] SaidOfBrokenFiles =
    [
        "not a valid DuckDB",
        "version number",
        "orrupt",
        "checksum",
        "Serialization Error",
        "INTERNAL Error",
        "replaying WAL",
        "has been invalidated",
    ];

    /// <summary>It is of the file, the disk or the memory, whatever was asked or stored.</summary>
    public static bool Is(Exception e) =>
        e is IOException or UnauthorizedAccessException or OutOfMemoryException
        || (
            e is DuckDBException { ErrorType: var type }
            && (type == DuckDBErrorType.OutOfMemory || IsOfInput(e) || IsBroken(e))
        );

    /// <summary>The file, or the engine that has it open, is of no further use: it has to be made anew.</summary>
    public static bool IsBroken(Exception e) =>
        e is DuckDBException engine
        && (
            engine.ErrorType is DuckDBErrorType.Fatal or DuckDBErrorType.Internal or DuckDBErrorType.Serialization
            || Array.Exists(SaidOfBrokenFiles, said => e.Message.Contains(said, StringComparison.Ordinal))
        );

    /// <summary>A sentence that tells what to do. What the engine says itself, with the path of the file, is for the log.</summary>
    public static string Say(Exception e) =>
        Says(e, "Could not set lock")
            ? "The file of the tables of outcomes is open in another process: give each server a file of its own (Analytics:File)."
        : Says(e, "No space left") || Says(e, "not enough space")
            ? "The disk of the tables of outcomes is full: make room, or have them elsewhere (Analytics:File)."
        : e is UnauthorizedAccessException || Says(e, "Permission denied")
            ? "The server may not write the file of the tables of outcomes: give it the right, or have the file elsewhere (Analytics:File)."
        : IsOfMemory(e)
            ? "The tables of outcomes need more memory than they may take: allow more (Analytics:MemoryMegabytes)."
        : IsBroken(e) ? "The file of the tables of outcomes is broken (Analytics:File), and is made anew. Ask again."
        : "The file of the tables of outcomes cannot be used (Analytics:File): the log of the server tells why.";

    /// <summary>The engine gives no type to what comes while it opens a file.</summary>
    private static bool IsOfInput(Exception e) => Says(e, "IO Error");

    private static bool IsOfMemory(Exception e) =>
        e is OutOfMemoryException or DuckDBException { ErrorType: DuckDBErrorType.OutOfMemory };

    private static bool Says(Exception e, string part) => e.Message.Contains(part, StringComparison.OrdinalIgnoreCase);
}
