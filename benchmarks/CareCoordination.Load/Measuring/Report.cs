using System.Globalization;
using System.Text;

namespace CareCoordination.Load.Measuring;

/// <summary>Under what circumstances the figures came to be.</summary>
internal sealed record RunDescription(
    string Commit,
    string Date,
    string Command,
    string Hardware,
    string Software,
    string Database,
    string DataSet,
    string Load,
    double StartToFirstMetadataSeconds,
    double IdleMegabytes
);

/// <summary>A whole run: the server, and the floor it is compared to.</summary>
internal sealed record Report(RunDescription Run, IReadOnlyList<Measurement> Server, IReadOnlyList<Measurement> Floor)
{
    /// <summary>CPU ms per request of server and databases of Medplum 5.0.10, at 8 connections on a machine of two cores.</summary>
    private static readonly Dictionary<string, double> Medplum = new(StringComparer.Ordinal)
    {
        ["patient-create"] = 4.9,
        ["careplan-create"] = 7.6,
        ["patient-update"] = 5.1,
        ["patient-read"] = 1.0,
        ["search-family"] = 3.3,
        ["search-careplan"] = 2.0,
        ["search-task"] = 4.1,
        ["transaction-20"] = 98,
        ["everything"] = 46,
        ["mixed"] = 3.0,
    };

    /// <inheritdoc cref="ReportFiles.WriteAsync"/>
    public Task WriteAsync(string folder, string name, CancellationToken cancellationToken) =>
        ReportFiles.WriteAsync(folder, name, this, ToMarkdown(), cancellationToken);

    private string ToMarkdown()
    {
        var text = new StringBuilder();
        Line(
            $"""
            # Load: {Run.Database.Split(' ')[0]}, {Run.Date}

            | | |
            |---|---|
            | commit | {Run.Commit} |
            | command | `{Run.Command}` |
            | hardware | {Run.Hardware} |
            | software | {Run.Software} |
            | database | {Run.Database} |
            | data set | {Run.DataSet} |
            | load | {Run.Load} |
            | start to first metadata | {Run.StartToFirstMetadataSeconds:0.00} s |
            | idle memory (PSS) | {Run.IdleMegabytes:0} MB |

            ## Server

            CPU is in milliseconds per request, of the server and of the database. "Other" is what the rest of the machine used meanwhile, in
            per cent of one core: where it is large, requests/s and latencies say little, CPU per request still does.

            | scenario | requests/s | p50 ms | p95 ms | p99 ms | CPU total | CPU server | CPU database | Medplum 5.0.10 / ours | failures | other |
            |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
            """
        );
        foreach (var m in Server)
        {
            var times =
                Medplum.TryGetValue(m.Scenario, out var theirs) && m.TotalCpuMsPerRequest > 0
                    ? $"{theirs / m.TotalCpuMsPerRequest:0.0}"
                    : "";
            Line(
                $"| {m.Scenario} | {m.RequestsPerSecond:0} | {m.P50Ms:0.00} | {m.P95Ms:0.00} | {m.P99Ms:0.00} | {m.TotalCpuMsPerRequest:0.000} | {Cpu(m, "server")} | {Cpu(m, "database")} | {times} | {m.Failures} | {m.OtherCpuPercent:0} % |"
            );
        }

        if (Floor.Count == 0)
            return text.ToString();
        Line(
            """

            ## Floor

            Bare Kestrel and one prepared statement that moves the same bytes on the same database, nothing parsed or checked.

            | scenario | requests/s | p50 ms | p99 ms | CPU total | CPU server | CPU database | server / floor |
            |---|--:|--:|--:|--:|--:|--:|--:|
            """
        );
        foreach (var m in Floor)
        {
            var server = Server.FirstOrDefault(s => s.Scenario == m.Scenario);
            var ratio =
                server is null || m.TotalCpuMsPerRequest == 0
                    ? ""
                    : $"{server.TotalCpuMsPerRequest / m.TotalCpuMsPerRequest:0.00}";
            Line(
                $"| {m.Scenario} | {m.RequestsPerSecond:0} | {m.P50Ms:0.00} | {m.P99Ms:0.00} | {m.TotalCpuMsPerRequest:0.000} | {Cpu(m, "server")} | {Cpu(m, "database")} | {ratio} |"
            );
        }

        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
        static string Cpu(Measurement m, string name) =>
            m.CpuMsPerRequest.TryGetValue(name, out var ms) ? ms.ToString("0.000", CultureInfo.InvariantCulture) : "";
    }
}
