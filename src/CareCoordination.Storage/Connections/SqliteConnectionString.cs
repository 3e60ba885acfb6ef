using Microsoft.Data.Sqlite;

namespace CareCoordination.Storage.Connections;

/// <summary>
/// What connections to a SQLite file are made with. Readers and the writer each have one of their own and meet in the file.
/// https://learn.microsoft.com/dotnet/standard/data/sqlite/connection-strings
/// </summary>
internal static class SqliteConnectionString
{
    private const string OwnDatabases = "every connection would see a database of its own. Name a file.";

    private static readonly ConnectionRules<SqliteConnectionStringBuilder> Rules = new("Microsoft.Data.Sqlite")
    {
        Refused =
        [
            new(
                "Data Source",
                b => string.IsNullOrWhiteSpace(b.DataSource),
                "has no Data Source: name the file, as in Data Source=/var/lib/care/carecoordination.db."
            ),
            new("Data Source", b => b.DataSource.Trim() == ":memory:", OwnDatabases),
            new(
                "Data Source",
                b => b.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase),
                "a URI can turn off what the store relies on. Name the file by its path."
            ),
            new("Mode", b => b.Mode == SqliteOpenMode.Memory, OwnDatabases),
            new("Mode", b => b.Mode == SqliteOpenMode.ReadOnly, "this server writes. Leave it out."),
            new(
                "Cache",
                b => b.Cache == SqliteCacheMode.Shared,
                "readers and the writer would lock each other out. Leave it out."
            ),
            new(
                "Password",
                b => !string.IsNullOrEmpty(b.Password),
                "has a Password, and this SQLite does not encrypt. Encrypt the disk and leave it out."
            ),
        ],
        Set =
        [
            new("Pooling", false, "this server keeps its connections itself"),
            new("Default Timeout", 30, "Storage:CommandTimeoutSeconds is the time limit of statements"),
        ],
    };

    public static ConnectionReading Read(string text)
    {
        var reading = Rules.Read(text);
        return reading.Problem is not null
            ? reading
            : reading with
            {
                Place = $"The SQLite file {new SqliteConnectionStringBuilder(text).DataSource}",
            };
    }
}
