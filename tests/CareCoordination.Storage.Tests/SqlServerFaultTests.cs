using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using CareCoordination.Storage.Engines;
using CareCoordination.Storage.Stores;
using CareCoordination.Storage.Tables;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;

namespace CareCoordination.Storage.Tests;

/// <summary>What the errors of SQL Server and of its driver are taken for. Needs no server: the driver meets a port where nobody listens.</summary>
public sealed class SqlServerFaultTests
{
    [Theory]
    [InlineData(-2, 11, nameof(Fault.Timeout))]
    [InlineData(1222, 16, nameof(Fault.Locked))]
    [InlineData(1205, 13, nameof(Fault.Transient))]
    [InlineData(1204, 19, nameof(Fault.Transient))]
    [InlineData(2601, 14, nameof(Fault.Transient))]
    [InlineData(2627, 14, nameof(Fault.Transient))]
    [InlineData(3902, 16, nameof(Fault.Transient))]
    [InlineData(3960, 16, nameof(Fault.Transient))]
    [InlineData(701, 17, nameof(Fault.Transient))]
    [InlineData(8645, 17, nameof(Fault.Transient))]
    [InlineData(10928, 16, nameof(Fault.Transient))]
    [InlineData(40501, 17, nameof(Fault.Transient))]
    [InlineData(49918, 16, nameof(Fault.Transient))]
    [InlineData(49919, 16, nameof(Fault.Transient))]
    [InlineData(49920, 16, nameof(Fault.Transient))]
    [InlineData(-1, 20, nameof(Fault.ConnectionLost))]
    [InlineData(0, 11, nameof(Fault.ConnectionLost))]
    [InlineData(53, 20, nameof(Fault.ConnectionLost))]
    [InlineData(64, 20, nameof(Fault.ConnectionLost))]
    [InlineData(233, 20, nameof(Fault.ConnectionLost))]
    [InlineData(258, 20, nameof(Fault.ConnectionLost))]
    [InlineData(596, 21, nameof(Fault.ConnectionLost))]
    [InlineData(615, 21, nameof(Fault.ConnectionLost))]
    [InlineData(911, 16, nameof(Fault.ConnectionLost))]
    [InlineData(921, 14, nameof(Fault.ConnectionLost))]
    [InlineData(922, 14, nameof(Fault.ConnectionLost))]
    [InlineData(926, 14, nameof(Fault.ConnectionLost))]
    [InlineData(976, 14, nameof(Fault.ConnectionLost))]
    [InlineData(983, 14, nameof(Fault.ConnectionLost))]
    [InlineData(4060, 11, nameof(Fault.ConnectionLost))]
    [InlineData(4064, 11, nameof(Fault.ConnectionLost))]
    [InlineData(4221, 16, nameof(Fault.ConnectionLost))]
    [InlineData(6005, 10, nameof(Fault.ConnectionLost))]
    [InlineData(10054, 20, nameof(Fault.ConnectionLost))]
    [InlineData(17142, 14, nameof(Fault.ConnectionLost))]
    [InlineData(18401, 14, nameof(Fault.ConnectionLost))]
    [InlineData(18456, 14, nameof(Fault.ConnectionLost))]
    [InlineData(40143, 16, nameof(Fault.ConnectionLost))]
    [InlineData(40197, 17, nameof(Fault.ConnectionLost))]
    [InlineData(40613, 17, nameof(Fault.ConnectionLost))]
    [InlineData(42108, 16, nameof(Fault.ConnectionLost))]
    [InlineData(42109, 16, nameof(Fault.ConnectionLost))]
    [InlineData(99999, 20, nameof(Fault.ConnectionLost))]
    [InlineData(99999, 25, nameof(Fault.ConnectionLost))]
    [InlineData(3906, 16, nameof(Fault.ReadOnly))]
    [InlineData(1105, 17, nameof(Fault.DiskFull))]
    [InlineData(9002, 17, nameof(Fault.DiskFull))]
    [InlineData(40544, 20, nameof(Fault.DiskFull))]
    [InlineData(823, 24, nameof(Fault.StorageFailed))]
    [InlineData(9001, 21, nameof(Fault.StorageFailed))]
    [InlineData(99999, 16, nameof(Fault.Permanent))]
    [InlineData(99999, 19, nameof(Fault.Permanent))]
    [InlineData(102, 15, nameof(Fault.Permanent))]
    [InlineData(207, 16, nameof(Fault.Permanent))]
    [InlineData(208, 16, nameof(Fault.Permanent))]
    [InlineData(229, 14, nameof(Fault.Permanent))]
    [InlineData(266, 16, nameof(Fault.Permanent))]
    [InlineData(468, 16, nameof(Fault.Permanent))]
    [InlineData(515, 16, nameof(Fault.Permanent))]
    [InlineData(2628, 16, nameof(Fault.Permanent))]
    [InlineData(8003, 16, nameof(Fault.Permanent))]
    public void SqlServer_error_is_taken_for(int number, byte severity, string fault) =>
        Assert.Equal(fault, SqlServerFaults.Classify(SqlServerErrors.Of((number, severity))).ToString());

