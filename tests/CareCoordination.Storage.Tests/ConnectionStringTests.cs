using CareCoordination.Storage.Connections;
using CareCoordination.Storage.Stores;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CareCoordination.Storage.Tests;

/// <summary>What of a connection string is refused, what is set, and what is left to the operator.</summary>
public sealed class ConnectionStringTests
{
    private const string PostgreSql = "Host=db;Username=care;Database=care";

    [Theory]
    [InlineData("nonsense", "cannot be read: it must be keywords and values, as in keyword=value;keyword=value.")]
    [InlineData("Host=\"db", "cannot be read: it must be keywords and values, as in keyword=value;keyword=value.")]
    [InlineData("Foo=1", "has 'foo', which is no keyword of Npgsql.")]
    [InlineData(PostgreSql + ";Pasword=secret", "has 'pasword', which is no keyword of Npgsql.")]
    [InlineData(PostgreSql + ";SSL Mode=some", "has a value for 'ssl mode' that Npgsql does not know.")]
    [InlineData(
        "Host=a,b;Target Session Attributes=leader",
        "has a value for 'target session attributes' that Npgsql does not know."
    )]
    [InlineData(PostgreSql + ";Timeout=soon", "has a value for 'timeout' that Npgsql does not know.")]
    [InlineData("", "has no Host: name the server, as in Host=db.example.org.")]
    [InlineData("Database=care", "has no Host: name the server, as in Host=db.example.org.")]
    [InlineData("Host=,", "has no Host: name the server, as in Host=db.example.org.")]
    [InlineData("Host=db;Port=0", "has a value for 'port' that Npgsql does not know.")]
    [InlineData("Host=db;Port=65536", "has Port=65536; a port is a number from 1 to 65535.")]
    [InlineData("Host=db:x", "has Host=db:x; what follows the colon of a host is a port from 1 to 65535.")]
    [InlineData(
        "Host=a:5432,b:70000",
        "has Host=a:5432,b:70000; what follows the colon of a host is a port from 1 to 65535."
    )]
    [InlineData("Host=[::1]:0", "has Host=[::1]:0; what follows the colon of a host is a port from 1 to 65535.")]
    [InlineData(
        PostgreSql + ";Multiplexing=true",
        "has Multiplexing=True; it lets other statements into the transactions of the store. Leave it out."
    )]
    [InlineData(
        PostgreSql + ";Client Encoding=SQL_ASCII",
        "has Client Encoding=SQL_ASCII; texts travel as UTF-8. Leave it out."
    )]
    [InlineData(PostgreSql + ";Encoding=latin1", "has Encoding=latin1; texts travel as UTF-8. Leave it out.")]
    [InlineData(
        PostgreSql + ";Options=-c default_transaction_read_only=on",
        "has Options=-c default_transaction_read_only=on; this server writes. Leave transaction_read_only out."
    )]
    public void What_cannot_be_used_with_PostgreSql_is_refused(string text, string problem) =>
        AssertRefused(StorageProvider.PostgreSql, text, problem);

    [Theory]
    [InlineData("db", "standby")]
    [InlineData("db", "prefer-standby")]
    [InlineData("db", "read-only")]
    [InlineData("a,b", "any")]
    [InlineData("a,b", "standby")]
    [InlineData("a,b", "prefer-standby")]
    [InlineData("a,b", "prefer-primary")]
    [InlineData("a,b", "read-only")]
    [InlineData("a:5432,b:5433,c", "any")]
    public void A_session_that_may_end_on_a_standby_is_refused(string host, string attributes) =>
        AssertRefused(
            StorageProvider.PostgreSql,
            $"Host={host};Target Session Attributes={attributes}",
            $"has Target Session Attributes={attributes}; reads would miss what was just stored and writes would fail. "
                + "Use Target Session Attributes=primary or leave it out."
        );

