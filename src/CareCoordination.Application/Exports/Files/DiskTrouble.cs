using CareCoordination.Application.Settings;

namespace CareCoordination.Application.Exports.Files;

/// <summary>What a disk, or a folder, that cannot be written to is told as.</summary>
public static class DiskTrouble
{
    // https://man7.org/linux/man-pages/man3/errno.3.html: no space left, and a quota that is used up.
    private const int NoSpace = 28;
    private const int QuotaUsedUp = 122;

    // ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL, as HRESULTs.
    private const int WindowsFull = unchecked((int)0x80070070);
    private const int WindowsHandleFull = unchecked((int)0x80070027);

    public static bool IsOne(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>A sentence for whoever asked, without a path of this machine.</summary>
    public static string Explain(Exception e) =>
        e.HResult is NoSpace or QuotaUsedUp or WindowsFull or WindowsHandleFull
            ? "The disk for files is full. What was written is removed; make room in the folder of Exports:Folder, and ask again."
            : "The folder of Exports:Folder cannot be written to. What was written is removed; let the server write there, and ask again.";
}
