using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace CareCoordination.Load.Runner;

/// <summary>
/// A private PostgreSQL from the installed programs, in a folder of its own, on loopback only. PostgreSQL refuses to run as
/// root; there the user <c>postgres</c> of the installation runs it.
/// </summary>
internal sealed class PostgreSqlCluster : IAsyncDisposable
{
    private readonly string _programs;
    private readonly string _folder;

    private PostgreSqlCluster(string programs, string folder, int port, int pid, string version)
    {
        _programs = programs;
        _folder = folder;
        Port = port;
        Pid = pid;
        Version = version;
    }

    public int Port { get; }

    public int Pid { get; }

    public string Version { get; }

    /// <summary>The settings that differ from a fresh installation; durability is left as it is.</summary>
    public const string Settings = "shared_buffers=512MB, max_wal_size=4GB";

    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database};Maximum Pool Size=20";

    public static async Task<PostgreSqlCluster> StartAsync(IReadOnlyList<string> databases)
    {
        var programs = FindPrograms();
        var folder = Directory.CreateTempSubdirectory("care-benchmark-pg-").FullName;
        var port = FreePort();
        if (IsRoot)
            await Shell.RunAsync("chown", ["postgres", folder]);
        await RunAsync(
            Path.Combine(programs, "initdb"),
            ["-D", Path.Combine(folder, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]
        );
        var options =
            $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c shared_buffers=512MB -c max_wal_size=4GB";
        await RunAsync(
            Path.Combine(programs, "pg_ctl"),
            ["-D", Path.Combine(folder, "data"), "-l", Path.Combine(folder, "log"), "-w", "-o", options, "start"]
        );
        var pid = File.ReadLines(Path.Combine(folder, "data", "postmaster.pid")).First();
        var version = await Shell.RunAsync(Path.Combine(programs, "postgres"), ["--version"]);
        var cluster = new PostgreSqlCluster(
            programs,
            folder,
            port,
            int.Parse(pid, CultureInfo.InvariantCulture),
            version
        );
        await using var server = NpgsqlDataSource.Create(cluster.ConnectionString("postgres"));
        foreach (var database in databases)
        {
            await using var create = server.CreateCommand($"CREATE DATABASE {database}");
            await create.ExecuteNonQueryAsync();
        }

        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync(
            Path.Combine(_programs, "pg_ctl"),
            ["-D", Path.Combine(_folder, "data"), "-m", "fast", "-w", "stop"]
        );
        Directory.Delete(_folder, recursive: true);
    }

    private static bool IsRoot => Environment.UserName == "root";

    private static Task<string> RunAsync(string program, IReadOnlyList<string> args) =>
        IsRoot ? Shell.RunAsync("runuser", ["-u", "postgres", "--", program, .. args]) : Shell.RunAsync(program, args);

    private static string FindPrograms()
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin"))
            : [];
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':')
                .Concat(installed.OrderDescending())
                .FirstOrDefault(folder =>
                    File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl"))
                )
            ?? throw new InvalidOperationException(
                "PostgreSQL is not installed: put initdb and pg_ctl on the PATH, or run with --provider Sqlite."
            );
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