    [Theory]
    [InlineData("a,b", null, "primary")]
    [InlineData("a:5432 , b:5433", null, "primary")]
    [InlineData("a,b", "primary", "primary")]
    [InlineData("a,b", "read-write", "read-write")]
    [InlineData("a,b", "Read-Write", "read-write")]
    [InlineData("db", null, null)]
    [InlineData("db:5433", "primary", null)]
    [InlineData("db", "read-write", null)]
    [InlineData("db", "prefer-primary", null)]
    [InlineData("db", "any", null)]
    [InlineData("/var/run/postgresql", null, null)]
    [InlineData("::1", null, null)]
    [InlineData("[::1]:5433", "any", null)]
    public void Readers_and_the_writer_go_to_where_writes_go(string host, string? given, string? used)
    {
        var text = $"Host={host};Username=care" + (given is null ? "" : $";Target Session Attributes={given}");

        var builder = UsedPostgreSql(text);

        Assert.Equal(used, builder.TargetSessionAttributes);
        // The driver itself takes it.
        using var source = new NpgsqlDataSourceBuilder(builder.ConnectionString).Build();
        Assert.NotNull(source);
    }

    [Fact]
    public void What_the_store_relies_on_is_set()
    {
        var builder = UsedPostgreSql(PostgreSql);

        Assert.False(builder.Pooling);
        Assert.False(builder.Enlist);
        Assert.False(builder.IncludeErrorDetail);
        Assert.False(builder.LogParameters);
        Assert.True(builder.TcpKeepAlive);
        Assert.Equal(30, builder.CommandTimeout);
        Assert.Equal(5, builder.Timeout);
        Assert.Equal(1, builder.HostRecheckSeconds);
        Assert.Equal("CareCoordination", builder.ApplicationName);
        Assert.Equal(("db", "care", "care"), (builder.Host, builder.Username, builder.Database));
    }

    [Theory]
    [InlineData("Pooling=true", "Pooling=True")]
    [InlineData("Maximum Pool Size=20", "Maximum Pool Size=20")]
    [InlineData("Connection Lifetime=60", "Connection Lifetime=60")]
    [InlineData("No Reset On Close=true", "No Reset On Close=True")]
    [InlineData("Enlist=true", "Enlist=True")]
    [InlineData("Command Timeout=60", "Command Timeout=60")]
    [InlineData("Include Error Detail=true", "Include Error Detail=True")]
    [InlineData("Log Parameters=true", "Log Parameters=True")]
    public void What_has_no_effect_is_told(string given, string told)
    {
        var reading = Read(StorageProvider.PostgreSql, $"{PostgreSql};{given}");

        Assert.Null(reading.Problem);
        Assert.StartsWith($"{told} has no effect: ", Assert.Single(reading.Notices), StringComparison.Ordinal);
        Assert.EndsWith(".", Assert.Single(reading.Notices), StringComparison.Ordinal);
        Assert.True(UsedPostgreSql(PostgreSql).EquivalentTo(UsedPostgreSql($"{PostgreSql};{given}")));
    }

    [Theory]
    [InlineData("Pooling=false")]
    [InlineData("Command Timeout=30")]
    [InlineData("Host Recheck Seconds=3")]
    [InlineData("Application Name=ward")]
    [InlineData("SSL Mode=VerifyFull")]
    [InlineData("Search Path=care")]
    [InlineData("Load Balance Hosts=true")]
    [InlineData("Options=-c synchronous_commit=off")]
    [InlineData("Timeout=2")]
    [InlineData("Tcp Keepalive=false")]
    public void What_is_left_to_the_operator_is_kept(string given)
    {
        var reading = Read(StorageProvider.PostgreSql, $"{PostgreSql};{given}");

        Assert.Null(reading.Problem);
        Assert.Empty(reading.Notices);
        var parts = given.Split('=', 2);
        Assert.Equal(parts[1], new NpgsqlConnectionStringBuilder(reading.Text)[parts[0]].ToString(), ignoreCase: true);
    }

