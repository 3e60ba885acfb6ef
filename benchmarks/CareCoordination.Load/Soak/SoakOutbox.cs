using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CareCoordination.Load.Soak;

/// <summary>Reads the outbox where it lies, in the database: what the server would say of itself is not what is asked here.</summary>
internal sealed class SoakOutbox(string provider, string connectionString)
{
    private const string Everything =
        """SELECT "Subject", "State", "Attempts", "Problem" FROM "Outbox" WHERE "Topic" = 'referral'""";

    /// <summary>In the order of the numbers that the server stores.</summary>
    private static readonly string[] States =
    [
        "queued",
        "sending",
        "delivered",
        "acknowledged",
        "retry",
        "parked",
        "dead",
        "superseded",
    ];

    /// <summary>The delivery of each Task.</summary>
    public async Task<IReadOnlyDictionary<string, SoakDelivery>> ReadAsync(CancellationToken cancel)
    {
        await using DbConnection connection =
            provider == "PostgreSql" ? new NpgsqlConnection(connectionString) : new SqliteConnection(connectionString);
        await connection.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = Everything;
        await using var row = await command.ExecuteReaderAsync(cancel);
        var deliveries = new Dictionary<string, SoakDelivery>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancel))
            deliveries.Add(
                row.GetString(0)["Task/".Length..],
                new SoakDelivery(States[row.GetInt16(1)], row.GetInt32(2), row.GetString(3))
            );
        return deliveries;
    }
}
