using System.Globalization;
using Npgsql;

namespace CareCoordination.Storage.Connections;

/// <summary>
/// What connections to PostgreSQL are made with. The store holds each for its life, writes BEGIN and COMMIT itself, and expects
/// that readers see what the writer has committed. https://www.npgsql.org/doc/connection-string-parameters.html
/// </summary>
internal static class PostgreSqlConnectionString
{
    private const string Attributes = "Target Session Attributes";
    private const string OurPool =
        "this server keeps its connections itself, and Storage:MaxReadConnections says how many";
    private const string OurTime = "Storage:CommandTimeoutSeconds is the time limit of statements";
    private const string NoContent = "it would put the content of resources into logs";
    private const int ConnectSeconds = 5;

    private static readonly string[] WhereWritesGo = ["primary", "read-write"];
    private static readonly string[] WhereTheOneHostIs = ["any", "prefer-primary", .. WhereWritesGo];

    private static readonly ConnectionRules<NpgsqlConnectionStringBuilder> Rules = new("Npgsql")
    {
        Refused =
        [
            new("Host", b => Hosts(b).Length == 0, "has no Host: name the server, as in Host=db.example.org."),
            new("Host", b => !Hosts(b).All(HasPort), "what follows the colon of a host is a port from 1 to 65535."),
            new("Port", b => b.Port is < 1 or > 65535, "a port is a number from 1 to 65535."),
            new(
                "Multiplexing",
                b => b.Multiplexing,
                "it lets other statements into the transactions of the store. Leave it out."
            ),
            new(
                Attributes,
                b => !IsWhereWritesGo(b),
                $"reads would miss what was just stored and writes would fail. Use {Attributes}=primary or leave it out."
            ),
            new("Client Encoding", b => !IsUtf8(b.ClientEncoding), "texts travel as UTF-8. Leave it out."),
            new("Encoding", b => !IsUtf8(b.Encoding), "texts travel as UTF-8. Leave it out."),
            new(
                "Options",
                b => (b.Options ?? "").Contains("transaction_read_only", StringComparison.OrdinalIgnoreCase),
                "this server writes. Leave transaction_read_only out."
            ),
        ],
        Presets =
        [
            new("Timeout", ConnectSeconds),
            new("Application Name", "CareCoordination"),
            // A dead host is noticed though nothing is sent to it.
            new("Tcp Keepalive", true),
            // Until a host that was down is asked again nobody can write there: after a failover that is too long by default.
            new("Host Recheck Seconds", 1),
        ],
        Set =
        [
            new("Pooling", false, OurPool),
            new("Minimum Pool Size", 0, OurPool),
            new("Maximum Pool Size", 100, OurPool),
            new("Connection Lifetime", 3600, OurPool),
            new("Connection Idle Lifetime", 300, OurPool),
            new("No Reset On Close", false, OurPool),
            new("Enlist", false, "the store begins and ends its transactions itself"),
            new("Max Auto Prepare", 256, "the store says what is prepared"),
            new("Auto Prepare Min Usages", 2, "the store says what is prepared"),
            new("Cancellation Timeout", 2000, OurTime),
            new("Include Error Detail", false, NoContent),
            new("Log Parameters", false, NoContent),
        ],
    };

    public static ConnectionReading Read(string text, TimeSpan commandTimeout)
    {
        var seconds = Math.Max(1, (int)commandTimeout.TotalSeconds);
        var reading = Rules.Read(text, new Fixed("Command Timeout", seconds, OurTime));
        if (reading.Problem is not null)
            return reading;
        var builder = new NpgsqlConnectionStringBuilder(reading.Text);
        // 0 is without end, and nobody waits longer for a connection than for what it is needed for.
        builder.Timeout = builder.Timeout == 0 ? seconds : Math.Min(builder.Timeout, seconds);
        // The driver refuses the keyword where one host is named; the store sees by itself whether it can write there.
        if (Hosts(builder).Length == 1)
            builder.Remove(Attributes);
        else
            builder.TargetSessionAttributes ??= WhereWritesGo[0];
        return reading with { Text = builder.ConnectionString, Place = Place(builder) };
    }

    private static string Place(NpgsqlConnectionStringBuilder builder)
    {
        var hosts = Hosts(builder).Select(h => h.Contains(':', StringComparison.Ordinal) ? h : $"{h}:{builder.Port}");
        var database = string.IsNullOrEmpty(builder.Database) ? "" : $", database '{builder.Database}',";
        return $"PostgreSQL at {string.Join(" and ", hosts)}{database}";
    }

    private static string[] Hosts(NpgsqlConnectionStringBuilder builder) =>
        (builder.Host ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsWhereWritesGo(NpgsqlConnectionStringBuilder builder) =>
        builder.TargetSessionAttributes is not { } attributes
        || (Hosts(builder).Length == 1 ? WhereTheOneHostIs : WhereWritesGo).Contains(
            attributes,
            StringComparer.OrdinalIgnoreCase
        );

    private static bool HasPort(string host)
    {
        var colon = host.LastIndexOf(':');
        // A folder of a socket, a name alone, or an IPv6 address without brackets, which can have no port.
        if (host[0] is '/' or '@' || colon < 0 || (host.IndexOf(':') != colon && host[colon - 1] != ']'))
            return true;
        return int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is >= 1 and <= 65535;
    }

    private static bool IsUtf8(string? encoding) =>
        string.IsNullOrEmpty(encoding)
        || encoding.Replace("-", "", StringComparison.Ordinal).Equals("UTF8", StringComparison.OrdinalIgnoreCase)
        || encoding.Equals("Unicode", StringComparison.OrdinalIgnoreCase);
}
