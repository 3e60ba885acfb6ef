using System.Security.Cryptography;
using System.Text;
using CareCoordination.Storage;

namespace CareCoordination.Server.Hosting;

/// <summary>Where tables of outcomes are kept where no setting says so.</summary>
internal static class OutcomesFile
{
    /// <summary>
    /// Beside an embedded database; for a server of databases in the folder that the program runs in, under a name made of the way to the
    /// database: each has its own.
    /// </summary>
    public static string Of(StorageOptions storage)
    {
        if (storage.EmbeddedFile is { } file)
            return Path.ChangeExtension(file, ".outcomes.duckdb");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(storage.ConnectionString));
        return $"care-{Convert.ToHexStringLower(hash)[..12]}.outcomes.duckdb";
    }
}
