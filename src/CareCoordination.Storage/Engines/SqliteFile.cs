using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CareCoordination.Storage.Engines;

/// <summary>What SQLite knows of the file under a connection.</summary>
internal static class SqliteFile
{
    // https://sqlite.org/c3ref/c_fcntl_begin_atomic_write.html#sqlitefcntlhasmoved
    private const int HasMovedCode = 20;

    private static readonly byte[] Main = "main\0"u8.ToArray();

    /// <summary>
    /// The file was renamed or removed since it was opened, as by somebody who puts a backup in its place: what is written to it
    /// from now on nobody will ever see. Where the system does not let that happen, SQLite does not know of it either.
    /// </summary>
    public static bool HasMoved(SqliteConnection connection) =>
        connection.Handle is { IsInvalid: false } handle
        && FileControl(handle, Main, HasMovedCode, out var hasMoved) == raw.SQLITE_OK
        && hasMoved != 0;

    // Of the library that SQLitePCLRaw has loaded, which has no method for it.
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int FileControl(sqlite3 database, byte[] name, int code, out int result);
}