    [Theory]
    [InlineData(nameof(Fault.Transient), 1205, 3621)]
    [InlineData(nameof(Fault.Transient), 3621, 1205)]
    [InlineData(nameof(Fault.ConnectionLost), 4060, 18456)]
    [InlineData(nameof(Fault.ReadOnly), 3906, 266)]
    [InlineData(nameof(Fault.Transient), 2627, 3902)]
    [InlineData(nameof(Fault.DiskFull), 1105, 2627)]
    [InlineData(nameof(Fault.Permanent), 515, 3621)]
    public void Of_several_errors_the_first_that_says_something_counts(string fault, params int[] numbers) =>
        Assert.Equal(
            fault,
            SqlServerFaults.Classify(SqlServerErrors.Of([.. numbers.Select(n => (n, (byte)16))])).ToString()
        );

    [Fact]
    public void The_exceptions_of_SqlClient_and_the_network_are_taken_for_what_they_are()
    {
        Exception[] lost =
        [
            new InvalidOperationException("Invalid operation. The connection is closed.")
            {
                Source = "Microsoft.Data.SqlClient",
            },
            new InvalidOperationException("Timeout expired ... obtaining a connection from the pool.")
            {
                Source = "Microsoft.Data.SqlClient",
            },
            new SocketException((int)SocketError.ConnectionReset),
            new IOException(),
            new ObjectDisposedException("SqlConnection"),
            new AuthenticationException(),
            new Win32Exception(),
        ];
        Exception[] bugs =
        [
            new InvalidOperationException("Sequence contains no elements"),
            new InvalidCastException(),
            new ArgumentException("x"),
            new OperationCanceledException(),
        ];

        Assert.All(lost, e => Assert.Equal(Fault.ConnectionLost, SqlServerFaults.Classify(e)));
        Assert.All(bugs, e => Assert.Equal(Fault.Permanent, SqlServerFaults.Classify(e)));
        Assert.Equal(Fault.Timeout, SqlServerFaults.Classify(new TimeoutException()));
    }

    [Fact]
    public void What_Entity_Framework_tries_again_is_no_bug_here()
    {
        using var context = FhirDbContexts.Create(StorageProvider.SqlServer, "Server=none");
        var strategy = new Strategy(context);
        var passing = Enumerable.Range(-10, 70_000).Where(strategy.TriesAgain).ToList();

        Assert.InRange(passing.Count, 40, 200);
        Assert.All(passing, number => Assert.True(SqlServerFaults.Of(number, 16) != Fault.Permanent, $"{number}"));
    }

    [Fact]
    public void Every_line_of_the_table_has_a_reason()
    {
        Assert.All(SqlServerFaults.Table, r => Assert.NotEmpty(r.Reason));
        Assert.Distinct(SqlServerFaults.Table.Select(r => r.Code));
        Assert.DoesNotContain(SqlServerFaults.Table, r => r.Fault == Fault.Permanent);
    }

    [Fact]
    public async Task The_driver_itself_meets_nobody()
    {
        await using var connection = new SqlConnection(
            $"Server=127.0.0.1,{ClosedPort()};User Id=a;Password=b;Connect Timeout=1;Pooling=false"
        );

        var closed = Assert.Throws<InvalidOperationException>(() => connection.CreateCommand().ExecuteNonQuery());
        var refused = await Assert.ThrowsAsync<SqlException>(() =>
            connection.OpenAsync(TestContext.Current.CancellationToken)
        );

        Assert.Equal(Fault.ConnectionLost, SqlServerFaults.Classify(closed));
        Assert.Equal(Fault.ConnectionLost, SqlServerFaults.Classify(refused));
    }

    [Fact]
    public async Task A_store_whose_server_is_away_says_that_it_cannot_be_reached()
    {
        await using var store = TestDatabase.Open(Away with { MaxAttempts = 2 });

        var read = await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            store.ReadAsync(Given.Key("Patient/a"), default)
        );
        var written = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.OneAsync(Given.Put("Patient/a")));

        const string Sentence = "The database cannot be reached at the moment. Try again in a few seconds.";
        Assert.Equal((Sentence, Sentence), (read.Message, written.Message));
        Assert.Equal((5, 5), (read.RetryAfter.TotalSeconds, written.RetryAfter.TotalSeconds));
        Assert.IsType<SqlException>(read.InnerException);
        Assert.IsType<SqlException>(written.InnerException);
    }

    [Fact]
    public async Task A_start_whose_server_is_away_is_a_sentence()
    {
        var migrator = new StorageMigrator(Away);

        var asked = await Assert.ThrowsAsync<StorageProblemException>(() => migrator.PendingAsync(default));
        var applied = await Assert.ThrowsAsync<StorageProblemException>(() => migrator.ApplyAsync(default));
        var prepared = await migrator.PrepareAsync(default);

        const string Sentence = @"^SQL Server at 127\.0\.0\.1,\d+, database 'care', cannot be used: [^\n]+\.$";
        Assert.Matches(Sentence, asked.Message);
        Assert.Matches(Sentence, applied.Message);
        Assert.Matches(Sentence, prepared.Problem);
        Assert.DoesNotContain("hunter2", asked.Message, StringComparison.Ordinal);
    }

    private sealed class Strategy(DbContext context) : SqlServerRetryingExecutionStrategy(context)
    {
        public bool TriesAgain(int number) => ShouldRetryOn(SqlServerErrors.Of((number, 16)));
    }

    private static StorageOptions Away =>
        new()
        {
            Provider = StorageProvider.SqlServer,
            ConnectionString =
                $"Server=127.0.0.1,{ClosedPort()};Database=care;User Id=a;Password=hunter2;Connect Timeout=1",
        };

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