    [Theory]
    [InlineData("0", 4)]
    [InlineData("3", 3)]
    [InlineData("100", 4)]
    public void Nobody_waits_longer_for_a_connection_than_for_what_it_is_needed_for(string given, int used)
    {
        var options = new StorageOptions
        {
            Provider = StorageProvider.PostgreSql,
            ConnectionString = $"{PostgreSql};Timeout={given}",
            CommandTimeout = TimeSpan.FromSeconds(4),
        };
        Assert.Equal(used, new NpgsqlConnectionStringBuilder(options.ReadConnection().Text).Timeout);
    }

    [Theory]
    [InlineData("", "has no Data Source: name the file, as in Data Source=/var/lib/care/carecoordination.db.")]
    [InlineData("Foo=1", "has 'foo', which is no keyword of Microsoft.Data.Sqlite.")]
    [InlineData(
        "Data Source=:memory:",
        "has Data Source=:memory:; every connection would see a database of its own. Name a file."
    )]
    [InlineData(
        "Data Source=care;Mode=Memory",
        "has Mode=Memory; every connection would see a database of its own. Name a file."
    )]
    [InlineData(
        "Data Source=care;Mode=Memory;Cache=Shared",
        "has Mode=Memory; every connection would see a database of its own. Name a file."
    )]
    [InlineData("Data Source=care.db;Mode=ReadOnly", "has Mode=ReadOnly; this server writes. Leave it out.")]
    [InlineData(
        "Data Source=care.db;Cache=Shared",
        "has Cache=Shared; readers and the writer would lock each other out. Leave it out."
    )]
    [InlineData(
        "Data Source=file:care.db?mode=ro",
        "has Data Source=file:care.db?mode=ro; a URI can turn off what the store relies on. Name the file by its path."
    )]
    [InlineData(
        "Data Source=file::memory:",
        "has Data Source=file::memory:; a URI can turn off what the store relies on. Name the file by its path."
    )]
    [InlineData(
        "Data Source=care.db;Mode=Sideways",
        "has a value for 'mode' that Microsoft.Data.Sqlite does not know."
    )]
    [InlineData(
        "Data Source=care.db;Pooling=maybe",
        "has a value for 'pooling' that Microsoft.Data.Sqlite does not know."
    )]
    public void What_cannot_be_used_with_Sqlite_is_refused(string text, string problem) =>
        AssertRefused(StorageProvider.Sqlite, text, problem);

    [Fact]
    public void A_password_of_Sqlite_is_refused_without_being_told()
    {
        var problem = Read(StorageProvider.Sqlite, "Data Source=care.db;Password=hunter2").Problem!;

        Assert.Equal("has a Password, and this SQLite does not encrypt. Encrypt the disk and leave it out.", problem);
    }

    [Theory]
    [InlineData("Data Source=care.db")]
    [InlineData("Filename=care.db;Mode=ReadWrite")]
    [InlineData("DataSource=care.db;Cache=Private;Foreign Keys=true")]
    public void A_Sqlite_file_is_opened_without_a_pool(string text)
    {
        var reading = Read(StorageProvider.Sqlite, text);

        Assert.Null(reading.Problem);
        Assert.Empty(reading.Notices);
        var builder = new SqliteConnectionStringBuilder(reading.Text);
        Assert.Equal(("care.db", false), (builder.DataSource, builder.Pooling));
    }

    [Theory]
    [InlineData("", "has no Server: name the server, as in Server=db.example.org;Database=care.")]
    [InlineData("Server=db;Foo=1", "has 'foo', which is no keyword of Microsoft.Data.SqlClient.")]
    [InlineData("Server=db;Encrypt=perhaps", "has a value for 'encrypt' that Microsoft.Data.SqlClient does not know.")]
    [InlineData(
        "Server=db;ApplicationIntent=ReadOnly",
        "has Application Intent=ReadOnly; this server writes, and reads would miss what was just stored. Leave it out."
    )]
    public void What_cannot_be_used_with_SqlServer_is_refused(string text, string problem) =>
        AssertRefused(StorageProvider.SqlServer, text, problem);

