using System.Net.Sockets;
using CareCoordination.Storage.Engines;
using CareCoordination.TestKit;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CareCoordination.Storage.Tests;

/// <summary>What the errors of the databases are taken for.</summary>
public sealed class FaultTests
{
    [Theory]
    [InlineData("08000", nameof(Fault.ConnectionLost))]
    [InlineData("08001", nameof(Fault.ConnectionLost))]
    [InlineData("08003", nameof(Fault.ConnectionLost))]
    [InlineData("08006", nameof(Fault.ConnectionLost))]
    [InlineData("08P01", nameof(Fault.ConnectionLost))]
    [InlineData("25006", nameof(Fault.ReadOnly))]
    [InlineData("25001", nameof(Fault.Permanent))]
    [InlineData("25P02", nameof(Fault.Permanent))]
    [InlineData("25P03", nameof(Fault.ConnectionLost))]
    [InlineData("25P04", nameof(Fault.ConnectionLost))]
    [InlineData("28000", nameof(Fault.ConnectionLost))]
    [InlineData("28P01", nameof(Fault.ConnectionLost))]
    [InlineData("3D000", nameof(Fault.ConnectionLost))]
    [InlineData("40000", nameof(Fault.Permanent))]
    [InlineData("40001", nameof(Fault.Transient))]
    [InlineData("40003", nameof(Fault.ConnectionLost))]
    [InlineData("40P01", nameof(Fault.Transient))]
    [InlineData("53000", nameof(Fault.Transient))]
    [InlineData("53100", nameof(Fault.DiskFull))]
    [InlineData("53200", nameof(Fault.Transient))]
    [InlineData("53300", nameof(Fault.Transient))]
    [InlineData("53400", nameof(Fault.Transient))]
    [InlineData("55006", nameof(Fault.Transient))]
    [InlineData("55P03", nameof(Fault.Locked))]
    [InlineData("57014", nameof(Fault.Timeout))]
    [InlineData("57P01", nameof(Fault.ConnectionLost))]
    [InlineData("57P02", nameof(Fault.ConnectionLost))]
    [InlineData("57P03", nameof(Fault.ConnectionLost))]
    [InlineData("57P04", nameof(Fault.ConnectionLost))]
    [InlineData("57P05", nameof(Fault.ConnectionLost))]
    [InlineData("58000", nameof(Fault.StorageFailed))]
    [InlineData("58030", nameof(Fault.StorageFailed))]
    [InlineData("58P01", nameof(Fault.StorageFailed))]
    [InlineData("58P02", nameof(Fault.StorageFailed))]
    [InlineData("72000", nameof(Fault.Transient))]
    [InlineData("23505", nameof(Fault.Permanent))]
    [InlineData("42601", nameof(Fault.Permanent))]
    [InlineData("42P01", nameof(Fault.Permanent))]
    [InlineData("42501", nameof(Fault.Permanent))]
    [InlineData("54000", nameof(Fault.Permanent))]
    [InlineData("22021", nameof(Fault.Permanent))]
    [InlineData("XX000", nameof(Fault.Permanent))]
    [InlineData("", nameof(Fault.Permanent))]
    public void PostgreSql_state_is_taken_for(string state, string fault)
    {
        Assert.Equal(fault, PostgreSqlFaults.Of(state).ToString());
        Assert.Equal(
            fault,
            PostgreSqlFaults.Classify(new PostgresException("said", "ERROR", "ERROR", state)).ToString()
        );
    }

    [Fact]
    public void The_exceptions_of_Npgsql_and_the_network_are_taken_for_what_they_are()
    {
        Exception[] lost =
        [
            new NpgsqlException("No suitable host was found."),
            new NpgsqlException("Exception while reading from stream", new IOException()),
            new NpgsqlException("Unable to connect", new AggregateException(new SocketException())),
            new SocketException((int)SocketError.ConnectionRefused),
            new IOException(),
            new ObjectDisposedException("NpgsqlConnection"),
            new System.Security.Authentication.AuthenticationException(),
            new InvalidOperationException("Connection is not open") { Source = "Npgsql" },
        ];
        Exception[] late =
        [
            new NpgsqlException("Exception while reading from stream", new TimeoutException()),
            new TimeoutException(),
        ];
        Exception[] bugs =
        [
            new InvalidOperationException("Sequence contains no elements"),
            new InvalidCastException(),
            new ArgumentException("x"),
        ];

        Assert.All(lost, e => Assert.Equal(Fault.ConnectionLost, PostgreSqlFaults.Classify(e)));
        Assert.All(late, e => Assert.Equal(Fault.Timeout, PostgreSqlFaults.Classify(e)));
        Assert.All(bugs, e => Assert.Equal(Fault.Permanent, PostgreSqlFaults.Classify(e)));
    }

