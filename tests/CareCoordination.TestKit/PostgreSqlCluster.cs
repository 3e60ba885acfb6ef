using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace CareCoordination.TestKit;

/// <summary>
/// A PostgreSQL to test against: the one CARE_TEST_POSTGRES names, else a private cluster made from the installed binaries, in a
/// folder of its own, on a free port of the loopback, gone with the test run.
/// </summary>
public sealed class PostgreSqlCluster : IDisposable
{
    private static readonly Lazy<PostgreSqlCluster?> Shared = new(StartOrNull);
    private readonly string? _folder;
    private int _databases;

    private PostgreSqlCluster(string folder, int port)
        : this(folder, port, $"Host=127.0.0.1;Port={port};Username=care;Database=postgres") { }

    private PostgreSqlCluster(string? folder, int port, string connectionString)
    {
        (_folder, Port, ConnectionString) = (folder, port, connectionString);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>To the database <c>postgres</c>, as a user who may create others.</summary>
    public string ConnectionString { get; }

    public int Port { get; }

    /// <summary>True where the tests started it and so may stop it.</summary>
    public bool IsPrivate => _folder is not null;

    /// <summary>The cluster of this test run; skips the test where there is none, or fails it where CARE_REQUIRE_POSTGRES=1.</summary>
    public static PostgreSqlCluster Require()
    {
        if (Shared.Value is { } cluster)
            return cluster;
        const string Reason = "There is no PostgreSQL: install its server binaries or set CARE_TEST_POSTGRES.";
        if (Environment.GetEnvironmentVariable("CARE_REQUIRE_POSTGRES") == "1")
            Assert.Fail(Reason);
        Assert.Skip(Reason);
        throw new UnreachableException();
    }

    /// <summary>A cluster for one test alone, which may stop and start it.</summary>
    public static PostgreSqlCluster RequireOwn()
    {
        var shared = Require();
        if (!shared.IsPrivate)
            Assert.Skip("The PostgreSQL of CARE_TEST_POSTGRES is not ours to restart.");
        return StartPrivate(FindBinaries()!);
    }

    /// <summary>The connection string of a new database; its name is unique in the cluster.</summary>
    public string NewDatabase() =>
        ConnectionString + $";Database=care_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";

    public void Start() =>
        Control(
            "start",
            "-w",
            "-l",
            Path.Combine(_folder!, "log"),
            "-o",
            $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=200 -c shared_buffers=64MB"
        );

    /// <summary>Stops the server at once, as a crash would.</summary>
    public void Stop() => Control("stop", "-m", "immediate");

    /// <summary>Stops the server in order: a standby has everything then.</summary>
    public void ShutDown() => Control("stop", "-m", "fast", "-w");

    /// <summary>Stops all its processes where they are: connections stay open, and nobody answers.</summary>
    public void Pause() => Signal("STOP");

    public void Resume() => Signal("CONT");

    /// <summary>Another server that follows this one, and can only be read until it is promoted.</summary>
    public PostgreSqlCluster StartStandby()
    {
        var folder = NewFolder();
        var standby = new PostgreSqlCluster(folder, FreePort());
        RunAsServer(
            Path.Combine(FindBinaries()!, "pg_basebackup"),
            "-D",
            Data(folder),
            "-h",
            "127.0.0.1",
            "-p",
            $"{Port}",
            "-U",
            "care",
            "-R",
            "-X",
            "stream",
            "-c",
            "fast"
        );
        standby.Start();
        return standby;
    }

    public void Promote() => Control("promote", "-w");

    /// <summary>Makes it follow another one: what a primary becomes that was down while its standby was promoted.</summary>
    public void Follow(PostgreSqlCluster primary)
    {
        File.WriteAllText(Path.Combine(Data(_folder!), "standby.signal"), "");
        if (Environment.UserName == "root")
            Run("chown", "postgres", Path.Combine(Data(_folder!), "standby.signal"));
        File.AppendAllText(
            Path.Combine(Data(_folder!), "postgresql.auto.conf"),
            $"\nprimary_conninfo = 'host=127.0.0.1 port={primary.Port} user=care'\n"
        );
    }

    public void Dispose()
    {
        if (_folder is null || !Directory.Exists(_folder))
            return;
        try
        {
            // One that a test left paused does not hear that it shall stop.
            Resume();
            Stop();
        }
        catch (InvalidOperationException)
        {
            // A test left it stopped.
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static PostgreSqlCluster? StartOrNull()
    {
        if (Environment.GetEnvironmentVariable("CARE_TEST_POSTGRES") is { Length: > 0 } given)
            return new PostgreSqlCluster(null, 0, given);
        return FindBinaries() is { } binaries ? StartPrivate(binaries) : null;
    }

    private static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("care-pg-").FullName;
        // The server refuses to run as root; the folder then belongs to the user it runs as.
        if (Environment.UserName == "root")
            Run("chown", "-R", "postgres", folder);
        return folder;
    }

    private static PostgreSqlCluster StartPrivate(string binaries)
    {
        var folder = NewFolder();
        var cluster = new PostgreSqlCluster(folder, FreePort());
        RunAsServer(
            Path.Combine(binaries, "initdb"),
            "-D",
            Data(folder),
            "-U",
            "care",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "-N"
        );
        cluster.Start();
        return cluster;
    }

    private void Control(string action, params string[] arguments) =>
        RunAsServer(Path.Combine(FindBinaries()!, "pg_ctl"), [action, "-D", Data(_folder!), .. arguments]);

    private void Signal(string signal)
    {
        var pidFile = Path.Combine(Data(_folder!), "postmaster.pid");
        if (!File.Exists(pidFile))
            return;
        var server = File.ReadLines(pidFile).First();
        // The server first: one that is stopped starts no session that would be missed.
        Run(
            "/bin/sh",
            "-c",
            $"kill -{signal} {server}; kill -{signal} $(ps -o pid= --ppid {server}) 2>/dev/null || true"
        );
    }

    private static string Data(string folder) => Path.Combine(folder, "data");

    private static string? FindBinaries()
    {
        var versions = Directory.Exists("/usr/lib/postgresql")
            ? Directory
                .GetDirectories("/usr/lib/postgresql")
                .OrderByDescending(d => d, StringComparer.Ordinal)
                .Select(d => Path.Combine(d, "bin"))
            : [];
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        return versions
            .Concat(path)
            .FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "pg_ctl")));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void RunAsServer(string program, params string[] arguments)
    {
        if (Environment.UserName == "root")
            Run("runuser", ["-u", "postgres", "--", program, .. arguments]);
        else
            Run(program, arguments);
    }

    private static void Run(string program, params string[] arguments)
    {
        // The server started below inherits the streams: they are not redirected, or reading them would wait for its end.
        var info = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", program, .. arguments])
        {
            WorkingDirectory = "/",
        };
        using var process = Process.Start(info)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}."
            );
    }
}