    [Fact]
    public void What_the_store_relies_on_is_set_for_SqlServer()
    {
        var reading = Read(
            StorageProvider.SqlServer,
            "Server=db;Database=care;User Id=care;Password=x;MultipleActiveResultSets=true;Pooling=true;Connect Retry Count=3"
        );

        var builder = new SqlConnectionStringBuilder(reading.Text);
        Assert.Equal(
            ["Connect Retry Count", "Multiple Active Result Sets", "Pooling"],
            reading.Notices.Select(n => n.Split('=')[0]).Order(StringComparer.Ordinal)
        );
        Assert.False(builder.Pooling);
        Assert.False(builder.MultipleActiveResultSets);
        Assert.False(builder.Enlist);
        Assert.Equal((0, 30, 5), (builder.ConnectRetryCount, builder.CommandTimeout, builder.ConnectTimeout));
        Assert.Equal("x", builder.Password);
    }

    [Theory]
    [InlineData(
        StorageProvider.PostgreSql,
        "Host=a,b:6000;Database=care;Password=hunter2",
        "PostgreSQL at a:5432 and b:6000, database 'care',"
    )]
    [InlineData(StorageProvider.PostgreSql, "Host=a;Port=6001", "PostgreSQL at a:6001")]
    [InlineData(StorageProvider.Sqlite, "Data Source=/x/care.db", "The SQLite file /x/care.db")]
    [InlineData(
        StorageProvider.SqlServer,
        "Server=db,1444;Database=care;Password=hunter2",
        "SQL Server at db,1444, database 'care',"
    )]
    public void The_place_is_told_without_secrets(StorageProvider provider, string text, string place) =>
        Assert.Equal(place, Read(provider, text).Place);

    [Theory]
    [InlineData(StorageProvider.PostgreSql, "Foo=1")]
    [InlineData(StorageProvider.Sqlite, "Data Source=:memory:")]
    [InlineData(StorageProvider.SqlServer, "Server=db;ApplicationIntent=ReadOnly")]
    public async Task A_store_or_a_migrator_is_not_made_with_a_refused_one(StorageProvider provider, string text)
    {
        var options = new StorageOptions { Provider = provider, ConnectionString = text };
        var expected = $"The connection string {options.ReadConnection().Problem}";

        Assert.Equal(expected, Assert.Throws<StorageProblemException>(() => TestDatabase.Open(options)).Message);
        var migrator = new StorageMigrator(options);
        Assert.Equal(
            expected,
            (await Assert.ThrowsAsync<StorageProblemException>(() => migrator.PendingAsync(default))).Message
        );
        Assert.Equal(
            expected,
            (await Assert.ThrowsAsync<StorageProblemException>(() => migrator.ApplyAsync(default))).Message
        );
        Assert.Equal(expected, (await migrator.PrepareAsync(default)).Problem);
    }

    private static void AssertRefused(StorageProvider provider, string text, string problem)
    {
        var reading = Read(provider, text);

        Assert.Equal(problem, reading.Problem);
        Assert.Equal("", reading.Text);
        Assert.DoesNotContain("secret", reading.Problem!, StringComparison.Ordinal);
    }

    private static NpgsqlConnectionStringBuilder UsedPostgreSql(string text)
    {
        var reading = Read(StorageProvider.PostgreSql, text);
        Assert.Null(reading.Problem);
        return new NpgsqlConnectionStringBuilder(reading.Text);
    }

    private static Connections.ConnectionReading Read(StorageProvider provider, string text) =>
        new StorageOptions { Provider = provider, ConnectionString = text }.ReadConnection();
}