    [Theory]
    [InlineData(1, nameof(Fault.Permanent))]
    [InlineData(3, nameof(Fault.ReadOnly))]
    [InlineData(5, nameof(Fault.Locked))]
    [InlineData(261, nameof(Fault.Locked))]
    [InlineData(517, nameof(Fault.Locked))]
    [InlineData(6, nameof(Fault.Transient))]
    [InlineData(7, nameof(Fault.Transient))]
    [InlineData(8, nameof(Fault.ReadOnly))]
    [InlineData(264, nameof(Fault.ReadOnly))]
    [InlineData(1032, nameof(Fault.ReadOnly))]
    [InlineData(1544, nameof(Fault.ReadOnly))]
    [InlineData(9, nameof(Fault.Timeout))]
    [InlineData(10, nameof(Fault.ConnectionLost))]
    [InlineData(1034, nameof(Fault.ConnectionLost))]
    [InlineData(4874, nameof(Fault.ConnectionLost))]
    [InlineData(11, nameof(Fault.Permanent))]
    [InlineData(13, nameof(Fault.DiskFull))]
    [InlineData(14, nameof(Fault.ConnectionLost))]
    [InlineData(1038, nameof(Fault.ConnectionLost))]
    [InlineData(15, nameof(Fault.Transient))]
    [InlineData(18, nameof(Fault.Permanent))]
    [InlineData(19, nameof(Fault.Permanent))]
    [InlineData(2067, nameof(Fault.Permanent))]
    [InlineData(26, nameof(Fault.Permanent))]
    public void Sqlite_code_is_taken_for(int code, string fault)
    {
        Assert.Equal(fault, SqliteFaults.Of(code).ToString());
        Assert.Equal(fault, SqliteFaults.Classify(new SqliteException("said", code & 0xFF, code)).ToString());
    }

    [Fact]
    public void Every_line_of_the_tables_has_a_reason_and_every_fault_its_traits()
    {
        Assert.All(PostgreSqlFaults.Table, r => Assert.NotEmpty(r.Reason));
        Assert.All(SqliteFaults.Table, r => Assert.NotEmpty(r.Reason));
        Assert.Distinct(PostgreSqlFaults.Table.Select(r => r.Code));
        Assert.Distinct(SqliteFaults.Table.Select(r => r.Code));
        Assert.All(
            Enum.GetValues<Fault>(),
            fault => Assert.True(fault == Fault.Permanent || fault.Traits().RetryAfter > TimeSpan.Zero)
        );
    }

