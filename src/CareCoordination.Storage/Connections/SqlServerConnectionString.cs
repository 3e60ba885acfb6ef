using Microsoft.Data.SqlClient;

namespace CareCoordination.Storage.Connections;

/// <summary>
/// What connections to SQL Server are made with. The store holds each for its life and writes BEGIN and COMMIT itself.
/// https://learn.microsoft.com/dotnet/api/microsoft.data.sqlclient.sqlconnection.connectionstring
/// </summary>
internal static class SqlServerConnectionString
{
    private const string OurPool =
        "this server keeps its connections itself, and Storage:MaxReadConnections says how many";
    private const string OurTime = "Storage:CommandTimeoutSeconds is the time limit of statements";
    private const int ConnectSeconds = 5;

    private static readonly ConnectionRules<SqlConnectionStringBuilder> Rules = new("Microsoft.Data.SqlClient")
    {
        Refused =
        [
            new(
                "Data Source",
                b => string.IsNullOrWhiteSpace(b.DataSource),
                "has no Server: name the server, as in Server=db.example.org;Database=care."
            ),
            new(
                "Application Intent",
                b => b.ApplicationIntent == ApplicationIntent.ReadOnly,
                "this server writes, and reads would miss what was just stored. Leave it out."
            ),
        ],
        Presets = [new("Connect Timeout", ConnectSeconds), new("Application Name", "CareCoordination")],
        Set =
        [
            new("Pooling", false, OurPool),
            new("Min Pool Size", 0, OurPool),
            new("Max Pool Size", 100, OurPool),
            new("Enlist", false, "the store begins and ends its transactions itself"),
            // With it a transaction that was begun in one batch ends with that batch.
            // https://learn.microsoft.com/sql/relational-databases/native-client/features/using-multiple-active-result-sets-mars
            new("Multiple Active Result Sets", false, "transactions would end where a statement ends"),
            // A connection that is opened again by itself has lost what the session was set to.
            new("Connect Retry Count", 0, "the store opens lost connections itself"),
        ],
    };

    public static ConnectionReading Read(string text, TimeSpan commandTimeout)
    {
        var seconds = Math.Max(1, (int)commandTimeout.TotalSeconds);
        var reading = Rules.Read(text, new Fixed("Command Timeout", seconds, OurTime));
        if (reading.Problem is not null)
            return reading;
        var builder = new SqlConnectionStringBuilder(reading.Text);
        builder.ConnectTimeout = builder.ConnectTimeout == 0 ? seconds : Math.Min(builder.ConnectTimeout, seconds);
        var database = builder.InitialCatalog.Length == 0 ? "" : $", database '{builder.InitialCatalog}',";
        return reading with
        {
            Text = builder.ConnectionString,
            Place = $"SQL Server at {builder.DataSource}{database}",
        };
    }
}