    [Theory]
    [InlineData(nameof(Fault.Transient), 1)]
    [InlineData(nameof(Fault.Locked), 5)]
    [InlineData(nameof(Fault.Timeout), 10)]
    [InlineData(nameof(Fault.ConnectionLost), 5)]
    [InlineData(nameof(Fault.ReadOnly), 5)]
    [InlineData(nameof(Fault.DiskFull), 60)]
    [InlineData(nameof(Fault.StorageFailed), 60)]
    public void A_client_is_told_when_to_come_back(string fault, int seconds)
    {
        var cause = new IOException();
        var said = Faults.Unavailable(Enum.Parse<Fault>(fault), cause);

        Assert.Equal(TimeSpan.FromSeconds(seconds), said.RetryAfter);
        Assert.Same(cause, said.InnerException);
        Assert.EndsWith(".", said.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_PostgreSql_itself_answers_is_taken_for_what_it_is()
    {
        var connectionString = PostgreSqlCluster.Require().ConnectionString;
        await using var source = NpgsqlDataSource.Create(connectionString);

        Assert.Equal(
            Fault.ReadOnly,
            await AskAsync("SET default_transaction_read_only = on", "CREATE TABLE t (i int)")
        );
        Assert.Equal(Fault.Timeout, await AskAsync("SET statement_timeout = 50", "SELECT pg_sleep(30)"));
        Assert.Equal(Fault.ConnectionLost, await AskAsync("SELECT 1", "SELECT pg_terminate_backend(pg_backend_pid())"));
        Assert.Equal(
            Fault.ConnectionLost,
            await AskAsync("SET idle_in_transaction_session_timeout = 50; BEGIN; SELECT 1", null)
        );
        Assert.Equal(Fault.Permanent, await AskAsync("SELECT 1", "SELECT * FROM there_is_none"));
        Assert.Equal(Fault.ConnectionLost, await OpenAsync("Host=127.0.0.1;Port=1;Username=care"));
        Assert.Equal(Fault.ConnectionLost, await OpenAsync("Host=no-such-host.invalid;Username=care"));
        Assert.Equal(Fault.ConnectionLost, await OpenAsync(connectionString + ";Username=nobody"));
        Assert.Equal(Fault.ConnectionLost, await OpenAsync("Host=127.0.0.1:1,127.0.0.1:2;Username=care"));

        async Task<Fault> AskAsync(string first, string? then)
        {
            await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
            try
            {
                await ExecuteAsync(connection, first);
                for (var i = 0; then is null && i < 100; i++)
                {
                    await Task.Delay(50, TestContext.Current.CancellationToken);
                    await ExecuteAsync(connection, "SELECT 1");
                    await Task.Delay(50, TestContext.Current.CancellationToken);
                }

                await ExecuteAsync(connection, then!);
                return Fault.Permanent;
            }
            catch (Exception e)
            {
                NpgsqlConnection.ClearPool(connection);
                return PostgreSqlFaults.Classify(e);
            }
        }
    }

    [Fact]
    public async Task What_Sqlite_itself_answers_is_taken_for_what_it_is()
    {
        var folder = Directory.CreateTempSubdirectory("care-faults-");
        var file = Path.Combine(folder.FullName, "a.db");
        await using var owner = new SqliteConnection($"Data Source={file};Pooling=false");
        await owner.OpenAsync(TestContext.Current.CancellationToken);
        await ExecuteAsync(owner, "CREATE TABLE t (i int); BEGIN IMMEDIATE");

        Assert.Equal(
            Fault.Locked,
            Of($"Data Source={file};Pooling=false;Default Timeout=1", "INSERT INTO t VALUES (1)")
        );
        await ExecuteAsync(owner, "ROLLBACK");
        Assert.Equal(Fault.ReadOnly, Of($"Data Source={file};Pooling=false;Mode=ReadOnly", "INSERT INTO t VALUES (1)"));
        Assert.Equal(
            Fault.ConnectionLost,
            Of($"Data Source={folder.FullName};Pooling=false", "SELECT * FROM sqlite_master")
        );
        Assert.Equal(Fault.Permanent, Of($"Data Source={file};Pooling=false", "SELECT * FROM there_is_none"));
        Assert.Equal(
            Fault.DiskFull,
            Of(
                $"Data Source={file};Pooling=false",
                "PRAGMA max_page_count = 3",
                "INSERT INTO t VALUES (randomblob(100000))"
            )
        );
        var closed = new SqliteConnection($"Data Source={file}").CreateCommand();
        Assert.Equal(
            Fault.ConnectionLost,
            SqliteFaults.Classify(Assert.ThrowsAny<Exception>(() => closed.ExecuteNonQuery()))
        );
        await owner.DisposeAsync();
        folder.Delete(recursive: true);

        static Fault Of(string connectionString, params string[] statements)
        {
            using var connection = new SqliteConnection(connectionString);
            return SqliteFaults.Classify(
                Assert.ThrowsAny<Exception>(() =>
                {
                    connection.Open();
                    using var command = connection.CreateCommand();
                    foreach (var sql in statements)
                    {
                        command.CommandText = sql;
                        command.ExecuteNonQuery();
                    }
                })
            );
        }
    }

    private static async Task<Fault> OpenAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        return PostgreSqlFaults.Classify(await Assert.ThrowsAnyAsync<Exception>(connection.OpenAsync));
    }

    private static async Task ExecuteAsync(System.Data.Common.DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
